"""Read models made from the log. A new one is a file here, a migration for its tables, and a line below."""

from storage.projections.activity import ACTIVITY
from storage.projections.board import BOARD
from storage.projections.cycles import CYCLES
from storage.projections.dashboard import DASHBOARD
from storage.projections.inbox import INBOX
from storage.projections.outbox import OUTBOX
from storage.projections.outcomes import OUTCOMES
from storage.projections.projection import Projection
from storage.projections.search import SEARCH
from storage.projections.workload import WORKLOAD

#: Kept by the append itself, in its transaction.
INLINE: tuple[Projection, ...] = (INBOX,)

#: Kept by the projector, each at its own pace.
FOLLOWING: tuple[Projection, ...] = (
    CYCLES,
    BOARD,
    OUTBOX,
    WORKLOAD,
    ACTIVITY,
    DASHBOARD,
    OUTCOMES,
    SEARCH,
)
