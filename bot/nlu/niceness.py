"""Work that lets all other work of the machine go before it."""

import os
import sys
import threading

BEHIND = 10  # niceness that loading and learning add: messages that need no models go before
LAST = 19  # Linux knows no higher niceness


def step_aside() -> None:
    """Let all other threads go before this one at once, whatever they do; for as long as it lives.

    For what nobody waits for, and what holds nothing that another thread needs: it gets only
    what is left over. Linux alone can do so.
    """
    if sys.platform == "linux":
        os.sched_setscheduler(threading.get_native_id(), os.SCHED_IDLE, os.sched_param(0))


def step_back() -> None:
    """Let all other threads go before this one, for as long as it lives; Linux alone can do so."""
    if sys.platform == "linux":
        thread = threading.get_native_id()
        behind = os.getpriority(os.PRIO_PROCESS, thread) + BEHIND  # a bot itself may run behind
        os.setpriority(os.PRIO_PROCESS, thread, min(behind, LAST))
