"""The kinds of step: a module each, with what the step is checked for and what it does when it begins."""
