"""What customers do to messages that they sent, through the real page."""

import json
import time

import pytest
from click.testing import CliRunner

from benchmarks.stage import Stage
from bot.cli import main

pytestmark = pytest.mark.browser

ANA, BIA = (f"55119{n}0000000@c.us" for n in range(1, 3))
RULES = """\
version: 1
rules:
  - id: hours
    when: {keyword: hours}
    do: {reply: "We are open from 9 to 18."}
  - id: edited
    when: {event: message.edited, where: {text: hours on sunday}}
    do: {reply: "On Sundays we are closed."}
  - id: revoked
    when: {event: message.revoked}
    do: [{tag: took_back}]
  - id: vote
    when: {keyword: vote}
    do: {reply: {poll: {question: "Which?", options: [red, blue]}}}
  - id: voted
    when: {media: poll}
    do: {reply: "You chose $(message.text)"}
  - id: loved
    when: {reaction: any}
    do: {reply: "Thank you"}
"""


@pytest.fixture(scope="module")
def stage(tmp_path_factory):
    stage = Stage(tmp_path_factory.mktemp("changes"), rules=RULES)
    try:
        stage.open_emulator()
        stage.log_in()
        yield stage
    finally:
        stage.close()


def said(stage: Stage, chat: str) -> list[str]:
    lines = stage.ledger()
    return [one["body"] for one in lines if one["direction"] == "out" and one["chat"] == chat]


def read(stage: Stage, *words: str) -> list[dict]:
    run = CliRunner().invoke(main, [*words, "--config", str(stage.bot), "--json"])
    assert run.exit_code == 0, run.output
    return json.loads(run.output)


def test_an_edit_is_kept_and_heard_and_answers_nothing(stage):
    sent = stage.put(ANA, "hours")
    stage.wait_for("the reply", lambda: len(said(stage, ANA)) == 1, 20)
    stage.post("/control/edit", {"id": sent, "text": "hours please"})
    stage.wait_for("it", lambda: read(stage, "messages", "search", "please"), 20)
    (row,) = read(stage, "messages", "search", "please")
    assert row["before"] == ["hours"]
    time.sleep(1)
    assert len(said(stage, ANA)) == 1

    stage.post("/control/edit", {"id": sent, "text": "hours on sunday"})
    stage.wait_for("the event", lambda: len(said(stage, ANA)) == 2, 20)
    assert said(stage, ANA)[-1] == "On Sundays we are closed."


def test_a_message_that_is_taken_back_is_marked_and_heard(stage):
    sent = stage.put(BIA, "hours")
    stage.wait_for("the reply", lambda: len(said(stage, BIA)) == 1, 20)
    stage.post("/control/revoke", {"id": sent})

    def tagged() -> bool:
        return read(stage, "contacts", "list", "--tag", "took_back") != []

    stage.wait_for("the tag", tagged, 20)
    found = read(stage, "messages", "search", "hours", "--contact", BIA)
    assert [bool(one["revoked_at"]) for one in found] == [True]


def test_what_was_changed_while_the_page_was_away_is_known_afterwards(stage):
    sent = stage.put(BIA, "good morning")
    stage.wait_for("it", lambda: read(stage, "messages", "search", "morning"), 20)
    stage.post("/control/faults", {"events": False})
    stage.post("/control/edit", {"id": sent, "text": "good evening"})
    stage.post("/control/faults", {"events": True})
    stage.post("/control/session", {"do": "reload"})

    stage.wait_for("the text", lambda: read(stage, "messages", "search", "evening"), 60)


def test_a_changed_vote_is_heard_anew_and_one_taken_back_is_not(stage):
    stage.put(BIA, "vote")
    stage.wait_for("the poll", lambda: len(said(stage, BIA)) == 2, 20)
    poll = stage.ledger()[-1]["id"]
    for chosen in ("red", "blue"):
        stage.post("/control/vote", {"id": poll, "from": BIA, "options": [chosen]})
        stage.wait_for(chosen, lambda: said(stage, BIA)[-1] == f"You chose {chosen}", 20)  # noqa: B023 - at once
    stage.post("/control/vote", {"id": poll, "from": BIA, "options": []})
    stage.post("/control/react", {"id": poll, "from": BIA, "emoji": "❤"})
    stage.wait_for("thanks", lambda: said(stage, BIA)[-1] == "Thank you", 20)
    before = len(said(stage, BIA))
    stage.post("/control/react", {"id": poll, "from": BIA, "emoji": ""})
    time.sleep(1.5)
    assert len(said(stage, BIA)) == before
