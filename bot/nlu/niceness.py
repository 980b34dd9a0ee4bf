"""Work that lets all other work of the machine go before it."""

import os
import sys
import threading

BEHIND = 10  # niceness of loading and learning: messages that need no models go before


def step_back() -> None:
    """Let all other threads go before this one, for as long as it lives; Linux alone can do so."""
    if sys.platform == "linux":
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), BEHIND)
