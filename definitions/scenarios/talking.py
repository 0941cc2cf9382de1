"""What people ask of each other in a scenario, as the commands that they send."""

from collections.abc import Callable

from definitions.scenarios.commanding import Says, send_to_each
from definitions.scenarios.stage import Stage
from definitions.scenarios.stopping import at_place
from definitions.scenarios.talk_grammar import (
    AskTime,
    Attach,
    Delegate,
    GrantMore,
    HandBack,
    Nudge,
    RefuseMore,
    Say,
)
from engine.talk_commands import (
    AskForTime,
    AttachToTask,
    CommentOnTask,
    DelegateTask,
    GrantTime,
    HandBackTask,
    NudgeTask,
    RefuseTime,
)

Asking = Delegate | HandBack | AskTime | GrantMore | RefuseMore | Say | Attach | Nudge
#: What somebody who decides does, not whoever is asked.
_DECIDED = (GrantMore, RefuseMore, Nudge)


def ask(entry: Asking, stage: Stage) -> None:
    """Send what the entry says. Raises StopError, or RefusedError."""
    key, text, model, says = _said(entry, stage)
    usual = stage.state.started.by if isinstance(entry, _DECIDED) else None
    send_to_each(stage, entry, key, text, model, says, usual=usual)


def _said(  # noqa: PLR0911 - one line for each kind of entry
    entry: Asking, stage: Stage
) -> tuple[str, str, Callable[..., object], Says]:
    match entry:
        case Delegate():
            with at_place("to"):
                to = stage.person(entry.to)
            return "delegate", entry.delegate, DelegateTask, {"to": to, "reason": entry.reason}
        case HandBack():
            return "hand_back", entry.hand_back, HandBackTask, {"reason": entry.reason}
        case AskTime():
            until = _day(stage, entry.until)
            return "ask_for_time", entry.ask_for_time, AskForTime, {"until": until, "reason": entry.reason}
        case GrantMore():
            day = _day(stage, entry.until) if entry.until else None
            return "grant_time", entry.grant_time, GrantTime, {"until": day, "reason": entry.reason}
        case RefuseMore():
            return "refuse_time", entry.refuse_time, RefuseTime, {"reason": entry.reason}
        case Say():
            return "comment", entry.comment, CommentOnTask, {"text": entry.text}
        case Attach():
            return "attach", entry.attach, AttachToTask, {"label": entry.label, "link": entry.link}
        case Nudge():
            return "nudge", entry.nudge, NudgeTask, {}


def _day(stage: Stage, phrase: str) -> str:
    with at_place("until"):
        return stage.day(phrase).isoformat()
