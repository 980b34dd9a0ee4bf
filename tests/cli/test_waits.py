"""`alexia trace` and `why` tell what became of each message, and why it waited or was not sent."""

import json

import pytest
from click.testing import CliRunner

from bot.cli import main
from bot.domain.outgoing import Why
from bot.store import contacts, drafts, holding
from bot.store.database import Database
from tests.make import ACCOUNT, ANA, NOW

RULES = """\
version: 1
rules:
  - {id: hours, when: {keyword: hours}, do: {reply: "From 9 to 18."}}
"""


def fill(db):
    ana = contacts.meet(db, ANA, "Ana", NOW)
    db.execute(
        "INSERT INTO conversations VALUES (?,?,?,1,?,'','',NULL,?,0,'')",
        (
            ACCOUNT, ANA, ana.id, json.dumps({
                "frames": [], "sentiments": [], "uses": {}, "handoff": None, "menu": [],
                "last_reply": "", "last_message_at": None, "language": None, "disclosed": True,
                "notes": {},
            }), NOW.timestamp(),
        ),
    )  # fmt: skip
    db.execute(
        "INSERT INTO traces (account, chat, contact_id, cause, event, at, winner, milliseconds,"
        " lines, effects, errors, rulebook)"
        " VALUES (?,?,?,'c','timer.later',?,'rule:x',1,'[]','[]','[]','')",
        (ACCOUNT, ANA, ana.id, NOW.timestamp()),
    )
    said = [
        drafts.Draft(account=ACCOUNT, chat=ANA, text=text, why=Why.STARTED, by="rule:x", due_at=NOW)
        for text in ("one", "two")
    ]
    drafts.reserve(db, b"s", "c", said, NOW)
    holding.hold(db, 1, NOW, "quiet hours at the contact")
    holding.suppress(db, 2, "the contact opted out", NOW)


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "config.yaml").write_text("models: {enabled: false}\n")
    (tmp_path / "rules").mkdir()
    (tmp_path / "rules" / "a.yaml").write_text(RULES)
    (tmp_path / "state").mkdir(mode=0o700)
    database = Database(tmp_path / "state" / "alexia.db")
    database.write_now(fill)
    database.close()
    return tmp_path


def run(folder, *words):
    done = CliRunner().invoke(main, [*words, "--config", str(folder)])
    assert done.exit_code == 0, done.output
    return done.output


def test_trace_names_each_message_of_a_turn_with_its_reason(folder):
    shown = run(folder, "trace", "Ana")

    assert "    message  rule:x  →  reserved: quiet hours at the contact\n" in shown
    assert "    message  rule:x  →  cancelled: the contact opted out\n" in shown
    (told,) = json.loads(run(folder, "trace", "Ana", "--json"))
    assert [(one["state"], one["reason"]) for one in told["sends"]] == [
        ("reserved", "quiet hours at the contact"), ("cancelled", "the contact opted out"),
    ]  # fmt: skip


def test_why_names_what_waits_before_the_answer(folder):
    shown = run(folder, "why", "hours", "--as", "Ana")

    assert "waits to leave before it:\n    message  rule:x  →  reserved: quiet hours" in shown
    assert json.loads(run(folder, "why", "hours", "--json"))["waiting"] == []
