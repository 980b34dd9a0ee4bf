"""Several accounts in one daemon, each with a real browser, before the emulator."""

import pytest

from benchmarks.sessions import Chain, holds, play
from bot.control import listen

pytestmark = pytest.mark.browser


def test_a_crash_and_a_logout_of_two_accounts_are_not_noticed_by_the_third(tmp_path):
    chain = Chain(tmp_path, 3, models=False)
    try:
        report = play(chain, 4)
    finally:
        chain.stage.close()

    assert holds(report), report


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

        assert stage.parts("browser") == []
        stage.wait_for("the end of each driver", lambda: stage.parts("driver") == [], 60)
    finally:
        stage.close()


def test_a_number_is_linked_by_a_code_that_is_typed(tmp_path):
    chain = Chain(tmp_path, 1, models=False)
    stage = chain.stage
    try:
        stage.open_emulator()
        stage.open_daemon()
        stage.wait_for("the daemon", lambda: bool(chain.sessions()), 60)
        chain.wait_state("shop1", "qr")
        told = listen(
            stage.bot / "state", "login", 60, session="shop1", phone=chain.numbers["shop1"][:-5]
        )
        codes = (one["link_code"] for one in told if one.get("link_code"))
        assert len(next(codes)) == 8
        chain.log_in("shop1")
        chain.say(1, ["shop1"])
        chain.wait_answers(["shop1"], 30)
    finally:
        stage.close()
