from types import SimpleNamespace

import pytest

from bot.cli import live_check
from bot.cli.live_check import live_findings

CONFIG = SimpleNamespace(
    data_folder="state", database="state/alexia.db", names=("default",), sessions=(1,)
)
FOUND = {
    "ok": True, "page": "2.3000.1", "wa_js": "4.6.0", "account": "",
    "lost": {"reactions": "degraded: reactions (WPP.chat.sendReactionToMessage not found)"},
}  # fmt: skip


@pytest.fixture
def answers(monkeypatch):
    def answer(**by_verb) -> None:
        monkeypatch.setattr(live_check, "ask", lambda folder, do, timeout, **_: by_verb[do])

    return answer


def test_each_capability_has_a_line_and_a_lost_one_its_reason(answers):
    answers(look=FOUND)
    found = {one.name: one for one in live_findings(CONFIG)}

    assert found["page"].said == "WhatsApp Web 2.3000.1 with wa-js 4.6.0"
    assert (found["reactions"].ok, found["reactions"].essential) == (False, False)
    assert found["reactions"].said.startswith("degraded: reactions (")
    assert (found["text"].ok, found["text"].essential) == (True, True)
    assert (found["live"].ok, found["live"].remedy) == (False, "alexia login")


def test_a_page_that_cannot_be_asked_is_told(answers):
    answers(look={"ok": False, "error": "there is no page"})

    (one,) = live_findings(CONFIG)
    assert (one.ok, one.said) == (False, "there is no page")


@pytest.mark.parametrize(
    ("standing", "ok", "said"),
    [
        ([("handed", 0), ("delivered", 2)], True, "WhatsApp has it after"),
        ([("failed", 0)], False, "not sent (failed)"),
    ],
)
def test_a_message_to_oneself_shows_whether_sending_works(answers, monkeypatch, standing, ok, said):
    answers(look={**FOUND, "account": "1@c.us"}, send={"ok": True, "id": "3EB0"})
    told = iter(standing)
    monkeypatch.setattr(live_check, "_standing", lambda *_: next(told))
    monkeypatch.setattr(live_check, "LOOK_AGAIN", 0.0)

    *_, last = live_findings(CONFIG)
    assert (last.ok, last.said[: len(said)]) == (ok, said)


def test_without_a_daemon_the_live_check_says_so(tmp_path):
    config = SimpleNamespace(
        data_folder=tmp_path, database=tmp_path / "alexia.db", names=("default",), sessions=(1,)
    )

    (one,) = live_findings(config)
    assert (one.ok, one.remedy) == (False, "alexia run")
