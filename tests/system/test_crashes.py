"""A browser that dies is opened again at once, by the driver process that is there."""

import os
import signal

import pytest

from benchmarks.stage import Stage

pytestmark = pytest.mark.browser

ANA = "5511910000000@c.us"


@pytest.fixture
def stage(tmp_path):
    stage = Stage(tmp_path)
    try:
        stage.open_emulator()
        stage.log_in()
        yield stage
    finally:
        stage.close()


def replies(stage: Stage) -> int:
    return sum(one["direction"] == "out" for one in stage.ledger())


@pytest.mark.parametrize(("kind", "is_kept"), [("browser", True), ("driver", False)])
def test_what_dies_is_opened_again_and_answers(stage, kind, is_kept):
    driver = stage.parts("driver")
    (pid,) = stage.parts(kind)
    os.kill(pid, signal.SIGKILL)
    stage.wait_for("the loss", lambda: not stage.is_ready(), 30)
    stage.put(ANA, "hours")

    stage.wait_ready(90)
    stage.wait_for("the reply", lambda: replies(stage) == 1, 30)
    assert (stage.parts("driver") == driver) is is_kept
    assert [len(stage.parts(one)) for one in ("driver", "browser")] == [1, 1]
