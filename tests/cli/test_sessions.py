"""What is asked of one of several sessions."""

import json

import pytest
from click.testing import CliRunner

from bot.cli import main
from bot.store import contacts
from bot.store.database import Database
from tests.cli.test_daemon import Pretender
from tests.make import ANA, BO, NOW

CONFIG = "sessions:\n  - name: north\n  - name: south\n    rules: south/rules\n"
NORTH = {
    "name": "north", "state": "ready", "detail": "", "account": "1@c.us", "ready": True,
    "rulebook": {"rules": 3, "flows": 1, "loaded_at": "2026-01-05T09:00:00+00:00", "rejected": []},
    "inbox": {"waiting": 0}, "outbox": {"reserved": 2},
}  # fmt: skip
SOUTH = {
    "name": "south", "state": "failed", "detail": "the rule files have mistakes",
    "account": None, "ready": False, "inbox": {}, "outbox": {},
    "rulebook": {
        "rules": 0, "flows": 0, "loaded_at": None,
        "rejected": [
            {"file": "a.yaml", "line": 1, "column": 2, "code": "E101", "message": "unknown key"}
        ],
    },
}  # fmt: skip
STATUS = {
    "version": "0.1.0", "pid": 7, "uptime_s": 60, "ready": False, "memory_mb": 80.5,
    "reasons": ["south: it is failed: the rule files have mistakes"],
    "sessions": [NORTH, SOUTH],
}  # fmt: skip


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "config.yaml").write_text(CONFIG)
    (tmp_path / "rules").mkdir()
    (tmp_path / "south" / "rules").mkdir(parents=True)
    return tmp_path


@pytest.fixture
def daemon(folder):
    with Pretender(folder / "state") as daemon:
        daemon.config = str(folder)
        yield daemon


def run(folder, *words):
    return CliRunner().invoke(main, [*words, "--config", str(folder)])


def test_status_tells_of_each_session(daemon, folder):
    daemon.answers["status"] = STATUS

    assert run(folder, "status").output.splitlines() == [
        "not ready (version 0.1.0, pid 7, up 1m00s, 80.5 MB)",
        "  because: south: it is failed: the rule files have mistakes",
        "session north: ready, account 1@c.us",
        "  rules: 3 rules, 1 flow, loaded 2026-01-05 09:00:00",
        "  inbox: waiting=0",
        "  outbox: reserved=2",
        "session south: failed, account -",
        "  because: the rule files have mistakes",
        "    rejected: a.yaml:1:2: E101 unknown key",
    ]


def test_the_sessions_are_a_table(daemon, folder):
    daemon.answers["status"] = STATUS

    lines = run(folder, "sessions", "list").output.splitlines()

    assert lines[0].split() == ["NAME", "STATE", "ACCOUNT", "RULES", "FLOWS", "WAITING", "WHY"]
    assert lines[1].split()[:5] == ["north", "ready", "1@c.us", "3", "1"]
    assert json.loads(run(folder, "sessions", "status", "south", "--json").output) == SOUTH


def test_without_a_daemon_the_configured_ones_are_listed(folder):
    rows = json.loads(run(folder, "sessions", "list", "--json").output)

    assert [(one["name"], one["state"]) for one in rows] == [
        ("north", "stopped"), ("south", "stopped")
    ]  # fmt: skip


@pytest.mark.parametrize("verb", ["start", "stop"])
def test_one_is_started_or_stopped(daemon, folder, verb):
    daemon.answers[f"session_{verb}"] = {"session": {**NORTH, "state": "stopped"}}

    done = run(folder, "sessions", verb, "north")

    assert done.output.splitlines()[0] == "session north: stopped, account 1@c.us"
    assert daemon.asked[0]["session"] == "north"


def test_one_is_taken_away(daemon, folder):
    daemon.answers["session_remove"] = {"removed": "north"}

    said = run(folder, "sessions", "remove", "north").output
    assert said == "session north is ended; its data stay until you remove them\n"
    told = run(folder, "sessions", "remove", "north", "--json").output
    assert json.loads(told) == {"removed": "north"}
    assert daemon.asked[0]["session"] == "north"


def test_one_that_cannot_be_started_is_exit_code_1(daemon, folder):
    daemon.answers["session_start"] = {"session": SOUTH}

    done = run(folder, "sessions", "start", "south")

    assert (done.exit_code, done.stderr) == (1, "it failed: the rule files have mistakes\n")


def test_a_login_and_a_logout_are_of_one(daemon, folder):
    assert run(folder, "sessions", "login", "south").output.endswith("logged in as 1@c.us\n")
    assert run(folder, "sessions", "logout", "south", "--yes").output == "logged out\n"
    assert run(folder, "logout", "north", "--yes").output == "logged out\n"
    assert [one["session"] for one in daemon.asked] == ["south", "north"]


