"""Where the register stands: what instances are compared with."""

from engine.model import Model


class Pins(Model):
    """The calendar and the directory that an instance has, by digest."""

    calendar: str
    directory: str


class Standing(Pins):
    """What the register says at one version."""

    version: int

    @property
    def pins(self) -> Pins:
        """What an instance has that follows the register."""
        return Pins(calendar=self.calendar, directory=self.directory)
