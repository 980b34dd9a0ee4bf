"""Groups through the real page: made, changed, heard, and spoken in."""

import json
import sqlite3
import time

import pytest
from click.testing import CliRunner

from benchmarks.stage import ACCOUNT, Stage
from bot.cli import main

pytestmark = pytest.mark.browser

ANA, BIA, CAI, DEA, EVA = (f"55119{n}0000000@c.us" for n in range(1, 6))
TEAM = "120363000000000001@g.us"
RULES = """\
version: 1
rules:
  - id: called
    when: {keyword: help}
    if: [{chat: group}, {mentioned: true}]
    do: {reply: {text: I am here, mention: true, quote: true}}
  - id: private
    when: {keyword: help}
    if: {chat: private}
    do: {reply: Hello}
  - id: greet
    when: {event: group.joined, where: {how: added}}
    if: {chat: group}
    do: {reply: {text: "Welcome $(number)", mention: true}}
  - id: farewell
    when: {event: group.left}
    if: {chat: group}
    do: {reply: "Goodbye $(number), $(how)"}
  - id: promoted
    when: {event: group.promoted}
    if: {chat: group}
    do: {reply: "$(number) is an admin now"}
"""


@pytest.fixture(scope="module")
def stage(tmp_path_factory):
    stage = Stage(tmp_path_factory.mktemp("groups"), rules=RULES)
    try:
        stage.open_emulator()
        stage.post("/control/faults", {"lid_chats": False})
        stage.post(
            "/control/contacts",
            [
                {"id": ANA, "push_name": "Ana"},
                {"id": BIA, "push_name": "Bia"},
                {"id": CAI, "invite_only": True},
                {"id": DEA, "absent": True},
                {"id": EVA},
            ],
        )
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


def heard(stage: Stage, after: int, body: str, seconds: float = 20) -> dict:
    found: list[dict] = []

    def came() -> bool:
        lines = stage.ledger(after)
        found[:] = [one for one in lines if one["direction"] == "out" and body in one["body"]]
        return bool(found)

    stage.wait_for(body, came, seconds)
    return found[0]


def last(stage: Stage) -> int:
    return max((line["n"] for line in stage.ledger()), default=0)


def known(stage: Stage, group: str, wanted) -> dict:
    found: list[dict] = []

    def came() -> bool:
        rows = read(stage, "groups", "list", "--left")
        found[:] = [one for one in rows if one["id"] == group and wanted(one)]
        return bool(found)

    stage.wait_for(f"{group} as wanted", came, 15)
    return found[0]


def test_a_group_is_made_changed_and_left_from_the_command_line(stage):
    made = read(stage, "groups", "create", "Team", ANA, BIA, CAI, DEA)
    outcomes = {one["member"]: one["outcome"] for one in made["results"]}
    assert outcomes == {ANA: "done", BIA: "done", CAI: "invite", DEA: "not_on_whatsapp"}
    invited = next(one for one in made["results"] if one["member"] == CAI)
    assert invited["invite"].startswith("https://chat.whatsapp.com/")

    row = known(stage, made["id"], lambda one: one["size"] == 3)
    assert (row["subject"], row["admin"], row["member"]) == ("Team", True, True)

    added = read(stage, "groups", "add", "team", EVA, ANA)["results"]
    assert [(one["member"], one["outcome"]) for one in added] == [(EVA, "done"), (ANA, "already")]
    code, said = alexia(stage, "groups", "add", "Team", CAI)
    assert (code, "must be invited" in said) == (1, True)
    read(stage, "groups", "promote", "Team", ANA)
    admins = read(stage, "groups", "members", "Team", "--admins")
    assert {one["id"] for one in admins} == {ACCOUNT, ANA}
    read(stage, "groups", "demote", "Team", ANA)
    read(stage, "groups", "remove", "Team", BIA)
    assert alexia(stage, "groups", "subject", "Team", "Crew") == (0, "done\n")
    assert alexia(stage, "groups", "description", "Crew", "who cooks") == (0, "done\n")
    row = read(stage, "groups", "show", "Crew")
    assert {one["id"] for one in row["members"]} == {ACCOUNT, ANA, EVA}
    assert row["description"] == "who cooks"

    link = read(stage, "groups", "invite", "Crew")["link"]
    assert read(stage, "groups", "invite", "Crew")["link"] == link
    fresh = read(stage, "groups", "invite", "Crew", "--revoke")["link"]
    assert fresh != link
    assert alexia(stage, "groups", "leave", "Crew") == (0, "left\n")
    assert known(stage, made["id"], lambda one: not one["member"])
    code, said = alexia(stage, "groups", "join", link)
    assert (code, "not valid any more" in said) == (1, True)
    assert alexia(stage, "groups", "join", fresh) == (0, f"joined {made['id']}\n")


