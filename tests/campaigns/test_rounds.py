import re
from datetime import UTC, datetime

import pytest

from bot.campaigns import rounds
from bot.campaigns.listing import rows
from bot.domain.campaigns import RunState
from bot.domain.errors import CampaignRefused
from bot.store import campaigns
from tests.campaigns.conftest import RULES
from tests.make import NOW


def at(text):
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def come(one):
    return one.database.write_now(lambda db: rounds.come_round(db, one.office, "spring", one.now))


def begun(one):
    return [f"{run.planned:%d %H:%M} {run.state}" for run in campaigns.runs_of(one.db, "spring")]


def test_nothing_starts_that_nobody_looked_at(firm):
    one = firm()
    one.people(2)

    with pytest.raises(CampaignRefused, match="nobody has looked at it yet"):
        one.start(token="deadbeef")


def test_a_token_is_good_for_the_very_content_once_and_for_a_day(firm):
    one = firm()
    one.people(2)
    _, token = one.look()
    with pytest.raises(CampaignRefused, match="does not fit what the files say now"):
        one.start(token="deadbeef")

    one.edit(RULES.replace("Spring", "Summer"))
    with pytest.raises(CampaignRefused, match="does not fit what the files say now"):
        one.start(token=token)

    one.edit("\n\n" + RULES)  # only its place is another
    one.later(hours=25)
    with pytest.raises(CampaignRefused, match="older than a day"):
        one.start(token=token)

    _, token = one.look()
    one.start(token=token)
    with pytest.raises(CampaignRefused, match="its last preview is used up"):
        one.start(token=token)


def test_a_shared_reply_that_changed_needs_another_look(firm):
    shared = "version: 1\ncampaigns: {spring: {audience: {tag: buyer}, do: {reply: '@hi'}}}\n"
    one = firm(shared + "replies: {hi: Hello}\n")
    one.people(2)
    _, token = one.look()
    one.edit(shared + "replies: {hi: Goodbye}\n")

    with pytest.raises(CampaignRefused, match="does not fit what the files say now"):
        one.start(token=token)


@pytest.mark.parametrize(
    ("more", "people", "told"),
    [
        ("    at: 2026-01-05 08:59\n", 1, "its time, 2026-01-05 08:59, has passed"),
        ("    at: 0 0 30 feb *\n", 1, "its cron line '0 0 30 feb *' never comes round"),
        ("", 0, "nobody is to get it: nobody is in the audience"),
    ],
)
def test_what_cannot_be_is_refused_before_anything_is_sent(firm, more, people, told):
    one = firm(RULES + more)
    one.people(people)

    with pytest.raises(CampaignRefused, match=re.escape(told)):
        one.look()
    assert campaigns.runs(one.db) == []


def test_a_segment_that_changed_needs_another_look(firm):
    rules = "segments: {buyers: {segment: all}, all: {tag: buyer}}\n" + RULES.removeprefix(
        "version: 1\n"
    ).replace("{tag: buyer}", "{segment: buyers}")
    one = firm("version: 1\n" + rules)
    one.people(2)
    _, token = one.look()
    one.edit("version: 1\n" + rules.replace("{tag: buyer}", "{not: {tag: none}}"))

    with pytest.raises(CampaignRefused, match="does not fit what the files say now"):
        one.start(token=token)


async def test_it_waits_for_its_time(firm):
    one = firm(RULES + "    at: 2026-01-06 10:00\n")
    one.people(3)
    _, moment = one.start()
    assert moment.begins == at("2026-01-06 10:00")

    one.now = at("2026-01-06 09:59")
    assert come(one) is None
    one.now = at("2026-01-06 10:00")
    assert come(one).planned == at("2026-01-06 10:00")
    assert come(one) is None
    await one.work(3)

    assert len(one.sent) == 3
    assert campaigns.load(one.db, "spring").state == "over"


def test_of_moments_that_were_missed_the_latest_comes_once(firm):
    one = firm(RULES + "    at: 0 10 * * *\n")
    one.people(3)
    one.start()

    one.now = at("2026-01-08 15:00")  # down since the fifth
    assert come(one) is not None
    assert come(one) is None
    one.later(days=1)

    assert begun(one) == ["08 10:00 running"]


def test_a_missed_moment_is_let_go_outside_the_hours(firm):
    one = firm(
        RULES + "    at: 0 10 * * *\n    hours: shop\n"
        "hours: {shop: {days: {mon-fri: '09:00-12:00'}}}\n"
    )
    one.people(3)
    one.start()

    one.now = at("2026-01-05 15:00")
    run = come(one)

    assert (run.state, run.detail) == (RunState.MISSED, "outside the hours 'shop'")
    assert come(one) is None


def test_a_round_whose_file_changed_is_let_go(firm):
    one = firm(RULES + "    at: 0 10 * * *\n")
    one.people(3)
    one.start()
    one.edit(RULES.replace("Spring", "Summer") + "    at: 0 10 * * *\n")

    one.now = at("2026-01-05 10:00")

    [row] = rows(one.db, one.rulebook, "UTC", one.now)
    assert row["detail"] == "its file changed since it was started; preview and start it again"
    assert come(one).detail == row["detail"]


def test_a_death_in_the_middle_of_a_round_leaves_all_of_it_or_nothing(firm):
    one = firm(RULES + "    at: 2026-01-06 10:00\n")
    one.people(3)
    one.start()
    one.now = at("2026-01-06 10:00")

    def dies(db):
        rounds.come_round(db, one.office, "spring", one.now)
        raise KeyboardInterrupt

    one.db.execute("SAVEPOINT life")
    with pytest.raises(KeyboardInterrupt):
        dies(one.db)
    one.db.execute("ROLLBACK TO life")
    assert (begun(one), one.states()) == ([], {})

    assert come(one) is not None
    assert come(one) is None
    assert one.states() == {"planned": 3}


async def test_each_contact_gets_it_at_the_time_on_its_own_clock(firm):
    one = firm(RULES + "    at: 2026-01-06 10:00\n    timezone: contact\n")
    near = one.person(zone="Asia/Kolkata")
    here = one.person()
    far = one.person(zone="America/Sao_Paulo")
    one.start()
    one.now = at("2026-01-06 04:30")  # ten in Kolkata
    assert come(one) is not None
    found = []
    for _ in range(40):
        await one.work(1)
        found += [(f"{one.now:%H:%M}", chat) for chat, _ in one.sent[len(found) :]]
        one.later(minutes=15)

    assert found == [("04:30", near), ("10:00", here), ("13:00", far)]


async def test_once_means_once_however_often_it_comes_round(firm):
    one = firm(RULES + "    at: 0 10 * * *\n    once: true\n")
    one.people(3)
    one.start()
    one.now = at("2026-01-05 10:00")
    come(one)
    await one.work(3)
    late = one.person("New")
    one.now = at("2026-01-06 10:00")
    come(one)
    await one.work(3)

    assert len(one.sent) == 4
    assert one.sent[-1][0] == late
    assert one.left_out(2) == {"got it before": 3}


def test_a_round_does_not_begin_while_the_one_before_works(firm):
    one = firm(RULES + "    at: 0 10 * * *\n    rate: 1 per 1d\n")
    one.people(3)
    one.start()
    one.now = at("2026-01-05 10:00")
    come(one)
    one.now = at("2026-01-06 10:00")

    assert come(one).detail == "the run before it is not over yet"
    assert one.now > NOW
