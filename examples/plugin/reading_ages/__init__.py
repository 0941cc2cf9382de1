"""A plug-in for termwise: a process, the activity that it calls, and a channel for letters."""
