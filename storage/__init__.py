"""What PostgreSQL remembers: the log, the read models made from it, and the questions asked of them."""
