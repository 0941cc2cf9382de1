"""Other people's names kept out of what is given to one person: each of them is `person A`, `person B` and so on."""

import re
from collections.abc import Iterable, Mapping

from pydantic import JsonValue

from engine.people import Directory
from engine.personal import ERASED
from engine.register.fact import RegisterFact
from engine.register.people_facts import PersonChanged, PersonJoined
from engine.staff import ERASED_ADDRESS

_WORD = re.compile(r"[\w@.+'-]+")
_LETTERS = 26


class KnownAs:
    """Every name and address that people have had, as the register was told them."""

    def __init__(self, facts: Iterable[RegisterFact]) -> None:
        self._of: dict[str, set[str]] = {}
        for fact in facts:
            if isinstance(fact, PersonJoined):
                self._add(fact.person.id, fact.person.name, fact.person.email)
            elif isinstance(fact, PersonChanged):
                said = [each for each in fact.changes if each.field in {"name", "email"}]
                self._add(fact.person, *(each.was for each in said), *(each.now for each in said))

    def of(self, person: str) -> frozenset[str]:
        """The names and addresses of one person."""
        return frozenset(self._of.get(person, ()))

    def others(self, person: str) -> Mapping[str, frozenset[str]]:
        """Those of everybody else, by id. What the person is called as well is nobody else's."""
        own = {each.casefold() for each in self.of(person)}
        return {
            key: frozenset(each for each in names if each.casefold() not in own)
            for key, names in self._of.items()
            if key != person
        }

    def _add(self, person: str, *names: object) -> None:
        kept = self._of.setdefault(person, set())
        said = {each.strip() for each in names if isinstance(each, str) and each.strip()}
        # What stands in place of a name is nobody's: it stands wherever words went.
        kept.update(said - {ERASED, ERASED_ADDRESS.format(person)})


class Mask:
    """Puts labels in the place of others. The same person has the same label throughout one pack."""

    def __init__(self, others: Mapping[str, frozenset[str]]) -> None:
        self._others = others
        self._labels: dict[str, str] = {}
        self._by_first: dict[str, list[tuple[str, str]]] = {}
        for key, names in others.items():
            for text in (key, *names):
                first = _WORD.match(text.casefold())
                if first:
                    self._by_first.setdefault(first[0], []).append((text.casefold(), key))
        for found in self._by_first.values():
            found.sort(
                key=lambda each: -len(each[0])
            )  # The longest name first: it may begin as another does.

    def label(self, person: str) -> str:
        """`person A`; somebody else's id only."""
        if person not in self._labels:
            self._labels[person] = f"person {_letters(len(self._labels))}"
        return self._labels[person]

    def text(self, text: str) -> str:
        """The text with labels for names, addresses and ids of others."""
        lower, out, done = text.casefold(), [], 0
        if len(lower) != len(text):  # Some letters are two when folded: then places would not agree.
            lower = text.lower() if len(text.lower()) == len(text) else text
        for word in _WORD.finditer(lower):
            if word.start() < done:
                continue
            found = self._at(lower, word)
            if found:
                name, key = found
                out += [text[done : word.start()], self.label(key)]
                done = word.start() + len(name)
        return "".join([*out, text[done:]])

    def value(self, value: JsonValue) -> JsonValue:
        """The same of every text in a value, names of fields too."""
        if isinstance(value, str):
            return self.text(value)
        if isinstance(value, list):
            return [self.value(each) for each in value]
        if isinstance(value, dict):
            return {self.text(key): self.value(each) for key, each in value.items()}
        return value

    def directory(self, directory: Directory) -> Directory:
        """The directory in which others are called by their labels; for sentences only."""
        people = tuple(
            each.model_copy(update={"name": self.label(each.id)}) if each.id in self._others else each
            for each in directory.people
        )
        return directory.model_copy(update={"people": people})

    def _at(self, lower: str, word: "re.Match[str]") -> tuple[str, str] | None:
        """The name that begins with this word, where one does: at whole words only."""
        for first in {word[0], word[0].rstrip(".'-"), word[0].removesuffix("'s")}:
            for name, key in self._by_first.get(first, ()):
                end = word.start() + len(name)
                if lower.startswith(name, word.start()) and not lower[end : end + 1].isalnum():
                    return name, key
        return None


def _letters(number: int) -> str:
    """A to Z, then AA, AB and so on."""
    rest, last = divmod(number, _LETTERS)
    return (_letters(rest - 1) if rest else "") + chr(ord("A") + last)
