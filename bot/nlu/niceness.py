"""Work that lets all other work of the machine go before it."""

import os
import sys
import threading

BEHIND = 10  # niceness of loading and learning: messages that need no models go before


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
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), BEHIND)
