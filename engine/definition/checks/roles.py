"""Roles that nobody in this trust holds, so that nobody would be asked."""

from collections.abc import Iterator

from engine.definition.checks.examined import Examined
from engine.definition.phrases import Who
from engine.definition.problems import Path, Problem
from engine.definition.program import Node
from engine.errors import UnknownNameError
from engine.people import Directory
from engine.staff import Post
from engine.who import LINE_MANAGER

RULE = "role-without-holder"


def check(seen: Examined) -> Iterator[Problem]:
    """Every role of the definition that has no holder, now or later, with the scope that is asked for."""
    if seen.directory is None:
        return
    definition = seen.definition
    yield from _known(seen.directory, definition.owner, ("owner",))
    for number, role in enumerate(definition.start_by):
        yield from _known(seen.directory, role, ("start_by", number))
    for node in seen.nodes():
        for part, alternatives in node.whos.items():
            found = [problem for who in alternatives for problem in _who(seen.directory, node, part, who)]
            yield from found


def _who(directory: Directory, node: Node, part: str, who: Who) -> Iterator[Problem]:
    if who.role is None or (who.role == LINE_MANAGER and part.startswith("escalate")):
        return
    head, dot, rest = part.partition(".")
    path: Path = (*node.path, head, rest) if dot else (*node.path, head)
    known = list(_known(directory, who.role, path))
    yield from known
    if known:
        return
    scopes = {"at a school": who.at, "of a year group": who.of, "for a subject": who.subject}
    asked = [said for said, text in scopes.items() if text]
    if not any(_fits(each.post, who) for each in directory.assignments):
        message = f"nobody holds the role {who.role!r} {' '.join(asked)} in {directory.trust.name}"
        yield Problem(path, f"{message}, so the owner would get this", rule=RULE, warning=True)


def _fits(post: Post, who: Who) -> bool:
    return (
        post.role == who.role
        and (who.at is None or post.school is not None)
        and (who.of is None or bool(post.year_groups) or post.class_ is not None)
        and (who.subject is None or post.subject is not None)
    )


def _known(directory: Directory, role: str, path: Path) -> Iterator[Problem]:
    if role not in directory.role_names():
        said = str(UnknownNameError("role", role, directory.role_names()))
        yield Problem(path, f"nobody in {directory.trust.name} holds it: {said}", rule=RULE, warning=True)
