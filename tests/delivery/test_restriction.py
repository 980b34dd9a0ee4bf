"""463: WhatsApp lets the account begin no chats. That is no failure of a message."""

from datetime import timedelta

import pytest

from bot.delivery.governor import REFUSED, RESTRICTED, Governor
from bot.delivery.pacing import OFF
from bot.delivery.restriction import restriction_of
from bot.domain.outgoing import Why
from bot.store import incidents
from bot.store.incidents import Incident
from bot.testing.memory import MemoryDatabase
from tests.make import ACCOUNT, ANA, BO, NOW

STRANGER, OTHER = "5511900000077@c.us", "5511900000078@c.us"
HOUR = timedelta(hours=1)


@pytest.fixture
async def restricted(desk):
    """A desk whose first message to a stranger was refused with 463."""
    desk = desk()
    desk.heard(ANA)
    desk.page.refuses = {STRANGER: 463, OTHER: 463}
    desk.put("first", STRANGER, Why.PERSON)
    await desk.carry()
    return desk


async def test_the_message_waits_without_an_attempt_being_counted(restricted):
    assert restricted.state("first") == ("reserved", 0)
    assert restricted.why("first") == RESTRICTED
    assert restricted.told == [NOW + timedelta(seconds=4)]


async def test_only_new_chats_stop_replies_go_on(restricted):
    restricted.put("reply", ANA)
    restricted.put("second", OTHER, Why.CAMPAIGN)
    for _ in range(30):
        await restricted.carry()

    assert restricted.page.tried == ["first", "reply"]
    assert restricted.state("second") == ("reserved", 0)
    assert restricted.why("second") == RESTRICTED


async def test_a_reply_that_is_refused_so_waits_longer_each_time_and_keeps_its_order(desk):
    desk = desk()
    desk.heard(ANA)
    desk.page.refuses = {ANA: 463}
    desk.put("first")
    desk.put("second")
    for _ in range(200):
        await desk.carry()
    assert 5 <= len(desk.page.tried) <= 8
    assert set(desk.page.tried) == {"first"}
    assert desk.why("first") == REFUSED

    desk.page.refuses = {}
    desk.later(hours=1)
    for _ in range(3):
        await desk.carry()
    assert [what for _, what, _ in desk.page.sent] == ["first", "second"]


async def test_a_chat_whose_person_writes_is_new_no_more(restricted):
    restricted.page.refuses = {}
    restricted.heard(STRANGER)
    restricted.later(seconds=15)
    await restricted.carry()

    assert restricted.state("first")[0] == "sent"
    assert restricted.governor.restriction(restricted.db, ACCOUNT) is not None


async def test_it_is_known_after_a_restart(restricted):
    again = Governor(OFF).restriction(restricted.db, ACCOUNT)

    assert again.since == NOW + timedelta(seconds=4)


async def test_one_first_message_an_hour_later_shows_that_it_goes_on(restricted):
    restricted.put("second", OTHER, Why.PERSON)
    restricted.later(hours=1)
    await restricted.carry()

    again = restricted.governor.restriction(restricted.db, ACCOUNT)
    assert again.refusals == 2
    assert again.probe_at == restricted.now + 2 * HOUR
    assert restricted.state("first") == ("reserved", 0)
    assert restricted.state("second") == ("reserved", 0)
    assert len(restricted.told) == 1


async def test_one_first_message_that_gets_through_ends_it(restricted):
    restricted.put("second", OTHER, Why.PERSON)
    restricted.page.refuses = {}
    restricted.later(hours=1)
    await restricted.carry()
    assert [what for _, what, _ in restricted.page.sent] == ["first"]
    assert restricted.governor.restriction(restricted.db, ACCOUNT) is None
    assert restricted.told[-1] is None

    await restricted.carry()
    assert [what for _, what, _ in restricted.page.sent] == ["first", "second"]


async def test_a_person_may_have_it_tried_at_once(restricted):
    restricted.page.refuses = {}
    restricted.governor.forgive(restricted.db, ACCOUNT, restricted.now)
    await restricted.carry()

    assert restricted.state("first")[0] == "sent"


async def test_other_refusals_are_failures_and_restrict_nothing(desk):
    desk = desk()
    desk.page.refuses = {STRANGER: 500}
    desk.put("first", STRANGER, Why.PERSON)
    for _ in range(20):
        await desk.carry()
        desk.later(seconds=20)

    assert desk.state("first") == ("failed", 5)
    assert desk.why("first") == "WhatsApp refused it (error 500), ack -1"
    assert desk.governor.restriction(desk.db, ACCOUNT) is None


async def test_without_a_code_it_is_a_restriction_where_only_new_chats_fail(desk):
    desk = desk()
    desk.heard(ANA)
    desk.page.refuses = {STRANGER: None}
    desk.put("first", STRANGER, Why.PERSON)
    for number in range(6):
        desk.put(f"reply {number}", ANA)
        await desk.carry()
        desk.receipt(f"reply {number}")
        desk.later(seconds=8)

    assert desk.governor.restriction(desk.db, ACCOUNT) is not None
    assert desk.state("first")[0] == "reserved"


async def test_without_a_code_it_is_a_failure_where_all_chats_fail(desk):
    desk = desk()
    desk.heard(ANA)
    desk.page.refuses = {STRANGER: None, ANA: None}
    desk.put("first", STRANGER, Why.PERSON)
    desk.put("reply", ANA)
    for _ in range(40):
        await desk.carry()
        desk.later(seconds=20)

    assert desk.governor.restriction(desk.db, ACCOUNT) is None
    assert desk.state("first")[0] == desk.state("reply")[0] == "failed"


def test_tries_become_rarer_up_to_one_a_day():
    refused = [NOW + timedelta(days=day) for day in range(9)]

    pauses = [restriction_of(refused[:n]).probe_at - refused[n - 1] for n in range(1, 9)]

    assert pauses[:4] == [HOUR, 2 * HOUR, 4 * HOUR, 8 * HOUR]
    assert pauses[-1] == timedelta(days=1)


async def test_groups_are_never_new_chats(restricted):
    restricted.put("to all", "120363000000000001@g.us", Why.PERSON)
    await restricted.carry()

    assert restricted.state("to all")[0] == "sent"


async def test_what_befell_another_account_changes_nothing_here(desk):
    desk = desk()
    incidents.note(desk.db, "5511900000002@c.us", Incident.RESTRICTED, NOW)
    desk.put("first", BO, Why.PERSON)

    assert desk.choose() == ["first"]


async def test_whoever_reads_an_older_state_does_not_make_it_forgotten(restricted):
    older = MemoryDatabase()

    assert restricted.governor.restriction(older.db, ACCOUNT) is None
    assert restricted.governor.restriction(restricted.db, ACCOUNT) is not None
    older.close()
