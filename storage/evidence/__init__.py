"""Sealing the log in blocks, and finding what was done to it since."""
