"""The report of turns that the real pipeline decided: what it stores is what the figures read."""

from dataclasses import replace
from datetime import timedelta
from zoneinfo import ZoneInfo

from bot.domain.receipts import DELIVERED, SENT, Receipt
from bot.domain.spam import MUTE, SpamRules
from bot.domain.turns import TurnSettings
from bot.reports.period import Period
from bot.reports.report import report
from bot.reports.wanted import Wanted
from bot.store import outbox
from tests.inbound.conftest import office  # noqa: F401 - a fixture
from tests.make import ACCOUNT, ANA, BO, NOW, message

RULES = """\
version: 1
teams: {kitchen: "+5511900000009"}
rules:
  - id: hours
    when: {keyword: open}
    do: {reply: "from nine"}
  - id: cold
    when: {keyword: cold}
    do: {handoff: {team: kitchen}}
flows:
  order:
    when: {keyword: pizza}
    slots:
      size: {type: choice, choices: [small, large], ask: Which size?}
      place: {type: text, ask: Where to?}
    steps:
      - ask: size
      - ask: place
      - reply: Done.
"""


def read(database):
    period = Period(since=NOW, until=NOW + timedelta(days=1), zone=ZoneInfo("UTC"))
    wanted = Wanted(period=period, now=NOW + timedelta(hours=2))
    return database.read_now(lambda db: report(db, "default", wanted))


async def deliver(office):  # noqa: F811
    """Hand over all that waits, a second after now, and let it arrive another second later."""

    def write(db):
        waiting = outbox.next_due(db, ACCOUNT, office.now, 9)
        at = office.now + timedelta(seconds=1)
        outbox.hand(db, [one.id for one in waiting], 1, at)
        outbox.accept(db, [one.id for one in waiting])
        for one in waiting:
            for ack in (SENT, DELIVERED):
                got = Receipt(account=ACCOUNT, chat=one.chat, id=one.message_id, ack=ack,
                              at=at + timedelta(seconds=ack))  # fmt: skip
                outbox.note_receipt(db, got)
        return len(waiting)

    while await office.database.write(write):
        pass


async def test_a_day_of_real_turns_is_told_as_it_was(office, database):  # noqa: F811
    shop = office(RULES, burst=timedelta(0))
    texts = ["are you open", "pizza", "large", "Rua Augusta 5", "is there parking?", "it is cold!"]
    for minute, text in enumerate(texts):
        shop.at(NOW + timedelta(minutes=20 * minute))
        await shop.take(message(text, id=f"A{minute}", sent_at=shop.now))
        await deliver(shop)
    await shop.take(message("pizza", id="B1", chat=BO, sent_at=shop.now))
    await deliver(shop)
    shop.at(shop.now + timedelta(minutes=5))
    await shop.take(message("sorry, a new one comes", id="P1", sent_at=shop.now, from_me=True))

    told = read(database)

    whole = told.volume.whole
    assert (whole.came, whole.bot, whole.person) == (7, 6, 1)
    answers = told.response
    assert (answers.by_bot, answers.by_person, answers.unanswered) == (5, 2, 0)
    assert (answers.handed.count, answers.handed.median, answers.sent.median) == (5, 1.0, 2.0)
    assert answers.person.median == 300.0
    assert (told.delivery.whole.decided, told.delivery.whole.delivered) == (6, 6)
    (funnel,) = told.funnels
    assert (funnel.begun, funnel.finished, funnel.under_way) == (2, 1, 1)
    assert [(step.slot, step.reached, step.resting) for step in funnel.steps] == [
        ("size", 2, 1), ("place", 1, 0),
    ]  # fmt: skip
    assert {one.name: one.turns for one in told.winners} == {
        "flow:order": 4, "rule:hours": 1, "rule:cold": 1, "guard:takeover": 1,
    }  # fmt: skip
    assert [one.texts for one in told.unanswered.alike] == [("is there parking?",)]
    assert [(one.name, one.count) for one in told.people.handoffs] == [("kitchen", 1)]
    assert (told.people.taken_over, told.people.muted) == (1, 1)


async def test_what_was_muted_for_spam_is_counted_by_sign(office, database):  # noqa: F811
    shop = office(RULES)
    rules = SpamRules(guard=MUTE, words=("casino",))
    shop.pipeline.book = replace(shop.pipeline.book, settings=TurnSettings(spam=rules))
    await shop.take(message("Casino! https://spam.example", id="A1"), message("so?", id="A2"))

    told = read(database).people

    assert (told.spam_muted, told.muted) == (1, 1)
    assert [(one.name, one.count) for one in told.spam] == [("link", 1), ("word", 1)]


async def test_texts_that_were_joined_into_one_turn_are_all_unknown(office, database):  # noqa: F811
    shop = office(RULES, burst=timedelta(seconds=5))
    await shop.take(message("hey", id="A1"), message("is anybody there", id="A2"))
    shop.at(NOW + timedelta(seconds=10))
    while await shop.pipeline.step((ACCOUNT, ANA)):
        pass

    assert read(database).unanswered.texts == 2
