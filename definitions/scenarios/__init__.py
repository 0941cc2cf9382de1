"""Scenarios: scripted plays beside a definition, which the pure engine plays in virtual time."""
