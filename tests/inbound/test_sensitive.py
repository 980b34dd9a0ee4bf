"""A sensitive value is shown nowhere: only the flow's own words and calls hold it."""

import json
import logging

import pytest
from click.testing import CliRunner

from bot.cli import main
from bot.console.feed import payload_of
from bot.console.history import messages, people
from bot.domain.messages import ChatId
from bot.store import announcements, calls, inbox, outbox
from tests.make import ACCOUNT, ANA, message

PIN = "4711"
RULES = """\
version: 1
rules:
  - {id: hours, when: {keyword: hours}, do: {reply: From 9 to 5.}, during_flow: answer}
flows:
  pay:
    when: [{keyword: pay}, {pattern: "my pin is {pin}"}]
    slots:
      pin: {type: text, regex: '\\d{4}', ask: "Your PIN, please?", sensitive: true, scope: contact}
      note: {type: text, ask: "What for?"}
    steps:
      - ask: pin
      - set: {copy: $(pin), contact.last_pin: "it was $(pin)"}
      - call: check
        with: {code: $(pin)}
        save: checked
      - http: {method: POST, url: "https://bank.example/pay", json: {pin: $(pin)}}
      - reply: "The PIN $(pin) is right."
      - ask: note
  check:
    private: true
    slots: {code: {type: text}, sure: {type: yes_no, ask: Sure?}}
    steps: [{ask: sure}, {end: $(code)}]
fields: {last_pin: {type: text}}
"""


@pytest.fixture
def folder(tmp_path):
    return tmp_path


def talk(*texts):
    return [message(text, id=f"M{n}") for n, text in enumerate(texts)]


def printed(folder, *words):
    done = CliRunner().invoke(main, [*words, "--config", str(folder)])
    assert done.exit_code == 0, done.output
    return done.output


async def test_no_command_shows_it(office, database, folder, caplog):
    caplog.set_level(logging.DEBUG)
    at = office(RULES)
    await at.take(*talk("pay", "12", "hours", PIN, "yes"))
    (folder / "config.yaml").write_text(f"data_dir: {folder}", encoding="utf-8")
    seen = [
        printed(folder, *words)
        for words in (
            ("conversations", "list", "--json"), ("conversations", "show", ANA),
            ("contacts", "list", "--json"), ("contacts", "show", ANA), ("trace", ANA),
            ("trace", ANA, "--json"), ("leads", "list", "--json"),
        )
    ]  # fmt: skip
    exported = json.loads(printed(folder, "conversations", "export"))
    heard = [row["text"] for row in exported if row["direction"] == "in"]

    assert [text for text in (*seen, caplog.text) if PIN in text] == []
    assert json.loads(seen[0])[0]["slots"] == {"pin": "•••"}
    assert json.loads(seen[2])[0]["fields"] == {"pin": "•••", "last_pin": "•••"}
    assert heard == ["pay", "•••", "hours", "•••", "yes"]
    assert PIN not in printed(folder, "messages", "search", "pin")
    assert PIN not in printed(folder, "messages", "search", PIN)


async def test_the_flow_says_it_and_sends_it_where_its_author_wants(office, database):
    at = office(RULES)
    await at.take(*talk("pay", PIN, "yes"))
    due = await database.read(lambda db: calls.next_due(db, at.now, 9))
    sent = await database.read(lambda db: outbox.next_due(db, ACCOUNT, at.now, 9))

    assert await at.said() == [
        "Your PIN, please?", "Sure?", f"The PIN {PIN} is right.", "What for?",
    ]  # fmt: skip
    assert [one.json for one in due] == [{"pin": PIN}]
    assert [one.text for one in sent] == ["Your PIN, please?"]  # the others wait behind it


async def test_a_first_message_that_holds_it_is_concealed_too(office, database):
    at = office(RULES)
    await at.take(*talk(f"my pin is {PIN}", "pay again"))
    texts = await database.read(
        lambda db: [row["text"] for row in db.execute("SELECT text FROM inbox ORDER BY id")]
    )

    assert texts == ["•••", "pay again"]


async def test_the_api_and_webhooks_do_not_give_it_on(office, database):
    at = office(RULES)
    await at.take(*talk("pay"))

    def arrive(db):
        announcements.listen(db)
        inbox.record_all(db, [message(PIN, id="P")], at.now)
        return [payload_of(db, one) for one in announcements.next_untold(db, 9)]

    undecided = await database.write(arrive)
    while await at.pipeline.step((ACCOUNT, ANA)):
        pass
    shown = await database.read(lambda db: messages(db, ChatId(ANA), 9))
    known = await database.read(lambda db: people(db, 9))

    assert [one["body"] for one in undecided] == ["•••"]
    assert [one["body"] for one in shown if not one["fromMe"]] == ["•••", "pay"]
    assert PIN not in json.dumps([shown, known])
