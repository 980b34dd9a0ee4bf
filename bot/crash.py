"""Named points at which the process can be made to die, to prove what a death there leaves.

``ALEXIA_CRASH=t2:3`` ends the process, as a kill -9 would, when the point ``t2`` is passed for the
third time. Without that variable a point costs one comparison.

May import: nothing of ours.
Tests: tests/test_crash.py, benchmarks/sweep.py.
"""

import os
from typing import Literal, get_args

Point = Literal[
    "received",  # heard from the page, not yet stored
    "t1",  # stored, the page not yet told
    "claimed",  # the attempt is counted, nothing decided
    "deciding",  # inside the transaction that stores a decision
    "t2",  # decided and stored, nothing handed
    "t3",  # noted as handed, the page not yet called
    "send",  # the page is called, no answer yet
    "echo",  # the page answered, not yet noted
    "t4",  # noted
    "recovery",  # looked up, the verdict not yet noted
    "checkpoint",  # the log was folded into the database
    "migration",  # the schema is changed, not yet committed
    "reload",  # new rules read, the old ones still in force
]
POINTS: tuple[str, ...] = get_args(Point)
KILLED = 137  # exit code of a process that SIGKILL ended


class _Plan:
    """Where to die, and how many passes are left."""

    def __init__(self, told: str) -> None:
        self.point, _, times = told.partition(":")
        self.left = int(times or 1) if self.point else 0
        if self.point and self.point not in POINTS:
            raise SystemExit(f"ALEXIA_CRASH: no point {self.point!r}; one of {', '.join(POINTS)}")


_plan = _Plan(os.environ.get("ALEXIA_CRASH", ""))


def here(point: Point) -> None:
    """Pass a point; the process ends here if it was told to."""
    if _plan.point != point:
        return
    _plan.left -= 1
    if _plan.left == 0:
        os._exit(KILLED)
