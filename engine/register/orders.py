"""Every order to the register: a closed set. A new one is a class in its subject's module, and a line here."""

from typing import Annotated, get_args

from pydantic import Field, TypeAdapter

from engine.register.absences import EndAbsence, StartAbsence
from engine.register.addresses import ClearAddress, ReportBounce
from engine.register.calendars import ImportCalendar
from engine.register.channels import CloseChannel, OpenChannel
from engine.register.cover import EndCover, SetCover
from engine.register.holds import LiftHold, PlaceHold
from engine.register.interests import DeclareInterest, WithdrawInterest
from engine.register.keys import EnrolKey, RevokeKey
from engine.register.order import RegisterOrder
from engine.register.people import ChangePeople, ChangeSchools, ImportDirectory
from engine.register.preferences import SetPreferences
from engine.register.records import DisposeRecords, ErasePerson, SetRetention

RegisterCommand = Annotated[
    ImportDirectory
    | ChangePeople
    | ChangeSchools
    | ImportCalendar
    | SetCover
    | EndCover
    | StartAbsence
    | EndAbsence
    | DeclareInterest
    | WithdrawInterest
    | OpenChannel
    | CloseChannel
    | ReportBounce
    | ClearAddress
    | EnrolKey
    | RevokeKey
    | SetPreferences
    | PlaceHold
    | LiftHold
    | ErasePerson
    | SetRetention
    | DisposeRecords,
    Field(discriminator="kind"),
]  # fmt: skip

REGISTER_COMMAND: TypeAdapter[RegisterCommand] = TypeAdapter(RegisterCommand)
"""Reads and writes one order as JSON."""

#: Every order by its kind: each is a named update of the register's workflow.
REGISTER_COMMANDS: dict[str, type[RegisterOrder]] = {
    model.model_fields["kind"].default: model for model in get_args(get_args(RegisterCommand)[0])
}
