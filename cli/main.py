"""The `termwise` command: what it offers, and how it ends."""

import asyncio
import json
import os
import sys
import traceback
from collections.abc import Sequence
from contextlib import suppress
from datetime import date
from importlib import import_module

from cyclopts import App, CoercionError, CycloptsError, MissingArgumentError, Parameter, UnknownCommandError

from cli.exit_codes import ExitCode, exit_code
from engine.errors import TermwiseError, UnknownNameError

#: Lines of an error that are shown; a form may have hundreds of mistakes.
_LINES = 20
#: Modules that may not be called as their command is.
_MODULES = {"raise": "raising"}

#: Each command's summary; its module, of the same name, holds its `app`, and its full help in its docstring.
COMMANDS = {
    "demo": "Watch a whole cycle of an invented trust, in half a minute.",
    "up": "Start the servers and the worker of this machine.",
    "down": "Stop them; the data stay.",
    "doctor": "Say what is wrong, and how to mend it.",
    "start": "Start a process; --dry-run shows what it would ask of whom.",
    "cycles": "List what runs.",
    "board": "Show how far each school is in each stage.",
    "show": "Show one cycle.",
    "tasks": "The inbox: list, show, claim, complete, return, reassign.",
    "members": "Who takes part in a for-each that runs: list, add, remove.",
    "raise": "Tell a cycle that something happened outside.",
    "cancel": "Stop a cycle for good.",
    "migrate": "Move running cycles to another version; --dry-run says which can.",
    "history": "Tell the story of a cycle.",
    "people": "Who works where and since when: list, show, who, history, set, import, export.",
    "schools": "The schools of the trust: list, show, set, import from the public register.",
    "calendar": "Terms, INSET days and closures of each school; what a deadline phrase gives.",
    "workload": "Who has how much to do, week by week; a summary for the board.",
    "report": "Make a report of a cycle; the audit, outcomes and dashboard of the trust.",
    "define": "Definitions: list, begin, check, test, simulate, draw.",
    "cover": "Who covers for whom: set, end, list.",
    "absences": "Who is away: start, end, list.",
    "interests": "The register of interests: declare, withdraw, list.",
    "pairs": "Who judges whom: look before a cycle begins.",
    "search": "Find words in cycles, tasks and what was said about them.",
    "feed": "A person's deadlines as a calendar file.",
    "channels": "Chats and webhooks that are told: list, open, close.",
    "bounces": "Mail that came back: list, import, clear.",
    "preferences": "How people want to be written to: show, set.",
    "outbox": "Letters that wait or were given up: list, show, retry.",
    "keys": "Whose signature is believed: make, enrol, list, revoke.",
    "refusals": "What was refused, to whom and why.",
    "records": "The log: verify it, rebuild what is read from it.",
    "database": "Its structure, roles, backup and restore.",
    "worker": "Run the services in this terminal.",
}


def application(arguments: Sequence[str]) -> App:
    """The command line as these arguments need it. A command's module is not loaded before its turn: it is slow."""
    app = App(
        name="termwise",
        help="Durable processes for the people who run school trusts.",
        help_epilogue="`termwise COMMAND --help` explains one command, with an example.",
        version="0.1.0",
        default_parameter=Parameter(negative=(), show_default=False),
    )
    for place, (name, summary) in enumerate(COMMANDS.items()):
        module = f"cli.{_MODULES.get(name, name)}"
        said = import_module(module).__doc__ if name in arguments[:1] else summary
        app.command(f"{module}:app", name=name, help=said, sort_key=place)
    app.register_install_completion_command(help="Teach your shell to complete termwise's commands.")
    return app


def main() -> None:
    """Run one command and end the process with its exit code."""
    try:
        code = asyncio.Runner().run(run(sys.argv[1:]))  # Never closed: nothing may hold up the end below.
    except KeyboardInterrupt:
        code = int(ExitCode.INTERRUPTED)
    except SystemExit:
        code = int(ExitCode.OK)  # What was read from is closed, as by `| head`: nobody waits for the rest.
    with suppress(BrokenPipeError):
        sys.stdout.flush()
        sys.stderr.flush()
    # Temporal's core has threads of its own that may crash an interpreter as it winds down: leave at once.
    os._exit(code)


async def run(arguments: Sequence[str]) -> int:
    """Run one command; its exit code. A person's mistake is one sentence on standard error, never a traceback."""
    try:
        code = await application(arguments).run_async(
            arguments, exit_on_error=False, print_error=False, result_action="return_value"
        )
    except CycloptsError as error:
        return _fail(arguments, "usage", _sentence(error), ExitCode.USAGE)
    except TermwiseError as error:
        code = exit_code(error)
        away = code is ExitCode.SERVER_AWAY and "termwise doctor" not in str(error)
        return _fail(arguments, error.code, f"{error}; see `termwise doctor`" if away else str(error), code)
    except SystemExit as leaving:
        return leaving.code if isinstance(leaving.code, int) else ExitCode.WRONG
    except BrokenPipeError:
        return ExitCode.OK
    except Exception as error:  # noqa: BLE001 - whatever it is, people get one line
        return _unexpected(arguments, error)
    return int(code or ExitCode.OK)


def _fail(arguments: Sequence[str], kind: str, message: str, code: ExitCode) -> int:
    if "--json" in arguments:
        print(json.dumps({"error": {"code": kind, "message": message}}, ensure_ascii=False))  # noqa: T201
    lines = message.splitlines()
    more = [f"... and {len(lines) - _LINES} more"] if len(lines) > _LINES else []
    sys.stderr.write("\n".join([f"termwise: {lines[0] if lines else kind}", *lines[1:_LINES], *more]) + "\n")
    return int(code)


def _unexpected(arguments: Sequence[str], error: Exception) -> int:
    if os.environ.get("TERMWISE_DEBUG"):
        traceback.print_exception(error)
    said = (str(error).splitlines() or [""])[0]
    message = f"something unexpected happened ({type(error).__name__}: {said}); TERMWISE_DEBUG=1 shows where"
    return _fail(arguments, "unexpected", message, ExitCode.WRONG)


def _sentence(error: CycloptsError) -> str:
    command = " ".join(["termwise", *(error.command_chain or ())])
    return f"{_mistake(error).rstrip('.')}; see `{command} --help`"


def _mistake(error: CycloptsError) -> str:
    if isinstance(error, UnknownCommandError) and error.unused_tokens and "Did you mean" not in str(error):
        known = [name for name in error.app or () if not name.startswith("-")]
        return str(UnknownNameError("command", error.unused_tokens[0], known))
    if isinstance(error, MissingArgumentError) and error.argument:
        name = error.keyword or error.argument.name
        return f"{name} is missing" + (f": write {name} and what it is" if name.startswith("-") else "")
    if isinstance(error, CoercionError) and error.token and error.target_type is date:
        name = f"{error.token.keyword}: " if error.token.keyword else ""
        return f"{name}{error.token.value!r} is not a date; write one such as 2027-05-26"
    return " ".join(str(error).split())


if __name__ == "__main__":
    main()
