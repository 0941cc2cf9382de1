"""An event as somebody sees it who may not see all of what it is about: that it happened, when, and by whom."""

from collections.abc import Mapping

from engine.events import (
    ChildStarted,
    Event,
    ForEachOpened,
    InstanceStarted,
    MatterOpened,
    MemberJoined,
    TaskOpened,
)
from engine.step_events import Item

#: What people wrote, said or were shown, by the name of the field, with what stands there instead.
_WORDS: Mapping[str, object] = {
    "arguments": {}, "awaited": (), "because": "", "body": "", "data": {}, "given": {}, "gives": None, "inputs": {},
    "label": "", "link": "", "reason": "", "reported": {}, "reports": {}, "result": None, "shown": {}, "subject": "",
    "text": "", "values": {}, "why": "",
}  # fmt: skip


def outlined(event: Event) -> Event:
    """The event without words, answers and whose records it is about."""
    said = {name: empty for name, empty in _WORDS.items() if name in type(event).model_fields}
    match event:
        case InstanceStarted():
            said["person"] = None
        case TaskOpened():
            said["title"] = f"A task of {event.stage}"
        case ForEachOpened():
            said["items"] = tuple(_bare(each) for each in event.items)
        case MemberJoined() | ChildStarted() | MatterOpened():
            said["item"] = _bare(event.item)
        case _:
            pass
    return event.model_copy(update=said)


def _bare(item: Item) -> Item:
    return item.model_copy(update={"values": {}})
