"""What people and the outside say of members: they leave, they join, something has happened."""

from typing import Any

from pydantic import JsonValue

from engine.commands import JoinMember, LeaveMember, RaiseEvent
from tests.worlds import Play, named


def order(play: Play, by: str = "Officer") -> dict[str, Any]:
    return {"id": play.id(), "by": named(play.world.directory, by)}


def leave(play: Play, address: str, key: str) -> None:
    play.do(LeaveMember(**order(play), address=address, key=key, reason="gone"))


def join(play: Play, address: str, **values: JsonValue) -> None:
    play.do(JoinMember(**order(play), address=address, values=values, reason="back"))


def raised(play: Play, event: str, **values: JsonValue) -> None:
    play.do(RaiseEvent(**order(play), event=event, reason="so", values=values))
