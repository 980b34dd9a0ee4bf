"""Labels, presence and receipts through the real page."""

import json
import sqlite3

import httpx2
import pytest
from click.testing import CliRunner

from benchmarks.stage import ACCOUNT, Stage, free_port
from bot.cli import main

pytestmark = pytest.mark.browser

ANA, BIA = (f"55119{n}0000000@c.us" for n in range(1, 3))
TEAM = "120363000000000001@g.us"
PORT = free_port()
RULES = """\
version: 1
rules:
  - id: buys
    when: {keyword: buy}
    do: [{tag: customer}, {reply: Thank you}]
  - id: leaves
    when: {keyword: leave}
    do: [{untag: customer}, {reply: Goodbye}]
  - id: labelled
    when: {event: label.added}
    do: {reply: "You are $(label) now"}
  - id: voice
    when: {keyword: speak}
    do: {reply: {media: {kind: audio, file: media/note.ogg, voice: true}}}
  - id: team
    when: {keyword: team}
    if: {chat: group}
    do: {reply: Here}
"""


@pytest.fixture(scope="module")
def stage(tmp_path_factory):
    stage = Stage(tmp_path_factory.mktemp("labels"), rules=RULES)
    config = stage.bot / "config.yaml"
    text = (
        config.read_text()
        .replace("whatsapp:\n", "whatsapp:\n  labels: both\n  presence: true\n")
        .replace("  port: 0\n", f"  port: {PORT}\n")
    )
    config.write_text(text.replace("pacing: off", "pacing: {preset: normal, reading_min: 1s}"))
    (stage.bot / "media").mkdir()
    (stage.bot / "media" / "note.ogg").write_bytes(b"OggS" + bytes(64))
    try:
        stage.open_emulator()
        stage.open_daemon()

        def paired() -> bool:
            try:
                return bool(stage.post("/control/pair", {"account": ACCOUNT, "business": True}))
            except OSError:
                return False

        stage.wait_for("the login", paired, 60)
        stage.wait_ready()
        yield stage
    finally:
        stage.close()


def outs(stage: Stage) -> list[dict]:
    return [line for line in stage.ledger() if line["direction"] == "out"]


def said(stage: Stage, body: str) -> dict:
    stage.wait_for(body, lambda: any(one["body"] == body for one in outs(stage)), 30)
    return next(one for one in outs(stage) if one["body"] == body)


def done(stage: Stage) -> list[tuple]:
    lines = stage.lines("/control/events")
    return [(one.get("do"), one.get("chat")) for one in lines if one["kind"] == "label"]


def read(stage: Stage, *words: str) -> object:
    run = CliRunner().invoke(main, [*words, "--config", str(stage.bot), "--json"])
    assert run.exit_code == 0, run.output
    return json.loads(run.output)


def rows(stage: Stage, query: str) -> list[tuple]:
    with sqlite3.connect(f"file:{stage.bot}/state/alexia.db?mode=ro", uri=True) as db:
        return db.execute(query).fetchall()


def test_a_tag_becomes_a_label_and_goes_with_it(stage):
    stage.put(ANA, "buy")
    stage.wait_for("the label", lambda: ("add", ANA) in done(stage), 30)
    assert "You are customer now" not in [one["body"] for one in outs(stage)]

    stage.put(ANA, "leave")
    stage.wait_for("the label to go", lambda: ("remove", ANA) in done(stage), 30)


def test_a_label_of_the_phone_becomes_a_tag_and_an_event(stage):
    stage.put(BIA, "buy")
    said(stage, "Thank you")
    stage.post("/control/labels", {"chat": BIA, "add": "vip"})
    said(stage, "You are vip now")
    assert "vip" in read(stage, "contacts", "show", BIA)["tags"]

    stage.post("/control/labels", {"chat": BIA, "remove": "vip"})
    stage.wait_for(
        "the tag to go",
        lambda: "vip" not in read(stage, "contacts", "show", BIA)["tags"],
        20,
    )


def test_who_is_online_is_kept(stage):
    stage.post("/control/presence", {"id": BIA, "online": True})
    stage.wait_for("her", lambda: read(stage, "contacts", "show", BIA)["online"] is True, 20)
    stage.post("/control/presence", {"id": BIA, "online": False})
    stage.wait_for("her", lambda: read(stage, "contacts", "show", BIA)["online"] is False, 20)
    assert read(stage, "contacts", "show", BIA)["seen_online"]


def seen(stage: Stage) -> list[bool]:
    lines = stage.lines("/control/events")
    return [one["online"] for one in lines if one["kind"] == "available"]


def asked(stage: Stage, method: str, path: str, body: dict | None = None) -> dict:
    """Ask the running bot over HTTP, as its admin."""
    key = json.loads((stage.bot / "state" / "tokens.json").read_text())["admin"]["key"]
    answer = httpx2.request(
        method, f"http://127.0.0.1:{PORT}{path}", json=body, headers={"X-Api-Key": key}, timeout=40
    )
    assert answer.status_code < 300, answer.text
    return answer.json()


def test_we_are_shown_online_and_offline(stage):
    asked(stage, "POST", "/api/default/presence", {"presence": "offline"})
    stage.wait_for("nobody", lambda: seen(stage)[-1:] == [False], 20)
    asked(stage, "POST", "/api/default/presence", {"presence": "online"})
    stage.wait_for("somebody", lambda: seen(stage)[-1:] == [True], 20)


def test_a_label_is_made_renamed_and_removed(stage):
    at = "/api/default/labels"
    made = asked(stage, "POST", at, {"name": "late payer"})
    asked(stage, "PUT", f"{at}/chats/{BIA}", {"labels": [{"id": made["id"]}]})

    changed = asked(stage, "PUT", f"{at}/{made['id']}", {"name": "pays late", "color": 2})
    assert (changed["id"], changed["name"], changed["color"]) == (made["id"], "pays late", 2)
    assert [one["id"] for one in asked(stage, "GET", f"{at}/pays late/chats")] == [BIA]

    asked(stage, "DELETE", f"{at}/{made['id']}")
    assert made["id"] not in [one["id"] for one in asked(stage, "GET", at)]


def test_recording_is_shown_before_a_voice_note(stage):
    stage.put(ANA, "speak")
    stage.wait_for("the note", lambda: any(one["type"] == "ptt" for one in outs(stage)), 30)

    shown = [
        one["state"] for one in stage.lines("/control/events")
        if one["kind"] == "chatstate" and one["chat"] == ANA
    ]  # fmt: skip
    assert "recording" in shown


def test_receipts_of_a_group_have_their_times_with_each_reader(stage):
    stage.post(
        "/control/groups",
        {"id": TEAM, "subject": "Shop", "participants": [ANA, BIA, ACCOUNT], "admins": [ANA]},
    )
    stage.put(TEAM, "team", **{"from": ANA})
    line = said(stage, "Here")

    def came() -> bool:
        told = read(stage, "messages", "status", line["id"])
        return len(told["readers"]) == 2 and all(one["read"] for one in told["readers"])

    stage.wait_for("both to read", came, 20)
    told = read(stage, "messages", "status", line["id"])
    assert {one["id"] for one in told["readers"]} == {ANA, BIA}
    assert told["sent"] <= told["delivered"] <= told["read"]
