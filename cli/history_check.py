"""What `history --verify` adds to a story: whether it is as it was sealed."""

from collections.abc import Sequence

from cli.exit_codes import ExitCode
from cli.output import show
from cli.records_evidence import published_roots
from cli.wording import counted
from storage.evidence.findings import StoryEvidence
from storage.evidence.stories import check_stories
from workers.settings import Settings
from workers.wiring import Records


async def check_story(given: Settings, records: Records, streams: Sequence[str]) -> StoryEvidence:
    """Compare the events of these instances with their blocks, and those with what was published."""
    published, wrong = published_roots(given, None)
    found = await check_stories(records.pool, streams, published)
    return found.model_copy(update={"problems": (*wrong, *found.problems)})


def exit_of(checked: StoryEvidence | None) -> ExitCode:
    """How the command ends."""
    return ExitCode.FINDINGS if checked and checked.problems else ExitCode.OK


def tell_checked(checked: StoryEvidence) -> None:
    """Say it in a few lines."""
    waiting = checked.events - checked.sealed
    said = (
        f"{checked.sealed} of {counted(checked.events, 'event')} sealed in {counted(checked.blocks, 'block')}"
    )
    if waiting:
        said += f"; {waiting} not sealed yet"
    if checked.published is not None:
        said += f"; {checked.published} of the blocks published as they are"
    show(f"\n{said}.", *checked.problems)
    show(
        "Nothing was altered, removed or inserted since."
        if checked.sound
        else "This story was tampered with."
    )
