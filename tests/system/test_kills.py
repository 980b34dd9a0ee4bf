import contextlib
import json
import os
import signal
import subprocess
import sys

import pytest

from benchmarks.stage import Stage

pytestmark = [pytest.mark.browser, pytest.mark.kills]


def bench(name, *arguments):
    done = subprocess.run(
        [sys.executable, "-m", f"benchmarks.{name}", *arguments],
        capture_output=True,
        text=True,
        timeout=900,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    return json.loads(done.stdout.splitlines()[-1])


def test_each_message_is_answered_once_and_in_order_through_fifty_kills():
    targets = "daemon,group,browser,renderer,driver"
    report = bench("chaos", "--kills", "50", "--messages", "300", "--targets", targets)

    assert (report["lost"], report["duplicate"], report["disordered"]) == (0, 0, 0)
    assert report["integrity"] == "ok"


def test_a_death_at_each_named_point_loses_and_doubles_nothing():
    report = bench("sweep", "--times", "1", "--combinations", "1")

    assert (report["lost"], report["duplicate"], report["disordered"]) == (0, 0, 0)


def test_a_deaf_a_frozen_and_an_unacknowledged_page_are_noticed_and_healed():
    report = bench("healing", "--rounds", "1")

    assert [report[kind]["healed"] for kind in ("deaf", "frozen", "unacknowledged")] == [1, 1, 1]


def test_an_edit_answers_soon_and_a_broken_one_changes_nothing():
    report = bench("edits", "--edits", "5")

    assert report["old_text_kept"]
    assert report["broken_at"].startswith("rules/bench.yaml:")


def test_a_thousand_chats_at_once_are_all_answered():
    report = bench("burst", "--messages", "1000")

    assert (report["lost"], report["duplicate"], report["answered"]) == (0, 0, 1000)


def reasons(stage):
    return stage.status().get("reasons") or []


def test_a_page_that_dies_while_the_browser_opens_holds_nobody_up(tmp_path):
    stage = Stage(tmp_path)
    try:
        stage.open_emulator()
        for _ in range(3):  # the first moment in which there is one
            stage.open_daemon()
            stage.wait_for("a renderer", lambda: bool(stage.parts("renderer")), 30)
            for pid in stage.parts("renderer"):
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
            stage.wait_for(
                "the login code", lambda: "WhatsApp is qr" in "".join(reasons(stage)), 60
            )
            stage.kill_daemon(group=True)
    finally:
        stage.close()
