"""What a campaign promises of its pace holds for what leaves."""

from dataclasses import replace
from datetime import timedelta
from itertools import pairwise

import pytest

from bot.delivery.pacing import CAREFUL, OFF, Campaigns, Growth, Pace
from tests.campaigns.conftest import RULES


async def left(one, rounds, **step):
    """Let time pass; return when each message left."""
    found = []
    for _ in range(rounds):
        before = len(one.sent)
        await one.work(1)
        found += [one.now] * (len(one.sent) - before)
        one.later(**step)
    return found


def most(moments, window):
    return max(sum(start <= one < start + window for one in moments) for start in moments)


@pytest.mark.parametrize(
    ("more", "count", "window"),
    [
        ("    rate: 3 per 10m\n", 3, timedelta(minutes=10)),
        ("    daily_cap: 7\n", 7, timedelta(days=1)),
    ],
)
async def test_no_window_holds_more_than_was_promised(firm, more, count, window):
    one = firm(RULES + more)
    one.people(20)
    one.start()

    moments = await left(one, 400, minutes=13)

    assert len(moments) == 20
    assert most(moments, window) == count


async def test_between_two_there_is_a_random_pause(firm):
    one = firm(RULES + "    jitter: 10m\n")
    one.people(12)
    one.start()

    moments = await left(one, 300, seconds=30)

    gaps = {b - a for a, b in pairwise(moments)}
    assert len(moments) == 12
    assert len(gaps) > 3
    assert max(gaps) <= timedelta(minutes=10, seconds=30)


async def test_only_within_its_hours_on_the_contacts_clock(firm):
    one = firm(
        RULES + "    hours: shop\n    timezone: contact\n"
        "hours: {shop: {days: {mon-sun: '09:00-10:00'}}}\n"
    )
    here, far = one.person(), one.person(zone="America/Sao_Paulo")
    one.start()

    one.later(hours=2)
    await left(one, 24, minutes=30)
    times = {chat: None for chat, _ in one.sent}

    assert list(times) == [far]
    await left(one, 48, minutes=30)
    assert [chat for chat, _ in one.sent] == [far, here]


async def test_the_accounts_own_limits_hold_beside_it(firm):
    warm = Campaigns(
        hourly=Pace(most=100, window=timedelta(hours=1)), jitter=(timedelta(0), timedelta(0)),
        warm_up=Growth(first=4, factor=1.5, most=300), gap=timedelta(days=7),
    )  # fmt: skip
    one = firm(RULES, pacing=replace(OFF, campaigns=warm))
    one.people(20)
    one.start()

    moments = await left(one, 80, hours=2)

    days = [sum(one.day == day for one in moments) for day in range(5, 9)]
    assert days == [4, 4, 6, 6]  # a day of which nothing is known yet grows nothing


async def test_quiet_hours_and_one_campaign_a_week_hold(firm):
    two = RULES + "  other:\n    audience: {tag: buyer}\n    do: {reply: Another}\n"
    one = firm(two, pacing=replace(CAREFUL, same_text=None, new_chats=None, halts=None))
    one.people(2)
    one.start()
    await left(one, 20, minutes=10)
    one.later(hours=9)
    one.start("other")

    await left(one, 100, hours=2)

    moments = [
        row[0] for row in one.db.execute(
            "SELECT handed_at FROM outbox WHERE why = 'campaign' ORDER BY handed_at"
        )
    ]  # fmt: skip
    assert len(moments) == 4
    assert moments[2] - moments[0] >= 7 * 86400


async def test_those_whom_a_limit_holds_for_long_keep_nobody_else_waiting(firm):
    two = RULES + "  other:\n    audience: {tag: [buyer, guest]}\n    do: {reply: Another}\n"
    week = replace(OFF, campaigns=Campaigns(
        hourly=Pace(most=1000, window=timedelta(hours=1)), jitter=(timedelta(0), timedelta(0)),
        warm_up=Growth(first=1000, factor=1.5, most=1000), gap=timedelta(days=7),
    ))  # fmt: skip
    one = firm(two, pacing=week)
    one.people(40)
    one.start()
    await one.work(10)
    fresh = one.people(40, tags=("guest",))
    one.later(hours=2)
    one.start("other")

    await one.work(20)

    assert {chat for chat, text in one.sent if text == "Another"} == set(fresh)
