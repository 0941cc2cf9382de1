"""`termwise demo`: a whole cycle of the example trust, played by its staff through the client everybody uses."""
