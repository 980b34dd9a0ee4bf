"""What comes in is on disk before anybody is told, and a chat is heard in its order."""

import asyncio
from datetime import timedelta

import pytest

from bot.domain.messages import MessageKind
from bot.inbound.ingest import Ingest
from bot.inbound.lanes import Lanes
from tests.make import ACCOUNT, ANA, BO, NOW, message


async def forget(_):
    return False


def mute(id="A1", **more):
    return message("", id=id, kind=MessageKind.CIPHERTEXT, **more)


@pytest.fixture
def woken(database):
    """An inlet, and the chats that it woke."""
    lanes, found = Lanes(forget), []
    lanes.wake = found.append
    return Ingest(database, lanes, lambda: NOW, on_settled=lambda: None), found


async def test_what_follows_a_message_without_its_words_waits_for_them(woken):
    inlet, found = woken
    await inlet.take_messages([mute()])
    await inlet.take_messages([message("second", id="A2"), message("beside", id="B1", chat=BO)])
    assert found == [(ACCOUNT, BO)]

    await inlet.take_messages([message("first", id="A1")])

    assert {*found[1:]} == {(ACCOUNT, ANA)}


@pytest.mark.parametrize(
    "lacking",
    [
        [mute(sent_at=NOW - timedelta(hours=1))],
        [mute(from_me=True)],
        [mute(), message("first", id="A1")],
    ],
    ids=["long ago", "ours", "read"],
)
async def test_nothing_waits_for_words_that_come_late_or_are_there(woken, lacking):
    inlet, found = woken
    await inlet.take_messages(lacking)
    await inlet.take_messages([message("second", id="A2")])

    assert found[-1] == (ACCOUNT, ANA)


async def test_words_that_do_not_come_are_waited_for_only_a_moment(woken, monkeypatch):
    monkeypatch.setattr("bot.inbound.undeciphered.PATIENCE", 0.0)
    inlet, found = woken
    await inlet.take_messages([mute(), message("second", id="A2")])

    async with asyncio.timeout(5):
        while not found:
            await asyncio.sleep(0)
    assert found == [(ACCOUNT, ANA)]
