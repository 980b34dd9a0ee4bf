"""`alexia campaign`: what is asked of the bot, and what is read from the database."""

import json

import pytest
from click.testing import CliRunner

from bot.campaigns import rounds
from bot.cli import campaigns as command
from bot.cli import main
from bot.domain.outgoing import Why
from bot.store import campaigns, contacts, drafts, outbox
from bot.store.database import Database
from tests.campaigns.conftest import Firm, agree
from tests.make import ACCOUNT, ANA, NOW

PREVIEW = {
    "campaign": "spring", "content": "c0ffee", "recipients": 2, "messages": 2, "new_chats": 1,
    "variants": {"a": 1, "b": 1}, "left_out": {"opted out": 1}, "begins_at": "x", "moment": None,
    "ends_at": "2026-01-05T10:00:00+00:00", "waiting_for_gap": 1, "budget_today": 20,
    "empty_values": {"lead.owner": "2 of 2"},
    "samples": [{"contact": {"name": "Ana", "number": "+55"}, "variant": "a", "texts": ["Hi\x1b"]}],
}  # fmt: skip


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "config.yaml").touch()
    (tmp_path / "state").mkdir(mode=0o700)
    return tmp_path


@pytest.fixture
def asked(monkeypatch):
    asked = []

    def ask(config, do, timeout=0.0, **given):
        asked.append((do, given))
        answers = {
            "preview": {"preview": PREVIEW, "token": "12ab34cd"},
            "start": {"started": True, "run": 1, "recipients": 2, "waits_until": None},
            "stop": {"stopped": True, "left": 7}, "retry": {"again": 3},
        }  # fmt: skip
        return answers.get(given["action"], {})

    monkeypatch.setattr(command, "ask_daemon", ask)
    return asked


def run(folder, *words):
    return CliRunner().invoke(main, ["campaign", *words, "--config", str(folder)])


def test_a_preview_shows_all_and_ends_with_the_token(folder, asked):
    lines = run(folder, "preview", "spring").output.splitlines()

    assert lines == [
        "spring: 2 recipients, 2 messages",
        "variants: a 1, b 1",
        "left out: 1 opted out",
        "begins: when it is started; ends about 2026-01-05 10:00:00",
        "budget: 20 messages of campaigns may leave today",
        "1 wait: they got another campaign lately",
        "begins 1 new chat",
        "warning: lead.owner is empty with 2 of 2 samples",
        "a, to Ana: Hi\\x1b",
        "start it within a day: alexia campaign start spring 12ab34cd",
    ]


def test_it_starts_with_a_token_or_previews_in_one_go(folder, asked):
    assert run(folder, "start", "spring").exit_code == 2
    assert run(folder, "start", "spring", "12ab34cd").output == "started: run 1, 2 recipients\n"
    assert "2 recipients, 2 messages" in run(folder, "start", "spring", "--yes").output

    assert [given["action"] for _, given in asked] == ["start", "preview", "start"]
    assert asked[-1][1] == {"action": "start", "name": "spring", "token": "12ab34cd"}


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("pause", "spring"), "paused\n"),
        (("resume", "spring", "12ab34cd"), "goes on\n"),
        (("stop", "spring"), "stopped; 7 get nothing\n"),
        (("retry", "spring"), "3 go out again\n"),
    ],
)
def test_a_word_says_what_was_done(folder, asked, words, said):
    done = run(folder, *words)

    assert (done.exit_code, done.output) == (0, said)


def test_the_report_and_the_list_are_read_without_a_running_bot(folder):
    database = Database(folder / "state" / "alexia.db")
    one = Firm("version: 1\ncampaigns: {spring: {audience: {tag: buyer}, do: {reply: Hi}}}\n")

    def fill(db):
        for number in range(3):
            known = contacts.meet(db, f"55118000000{number}@c.us", "Ana", NOW)
            agree(db, known.id, "given" if number else "unknown", NOW)
            contacts.tag(db, known.id, "buyer", NOW, on=True)
        campaigns.note_preview(db, "spring", NOW)
        rounds.start(db, one.office, one.named(), NOW)

    database.write_now(fill)
    database.close()
    one.database.close()

    listed = json.loads(run(folder, "list", "--json").output)
    report = json.loads(run(folder, "report", "spring", "--json").output)
    shown = run(folder, "report", "spring").output.splitlines()

    assert [(row["name"], row["state"], row["planned"], row["left_out"]) for row in listed] == [
        ("spring", "gone from the files", 2, 1)
    ]
    assert report["figures"]["planned"] == 2
    assert shown[0] == "spring, run 1: running"
    assert shown[-1] == "left out: 1 no record of consent"
    assert run(folder, "report", "other").exit_code == 1


def test_what_may_not_have_left_is_told_by_the_list_and_the_report_with_what_to_do(folder):
    database = Database(folder / "state" / "alexia.db")

    def fill(db):
        campaigns.note_preview(db, "spring", NOW)
        run = "INSERT INTO campaign_runs VALUES (1, 'spring', ?, 0, '', '', 'paused', ?, 0, 0)"
        db.execute(run, (ACCOUNT, f"it changed: {'word ' * 20}resume it"))
        draft = drafts.Draft(
            account=ACCOUNT, chat=ANA, text="Hi", by="campaign:spring", why=Why.CAMPAIGN, due_at=NOW
        )
        drafts.reserve(db, bytes(32), "campaign|1|1", [draft], NOW)
        db.execute("UPDATE outbox SET state = 'stuck', detail = ?", (outbox.UNKNOWN_FATE,))

    database.write_now(fill)
    database.close()

    for shown in (run(folder, "list").output, run(folder, "report", "spring").output):
        assert "word resume it" in shown
        assert shown.splitlines()[-1] == (
            "spring: nobody can tell of 1 message whether they left; `alexia outbox list` names"
            " them, `alexia campaign retry spring` sends them again"
        )


def test_the_list_names_those_of_the_files_that_nobody_looked_at(folder):
    Database(folder / "state" / "alexia.db").close()
    (folder / "rules").mkdir()
    (folder / "rules" / "a.yaml").write_text(
        "version: 1\ncampaigns: {fresh: {audience: {tag: buyer}, do: {reply: Hi}}}\n"
    )

    (row,) = json.loads(run(folder, "list", "--json").output)

    assert (row["name"], row["state"], row["run"]) == ("fresh", "new", None)


def test_broken_files_do_not_make_campaigns_gone(folder):
    database = Database(folder / "state" / "alexia.db")
    database.write_now(lambda db: campaigns.note_preview(db, "spring", NOW))
    database.close()
    (folder / "rules").mkdir()
    (folder / "rules" / "a.yaml").write_text("version: 1\nrules: 5\n")

    done = run(folder, "list")

    assert "warning: the rule files have mistakes" in done.output
    assert "previewed" in done.output
