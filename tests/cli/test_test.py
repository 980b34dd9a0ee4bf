"""`alexia test`, `why`, `chat`, `replay`: what they print, and their exit codes."""

import json
import sqlite3
from datetime import timedelta
from xml.etree import ElementTree as ET

import pytest
from click.testing import CliRunner

from bot.cli import main
from bot.domain.messages import MessageKind
from bot.domain.turns import CallAnswered, TurnSettings
from bot.rulebook_files import load_rulebook
from bot.testing.room import Room
from tests.make import ANA, NOW
from tests.testing.folders import make_folder, write_test

RULES = """\
rules:
  - {id: hi, when: {keyword: hi}, do: {reply: "Hello $(contact.first_name)"}, cooldown: 1h}
  - id: vip
    when: {keyword: hi}
    if: [{chat: private}, {tag: vip}]
    do: {reply: Sir}
    priority: 500
  - {id: help, when: {keyword: hi, match: exact}, do: {tag: greeted}}
  - {id: other, when: {fallback: true}, do: {reply: What?}}
  - id: state
    when: {pattern: "order {order}"}
    do:
      - http: {url: "https://shop.example/orders/$(order)?key=1", save: {state: $.state}}
      - reply: It is $(state)
flows:
  pizza:
    when: {keyword: pizza}
    slots: {count: {type: integer, ask: How many?}}
    steps: [{ask: count}, {lead: {stage: customer}}, {reply: "Done, $(contact.name)"}]
    remind: {after: 10m, text: Still there?}
"""
GOOD = "version: 1\ntests: [{test: good, talk: [{user: hi}, {bot: {contains: Hello}}]}]\n"
BAD = "version: 1\ntests:\n  - test: bad\n    talk:\n      - user: hi\n      - bot: Bye\n"


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "config.yaml").write_text("models: {enabled: false}\n")
    return make_folder(tmp_path, RULES)


def run(folder, *words, **more):
    return CliRunner().invoke(main, [*words, "--config", str(folder)], **more)


def talk(folder):
    """Let Ana talk to the bot, and keep it in the folder's database."""
    rulebook = load_rulebook(folder).rulebook
    room = Room(
        rulebook,
        TurnSettings(),
        now=NOW,
        answer=lambda call: CallAnswered(key=call.key, status=200, body={"state": "out"}),
    )

    def say(text="", **more):
        room.write(room.message(text, chat=ANA, sender_name="Maria Lima", **more))

    say("hi")
    room.wait(timedelta(seconds=20))
    say("pizza")
    room.wait(timedelta(minutes=30))
    say("2")
    say("order 7")
    say("I am Maria, +5511987654321", kind=MessageKind.TEXT)
    say("let me", from_me=True)
    room.database.db.execute("COMMIT")
    (folder / "state").mkdir(mode=0o700, exist_ok=True)
    with sqlite3.connect(folder / "state" / "alexia.db") as file:
        room.database.db.backup(file)
    file.close()


def test_it_ends_well_when_all_tests_pass(folder):
    write_test(folder, GOOD)
    done = run(folder, "test")

    assert done.exit_code == 0
    lines = done.output.splitlines()
    assert lines[0] == "1 passed, 0 failed"
    assert lines[1].startswith("coverage ")


def test_it_fails_with_the_place_of_each_failure(folder):
    write_test(folder, GOOD)
    write_test(folder, BAD, "b")
    done = run(folder, "test", "--coverage")

    assert done.exit_code == 1
    assert done.output.startswith('tests/b.test.yaml:6 expected "Bye" got "Hello "\n')
    assert "rules/a.yaml:10 never visited: rule other\n" in done.output
    assert run(folder, "test", "-k", "good").exit_code == 0


def test_a_name_that_no_test_has_is_no_success(folder):
    write_test(folder, GOOD)
    done = run(folder, "test", "-k", "godo")

    assert done.exit_code == 1
    assert done.stderr.startswith("no test's name holds 'godo'; ")


def test_programs_get_json_and_nothing_else(folder):
    write_test(folder, BAD)
    done = run(folder, "test", "--json")
    data = json.loads(done.stdout)

    assert done.exit_code == 1
    assert (data["passed"], data["failed"]) == (0, 1)
    assert set(data["tests"][0]) == {"file", "line", "name", "outcome", "message"}


def test_junit_is_written(folder):
    write_test(folder, BAD)
    run(folder, "test", "--junit", str(folder / "out" / "junit.xml"))

    assert ET.parse(folder / "out" / "junit.xml").getroot().get("failures") == "1"


def test_a_folder_without_tests_is_told_where_to_write_one(folder):
    done = run(folder, "test")

    assert done.exit_code == 0
    assert "write one, such as tests/first.test.yaml" in done.stderr


def test_a_path_that_is_not_there_is_wrong_usage(folder):
    assert run(folder, "test", str(folder / "nothing.test.yaml")).exit_code == 2


def test_update_writes_what_the_bot_says(folder):
    file = write_test(folder, BAD)

    assert run(folder, "test", "--update").exit_code == 0
    assert '- bot: "Hello "\n' in file.read_text()


