"""What makes the log evidence: leaves, trees, blocks, and what an altered log differs in. Pure."""
