"""What it costs that a command is proved: the look-up of its key and the check of its signature."""

import time
from datetime import UTC, datetime

from bench import trust
from bench.effort import Effort
from bench.figures import Figure, figure
from bench.ground import Ground
from engine.commands import ClaimTask, command_id
from engine.signing import verify
from storage.signing_keys import PostgresKeys
from workers.enrolling import enrol_directly
from workers.keys import new_key

NAMES = ("authority-cost", "authority-check")
_EACH, _MILLI = 200, 1_000
_INSTANCE = "moderation:2026-27:summer-1:writing"


async def measure(ground: Ground, effort: Effort) -> list[Figure]:
    """Two hundred commands in each round, each signed before: with the look-up in PostgreSQL, and the check alone."""
    private, key_of = new_key(), PostgresKeys(ground.records.pool)
    await enrol_directly(ground.records.store, private.text, use="local", reason="to measure")
    named = trust.directory().trust.key
    commands = [ClaimTask(id=command_id("proved", n), by="p-0011", task="k3fq") for n in range(_EACH)]
    whole, check = [], []
    for _ in range(effort.rounds):
        signed = [private.signed(command, named, _INSTANCE) for command in commands]
        began, looking = time.perf_counter(), 0.0
        for each in signed:
            asked = time.perf_counter()
            key = await key_of.key(private.id)
            looking += time.perf_counter() - asked
            verify(each.command, each.signature, key, trust=named, instance=_INSTANCE, now=datetime.now(UTC))
        took = time.perf_counter() - began
        whole.append(took / _EACH * _MILLI)
        check.append((took - looking) / _EACH * _MILLI)
    return [
        figure("authority-cost", "ms", "a command that is not proved", whole),
        figure("authority-check", "ms", "the signature alone", check),
    ]
