"""The whole log as a file, and back from one."""
