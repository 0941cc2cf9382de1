"""How many events a projection tries at once, and how long it waits after a failure."""

from storage.taking_in import PAGE

#: Seconds to wait after the first failure at an event, doubled at each further one; the most; how often it is tried.
BACK_OFF, BACK_OFF_MOST, PATIENT = 0.5, 60.0, 4


class Pace:
    """Fewer events after a failure, until the one that fails stands alone; then a few more tries."""

    def __init__(self) -> None:
        self.size = PAGE
        self._tries = 0

    @property
    def exhausted(self) -> bool:
        """The event has failed by itself often enough."""
        return self._tries >= PATIENT

    def failed(self, *, single: bool) -> float:
        """Seconds to wait before the next try; none while there is a smaller run to try."""
        if self.size > 1 and not single:
            self.size = max(1, self.size // 8)
            return 0.0
        self._tries += 1
        return min(BACK_OFF * 2.0 ** min(self._tries - 1, 10), BACK_OFF_MOST)

    def succeeded(self) -> None:
        """Go on with longer runs."""
        self.size = min(self.size * 2, PAGE)
        self._tries = 0
