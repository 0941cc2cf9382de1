"""Definitions as pictures: a table of kinds of step, and a writer for each format."""
