"""What people have declared: whom or what they could not judge as if it were nothing to them."""

from typing import Annotated, Literal, Self

from pydantic import model_validator

from engine.covering import Dated
from engine.personal import Personal
from engine.schools import Key
from engine.year_groups import YearGroup

InterestType = Literal["own-child", "relative", "close-friend", "business", "other"]


class Interest(Dated):
    """One entry of the register of interests. Only the person, and whoever answers for them, reads it."""

    id: str
    person: str
    type: Annotated[InterestType, Personal(of="person", erased="other")]
    about: str | None = None
    """The person it is about, where that is somebody here."""
    school: Key | None = None
    """The school it is about: where the child is, where the relative works, with which the business deals."""
    year_group: YearGroup | None = None
    class_name: str | None = None
    note: Annotated[str, Personal(of="person")] = ""

    @model_validator(mode="after")
    def _about_something(self) -> Self:
        if self.about is None and self.school is None:
            raise ValueError(f"{self.id}: an interest is in a person, or in a school")
        if self.school is None and (self.year_group or self.class_name):
            raise ValueError(f"{self.id}: a year group and a class are those of a school; name it")
        return self

    def concerns(
        self,
        school: str | None = None,
        year_group: str | None = None,
        class_name: str | None = None,
        person: str | None = None,
    ) -> bool:
        """Whether it is about what is judged. What one of the two does not say is taken for the same."""
        if person and self.about == person:
            return True
        return (
            self.school is not None
            and self.school == school
            and _may_be_same(self.year_group, year_group)
            and _may_be_same(self.class_name, class_name)
        )


def _may_be_same(one: str | None, other: str | None) -> bool:
    return one is None or other is None or one == other
