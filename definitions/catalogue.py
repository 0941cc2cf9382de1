"""The definitions there are: those that come with termwise, with plug-ins, and those of a folder of the trust's own."""

from collections.abc import Collection
from functools import cache
from pathlib import Path

from definitions.loader import load_program, validate
from definitions.plugins import OURSELVES, definition_folders, without_clashes
from definitions.positions import Mark
from definitions.yaml_source import SourceError, read
from engine.definition.around import Around
from engine.definition.model import Definition
from engine.definition.program import Program
from engine.definition.running import runs
from engine.errors import UnknownNameError
from engine.people import Directory

BUILT_IN = Path(__file__).parent
FILE = "process.yaml"


class Catalogue:
    """Definitions by key. A folder holds one definition, in `process.yaml`; nothing is read before it is asked for."""

    def __init__(self, *folders: Path) -> None:
        self._folders = folders

    def files(self) -> dict[str, Path]:
        """The file of each definition, by the name of its folder. Raises PluginError when two have the same name."""
        return {key: file for key, (_, file) in self._found().items()}

    def plugins(self) -> dict[str, str]:
        """The definitions that plug-ins bring, each with its distribution. Raises PluginError."""
        theirs = {whose for whose, _ in definition_folders()}
        return {key: whose for key, (whose, _) in self._found().items() if whose in theirs}

    def around(self, activities: Collection[str] | None = None, directory: Directory | None = None) -> Around:
        """What a definition may call and run here, and whom it may ask. What is None is not checked."""
        return Around(
            activities=activities,
            processes=self.files().keys(),
            directory=directory,
            definition=cache(self._definition),
        )

    def run_by(self, program: Program) -> dict[str, Program]:
        """Every process that this one runs, or that one of those runs, by key. Raises what `program` raises."""
        found: dict[str, Program] = {}
        waiting = list(runs(program.definition))
        while waiting:
            key = waiting.pop(0)
            if key not in found:
                found[key] = self.program(key)
                waiting += runs(found[key].definition)
        return found

    def _definition(self, key: str) -> Definition | None:
        try:
            return validate(read(self.files()[key]), Definition)
        except (KeyError, SourceError):
            return None  # Its own check says what is wrong with it.

    def _found(self) -> dict[str, tuple[str, Path]]:
        own = [(f"the folder {folder}", folder) for folder in self._folders]
        folders = [(OURSELVES, BUILT_IN), *definition_folders(), *own]
        return without_clashes(
            "a definition",
            (
                (file.parent.name, whose, file)
                for whose, folder in folders
                for file in sorted(folder.glob(f"*/{FILE}"))
            ),
        )

    def program(self, key: str) -> Program:
        """The checked definition of this key. Raises UnknownNameError, or SourceError with every problem."""
        files = self.files()
        if key not in files:
            raise UnknownNameError("process", key, files)
        program = load_program(files[key], around=self.around())
        if program.definition.process != key:
            message = f"the process is called {program.definition.process!r} but its folder {key!r}; make them the same"
            raise SourceError(str(files[key]), [(Mark(1, 1), message)])
        return program
