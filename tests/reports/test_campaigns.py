"""What the report tells of a campaign is what the campaign's own report tells of its runs."""

from datetime import timedelta
from zoneinfo import ZoneInfo

from bot.campaigns.figures import figures, total
from bot.reports.figures.campaigns import campaigns
from bot.reports.period import Period
from bot.reports.wanted import Wanted
from bot.store import campaigns as kept
from tests.campaigns.conftest import firm  # noqa: F401 - a fixture
from tests.make import NOW


async def test_the_report_and_the_ledger_of_a_campaign_agree(firm):  # noqa: F811
    one = firm()
    people = one.people(30)
    one.people(3, consent="unknown")
    await one.is_answered(people)
    period = Period(since=NOW, until=NOW + timedelta(days=1), zone=ZoneInfo("UTC"))

    told = campaigns(one.db, Wanted(period=period, now=one.now))

    (spring,) = told.campaigns
    counts = total(figures(one.db, 1))
    assert spring.name == "spring"
    assert (spring.sent, spring.replied, spring.opted_out) == (30, 6, 3)
    assert {name: counts[name] for name in ("sent", "delivered", "read", "replied", "failed")} == {
        name: getattr(spring, name) for name in ("sent", "delivered", "read", "replied", "failed")
    }
    assert spring.opted_out == counts["opted_out"]
    assert {each.why: each.count for each in told.left_out} == kept.left_out(one.db, 1)
    assert [each.count for each in told.left_out] == [3]
