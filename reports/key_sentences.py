"""What became of keys, one sentence for each fact."""

from engine.people import Directory
from engine.register.key_facts import KeyEnrolled, KeyRevoked
from reports.names import name
from reports.register_sentences import say


@say.register
def _enrolled(fact: KeyEnrolled, directory: Directory) -> str:
    whose = name(directory, fact.person) if fact.person else f"a {fact.use} that speaks for anybody"
    label = f", {fact.label}" if fact.label else ""
    return f"the key {fact.key}{label} was enrolled for {whose}"


@say.register
def _revoked(fact: KeyRevoked, directory: Directory) -> str:
    del directory
    return f"the key {fact.key} was revoked"
