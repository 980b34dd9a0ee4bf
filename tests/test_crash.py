import subprocess
import sys

import pytest

from bot.crash import POINTS

PASS = "from bot import crash\ncrash.here('t2')\ncrash.here('t2')\nprint('alive')"


def passing(told: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-c", PASS], check=False,
        env={"ALEXIA_CRASH": told, "PATH": "/usr/bin"}, capture_output=True, text=True,
    )  # fmt: skip


@pytest.mark.parametrize(("told", "code"), [("t2:1", 137), ("t2:2", 137), ("t2:3", 0), ("", 0)])
def test_the_process_dies_at_the_named_passing_of_a_point(told, code):
    assert passing(told).returncode == code


def test_a_point_that_does_not_exist_is_named():
    done = passing("t9:1")

    assert done.returncode == 1
    assert "no point 't9'" in done.stderr
    assert all(point in done.stderr for point in POINTS)
