"""The processes: one folder each, and what finds, reads and checks them."""
