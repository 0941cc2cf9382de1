"""How fast and how small: `python -m bench` measures, `docs/benchmarks.md` shows."""
