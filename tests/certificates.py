"""Certificates for servers that tests start."""

import ssl
import subprocess
from pathlib import Path


def make_certificate(folder: Path) -> Path:
    """One for this machine, signed by itself; the key is in the same file."""
    key, cert, both = (folder / name for name in ("key.pem", "cert.pem", "both.pem"))
    subprocess.run(
        [
            *("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2"),
            *("-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1"),
            *("-keyout", key, "-out", cert),
        ],
        check=True,
        capture_output=True,
    )
    both.write_bytes(key.read_bytes() + cert.read_bytes())
    return both


def of_a_server(certificate: Path) -> ssl.SSLContext:
    """What a server needs to show it."""
    tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    tls.load_cert_chain(certificate)
    return tls
