"""Check the proof of one event of a termwise log. Needs Python 3.9 or newer and nothing else: no database, no termwise.

    python -I verify_proof.py proof.json [--key PUBLIC] [--roots FILE]

A proof holds an event, the block it was sealed in, and the way from one to the other. This script computes the hash
of the event, goes the way up to the block's root, and checks the signature over the block. What it cannot know is
whose key that is. So give the public key that you were told by somebody you trust (--key), or the file of published
roots that you have kept yourself (--roots), or both. Every step is explained in docs/evidence.md.

Ends with 0 when the event is proven, 1 when it is not, 2 when the files cannot be read.
"""

import argparse
import base64
import hashlib
import json
import sys
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any, Optional

Point = tuple[int, int, int, int]
EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)


class NotProvenError(Exception):
    """The proof does not hold; the text says where it breaks."""


# 1. The event, its line in the block, and the root above it.


def moment(text: str) -> datetime:
    """A time as it stands in the proof."""
    return datetime.fromisoformat(text.replace("Z", "+00:00"))


def event_hash(event: dict[str, Any]) -> str:
    """The hash of what the event says, and of its place in its stream."""
    texts = [event[name].encode() for name in ("stream", "type", "actor", "data")]
    occurred = (moment(event["occurred_at"]) - EPOCH) // timedelta(microseconds=1)
    numbers = [
        event["version"],
        event["schema_v"],
        event["nth"],
        event["of"],
        event["command"].lower(),
        occurred,
    ]
    header = " ".join(str(each) for each in [*numbers, *map(len, texts)])
    return hashlib.sha256(f"termwise-event 1\n{header}\n".encode() + b"".join(texts)).hexdigest()


def line(event: dict[str, Any]) -> str:
    """The event as its block holds it."""
    recorded = moment(event["recorded_at"]).astimezone(timezone.utc).isoformat(timespec="microseconds")
    whole = [event["position"], recorded, event["stream"], event["version"], event["type"], event_hash(event)]
    return json.dumps(whole, separators=(",", ":"))


def root(leaf: str, index: int, size: int, path: list[str]) -> str:
    """The root that the path leads to from this leaf (RFC 6962)."""
    found, last, left = hashlib.sha256(b"\x00" + leaf.encode()).digest(), size - 1, list(path)
    while last > 0:
        if index % 2 == 1 or index < last:
            if not left:
                raise NotProvenError("the way from the event to the root of its block is too short")
            beside = bytes.fromhex(left.pop(0))
            pair = beside + found if index % 2 else found + beside
            found = hashlib.sha256(b"\x01" + pair).digest()
        index, last = index // 2, last // 2
    if left:
        raise NotProvenError("the way from the event to the root of its block is too long")
    return found.hex()


# 2. The block: what is signed, and by whom.


def block_text(block: dict[str, Any]) -> bytes:
    """The seven lines that the signature covers."""
    sealed = moment(block["sealed_at"]).astimezone(timezone.utc).isoformat(timespec="microseconds")
    return (
        "termwise block 1\n"
        f"number {block['number']:d}\n"
        f"events {block['first']:d} {block['last']:d}\n"
        f"root {block['root']}\n"
        f"previous {block['previous']}\n"
        f"sealed {sealed}\n"
        f"key {block['key']}\n"
    ).encode("ascii")


# 3. Ed25519, as RFC 8032 defines it, on points of the curve in extended coordinates.

KEY_BYTES, SIGNATURE_BYTES = 32, 64
P = 2**255 - 19
ORDER = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P
NEUTRAL = (0, 1, 1, 0)


