"""What can be wrong with a definition that could be run: a module for each kind of mistake."""
