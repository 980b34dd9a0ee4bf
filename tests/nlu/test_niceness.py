import os
import sys
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from bot.nlu.niceness import BEHIND, LAST, step_back

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="Linux alone knows such threads")


def niceness():
    return os.getpriority(os.PRIO_PROCESS, threading.get_native_id())


def test_what_steps_back_goes_behind_the_bot_and_nothing_else_does():
    before = niceness()
    with ThreadPoolExecutor(1, initializer=step_back) as behind:
        told = behind.submit(niceness).result()

    assert told == min(before + BEHIND, LAST)
    assert niceness() == before


def test_a_bot_that_itself_runs_behind_all_else_can_step_back():
    def almost_last():
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), max(niceness(), LAST - 1))
        step_back()

    with ThreadPoolExecutor(1, initializer=almost_last) as behind:
        assert behind.submit(niceness).result() == LAST
