"""Several accounts in one daemon, each with a real browser, before the emulator."""

import pytest

from benchmarks.sessions import Chain, holds, play

pytestmark = pytest.mark.browser


def test_a_crash_and_a_logout_of_two_accounts_are_not_noticed_by_the_third(tmp_path):
    chain = Chain(tmp_path, 3, models=False)
    try:
        report = play(chain, 4)
    finally:
        chain.stage.close()

    assert holds(report), report
    assert "ready" not in report["away"].values()


def test_a_start_that_is_cut_off_leaves_no_process(tmp_path):
    chain = Chain(tmp_path, 1, models=False)
    stage = chain.stage
    try:
        stage.open_emulator()
        stage.open_daemon()
        stage.wait_for("the daemon", lambda: bool(chain.sessions()), 60)
        for _ in range(8):
            chain.ask("session_stop", session="shop1")
            chain.ask("session_start", session="shop1")
        chain.ask("session_stop", session="shop1")

        left = {kind: stage.parts(kind) for kind in ("browser", "driver")}
        assert left == {"browser": [], "driver": []}
    finally:
        stage.close()
