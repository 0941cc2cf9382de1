"""What a process is and how it moves. Pure: no clock, no I/O, no randomness, no Temporal, no SQL."""
