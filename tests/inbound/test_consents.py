"""What people agree to in a talk reaches the ledger with its words, in the turn's transaction."""

import pytest

from bot.store import consents, contacts
from tests.make import ANA, message

RULES = """\
version: 1
rules:
  - {id: leave, when: {keyword: leave}, do: [{optout: true}, {reply: You are out.}]}
flows:
  offers:
    when: {keyword: offers}
    slots: {ok: {type: yes_no, ask: May we send you offers?}}
    steps:
      - ask: ok
      - {if: ok, optin: true}
      - {if: not ok, optout: true}
      - reply: Noted.
  club:
    when: {keyword: club}
    slots: {ok: {type: yes_no, ask: Join our club?}}
    steps: [{ask: ok}, {set: {contact.consent: $(ok)}}, {reply: "$(contact.consent)"}]
"""


async def told(database):
    def ledger(db):
        person = contacts.find(db, ANA)
        return person.consent.value, [
            (one.state.value, one.source, one.wording, one.proof, one.who)
            for one in consents.history(db, person.id)
        ]

    return await database.read(ledger)


async def say(at, *texts):
    await at.take(*[message(text, id=f"{n} {text}") for n, text in enumerate(texts)])


async def test_stop_and_start_are_entries_with_the_words_of_the_person(office, database):
    await say(office(RULES), "hello", "STOP 🛑", "stop", "Start!")

    assert await told(database) == ("given", [
        ("withdrawn", "word:stop", "STOP 🛑", "1 STOP 🛑", "contact"),
        ("withdrawn", "word:stop", "stop", "2 stop", "contact"),
        ("granted", "word:start", "Start!", "3 Start!", "contact"),
    ])  # fmt: skip


@pytest.mark.parametrize(
    ("start", "answer", "consent", "state", "source", "wording"),
    [
        ("offers", "yes", "given", "granted", "flow:offers", "May we send you offers?"),
        ("offers", "no", "withdrawn", "withdrawn", "flow:offers", "May we send you offers?"),
        ("club", "yes", "given", "granted", "flow:club", "Join our club?"),
        ("club", "no", "withdrawn", "withdrawn", "flow:club", "Join our club?"),
    ],
)
async def test_a_flow_records_the_question_that_was_answered(
    office, database, start, answer, consent, state, source, wording
):
    await say(office(RULES), start, answer)

    proof = f"1 {answer}"
    assert await told(database) == (consent, [(state, source, wording, proof, "contact")])


async def test_a_rule_records_itself(office, database):
    await say(office(RULES), "leave")

    assert (await told(database))[1] == [("withdrawn", "rule:leave", "", "0 leave", "contact")]
