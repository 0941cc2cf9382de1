"""A folder for each process. The entry point names this package; termwise reads the folders in it."""
