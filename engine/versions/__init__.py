"""Between two versions of a definition: what changed, and which running instances may move."""
