"""Personal data: closed before it is stored, under keys that are kept elsewhere."""
