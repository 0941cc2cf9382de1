"""Subjects of an English primary school, and the areas of learning before it."""

from collections.abc import Iterable, Mapping

from engine.errors import UnknownNameError

#: By the key that posts and expressions use: the code and the name that people may write instead.
SUBJECTS: Mapping[str, tuple[str, str]] = {
    "english": ("EN", "English"),
    "mathematics": ("MA", "Mathematics"),
    "science": ("SC", "Science"),
    "art-and-design": ("AD", "Art and design"),
    "computing": ("CO", "Computing"),
    "design-and-technology": ("DT", "Design and technology"),
    "geography": ("GE", "Geography"),
    "history": ("HI", "History"),
    "languages": ("MFL", "Languages"),
    "music": ("MU", "Music"),
    "physical-education": ("PE", "Physical education"),
    "religious-education": ("RE", "Religious education"),
    "pshe": ("PSHE", "Personal, social, health and economic education"),
    "communication-and-language": ("CL", "Communication and language"),
    "personal-social-emotional": ("PSED", "Personal, social and emotional development"),
    "physical-development": ("PD", "Physical development"),
    "literacy": ("LIT", "Literacy"),
    "early-mathematics": ("EM", "Mathematics in the early years"),
    "understanding-the-world": ("UW", "Understanding the world"),
    "expressive-arts-and-design": ("EAD", "Expressive arts and design"),
}
_MEANT = {
    word.casefold(): key
    for key, (code, name) in SUBJECTS.items()
    for word in (key, code, name, f"{name} ({code})")
}


def subject(text: str, own: Iterable[str]) -> str:
    """The key of the subject that is meant by a key, a code or a name; `own` are the trust's further keys.

    Raises UnknownNameError, which suggests the nearest.
    """
    meant = _MEANT.get(text.strip().casefold())
    if meant:
        return meant
    known = {*SUBJECTS, *own}
    if text.strip() not in known:
        raise UnknownNameError("subject", text, known)
    return text.strip()