def test_who_is_no_admin_is_told_so(stage):
    stage.post(
        "/control/groups",
        {"id": "120363000000000009@g.us", "subject": "Theirs", "participants": [ANA, BIA],
         "admins": [ANA]},
    )  # fmt: skip
    stage.put("120363000000000009@g.us", "hello", **{"from": ANA})
    code, said = alexia(stage, "groups", "add", "nowhere", BIA)
    assert (code, "no group is called 'nowhere'" in said) == (1, True)
    stage.post("/control/groups", {"id": "120363000000000009@g.us", "add": [EVA], "by": ANA})
    known(stage, "120363000000000009@g.us", lambda one: not one["admin"])

    code, said = alexia(stage, "groups", "remove", "Theirs", BIA)

    assert (code, "an admin must make it one" in said) == (1, True)


def test_rules_speak_in_groups_when_they_say_so_and_mention_who_asked(stage):
    stage.post(
        "/control/groups",
        {"id": TEAM, "subject": "Shop", "participants": [ANA, BIA, ACCOUNT], "admins": [ANA]},
    )
    after = last(stage)
    stage.put(TEAM, "help", **{"from": ANA})
    asked = stage.post(
        "/control/messages",
        {"chat": TEAM, "from": BIA, "text": "help @5511900000001", "mentions": [ACCOUNT]},
    )["id"]

    line = heard(stage, after, "I am here")

    assert line["body"] == f"@{BIA.partition('@')[0]} I am here"
    assert (line["mentions"], line["quoted"]) == ([BIA], asked)
    out = [one for one in stage.ledger(after) if one["direction"] == "out"]
    assert [one["body"] for one in out if one["chat"] == TEAM] == [line["body"]]


def test_joining_leaving_and_promotion_are_events_that_rules_hear(stage):
    after = last(stage)
    stage.post("/control/groups", {"id": TEAM, "add": [EVA], "by": ANA})
    line = heard(stage, after, "Welcome")
    number = EVA.partition("@")[0]
    assert line["body"] == f"@{number} Welcome +{number}"

    stage.post("/control/groups", {"id": TEAM, "promote": [EVA], "by": ANA})
    heard(stage, after, f"+{number} is an admin now")
    stage.post("/control/groups", {"id": TEAM, "remove": [EVA], "by": EVA})
    heard(stage, after, f"Goodbye +{number}, left")
    stage.post("/control/groups", {"id": TEAM, "remove": [BIA], "by": ANA})
    heard(stage, after, ", removed")
    row = known(stage, TEAM, lambda one: one["size"] == 2)
    assert {one["id"] for one in row["members"]} == {ANA, ACCOUNT}


def test_a_subject_that_an_admin_changes_is_seen(stage):
    stage.post("/control/groups", {"id": TEAM, "subject": "Our shop", "by": ANA})

    known(stage, TEAM, lambda one: one["subject"] == "Our shop")


def test_a_mention_of_the_hidden_address_counts_and_ours_uses_it(stage):
    stage.post("/control/faults", {"lid_chats": True})
    with sqlite3.connect(stage.bot / "state" / "alexia.db") as db:
        before = db.execute("SELECT count(*) FROM inbox").fetchone()[0]
    stage.post("/control/groups", {"id": TEAM, "add": [BIA], "by": ANA})
    time.sleep(0.5)
    after = last(stage)
    stage.post(
        "/control/messages",
        {"chat": TEAM, "from": BIA, "text": "help me", "mentions": [ACCOUNT]},
    )

    line = heard(stage, after, "I am here")

    assert line["mentions"] == [BIA]
    assert not line["body"].startswith(f"@{BIA.partition('@')[0]}")
    assert before > 0