def x_of(y: int, odd: int) -> Optional[int]:
    """The x that belongs to a y; None where the curve has no such point."""
    square = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    x = pow(square, (P + 3) // 8, P)
    if (x * x - square) % P:
        x = x * pow(2, (P - 1) // 4, P) % P
    if (x * x - square) % P or (x == 0 and odd):
        return None
    return P - x if x % 2 != odd else x


def point(encoded: bytes) -> Optional[Point]:
    """A point from its 32 bytes; None where they are not one."""
    number = int.from_bytes(encoded, "little")
    y, odd = number % 2**255, number >> 255
    x = x_of(y, odd) if y < P else None
    return None if x is None else (x, y, 1, x * y % P)


def add(one: Point, other: Point) -> Point:
    """The sum of two points."""
    a = (one[1] - one[0]) * (other[1] - other[0]) % P
    b = (one[1] + one[0]) * (other[1] + other[0]) % P
    c = 2 * one[3] * other[3] * D % P
    d = 2 * one[2] * other[2] % P
    e, f, g, h = b - a, d - c, d + c, b + a
    return (e * f % P, g * h % P, f * g % P, e * h % P)


def times(number: int, one: Point) -> Point:
    """A point added to itself so many times."""
    total = NEUTRAL
    while number:
        if number % 2:
            total = add(total, one)
        one, number = add(one, one), number // 2
    return total


def same(one: Point, other: Point) -> bool:
    """Whether two points are the same."""
    return (one[0] * other[2] - other[0] * one[2]) % P == 0 and (
        one[1] * other[2] - other[1] * one[2]
    ) % P == 0


def signed(public: bytes, text: bytes, signature: bytes) -> bool:
    """Whether the signature is of this text by the owner of this public key."""
    if len(public) != KEY_BYTES or len(signature) != SIGNATURE_BYTES:
        return False
    key, commitment = point(public), point(signature[:32])
    scalar = int.from_bytes(signature[32:], "little")
    base = point((4 * pow(5, P - 2, P) % P).to_bytes(32, "little"))
    if key is None or commitment is None or base is None or scalar >= ORDER:
        return False
    challenge = int.from_bytes(hashlib.sha512(signature[:32] + public + text).digest(), "little") % ORDER
    return same(times(scalar, base), add(commitment, times(challenge, key)))


# 4. All of it, one after the other.


def check(proof: dict[str, Any], key: Optional[str], roots: Optional[list[dict[str, Any]]]) -> list[str]:
    """What is proven, in sentences. Raises NotProvenError at the first step that does not hold."""
    if proof["proof"] != "termwise proof 1":
        raise ValueError("it is no proof of termwise, or a newer kind of one")
    event, block = proof["event"], proof["block"]
    public, text = base64.b64decode(proof["public"]), block_text(block)
    if not block["first"] <= event["position"] <= block["last"]:
        raise NotProvenError("the event stands outside the block that it is said to be in")
    index, size = event["position"] - block["first"], block["last"] - block["first"] + 1
    if root(line(event), index, size, proof["path"]) != block["root"]:
        raise NotProvenError("the event is not in its block: it, or the block, was altered")
    if hashlib.sha256(public).hexdigest()[:20] != block["key"]:
        raise NotProvenError("the public key is not the one that the block names")
    if not signed(public, text, base64.b64decode(block["signature"])):
        raise NotProvenError("the signature is not of this block by this key: one of the two was altered")
    return [
        f"Version {event['version']} of {event['stream']} ({event['type']}, by {event['actor']})",
        f"is in the log at position {event['position']}.",
        f"It was recorded at {event['recorded_at']} and sealed in block {block['number']} at {block['sealed_at']}.",
        f"Not a byte of it was altered since then. Signed with the key {block['key']}.",
        *trust(proof, hashlib.sha256(text).hexdigest(), key, roots),
    ]


def trust(
    proof: dict[str, Any], digest: str, key: Optional[str], roots: Optional[list[dict[str, Any]]]
) -> list[str]:
    """What the reader knows from elsewhere, compared with the proof."""
    said, number = [], proof["block"]["number"]
    if key is not None:
        if base64.b64decode(key) != base64.b64decode(proof["public"]):
            raise NotProvenError("the block is signed with another key than the one you were told")
        said.append("That is the key you were told.")
    if roots is not None:
        known = [each["hash"] for each in roots if each["block"]["number"] == number]
        if not known:
            raise NotProvenError(f"block {number} is not among the roots that were published")
        if set(known) != {digest}:
            raise NotProvenError(f"block {number} is not the one that was published: the log was rewritten")
        said.append("That block is among the roots that were published.")
    return said or [
        "Whose key that is, nobody has told this script: give --key, or --roots with the roots you have kept."
    ]


def read_roots(file: str) -> list[dict[str, Any]]:
    """The lines of a roots file; one that a crash has cut off stands there again, whole."""
    found = []
    for each in Path(file).read_text(encoding="utf-8").splitlines():
        try:
            found.append(json.loads(each))
        except ValueError:
            continue
    return found


def main() -> int:
    parser = argparse.ArgumentParser(description="Check the proof of one event of a termwise log.")
    parser.add_argument("proof", help="the file that `termwise records prove` wrote; - for standard input")
    parser.add_argument("--key", help="the public key you were told, in base64")
    parser.add_argument("--roots", help="the file of published roots that you have kept")
    given = parser.parse_args()
    try:
        text = sys.stdin.read() if given.proof == "-" else Path(given.proof).read_text(encoding="utf-8")
        proof = json.loads(text)
        roots = None if given.roots is None else read_roots(given.roots)
        said = check(proof, given.key, roots)
    except NotProvenError as error:
        print(f"NOT PROVEN: {error}.")
        return 1
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        print(f"The proof cannot be read: {type(error).__name__}: {error}", file=sys.stderr)
        return 2
    print("\n".join(said))
    print("PROVEN.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
