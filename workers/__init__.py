"""The services: settings, wiring, the worker, the projector, and servers to try them on."""
