"""Readers of what others publish: people, schools and dates become what a register can take over."""
