"""Find words in the names of cycles, in tasks and what they show, and in what people said about them.

Whoever asks finds what they may see, and nothing else. Words as in a search on the web: several, "a phrase", -without,
this or that; in English, so that `moderating` finds `moderation`.

Example: termwise search "writing -spelling" --as "Priya Raman"
"""

from typing import Annotated

from cyclopts import App, Parameter
from cyclopts.validators import Number
from rich.padding import Padding
from rich.text import Text

from cli.options import UNSAID, ActingOptions
from cli.output import show, write_json
from cli.setup import open_desk
from cli.wording import Words
from storage.search import Hit
from storage.search import search as find

app = App(name="search")


@app.default
async def search(
    words: Annotated[list[str], Parameter(help="What to look for.")],
    /,
    *,
    limit: Annotated[int, Parameter(help="At most so many, the best first.", validator=Number(gte=1))] = 20,
    options: ActingOptions = UNSAID,
) -> None:
    async with open_desk(options.as_) as desk:
        found = await find(desk.records.pool, desk.records.queries, " ".join(words), limit)
        said = Words.of(desk.trust)
    if options.json:
        write_json({"found": found})
    elif not found:
        show("Nothing that you may see has these words.")
    else:
        for each in found:
            _show(each, said)


def _show(hit: Hit, said: Words) -> None:
    kind = {"cycle": "cycle", "task": "task", "comment": "said about the task"}[hit.kind]
    show(Text(hit.title or hit.cycle, "bold"))
    show(
        Padding(
            Text(f"{kind} {hit.task or hit.instance}, {said.day(hit.at)}, {hit.cycle}", "dim"), (0, 0, 0, 2)
        )
    )
    if hit.words:
        show(Padding(Text(hit.words), (0, 0, 0, 2)))
