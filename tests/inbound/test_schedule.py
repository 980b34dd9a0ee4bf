"""Each planned moment of a schedule is answered once: over restarts, down-times, set clocks."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.domain.turns import EventRaised
from bot.inbound.schedule import set_schedules, set_silences
from bot.store import events, timers, variables
from tests.make import ACCOUNT, ANA, BO, message

RULES = """\
version: 1
rules:
  - id: morning
    when: {schedule: 0 9 * * mon-fri}
    if: {not: {tag: away}}
    do: {reply: Good morning}
  - id: away
    when: {keyword: away}
    do: [{tag: away}, {reply: See you}]
  - id: count
    when: {schedule: 0 9 * * mon-fri}
    do: {set: {vars.mornings: "$(vars.mornings + 1)"}}
vars: {mornings: {type: integer, default: "0"}}
"""
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
MONDAY = datetime(2026, 1, 5, 8, 0, tzinfo=UTC)


class Clock:
    """An office whose timers ring."""

    def __init__(self, office, zone="UTC"):
        self.office, self.zone = office, ZoneInfo(zone)

    async def start(self):
        """Set the schedules, as the daemon does when it starts or loads its rules anew."""
        schedules, now = self.office.pipeline.book.compiled.schedules, self.office.now
        silences = self.office.pipeline.book.compiled.silences

        def wait(db):
            set_schedules(db, schedules, self.zone, now)
            set_silences(db, silences, now)

        await self.office.database.write(wait)

    async def ring(self, moment):
        self.office.at(moment)
        for lane in await self.office.database.read(lambda db: timers.chats_due(db, moment)):
            while await self.office.pipeline.step(lane):
                pass

    async def greeted(self, chat=ANA):
        return (await self.office.said(chat)).count("Good morning")

    async def wrote(self, text="hello", at=MONDAY, **more):
        self.office.at(at)
        await self.office.take(message(text, sent_at=at, **more))


@pytest.fixture
def clock(office):
    return Clock(office(RULES))


async def test_a_moment_comes_once_and_the_next_one_too(clock):
    await clock.wrote()

    for moment in (MONDAY + HOUR, MONDAY + HOUR, MONDAY + 2 * HOUR, MONDAY + DAY):
        await clock.ring(moment)
    assert await clock.greeted() == 1

    await clock.ring(MONDAY + DAY + HOUR)
    assert await clock.greeted() == 2
    await clock.ring(MONDAY + 5 * DAY + HOUR)  # Saturday: what is left is Friday's, too late
    assert await clock.greeted() == 2


async def test_a_rule_that_is_new_reaches_those_who_wrote_before(office):
    clock = Clock(office("version: 1\nrules: []\n"))
    await clock.wrote()
    clock = Clock(office(RULES))
    clock.office.at(MONDAY)
    await clock.start()

    await clock.ring(MONDAY + HOUR)

    assert await clock.greeted() == 1


@pytest.mark.parametrize(
    ("back", "times"),
    [
        (MONDAY + HOUR + timedelta(minutes=50), 1),  # an hour late at most
        (MONDAY + 3 * HOUR, 0),
        (MONDAY + DAY + HOUR + timedelta(minutes=5), 1),  # only the latest of two
        (MONDAY + DAY + 4 * HOUR, 0),
    ],
)
async def test_what_was_missed_comes_once_at_most_and_only_if_it_is_fresh(clock, back, times):
    await clock.wrote()
    clock.office.at(back)
    await clock.start()

    await clock.ring(back)
    await clock.ring(back)

    assert await clock.greeted() == times


async def test_a_message_that_is_handled_late_does_not_put_off_what_is_due(clock):
    await clock.wrote()
    clock.office.at(MONDAY + HOUR + timedelta(minutes=5))
    await clock.office.take(message("late", id="B", sent_at=MONDAY + timedelta(minutes=50)))

    await clock.ring(MONDAY + HOUR + timedelta(minutes=6))

    assert await clock.greeted() == 1


async def test_a_clock_that_is_set_back_repeats_nothing(clock):
    await clock.wrote()
    await clock.ring(MONDAY + HOUR)

    await clock.wrote("again", at=MONDAY + timedelta(minutes=20), id="B")
    await clock.start()
    await clock.ring(MONDAY + HOUR)
    await clock.ring(MONDAY + 2 * HOUR)

    assert await clock.greeted() == 1
    shared = await clock.office.database.read(variables.load)
    assert shared["mornings"] == 1  # what happens beside the messages happens once, too


@pytest.mark.parametrize("day", ["2026-03-29", "2026-10-25"])
async def test_summer_and_winter_time_change_nothing_but_the_hour(office, day):
    rules = RULES.replace("0 9 * * mon-fri", "30 2 * * *")
    clock = Clock(office(rules), "Europe/Berlin")
    clock.office.pipeline.book = clock.office.in_zone("Europe/Berlin")
    begin = datetime.fromisoformat(f"{day}T00:00:00+00:00") - HOUR
    await clock.wrote(at=begin)

    for step in range(24 * 4):
        await clock.ring(begin + step * timedelta(minutes=15))

    assert await clock.greeted() == 1


async def test_nobody_who_opted_out_or_whom_a_person_has_hears_it_but_silent_rules_run(clock):
    await clock.wrote()
    await clock.wrote("stop", id="D")
    await clock.wrote("hi", id="B", chat=BO)
    clock.office.at(MONDAY + timedelta(minutes=1))
    await clock.office.take(
        message("I am here", id="C", chat=BO, from_me=True, sent_at=clock.office.now)
    )

    await clock.ring(MONDAY + HOUR)

    assert (await clock.greeted(ANA), await clock.greeted(BO)) == (0, 0)
    found = await clock.office.database.read(
        lambda db: db.execute("SELECT value FROM variables").fetchone()
    )
    assert found["value"] == "2"


async def test_who_does_not_fit_the_rule_hears_nothing(clock):
    await clock.wrote("away")
    await clock.wrote("hi", id="B", chat=BO)

    await clock.ring(MONDAY + HOUR)

    assert (await clock.greeted(ANA), await clock.greeted(BO)) == (0, 1)


async def test_schedules_that_are_gone_from_the_files_leave_no_timers(office):
    clock = Clock(office(RULES))
    await clock.wrote()
    clock = Clock(office("version: 1\nrules: []\n"))

    await clock.start()

    assert await clock.office.database.read(timers.next_due_at) is None


async def test_a_chat_that_a_person_begins_is_reached_without_a_reload(clock):
    clock.office.at(MONDAY)
    await clock.office.take(message("We open a chat", from_me=True, sent_at=MONDAY))

    await clock.ring(MONDAY + DAY + HOUR)  # the person's twelve hours are over

    assert await clock.greeted() == 1


async def test_a_chat_whose_first_words_are_no_turn_of_the_rules_is_reached(clock):
    await clock.wrote("stop")
    await clock.wrote("start", id="B", at=MONDAY + timedelta(minutes=1))

    await clock.ring(MONDAY + HOUR)

    assert await clock.greeted() == 1


async def test_an_event_from_outside_makes_a_chat_known(clock):
    clock.office.at(MONDAY)
    event = EventRaised(name="webhook.pay", data={})
    await clock.office.database.write(
        lambda db: events.queue(db, ACCOUNT, ANA, event, MONDAY, "from outside")
    )
    while await clock.office.pipeline.step((ACCOUNT, ANA)):
        pass

    await clock.ring(MONDAY + HOUR)

    assert await clock.greeted() == 1


QUIET = """\
version: 1
rules:
  - {id: nudge, when: {silence: 2h}, do: {reply: Still there?}}
"""


async def nudged(clock):
    return (await clock.office.said()).count("Still there?")


async def test_a_new_silence_reaches_who_is_silent_already(office):
    clock = Clock(office("version: 1\nrules: []\n"))
    await clock.wrote()
    clock = Clock(office(QUIET))
    clock.office.at(MONDAY + HOUR)
    await clock.start()
    await clock.start()

    for later in (HOUR, 2 * HOUR, 3 * HOUR):
        await clock.ring(MONDAY + later)

    assert await nudged(clock) == 1


async def test_a_silence_that_was_passed_before_its_rule_came_is_let_go(office):
    clock = Clock(office("version: 1\nrules: []\n"))
    await clock.wrote()
    clock = Clock(office(QUIET))
    clock.office.at(MONDAY + 3 * HOUR)
    await clock.start()

    await clock.ring(MONDAY + DAY)

    assert await nudged(clock) == 0


async def test_a_silence_that_nobody_waits_for_any_more_leaves_no_timer(office):
    clock = Clock(office(QUIET))
    await clock.wrote()
    clock = Clock(office("version: 1\nrules: []\n"))

    await clock.start()

    assert await clock.office.database.read(timers.next_due_at) is None
