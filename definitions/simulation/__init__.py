"""Simulations: cycles played in memory by people who are invented, the same for the same seed."""
