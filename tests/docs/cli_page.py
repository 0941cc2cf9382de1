"""Writes `docs/cli.md` from the command line itself: `python -m tests.docs.cli_page`."""

import inspect
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any, get_args

from cyclopts import App

from cli.exit_codes import ExitCode
from cli.main import COMMANDS, application
from tests.docs.pages import ROOT

PAGE = ROOT / "docs" / "cli.md"
#: What several commands have; their own help for it is in `cli/options.py`.
SHARED = {
    "--as": "The person who acts: an id, a name or an e-mail address.",
    "--json": "Write JSON to standard output, for programs.",
}
CODES = {
    ExitCode.OK: "It was done.",
    ExitCode.WRONG: "Something that none of the others names; the sentence says what.",
    ExitCode.USAGE: "The command line, a setting or a file cannot be understood.",
    ExitCode.REFUSED: "The rules do not allow it. Nothing was changed.",
    ExitCode.UNKNOWN_NAME: "A name or id stands for nothing here, or for several things.",
    ExitCode.SERVER_AWAY: "PostgreSQL, the key store or Temporal does not answer.",
    ExitCode.OUTCOME_UNKNOWN: "No answer came in time. The same again is safe, and cannot count twice.",
    ExitCode.FINDINGS: "`doctor` or `records verify` found something wrong.",
    ExitCode.PARTIAL: "of several tasks some were left as they were, each with its reason; the others are done",
    ExitCode.INTERRUPTED: "Ctrl-C.",
}
HEAD = """\
# The command line

This page is written by `python -m tests.docs.cli_page`. A test fails when it is not what the program says.

`termwise COMMAND --help` shows the same in the terminal. Results go to standard output. How it goes, and what
went wrong, goes to standard error. Ids of tasks and cycles may be shortened to a beginning that is theirs alone.
A command that changes something is done in somebody's name: `--as PERSON`, or `TERMWISE_AS`. Typing the same
command again after a time-out repeats it and cannot count twice. `TERMWISE_DEBUG=1` shows where an unexpected
error came from. `termwise --install-completion` teaches your shell to complete the commands.
"""


def text() -> str:
    """The whole page."""
    parts = [HEAD, *_codes(), *(part for name in COMMANDS for part in _command(name))]
    return "\n".join(parts).rstrip() + "\n"


def commands() -> Iterator[tuple[str, App, str]]:
    """Every command as it is typed, with its help."""
    for name in COMMANDS:
        app = application([name])[name]
        yield name, app, _help(app) or _module_help(name)
        for word in (each for each in app if not each.startswith("-")):
            yield f"{name} {word}", app[word], _help(app[word])


def options(app: App) -> Iterator[tuple[str, str]]:
    """Every argument and option of a command, with what it means."""
    if app.default_command is None:
        return
    for each in app.assemble_argument_collection():
        name = each.names[0]
        if each.show and name != "*":
            yield _usage(name, each), _meaning(name, each)


def _command(name: str) -> Iterator[str]:
    for typed, app, said in commands():
        if typed.split()[0] == name:
            depth = "##" if typed == name else "###"
            yield f"{depth} termwise {typed}\n"
            yield _prose(said)
            rows = [f"| {usage} | {meaning} |" for usage, meaning in options(app)]
            yield "\n".join(["| | |", "|---|---|", *rows, ""]) if rows else ""


def _help(app: App) -> str:
    return inspect.cleandoc(str(app.help or ""))


def _module_help(name: str) -> str:
    module = {"raise": "raising"}.get(name, name)
    return inspect.cleandoc(import_module(f"cli.{module}").__doc__ or "")


def _prose(said: str) -> str:
    """The help, its example as code."""
    body, _, example = said.partition("Example: ")
    code = f"\n```sh\n{example.strip()}\n```\n" if example else ""
    return f"{body.strip()}\n{code}"


def _usage(name: str, each: Any) -> str:  # noqa: ANN401 - cyclopts does not export the type
    if not name.startswith("-"):
        return f"`{name}`" + ("" if each.required else " (may be left out)")
    return f"`{name}{_value(each.hint)}`" + (" (must be given)" if each.required else "")


def _value(hint: Any) -> str:  # noqa: ANN401 - any annotation
    inner = [part for part in get_args(hint) if part is not type(None)]
    if hint is bool:
        return ""
    return " FILE" if Path in (hint, *inner) else " TEXT"


def _meaning(name: str, each: Any) -> str:  # noqa: ANN401 - cyclopts does not export the type
    said = each.parameter.help or SHARED[name]
    choices = each.get_choices()
    variables = [f"`{variable}`" for variable in each.parameter.env_var or ()]
    more = [f"One of {', '.join(f'`{choice}`' for choice in choices)}." if choices else ""]
    more += [f"Or set {' or '.join(variables)}." if variables else ""]
    return " ".join(filter(None, (said, *more))).replace("|", "\\|")


def _codes() -> list[str]:
    rows = [f"| {code.value} | {CODES[code]} |" for code in ExitCode]
    return ["\n".join(["## Exit codes\n", "| | |", "|---|---|", *rows, ""])]


if __name__ == "__main__":
    PAGE.write_text(text(), "utf-8")
