"""Chats through the real page: how they are kept, what was said long ago, what is passed on."""

import json
import sqlite3

import pytest
from click.testing import CliRunner

from benchmarks.stage import Stage
from bot.cli import main

pytestmark = pytest.mark.browser

ANA, BIA = (f"55119{n}0000000@c.us" for n in range(1, 3))
SAID = ("no longer archived\n", "no longer pinned\n", "no longer muted\n", "marked as read\n")
RULES = """\
version: 1
rules:
  - id: once
    when: {media: image}
    if: message.view_once
    do: {reply: I cannot keep that picture}
  - id: any
    when: {fallback: true}
    do: {reply: "You said $(message.text)"}
"""


@pytest.fixture(scope="module")
def stage(tmp_path_factory):
    stage = Stage(tmp_path_factory.mktemp("chats"), rules=RULES)
    try:
        stage.open_emulator()
        stage.post("/control/contacts", [{"id": ANA, "name": "Ana"}])
        stage.log_in()
        yield stage
    finally:
        stage.close()


def alexia(stage: Stage, *words: str) -> tuple[int, str]:
    done = CliRunner().invoke(main, [*words, "--config", str(stage.bot)])
    return done.exit_code, done.output


def read(stage: Stage, *words: str) -> object:
    code, output = alexia(stage, *words, "--json")
    assert code == 0, output
    return json.loads(output)


def outs(stage: Stage, after: int = 0) -> list[dict]:
    return [line for line in stage.ledger(after) if line["direction"] == "out"]


def rows(stage: Stage, query: str, *values: object) -> list[tuple]:
    with sqlite3.connect(f"file:{stage.bot}/state/alexia.db?mode=ro", uri=True) as db:
        return db.execute(query, values).fetchall()


def kept(stage: Stage, chat: str) -> dict:
    return next(one for one in read(stage, "chats", "list") if one["id"] == chat)


def test_chats_are_archived_pinned_muted_and_marked(stage):
    stage.put(ANA, "hello")
    stage.wait_for("the answer", lambda: bool(outs(stage)), 20)

    for words in (("archive",), ("archive",), ("pin",), ("mute", "--for", "2h"), ("unread",)):
        assert alexia(stage, "chats", words[0], ANA, *words[1:])[0] == 0
    row = kept(stage, ANA)
    assert (row["archived"], row["pinned"], row["muted"], row["unread"]) == (True, True, True, -1)
    assert row["muted_until"] is not None
    for action in ("unarchive", "unpin", "unmute", "read"):
        assert alexia(stage, "chats", action, ANA)[1] in SAID
    row = kept(stage, ANA)
    assert (row["archived"], row["pinned"], row["muted"], row["unread"]) == (False, False, False, 0)


def test_a_chat_whose_messages_disappear_is_named_and_ours_disappear_there_too(stage):
    stage.post("/control/chats", {"chat": ANA, "expires": 86400})
    after = len(stage.ledger())
    stage.put(ANA, "secret", expires=86400)

    stage.wait_for("the answer", lambda: bool(outs(stage, after)), 20)

    assert outs(stage, after)[0]["expires"] == 86400
    assert kept(stage, ANA)["disappearing_s"] == 86400
    extra = rows(stage, "SELECT extra FROM inbox WHERE text = 'secret'")[0][0]
    assert json.loads(extra)["expires_in"] == 86400
    stage.post("/control/chats", {"chat": ANA, "expires": 0})


def test_what_may_be_seen_once_is_named_and_not_fetched(stage):
    after = len(stage.ledger())
    medium = {"mimetype": "image/png", "filename": "a.png", "base64": "iVBORw0KGgo="}
    put = stage.put(ANA, "", media=medium, view_once=True)

    stage.wait_for("the answer", lambda: bool(outs(stage, after)), 20)

    assert outs(stage, after)[0]["body"] == "I cannot keep that picture"
    found = rows(stage, "SELECT m.state FROM media m JOIN inbox i ON i.id = m.id"
                        " WHERE i.message_id = ?", put)  # fmt: skip
    assert found == [("gone",)]


