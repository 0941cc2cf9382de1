"""Effects on the world, and the ports they need."""
