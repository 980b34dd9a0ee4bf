"""Order within a chat, chats side by side, and nobody waits for a chat with much to do."""

import asyncio

from bot.inbound.lanes import Lanes
from tests.make import ACCOUNT

CHATS = [(ACCOUNT, f"{number}@c.us") for number in range(4)]


async def worked(lanes, width):
    tasks = [asyncio.create_task(lanes.work()) for _ in range(width)]
    async with asyncio.timeout(5):
        while not lanes.idle:
            await asyncio.sleep(0)
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


async def test_no_chat_is_ever_in_two_hands_though_it_is_woken_meanwhile():
    inside, twice, most = set(), [], []
    left = dict.fromkeys(CHATS, 20)

    async def step(lane):
        twice.extend([lane] if lane in inside else [])
        inside.add(lane)
        most.append(len(inside))
        lanes.wake(lane)
        await asyncio.sleep(0)
        inside.discard(lane)
        left[lane] -= 1
        return left[lane] > 0

    lanes = Lanes(step)
    for lane in CHATS:
        lanes.wake(lane)
    tasks = [asyncio.create_task(lanes.work()) for _ in range(8)]
    async with asyncio.timeout(5):
        while max(left.values()) > 0:
            await asyncio.sleep(0)
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)

    assert twice == []
    assert max(most) == len(CHATS)


async def test_a_chat_with_much_to_do_takes_turns_with_the_others():
    left, order = {CHATS[0]: 50, CHATS[1]: 1, CHATS[2]: 1}, []

    async def step(lane):
        order.append(lane)
        left[lane] -= 1
        return left[lane] > 0

    lanes = Lanes(step)
    for lane in left:
        lanes.wake(lane)
    await worked(lanes, 1)

    assert order.index(CHATS[1]) < 3
    assert order.index(CHATS[2]) < 4
    assert order.count(CHATS[0]) == 50


async def test_what_comes_for_a_busy_chat_is_not_forgotten():
    seen = []

    async def step(lane):
        seen.append(lane)
        if len(seen) == 1:
            lanes.wake(lane)
        return False

    lanes = Lanes(step)
    lanes.wake(CHATS[0])
    await worked(lanes, 2)

    assert seen == [CHATS[0], CHATS[0]]
