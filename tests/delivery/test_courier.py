"""From the outbox to the page: under one id, once, in order, whatever is cut off."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.delivery.courier import LOOKED_UP_TOGETHER
from bot.delivery.pacing import OFF, Pace
from bot.delivery.recovery import MOST_REFUSALS, MOST_TRIES
from bot.domain.bodies import Poll, Reaction
from bot.domain.errors import NotLoaded, SendFailed, SendUncertain, TransportDown
from bot.domain.messages import ChatId
from bot.domain.outgoing import Why
from bot.domain.receipts import SENT, Standing
from bot.store import outbox
from tests.make import ACCOUNT, ANA, BO

CUT = SendUncertain("the page went away")


def ids(desk):
    return [message_id for _, _, message_id in desk.page.sent]


async def test_a_message_is_noted_as_handed_before_the_page_is_called(desk):
    desk = desk()
    desk.put("hi")
    seen = []
    taken = desk.page._take
    desk.page._take = lambda *what: (seen.append(desk.state("hi")), taken(*what))
    await desk.carry()

    assert seen == [("handed", 1)]


async def test_what_left_although_the_answer_was_cut_is_not_sent_again(desk):
    desk = desk()
    desk.put("hi")
    desk.page.fails = [(CUT, True)]
    for _ in range(4):
        await desk.carry()

    assert len(desk.page.sent) == 1
    assert desk.state("hi") == ("sent", 1)


async def test_what_never_left_goes_again_under_its_id_and_only_after_the_grace(desk):
    desk = desk()
    row = desk.put("hi")
    reserved = desk.db.execute("SELECT message_id FROM outbox WHERE id = ?", (row,)).fetchone()
    desk.page.fails = [(CUT, False)]
    await desk.carry()
    assert (desk.state("hi"), ids(desk)) == (("uncertain", 1), [])

    for _ in range(3):
        await desk.carry()
    assert ids(desk) == [reserved["message_id"]]


async def test_what_the_page_of_before_took_is_looked_up_by_the_next_one(desk):
    desk = desk()
    desk.put("hi")
    await desk.carry()
    desk.db.execute("UPDATE outbox SET state = 'accepted', ack = NULL")
    desk.page.sent.clear()
    await desk.courier.recover()

    assert desk.state("hi")[0] == "sent"
    assert desk.page.sent == []


async def test_nothing_passes_by_what_the_page_of_before_took_and_whatsapp_never_had(desk):
    desk = desk()
    row = desk.put("one")
    await desk.carry()
    desk.db.execute("UPDATE outbox SET state = 'accepted', ack = NULL WHERE id = ?", (row,))
    desk.page.sent.clear()
    desk.page.held.clear()
    desk.put("two")
    desk.page.page = "second"
    desk.later(seconds=6)  # longer than a message is on its way
    await desk.carry()  # before anybody told that a page is ready
    for _ in range(3):
        await desk.carry()

    assert [text for _, text, _ in desk.page.sent] == ["one", "two"]


async def test_what_was_claimed_for_a_page_that_is_gone_does_not_go_into_the_next_one(desk):
    desk = desk()
    desk.put("hi")
    (claimed,), _ = await desk.courier._claim(ACCOUNT)
    desk.page.page = "second"
    await desk.courier._send(claimed)

    assert desk.page.sent == []
    assert desk.state("hi") == ("reserved", 0)


async def test_a_lookup_that_the_page_does_not_answer_holds_up_no_other_chat(desk):
    desk = desk()
    desk.put("cut off", ANA)
    desk.page.fails = [(CUT, False)]
    (cut_off,), _ = await desk.courier._claim(ACCOUNT)
    await desk.courier._send(cut_off)
    answered = asyncio.Event()

    async def find(chat, message_id):
        await answered.wait()
        raise TransportDown("asked in vain")

    desk.page.find = find
    desk.put("beside it", BO)
    async with asyncio.timeout(5), asyncio.TaskGroup() as flights:
        while not desk.page.sent:
            await desk.courier._round(flights)
        answered.set()

    assert [text for _, text, _ in desk.page.sent] == ["beside it"]


async def test_a_slow_page_is_asked_of_a_few_at_once_and_in_the_end_of_all(desk):
    desk = desk()
    cut_off = [f"cut off {number}" for number in range(3 * LOOKED_UP_TOGETHER)]
    for number, said in enumerate(cut_off):
        desk.put(said, ChatId(f"551190000{number:04d}@c.us"))
    desk.page.fails = [(CUT, True)] * len(cut_off)
    under_way, most = 0, 0
    known = desk.page.find

    async def find(chat, message_id):
        nonlocal under_way, most
        under_way, most = under_way + 1, max(most, under_way + 1)
        await asyncio.sleep(0)
        under_way -= 1
        return await known(chat, message_id)

    desk.page.find = find
    await desk.carry()

    assert most == LOOKED_UP_TOGETHER
    assert {desk.state(said)[0] for said in cut_off} == {"sent"}


async def test_while_there_is_no_page_nothing_is_tried_and_nothing_counted(desk):
    desk = desk()
    for number in range(3):
        desk.put(f"m{number}", ANA)
    desk.page.ready = False
    for _ in range(5):
        await desk.courier._round(None)

    assert desk.page.sent == []
    assert {desk.state(f"m{number}") for number in range(3)} == {("reserved", 0)}


async def test_a_page_that_is_down_gives_the_message_back(desk):
    desk = desk()
    desk.put("hi")
    desk.page.fails = [(TransportDown("no page"), False)]
    await desk.carry()
    assert desk.state("hi")[0] == "reserved"

    await desk.carry()
    assert len(desk.page.sent) == 1


async def test_what_a_page_cannot_do_yet_waits_and_counts_as_no_try(desk):
    desk = desk()
    desk.put("hi")
    desk.page.fails = [(NotLoaded("it loads"), False)] * 9
    for _ in range(9):
        await desk.carry()
        assert desk.state("hi") == ("reserved", 0)

    await desk.carry()
    assert desk.state("hi") == ("sent", 1)


async def test_a_change_at_which_the_page_fails_again_and_again_holds_up_no_text(desk):
    desk = desk()
    target = desk.put("hi")
    await desk.carry()
    desk.put("👍", body=Reaction(target="A1", emoji="👍"))
    desk.put("thanks")
    desk.page.fails = [(CUT, False)] * MOST_REFUSALS
    for _ in range(12):
        await desk.carry()

    assert desk.state("👍") == ("failed", MOST_REFUSALS)
    assert desk.state("thanks")[0] == "sent"
    assert target


async def test_what_is_more_than_a_text_and_never_leaves_is_named_and_the_chat_goes_on(desk):
    desk = desk()
    desk.put("which?", body=Poll(question="which?", options=("a", "b")))
    desk.put("thanks")
    desk.page.fails = [(CUT, False)] * MOST_TRIES
    for _ in range(40):
        await desk.carry()

    assert desk.state("which?") == ("stuck", MOST_TRIES)
    assert desk.state("thanks")[0] == "sent"


async def test_order_holds_within_a_chat_and_chats_do_not_wait_for_each_other(desk):
    desk = desk()
    for number in range(3):
        desk.put(f"a{number}", ANA)
    desk.put("b", BO)
    desk.page.fails = [(CUT, False)]
    for _ in range(12):
        await desk.carry()
        desk.later(seconds=6)

    said = [what for _, what, _ in desk.page.sent]
    assert said.index("b") == 0
    assert [one for one in said if one != "b"] == ["a0", "a1", "a2"]


async def test_a_clock_that_is_set_back_keeps_nothing_waiting(desk):
    desk = desk()
    desk.put("one")
    await desk.carry()
    desk.put("two")  # an hour ahead of the clock that follows
    desk.later(hours=-1)

    await desk.carry()

    assert [text for _, text, _ in desk.page.sent] == ["one", "two"]


async def test_what_was_cut_off_before_the_clock_was_set_back_goes_again(desk):
    desk = desk()
    desk.page.fails = [(CUT, False)]
    desk.put("hi")
    await desk.carry()
    desk.later(hours=-1)
    for _ in range(4):
        await desk.carry()

    assert [text for _, text, _ in desk.page.sent] == ["hi"]


async def test_a_daemon_that_starts_after_its_clock_was_set_back_keeps_nothing_waiting(desk):
    desk = desk()
    desk.put("hi")
    desk.later(hours=-1)

    await desk.carry()

    assert [text for _, text, _ in desk.page.sent] == ["hi"]


async def test_what_is_due_later_stays_so_when_the_clock_is_set_back(desk):
    desk = desk()
    desk.choose()
    row = desk.put("later")
    desk.db.execute("UPDATE outbox SET due_at = due_at + 60 WHERE id = ?", (row,))
    desk.later(hours=-1)

    assert desk.choose() == []
    desk.later(seconds=60)
    assert desk.choose() == ["later"]


async def test_what_stands_at_the_clock_is_stuck_named_and_never_sent_blindly(desk):
    desk = desk()
    row = desk.put("hi")
    await desk.carry()
    message_id = ids(desk)[0]
    desk.db.execute("UPDATE outbox SET state = 'accepted', ack = NULL WHERE id = ?", (row,))
    desk.page.held[message_id] = Standing(0)
    for _ in range(20):
        await desk.carry()
        desk.later(seconds=10)
    assert (desk.state("hi"), len(desk.page.sent)) == (("stuck", 1), 1)
    assert outbox.counts(desk.db)["stuck"] == 1

    desk.page.held[message_id] = Standing(SENT)
    await desk.courier.recover()
    assert desk.state("hi")[0] == "sent"


async def test_a_campaigns_message_of_unknown_fate_is_named_and_never_sent_twice(desk):
    desk = desk()
    desk.put("buy", ANA, Why.CAMPAIGN)
    desk.page.fails = [(CUT, False)]
    for _ in range(5):
        await desk.carry()
        desk.later(seconds=20)
    desk.put("answer", ANA)
    await desk.carry()

    assert desk.state("buy") == ("stuck", 1)
    assert [what for _, what, _ in desk.page.sent] == ["answer"]


async def test_what_wa_js_refuses_is_closed_with_its_reason(desk):
    desk = desk()
    desk.put("hi")
    desk.page.fails = [(SendFailed("invalid_wid", "no such chat"), False)]
    await desk.carry()

    assert desk.state("hi")[0] == "failed"
    assert "invalid_wid" in desk.why("hi")


@pytest.mark.parametrize(("times", "end"), [(2, "sent"), (3, "failed")])
async def test_a_chat_that_the_page_does_not_know_for_a_moment_is_tried_again(desk, times, end):
    desk = desk()
    desk.put("hi")
    desk.page.fails = [(SendFailed("chat_not_found", "no such chat"), False)] * times
    for _ in range(5):
        await desk.carry()

    assert desk.state("hi") == (end, 3)


async def test_another_numbers_queue_is_never_sent(desk):
    desk = desk()
    desk.put("hi")
    desk.page.account = "5511900000002@c.us"
    claimed, _ = await desk.courier._claim(desk.page.account)

    assert claimed == []


async def test_a_clean_stop_waits_for_what_is_under_way(desk):
    desk = desk()
    desk.put("hi")
    begun, go_on = asyncio.Event(), asyncio.Event()

    async def slow(chat, text, message_id, quoted=None, mentions=()):
        begun.set()
        await go_on.wait()
        desk.page._take(chat, text, message_id)

    desk.page.send_text = slow
    running = asyncio.create_task(desk.courier.run())
    async with asyncio.timeout(5):
        await begun.wait()
        running.cancel()
        await asyncio.sleep(0)
        go_on.set()
        with pytest.raises(asyncio.CancelledError):
            await running

    assert desk.state("hi")[0] == "accepted"


async def test_what_a_clean_stop_finds_claimed_and_not_begun_waits_as_before(desk, monkeypatch):
    desk, hand = desk(), outbox.hand
    desk.put("hi", why=Why.CAMPAIGN)
    running = asyncio.create_task(desk.courier.run())

    def hand_and_stop(*claim):
        asyncio.get_running_loop().call_soon(running.cancel)
        return hand(*claim)

    monkeypatch.setattr(outbox, "hand", hand_and_stop)
    with pytest.raises(asyncio.CancelledError):
        await running

    assert (desk.page.sent, desk.state("hi")) == ([], ("reserved", 0))
    monkeypatch.undo()
    await desk.carry()
    assert (len(desk.page.sent), desk.state("hi")[1]) == (1, 1)


async def test_after_a_down_time_what_waited_leaves_slowly_at_first(desk):
    desk = desk(replace(OFF, account=(Pace(most=20, window=timedelta(minutes=1)),)))
    for number in range(40):
        desk.put(f"m{number}", f"{number}@c.us")
    await desk.courier.recover()

    assert len(desk.choose()) == 2
    desk.later(seconds=30)
    assert len(desk.choose()) == 9
    desk.later(seconds=31)
    assert len(desk.choose()) == 11  # twenty within the last minute, the ramp is over


async def test_a_page_that_was_away_for_a_moment_is_no_down_time(desk):
    desk = desk(replace(OFF, account=(Pace(most=20, window=timedelta(minutes=1)),)))
    desk.courier._last_ready = desk.now - timedelta(seconds=20)
    for number in range(40):
        desk.put(f"m{number}", f"{number}@c.us")
    await desk.courier.recover()

    assert len(desk.choose()) == 20
    assert desk.governor.restriction(desk.db, ACCOUNT) is None
