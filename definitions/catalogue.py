"""The definitions there are: those that come with termwise, and those of a folder of the trust's own."""

from pathlib import Path

from definitions.loader import load_program
from definitions.positions import Mark
from definitions.yaml_source import SourceError
from engine.definition.program import Program
from engine.errors import UnknownNameError

BUILT_IN = Path(__file__).parent
FILE = "process.yaml"


class Catalogue:
    """Definitions by key. A folder holds one definition, in `process.yaml`; nothing is read before it is asked for."""

    def __init__(self, *folders: Path) -> None:
        self._folders = (BUILT_IN, *folders)

    def files(self) -> dict[str, Path]:
        """The file of each definition, by the name of its folder. Raises SourceError when two have the same name."""
        found: dict[str, Path] = {}
        for folder in self._folders:
            for file in sorted(folder.glob(f"*/{FILE}")):
                key = file.parent.name
                if key in found:
                    raise SourceError(
                        str(file), [(Mark(1, 1), f"{key!r} is defined already, in {found[key]}")]
                    )
                found[key] = file
        return found

    def program(self, key: str) -> Program:
        """The checked definition of this key. Raises UnknownNameError, or SourceError with every problem."""
        files = self.files()
        if key not in files:
            raise UnknownNameError("process", key, files)
        program = load_program(files[key])
        if program.definition.process != key:
            message = f"the process is called {program.definition.process!r} but its folder {key!r}; make them the same"
            raise SourceError(str(files[key]), [(Mark(1, 1), message)])
        return program
