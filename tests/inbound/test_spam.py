from datetime import timedelta

from bot.domain.messages import ChatId
from tests.make import ANA, BO, NOW, message

SECOND = timedelta(seconds=1)


def hello(number: int, text: str = "hello again", chat: ChatId = ANA, **more):
    return message(text, id=f"A{number}", chat=chat, sent_at=NOW + number * SECOND, **more)


async def test_a_text_that_comes_five_times_within_a_minute_is_answered_four_times(office):
    desk = office(loop_guard=True)
    await desk.take(*[hello(number) for number in range(8)])
    await desk.take(hello(9, chat=BO))

    assert len(await desk.said(ANA)) == 4
    assert (await desk.winners())[4] == "guard:loop"
    assert len(await desk.said(BO)) == 1


async def test_the_same_text_now_and_then_is_answered_each_time(office):
    desk = office(loop_guard=True)
    await desk.take(*[hello(20 * number) for number in range(8)])

    assert len(await desk.said()) == 8


async def test_a_text_that_repeats_what_we_sent_is_not_answered(office):
    desk = office(loop_guard=True)
    await desk.take(hello(1, "say yes"))
    await desk.database.write(
        lambda db: db.execute("UPDATE outbox SET state = 'handed', handed_at = ?",
                              (NOW.timestamp(),))
    )  # fmt: skip
    await desk.take(hello(2, "You said yes, as loud as you could!"))

    assert await desk.winners() == ["rule:echo", "guard:loop"]


async def test_the_guard_may_be_switched_off(office):
    desk = office(loop_guard=False)
    await desk.take(*[hello(number) for number in range(8)])

    assert len(await desk.said()) == 8


async def test_stop_is_heard_however_often_it_is_said(office):
    desk = office(loop_guard=True)
    await desk.take(*[hello(number, "STOP") for number in range(6)])

    assert set(await desk.winners()) == {"guard:optout"}


async def test_one_text_of_the_phone_in_three_chats_is_no_person(office):
    desk = office()
    for number, chat in enumerate((ANA, BO, ChatId("5511900009999@c.us"))):
        await desk.take(hello(number, "We are away until Monday.", chat, from_me=True))
    await desk.take(hello(5, "say one", ANA), hello(6, "say two", ChatId("5511900009999@c.us")))

    assert (await desk.winners())[:3] == ["guard:takeover", "guard:takeover", "guard:greeting"]
    assert await desk.said() == ["you said two, as loud as you could"]