def test_a_running_one_is_renamed_by_the_daemon(daemon, folder):
    daemon.answers["session_rename"] = {"session": {**NORTH, "name": "east"}}

    assert run(folder, "sessions", "rename", "north", "east").output == (
        "north is called east now\n"
    )
    assert daemon.asked[0]["to"] == "east"


def test_without_a_daemon_one_is_renamed_at_rest(folder):
    done = run(folder, "sessions", "rename", "north", "east")

    assert done.output == "north is called east now\n"
    assert "name: east" in (folder / "config.yaml").read_text()


def test_a_message_is_sent_through_the_session_that_is_named(daemon, folder):
    daemon.answers["send"] = {"sent": True, "id": "3EB0"}

    run(folder, "send", "5511900000001", "hi", "--session", "south")

    assert daemon.asked[0]["session"] == "south"


@pytest.mark.parametrize(
    "words", [["send", "1", "x"], ["contacts", "list"], ["login"], ["why", "x"], ["test"]]
)
def test_among_several_one_must_be_named(folder, words):
    done = run(folder, *words)

    assert done.exit_code == 1
    assert done.stderr == ("there are several sessions; name one with --session: north, south\n")


def test_one_that_there_is_not_is_told(folder):
    done = run(folder, "contacts", "list", "--session", "east")

    assert done.stderr == "there is no session 'east'; known: north, south\n"


def test_each_session_lists_its_own_people(folder):
    for name, chat in (("north", ANA), ("south", BO)):
        home = folder / "state" / "sessions" / name
        home.mkdir(parents=True)
        database = Database(home / "alexia.db")
        database.write_now(lambda db, name=name, chat=chat: contacts.meet(db, chat, name, NOW))
        database.close()

    for name in ("north", "south"):
        listed = json.loads(run(folder, "contacts", "list", "--session", name, "--json").output)
        assert [one["name"] for one in listed] == [name]


def test_a_group_hears_the_name_before_its_command(folder):
    done = run(folder, "conversations", "--session", "east", "--old")

    assert "there is no session 'east'" in done.stderr


def test_check_reads_the_rules_of_all(folder):
    (folder / "rules" / "a.yaml").write_text("version: 1\nrules: [{id: a, wehn: x}]\n")
    (folder / "south" / "rules" / "b.yaml").write_text("version: 1\nrules: [{id: b, wehn: x}]\n")

    found = json.loads(run(folder, "check", "--json").output)

    assert {one["file"] for one in found["problems"]} == {"rules/a.yaml", "south/rules/b.yaml"}


def test_a_folder_that_is_missing_is_a_problem_of_check(folder):
    (folder / "south" / "rules").rmdir()

    done = run(folder, "check")

    assert done.exit_code == 1
    assert "the folder 'south/rules' of the session 'south' is missing" in done.output


def test_why_asks_the_rules_of_one(folder):
    text = "version: 1\nrules: [{id: b, when: {keyword: hi}, do: {reply: from the south}}]\n"
    (folder / "south" / "rules" / "b.yaml").write_text(text)

    assert "winner: rule:b" in run(folder, "why", "hi", "--session", "south").output
    assert "winner: nobody" in run(folder, "why", "hi", "--session", "north").output


def test_a_reload_is_of_all_or_of_one(daemon, folder):
    daemon.answers["reload"] = {"reloaded": True, "said": "north: +1 rule\nsouth: nothing changed"}

    run(folder, "reload")
    run(folder, "reload", "--session", "south")

    assert [one["session"] for one in daemon.asked] == ["", "south"]


def test_doctor_looks_at_each_session_and_at_data_that_nobody_has(folder):
    (folder / "south" / "rules").rmdir()
    home = folder / "state" / "sessions" / "east"
    home.mkdir(parents=True)
    (home / "alexia.db").touch()

    found = json.loads(run(folder, "doctor", "--json").output)

    told = {one["name"]: (one["ok"], one["said"]) for one in found if "session" in one["name"]}
    assert told["session north"] == (True, str(folder / "state" / "sessions" / "north"))
    assert told["session south"] == (
        False, "the folder 'south/rules' of the session 'south' is missing"
    )  # fmt: skip
    assert told["sessions"] == (False, f"the data in {home} belong to no session of config.yaml")


def test_a_code_to_be_typed_on_the_phone_is_shown(daemon, folder):
    done = run(folder, "sessions", "login", "south", "--phone", "+55 11 90000-0001")

    assert done.output.splitlines()[0].endswith("(link with phone number): ABCD-1234")


def test_a_number_that_is_none_is_told_before_anybody_is_asked(folder):
    done = run(folder, "login", "north", "--phone", "12")

    assert (done.exit_code, "is no phone number" in done.stderr) == (1, True)