def test_statuses_and_newsletters_are_stored_and_never_answered(stage):
    before = len(outs(stage))
    stage.post("/control/messages", {"chat": "status@broadcast", "from": ANA, "text": "my day"})
    stage.post("/control/messages", {"chat": "120363000000000077@newsletter", "text": "news"})
    stage.put(BIA, "later")

    stage.wait_for("the answer", lambda: len(outs(stage)) > before, 20)

    stored = rows(stage, "SELECT chat, participant, state FROM inbox WHERE text IN"
        " ('my day', 'news')"
                         " ORDER BY id")  # fmt: skip
    assert stored == [
        ("status@broadcast", ANA, "ignored"), ("120363000000000077@newsletter",
         "120363000000000077@newsletter", "ignored"),
    ]  # fmt: skip
    assert [line["body"] for line in outs(stage)][before:] == ["You said later"]
    assert rows(stage, "SELECT 1 FROM conversations WHERE chat LIKE 'status%'") == []


def test_a_message_is_forwarded_as_ours_and_taken_back(stage):
    before = len(stage.ledger())
    put = stage.put(BIA, "pass this on")
    stage.wait_for("the answer", lambda: bool(outs(stage, before)), 20)

    ids = read(stage, "messages", "forward", put, ANA)["ids"]

    stage.wait_for(
        "the forward",
        lambda: any(line.get("forwarded") and line["id"] == ids[0] for line in outs(stage)),
        20,
    )
    stage.put(ANA, "thanks")
    stage.wait_for(
        "the bot is not muted",
        lambda: any(line["body"] == "You said thanks" for line in outs(stage)),
        20,
    )
    assert alexia(stage, "messages", "revoke", ids[0])[0] == 0
    revoked = [one for one in stage.lines("/control/events") if one["kind"] == "revoked"]
    assert revoked[-1]["id"] == ids[0]
    assert alexia(stage, "messages", "forward", "nothing", ANA)[0] == 1


def test_a_chat_is_read_back_and_no_rule_hears_it(stage):
    old = "5511955555555@c.us"
    stage.post("/control/faults", {"events": False, "history_held": 3})
    for number in range(30):
        stage.put(old, f"long ago {number}", timestamp=1700000000 + number)
    before = len(outs(stage))
    stage.post("/control/session", {"do": "reload"})
    stage.wait_for("the page", lambda: not stage.is_ready(), 20)
    stage.wait_ready()
    stage.post("/control/faults", {"events": True})

    assert read(stage, "messages", "history", "--chat", old, "--more", "10")["stored"] == 10
    assert read(stage, "messages", "history", "--chat", old, "--more", "100")["stored"] == 20
    assert read(stage, "messages", "history", "--chat", old, "--more", "100")["stored"] == 0

    found = rows(
        stage, "SELECT text, origin, state FROM inbox WHERE chat = ? ORDER BY sent_at", old
    )
    assert found == [(f"long ago {n}", "history", "ignored") for n in range(30)]
    assert len(outs(stage)) == before


def test_what_came_meanwhile_is_read_where_the_page_holds_only_the_key_of_the_last(stage):
    carl, dora, ella = (f"55119{n}0000000@c.us" for n in (6, 7, 8))
    stage.post("/control/faults", {"offline_delivery": "history", "history_unheld": True})
    stage.put(carl, "earlier")
    stage.wait_for("an answer", lambda: "You said earlier" in said(stage, carl), 20)
    assert stage.stop_daemon() == 0
    for text in ("one", "two"):
        stage.put(carl, text)
    stage.put(dora, "alone")
    stage.put(ella, "is anybody there?")
    stage.post("/control/messages", {"chat": ella, "text": "yes, me", "from_me": True})

    stage.open_daemon()
    stage.wait_ready()

    stage.wait_for("the answers", lambda: len(said(stage, carl)) + len(said(stage, dora)) == 4, 20)
    assert said(stage, carl)[1:] == ["You said one", "You said two"]
    assert said(stage, dora) == ["You said alone"]
    assert said(stage, ella) == []
    kept = rows(stage, "SELECT text, state FROM inbox WHERE chat = ? ORDER BY sent_at", ella)
    assert kept[0] == ("is anybody there?", "decided")
    assert [text for text, _ in kept] == ["is anybody there?", "yes, me"]


def said(stage: Stage, chat: str) -> list[str]:
    return [line["body"] for line in outs(stage) if line["chat"] == chat]
