"""Reports as one self-contained HTML page: styles and pictures inside, no scripts, nothing fetched."""

from functools import cache

from jinja2 import Environment, PackageLoader, StrictUndefined

from reports import wording
from reports.moderation_report import ModerationReport
from reports.subject_access import Pack

_WORDS = ("percent", "signed", "span", "coefficient", "count", "tally", "day", "moment", "year")


def moderation(report: ModerationReport) -> str:
    """Render the moderation-agreement report. Every value is escaped; a missing one is an error."""
    return _templates().get_template("moderation.html.j2").render(report=report)


def subject_access(pack: Pack) -> str:
    """Render all that is held about a person, for them to read."""
    return _templates().get_template("subject_access.html.j2").render(pack=pack)


@cache
def _templates() -> Environment:
    templates = Environment(
        loader=PackageLoader("reports"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    templates.filters |= {word: getattr(wording, word) for word in _WORDS}
    return templates
