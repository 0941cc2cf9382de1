"""PostgreSQL and Temporal from two wheels, for trying termwise, for its tests and for one small machine."""
