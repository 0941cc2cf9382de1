"""Read models made from the log. A new one is a file here and a line below."""
