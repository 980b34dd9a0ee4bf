"""A restricted account before a real browser: first messages wait, replies go on."""

import json

import pytest

from benchmarks.stage import Stage
from bot.control import ask

pytestmark = pytest.mark.browser

ANA, STRANGER = "5511987654321@c.us", "5511900000077@c.us"


@pytest.fixture
def stage(tmp_path):
    opened = Stage(tmp_path)
    try:
        opened.open_emulator()
        opened.log_in()
        yield opened
    finally:
        opened.close()


def out(stage):
    return [line["body"] for line in stage.ledger() if line["direction"] == "out"]


def test_first_messages_wait_replies_go_on_and_a_try_ends_it(stage):
    stage.post("/control/faults", {"restrict_new_chats": True})
    ask(stage.bot / "state", "send", 10, chat=STRANGER, text="first", id="1")
    stage.wait_for("the restriction", lambda: stage.status().get("restricted"), 30)

    stage.put(ANA, "ping 1")
    stage.wait_for("the reply", lambda: "pong 1" in out(stage), 30)
    told = stage.status()
    assert told["ready"]
    assert any("restricts new chats" in reason for reason in told["reasons"])
    assert told["outbox"]["failed"] == 0
    assert [(one["reason"], one["messages"]) for one in told["waiting"]] == [
        ("WhatsApp restricts new chats", 1)
    ]
    refused = stage.get("/control/state")["refused"]
    assert [one["code"] for one in refused] == [463]

    stage.post("/control/faults", {"restrict_new_chats": False})
    ask(stage.bot / "state", "forgive", 10)
    stage.wait_for("the first message", lambda: "first" in out(stage), 30)
    stage.wait_for("the end of it", lambda: not stage.status()["restricted"], 10)


def test_a_refusal_of_another_kind_is_tried_again_and_a_warning_is_told(stage):
    stage.post("/control/faults", {"fail_next_sends": 1, "warning_banner": True})
    ask(stage.bot / "state", "send", 10, chat=STRANGER, text="first", id="1")

    stage.wait_for("the second try", lambda: "first" in out(stage), 30)
    assert stage.status()["restricted"] is None
    stage.wait_for("the warning", lambda: "at risk" in json.dumps(stage.status()["reasons"]), 10)
    assert stage.status()["halted"] is None  # nothing is paced here
    stage.post("/control/faults", {"warning_banner": False})
    stage.wait_for("its end", lambda: "at risk" not in json.dumps(stage.status()["reasons"]), 10)
