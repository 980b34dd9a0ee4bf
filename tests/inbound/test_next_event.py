import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.messages import ChatId
from bot.domain.turns import EventRaised
from bot.store import contacts, conversations, events, inbox, timers
from tests.make import ANA, NOW, message

SECOND = timedelta(seconds=1)


async def test_quick_texts_of_one_person_make_one_turn(office):
    desk = office(burst=timedelta(seconds=3))
    await desk.take(message("say good", id="A1"), message("morning", id="A2"))
    assert await desk.said() == []
    assert desk.waits == [3 * SECOND]

    desk.at(NOW + 4 * SECOND)
    await desk.pipeline.step((message().account, ANA))

    assert await desk.said() == ["you said good morning, as loud as you could"]


async def test_without_a_burst_each_text_is_a_turn(office):
    desk = office()
    await desk.take(message("say one", id="A1"), message("say two", id="A2"))

    assert await desk.said() == [
        "you said one, as loud as you could", "you said two, as loud as you could",
    ]  # fmt: skip


async def test_a_chat_that_a_person_answered_meanwhile_is_left_alone(office):
    desk = office()
    await desk.take(
        message("say one", id="A1"),
        message("Hi, I am here", id="A2", from_me=True, sent_at=NOW + SECOND),
    )

    assert await desk.said() == []
    assert (await desk.winners())[0] == "guard:takeover"


ASKS = """\
version: 1
rules: []
flows:
  order:
    when: {keyword: order}
    slots:
      size: {type: choice, choices: [small, large], ask: "Which size?"}
    steps: [{ask: size}]
"""


async def test_a_turn_whose_timers_come_due_later_leaves_nothing_to_do_at_once(office):
    desk = office(ASKS)
    lanes = await desk.database.write(
        lambda db: inbox.record_all(db, [message("an order please")], NOW)
    )

    assert not await desk.pipeline.step(lanes[0])
    assert await desk.said() == ["Which size?"]
    assert await desk.database.read(timers.next_due_at) > NOW


async def test_an_old_message_is_kept_and_not_answered(office):
    desk = office()
    desk.at(NOW + timedelta(minutes=16))
    await desk.take(message("say one", id="A1"))

    assert await desk.said() == []


async def test_who_was_missed_is_told_once_where_the_owner_wants_that(office):
    desk = office()
    settings = replace(desk.pipeline.book.settings, missed_notice={"en": "We were away."})
    desk.pipeline.book = replace(desk.pipeline.book, settings=settings)
    desk.at(NOW + timedelta(minutes=16))
    await desk.take(message("say one", id="A1"), message("say two", id="A2"))

    assert await desk.said() == ["We were away."]


async def test_two_chats_of_one_person_at_the_same_time_keep_what_both_changed(office):
    desk = office(
        "version: 1\nfields:\n"
        "  apples: {type: yes_no}\n"
        "  pears: {type: yes_no}\n"
        "rules:\n"
        "  - {id: one, when: {keyword: apples}, do: [{set: {contact.apples: true}}]}\n"
        "  - {id: two, when: {keyword: pears}, do: [{set: {contact.pears: true}}]}\n"
    )
    group = ChatId("120363000000000001@g.us")
    private = message("apples", id="P1")
    public = replace(message("pears", id="G1", chat=group), sender=str(ANA))
    lanes = await desk.database.write(lambda db: inbox.record_all(db, [private, public], NOW))

    while True in await asyncio.gather(*(desk.pipeline.step(lane) for lane in lanes)):
        pass

    ana = await desk.database.read(lambda db: contacts.find(db, ANA))
    assert ana is not None
    assert ana.fields == {"apples": True, "pears": True}


async def test_a_person_who_answers_takes_back_what_waits(office):
    desk = office()
    await desk.take(message("say one", id="A1"))
    assert await desk.said() == ["you said one, as loud as you could"]
    await desk.take(message("Hi, I am here", id="A2", from_me=True, sent_at=NOW + SECOND))

    assert await desk.said() == []


@pytest.mark.parametrize(("more", "hours"), [({}, 12), ({"mute": 7200}, 2)])
async def test_a_chat_is_a_persons_for_as_long_as_was_said(office, more, hours):
    desk = office()
    await desk.take(message("say one", id="A1"))
    lane = message().account, ANA
    event = EventRaised(name="command.handoff", data={"argument": "", **more})
    await desk.database.write(lambda db: events.queue(db, *lane, event, NOW, "command|handoff"))
    while await desk.pipeline.step(lane):
        pass

    kept = await desk.database.read(lambda db: conversations.load(db, *lane))
    assert kept.handoff.until == NOW + timedelta(hours=hours)
