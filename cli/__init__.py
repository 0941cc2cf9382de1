"""The `termwise` command: one module for each thing that people type."""