def test_a_stored_conversation_becomes_a_test_without_its_name(folder):
    talk(folder)
    done = run(folder, "test", "--record", "Maria Lima")

    file = folder / "tests" / "recorded_1.test.yaml"
    text = file.read_text()
    assert done.output == f"written: {file}\n"
    assert "Maria" not in text
    assert text.partition("    talk:\n")[2] == (
        "      - user: hi\n"
        "      - bot: Hello Ana\n"
        "      - user: pizza\n"
        "      - bot: How many?\n"
        "      - wait: 10m21s\n"
        "      - bot: Still there?\n"
        "      - wait: 19m59s\n"
        "      - user: 2\n"
        "      - bot: Done, Ana Souza\n"
        "      - user: order 7\n"
        "      - bot: It is out\n"
        "      - user: I am Ana, +5511987654321\n"
        "      - bot: What?\n"
        "      - human: let me\n"
    )
    assert '- {method: GET, url: "*/orders/7*", reply: {"state": "out"}}' in text
    assert run(folder, "test", str(file)).output.startswith("1 passed, 0 failed")


def test_nobody_can_be_recorded_who_never_wrote(folder):
    talk(folder)
    done = run(folder, "test", "--record", "Bo")

    assert done.exit_code == 1
    assert done.stderr.startswith("nothing is stored of 'Bo'; ")


def test_replay_lists_the_replies_that_would_differ(folder, tmp_path_factory):
    talk(folder)
    changed = make_folder(
        tmp_path_factory.mktemp("changed"),
        RULES.replace("How many?", "Number?").replace("What?", "Pardon?"),
    )
    done = run(folder, "replay", "--since", "2026-01-01", "--rules", str(changed), "--json")
    data = json.loads(done.stdout)

    assert (done.exit_code, data["messages"], data["differ"]) == (0, 6, 2)
    assert [(one["text"], one["before"], one["after"]) for one in data["replies"]] == [
        ("pizza", ["How many?", "Still there?"], ["Number?", "Still there?"]),
        ("I am Maria, +5511987654321", ["What?"], ["Pardon?"]),
    ]
    told = run(folder, "replay", "--since", "2026-01-01", "--rules", str(changed / "rules")).output
    assert "    - What?\n    + Pardon?\n6 messages, 2 answered differently\n" in told


def test_replay_of_broken_rules_tells_their_problems(folder, tmp_path_factory):
    talk(folder)
    broken = make_folder(tmp_path_factory.mktemp("broken"), "rules: [{idd: x}]")
    done = run(folder, "replay", "--rules", str(broken))

    assert done.exit_code == 1
    assert "E101 unknown key 'idd'" in done.stderr


def test_why_ranks_who_could_speak_and_says_why_each_other_lost(folder):
    done = run(folder, "why", "hi")

    assert done.output.splitlines()[:6] == [
        "winner: rule:hi",
        "    won      rules/a.yaml:3 rule hi: keyword",
        "    silent   rules/a.yaml:9 rule help: it runs beside the others and says nothing",
        "    lost     rules/a.yaml:10 rule other: "
        "rule:hi spoke, and a fallback speaks only when nobody else does",
        "    lost     rules/a.yaml:6 rule vip: its condition tag does not hold",
        "    no match rules/a.yaml:11 rule state: no trigger fits",
    ]
    data = json.loads(run(folder, "why", "hi", "--json").stdout)
    assert data["candidates"][0] == {
        "name": "rule hi", "outcome": "won", "why": "keyword", "path": "rules/a.yaml:3 rule hi",
    }  # fmt: skip


def test_why_tells_who_speaks_together_with_the_winner(folder):
    rule = "{{id: {0}, when: {{keyword: {0}}}, do: {{reply: {0}}}, then: join}}"
    both = ", ".join(rule.format(word) for word in ("hours", "place"))
    (folder / "rules" / "b.yaml").write_text(f"version: 1\nrules: [{both}]\n")

    lines = run(folder, "why", "hours and place").output.splitlines()

    assert lines[0] == "winner: rule:hours"
    assert any("rule place: it speaks together with the winner" in line for line in lines)
    assert lines[-2:] == ["bot: hours", "bot: place"]


def test_chat_tells_that_an_away_text_was_said_already(folder):
    away = "version: 1\nhours: {never: {days: {}, away: Closed.}}\n"
    (folder / "rules" / "away.yaml").write_text(away, "utf-8")

    lines = run(folder, "chat", input="hi\nhi\n/why\n").output.splitlines()

    assert lines.count("bot: Closed.") == 1
    assert any("rule away:never: it was said since never closed" in line for line in lines)


def test_chat_says_where_there_is_no_answer_and_what_is_not_called(tmp_path):
    (tmp_path / "config.yaml").write_text("models: {enabled: false}\nenv: [SHOP]\n")
    (tmp_path / "rules").mkdir()
    (tmp_path / "rules" / "a.yaml").write_text(
        "version: 1\nrules:\n  - id: price\n    when: {keyword: price}\n    do:\n"
        "      - http: {url: 'https://shop.example/price', save: {total: $.total},"
        " on_error: [{reply: I cannot tell.}]}\n"
    )

    lines = run(tmp_path, "chat", input="price\nlorem\n").output.splitlines()

    assert lines == [
        "    not called here, so it fails: GET https://shop.example/price (a test can mock it)",
        "bot: I cannot tell.",
        "    (no answer; /why tells why)",
    ]


def test_chat_tells_on_demand_where_the_conversation_stands(folder):
    words = "hi\nhi\n/why\npizza\n/state\n/wait 10m\n/wait\n/help\n"
    lines = run(folder, "chat", "--as", "Ana Souza", input=words).output.splitlines()

    assert lines[0] == "bot: Hello Ana"
    assert any("rule hi: it rests for 1h more (cooldown)" in line for line in lines)
    assert "bot: How many?" in lines
    assert "    flow     pizza at count" in lines
    assert "    tags     [greeted]" in lines
    assert "    lead     none" in lines
    assert "bot: Still there?" in lines
    assert "    write how long, such as  /wait 10m" in lines
