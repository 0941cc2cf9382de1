"""What is published of a block, and what it proves of the blocks that the database has now."""

from base64 import b64decode, b64encode
from binascii import Error as NotBase64Error
from collections.abc import Iterable, Sequence

from pydantic import ValidationError, field_validator

from engine.evidence.block import Block
from engine.evidence.leaf import Leaf
from engine.model import Model
from engine.signing import SigningKey, key_id, read_public

#: Bytes of each event's hash that are published with a root. They prove nothing, they only tell which event it was
#: that somebody altered, even where every block was made anew to hide it.
_MARK = 4


class Published(Model):
    """One line of a roots file."""

    hash: str
    """The block's; whoever keeps nothing else of it keeps this."""
    block: Block
    public: str
    """The public key that its signature is proved by."""
    marks: str
    """The first four bytes of each event's hash, in order, in base64."""

    @field_validator("marks")
    @classmethod
    def _marks(cls, value: str) -> str:
        try:
            b64decode(value, validate=True)
        except NotBase64Error as error:
            raise ValueError("the marks are in base64") from error
        return value

    @property
    def sound(self) -> bool:
        """Whether it says itself what was signed, by the key that it names."""
        public = read_public(self.public)
        key = SigningKey(id=key_id(public), public=self.public, use="server", since=self.block.sealed_at)
        return self.hash == self.block.hash and self.block.signed_by(key)

    def leaves(self) -> list[Leaf]:
        """All that it tells of the events: a mark for each position."""
        marks = b64decode(self.marks)
        cut = [marks[at : at + _MARK].hex() for at in range(0, len(marks), _MARK)]
        first = self.block.first
        return [Leaf(position, "", "", 0, "", mark) for position, mark in enumerate(cut, start=first)]


def publication(block: Block, leaves: Iterable[Leaf], public: str) -> Published:
    """What is said of a block to others: no event's text, no person, no process."""
    marks = b"".join(bytes.fromhex(leaf.hash)[:_MARK] for leaf in leaves)
    return Published(hash=block.hash, block=block, public=public, marks=b64encode(marks).decode())


def marked(leaf: Leaf) -> Leaf:
    """An event of the log as `Published.leaves` would tell it, with its name."""
    return Leaf(leaf.position, "", leaf.stream, leaf.version, leaf.kind, leaf.hash[: 2 * _MARK])


def read_published(text: str) -> tuple[list[Published], list[str]]:
    """The lines of a roots file, and what is wrong with it. A line that was torn by a crash is written again."""
    found: list[Published] = []
    wrong: list[str] = []
    lines = text.splitlines()
    for number, line in enumerate(lines, start=1):
        after = lines[number] if number < len(lines) else None
        try:
            found.append(Published.model_validate_json(line))
        except ValidationError:
            # Cut off by a crash, or being written this moment.
            torn = after.startswith(line) if after is not None else not text.endswith("\n")
            if not torn and line.strip():
                wrong.append(f"line {number} of the published roots is not one of ours")
    return found, [*wrong, *_unsound(found)]


def _unsound(found: Sequence[Published]) -> list[str]:
    said = []
    for before, each in zip([None, *found], found, strict=False):
        name = f"block {each.block.number} as it was published"
        if not each.sound:
            said.append(f"{name} is not what the key {each.block.key} signed: the line was altered")
        if before and not each.block.follows(before.block):
            said.append(
                f"{name} does not follow block {before.block.number}: a line is missing or was altered"
            )
    return said
