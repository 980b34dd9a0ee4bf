"""Who is muted, by whom and why, is shown; a person undoes it."""

import json
from dataclasses import replace
from datetime import timedelta

import pytest
from click.testing import CliRunner

from bot.cli import main, spam
from bot.daemon import clock
from bot.domain.conversation import Handoff
from bot.domain.spam import GUARD
from bot.store import contacts, conversations
from bot.store.database import Database
from bot.store.mutes import count_muted, list_muted
from tests.make import ACCOUNT, ANA, BO, NOW
from tests.stored import folder_with

CARL = "5511900000077@c.us"
WHY = "30 messages within 60 s"


def muted(db, chat, name, team, until, note="", *, sealed=False):
    person = contacts.meet(db, chat, name, NOW)
    handoff = Handoff(team=team, until=until, note=note, is_note_sensitive=sealed)
    state = replace(conversations.load(db, ACCOUNT, chat), handoff=handoff)
    conversations.keep(db, ACCOUNT, person.id, state)


@pytest.fixture
def folder(tmp_path, monkeypatch):
    soon = clock.now() + timedelta(hours=1)

    def fill(db):
        muted(db, ANA, "Ana", GUARD, soon, WHY)
        muted(db, BO, "Bo", "sales", soon + timedelta(hours=1), "PIN 1234", sealed=True)
        muted(db, CARL, "Carl", GUARD, soon - timedelta(days=9), "long over")

    return folder_with(tmp_path, fill)


def run(folder, *words):
    return CliRunner().invoke(main, [*words, "--config", str(folder)])


def test_who_is_muted_for_spam_is_listed_with_the_reason(folder):
    rows = json.loads(run(folder, "spam", "list", "--json").output)

    assert [(row["name"], row["muted_by"], row["muted_why"]) for row in rows] == [
        ("Ana", "spam", WHY)
    ]
    assert WHY in run(folder, "spam", "list").output


def test_people_show_where_the_bot_keeps_quiet(folder):
    rows = json.loads(run(folder, "contacts", "list", "--json").output)
    only = run(folder, "contacts", "list", "--muted")

    assert [row["muted_by"] for row in rows] == ["spam", "sales", None]
    assert WHY in only.output
    assert "Carl" not in only.output
    assert WHY in run(folder, "contacts", "show", "Ana").output
    assert json.loads(run(folder, "contacts", "show", "Carl", "--json").output)["muted_by"] is None


def test_what_a_note_hides_is_shown_to_nobody(folder):
    database = Database(folder / "state" / "alexia.db")
    rows = database.read_now(lambda db: list_muted(db, clock.now()))
    counted = database.read_now(lambda db: count_muted(db, clock.now()))
    database.close()

    assert [row["muted_why"] for row in rows] == [WHY, "•••"]
    assert counted == {"person": 1, "spam": 1, "loop": 0}


@pytest.fixture
def asked(monkeypatch):
    told = []

    def ask(config, verb, **words):
        told.append((verb, words))
        return {"chat": ANA} if words["contact"] == "Ana" else {"done": False, "reason": "nobody"}

    monkeypatch.setattr(spam, "ask_daemon", ask)
    return told


def test_a_mute_is_lifted_and_somebody_trusted(folder, asked):
    assert run(folder, "spam", "unmute", "Ana").output == "the bot answers there again\n"
    assert run(folder, "spam", "allow", "Ana").output == "trusted from now on (tag 'trusted')\n"

    assert asked == [
        ("resume", {"contact": "Ana", "argument": ""}),
        ("allow", {"contact": "Ana", "argument": "trusted"}),
    ]


def test_nobody_unknown_is_trusted(folder, asked):
    assert run(folder, "spam", "allow", "Zoe").exit_code == 1


def test_without_a_trusted_tag_it_says_what_to_do(folder, asked):
    (folder / "config.yaml").write_text("spam: {allow_tags: []}\n", "utf-8")
    done = run(folder, "spam", "allow", "Ana")

    assert (done.exit_code, asked) == (1, [])
    assert "allow_tags" in done.stderr


GUARDED = """\
models: {enabled: false}
spam: {guard: mute, words: [casino]}
"""


def test_why_tells_what_the_guard_would_say(folder):
    (folder / "config.yaml").write_text(GUARDED, "utf-8")

    new = run(folder, "why", "Casino!")
    known = run(folder, "why", "hello", "--as", "Ana")

    assert "winner: guard:spam" in new.output
    assert "spam:word: 1.00: a blocked word" in new.output
    assert "muted until" in known.output
    assert WHY in known.output
