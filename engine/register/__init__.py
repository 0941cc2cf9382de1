"""The register: what the trust knows of its schools, people, calendar and keys. One stream of the log; pure."""
