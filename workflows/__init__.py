"""Temporal glue: thin and deterministic. All decisions are the engine's."""
