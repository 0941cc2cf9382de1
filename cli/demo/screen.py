"""What the demo shows while it runs: the board, and the last few things that happened."""

from collections import deque
from typing import Self

from rich.console import Console, Group
from rich.live import Live
from rich.text import Text

from reports import board
from reports.board import Board

_LINES = 6


class Screen:
    """A calm live board in a terminal; plain lines where there is no terminal."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._news: deque[str] = deque(maxlen=_LINES)
        self._board: Board | None = None
        self._live = Live(console=console, auto_refresh=False, transient=False)

    def __enter__(self) -> Self:
        if self._console.is_terminal:
            self._live.start()
        return self

    def __exit__(self, *_: object) -> None:
        if self._console.is_terminal:
            self._live.stop()
        elif self._board:
            self._console.print(board.render(self._board))

    def say(self, line: str) -> None:
        """Something happened that is worth a line."""
        self._news.append(line)
        if not self._console.is_terminal:
            self._console.print(line)
        self._draw()

    def show(self, now: Board) -> None:
        """How the cycle stands."""
        self._board = now
        self._draw()

    def _draw(self) -> None:
        if self._console.is_terminal and self._board:
            news = [Text(f"  {line}", "dim") for line in self._news]
            self._live.update(Group(board.render(self._board), Text(), *news), refresh=True)
