"""Floods, repetitions, links from strangers and blocked words: muted, told, and undone."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.conversation import Handoff
from bot.domain.spam import GUARD, MUTE, REPORT, SpamRules
from bot.domain.turns import EventRaised, TurnSettings
from bot.store import contacts, conversations, events
from tests.make import ACCOUNT, ANA, BO, NOW, message

SECOND = timedelta(seconds=1)
LANE = (ACCOUNT, ANA)
RULES = """\
version: 1
rules:
  - id: told
    when: {event: spam.detected}
    do: {tag: spammer}
  - id: other
    when: {fallback: true}
    do: {reply: "what do you mean by that?"}
"""
SPAM = SpamRules(guard=MUTE, messages=5, words=("casino",), stranger=timedelta(days=1))
ADVERT = "Casino! See https://spam.example"


def hello(number, text="hello", chat=ANA, **more):
    return message(f"{text} {number}" if text == "hello" else text, id=f"A{number}", chat=chat,
                   sent_at=NOW + number * SECOND, **more)  # fmt: skip


@pytest.fixture
def guarded(office):
    """A desk with the guard on."""

    def opened(spam=SPAM):
        desk = office(RULES)
        book = desk.pipeline.book
        settings = TurnSettings(spam=spam)
        desk.pipeline.book = replace(book, settings=settings)
        return desk

    return opened


async def meet(desk, days, **changes):
    """Let Ana have written first so many days ago."""

    def known(db):
        person = contacts.meet(db, ANA, "Ana", NOW - timedelta(days=days))
        contacts.keep(db, person, replace(person, **changes), NOW, wrote=False)
        return person.id

    return await desk.database.write(known)


async def state(desk):
    return await desk.database.read(lambda db: conversations.load(db, *LANE))


async def lines(desk):
    return await desk.database.read(
        lambda db: [row["lines"] for row in db.execute("SELECT lines FROM traces ORDER BY id")]
    )


async def test_a_flood_is_answered_until_it_is_one_and_never_again(guarded):
    desk = guarded()
    await desk.take(*[hello(number) for number in range(15)])

    assert len(await desk.said()) == 9  # twice the usual five is a flood
    handoff = (await state(desk)).handoff
    assert (handoff.team, handoff.note) == (GUARD, "10 messages within 60 s")
    assert handoff.until == NOW + timedelta(hours=24)


async def test_the_reason_stands_in_the_trace(guarded):
    desk = guarded()
    await desk.take(hello(1, ADVERT))

    [stored] = (await lines(desk))[:1]
    assert '"spam:word", "scored", "1.00: a blocked word"' in stored
    assert '"guard:spam", "muted", "1.50: a blocked word, a link from a stranger"' in stored


async def test_other_chats_are_answered(guarded):
    desk = guarded()
    await desk.take(hello(1, ADVERT), hello(2, chat=BO))

    assert (len(await desk.said(ANA)), len(await desk.said(BO))) == (0, 1)


async def test_rules_hear_of_it_and_may_tag_or_tell_the_team(guarded):
    desk = guarded()
    await desk.take(hello(1, ADVERT))
    while await desk.pipeline.step(LANE):
        pass

    person = await desk.database.read(lambda db: contacts.find(db, ANA))
    assert person.tags == {"spammer"}
    assert await desk.said() == []


async def test_stop_is_heard_from_who_is_muted(guarded):
    desk = guarded()
    await desk.take(hello(1, ADVERT), hello(2, "STOP"))

    assert (await desk.winners())[-1] == "guard:optout"
    assert len(await desk.said()) == 1


async def test_a_customer_is_not_muted_by_one_message(guarded):
    desk = guarded()
    await meet(desk, days=30)
    await desk.take(hello(1, ADVERT))

    assert len(await desk.said()) == 1


async def test_a_customer_who_goes_on_is(guarded):
    desk = guarded()
    await meet(desk, days=30)
    await desk.take(hello(1, ADVERT), hello(2, ADVERT))

    assert "guard:spam" in await desk.winners()


@pytest.mark.parametrize(
    ("spam", "changes"),
    [
        (SPAM, {"tags": frozenset({"trusted"})}),
        (replace(SPAM, allow=("+5511987654321",)), {}),
        (replace(SPAM, guard="off"), {}),
    ],
)
async def test_who_is_trusted_is_never_judged(guarded, spam, changes):
    desk = guarded(spam)
    await meet(desk, days=0, **changes)
    await desk.take(*[hello(number, ADVERT) for number in range(9)])

    assert len(await desk.said()) == 9


async def test_a_chat_that_a_person_has_is_not_judged(guarded):
    desk = guarded()
    person = await meet(desk, days=0)
    taken = Handoff(team="sales", until=NOW + timedelta(hours=1))

    def hand_over(db):
        held = conversations.load(db, *LANE)
        conversations.keep(db, ACCOUNT, person, replace(held, handoff=taken))

    await desk.database.write(hand_over)
    await desk.take(hello(1, ADVERT))

    assert (await state(desk)).handoff == taken


async def test_a_group_is_not_judged(guarded):
    desk = guarded()
    group = "1203634@g.us"
    await desk.take(replace(hello(1, ADVERT), chat=group, sender=ANA))

    assert "guard:spam" not in await desk.winners()


async def test_a_mute_ends_by_itself(guarded):
    desk = guarded()
    await desk.take(hello(1, ADVERT))
    desk.at(NOW + timedelta(hours=25))
    await desk.take(replace(hello(2), sent_at=desk.now))

    assert len(await desk.said()) == 1


async def command(desk, name, argument=""):
    event = EventRaised(name=f"command.{name}", data={"argument": argument})
    await desk.database.write(
        lambda db: events.queue(db, *LANE, event, desk.now, f"command|{name}")
    )
    while await desk.pipeline.step(LANE):
        pass


async def test_a_person_lifts_it_and_what_was_before_counts_no_more(guarded):
    desk = guarded()
    await desk.take(*[hello(number) for number in range(15)])
    desk.at(NOW + 20 * SECOND)
    await command(desk, "resume")
    before = len(await desk.said())
    await desk.take(hello(21))

    assert (await state(desk)).handoff is None
    assert len(await desk.said()) == before + 1


async def test_a_person_trusts_somebody_for_good(guarded):
    desk = guarded()
    await desk.take(hello(1, ADVERT))
    await command(desk, "allow", "trusted")
    await desk.take(*[hello(number, ADVERT) for number in range(3, 9)])

    assert len(await desk.said()) == 6


async def test_where_it_is_only_reported_everything_is_answered(guarded):
    desk = guarded(replace(SPAM, guard=REPORT))
    await desk.take(hello(1, ADVERT), hello(2, ADVERT))
    while await desk.pipeline.step(LANE):
        pass

    assert len(await desk.said()) == 2
    heard = await desk.database.read(
        lambda db: db.execute("SELECT count(*) FROM events WHERE name = 'spam.detected'").fetchone()
    )
    assert heard[0] == 1
    assert "reported" in (await lines(desk))[0]


async def test_a_restart_forgets_nothing(guarded, office):
    desk = guarded()
    await desk.take(*[hello(number) for number in range(9)])
    again = office(RULES)
    again.pipeline.book = desk.pipeline.book
    await again.take(hello(9), hello(10))

    assert (await again.winners()).count("guard:spam") == 2
