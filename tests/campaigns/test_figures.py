import pytest

from bot.campaigns.figures import (
    SETTLED,
    differences,
    figures,
    in_words,
    rates,
    told,
    total,
    two_proportions,
)
from bot.campaigns.listing import rows
from bot.store import campaigns
from tests.campaigns.conftest import RULES

TWO = RULES.replace('    do: {reply: "Spring, $(contact.first_name)!"}\n', "") + (
    "    variants: [Hi, Hello]\n"
)


@pytest.mark.parametrize(
    ("one", "other", "chance"),
    [
        ((60, 100), (45, 100), 0.0337),
        ((50, 100), (50, 100), 1.0),
        ((200, 1000), (250, 1000), 0.0074),
    ],
)
def test_the_chance_of_a_difference_by_luck(one, other, chance):
    assert two_proportions(*one, *other) == pytest.approx(chance, abs=0.0002)


def test_too_few_tell_nothing():
    assert two_proportions(1, 10, 3, 10) is None
    assert two_proportions(0, 0, 3, 10) is None


async def test_the_report_says_what_the_outbox_says(firm):
    one = firm(TWO)
    people = one.people(40)
    one.people(2, consent="unknown")
    await one.is_answered(people)

    report = told(one.db, one.run(), campaigns.left_out(one.db, 1))

    rows = one.db.execute("SELECT ack FROM outbox WHERE why = 'campaign'").fetchall()
    acks = [row["ack"] for row in rows]
    figures_ = report["figures"]
    assert figures_["sent"] == sum(ack >= 1 for ack in acks) == 40
    assert figures_["delivered"] == sum(ack >= 2 for ack in acks) == 20
    assert figures_["read"] == sum(ack >= 3 for ack in acks) == 10
    assert (figures_["replied"], figures_["opted_out"]) == (6, 3)
    assert (figures_["meant"], figures_["planned"], figures_["left_out"]) == (42, 40, 2)
    assert report["left_out"] == {"no record of consent": 2}
    assert {name: counts["sent"] for name, counts in report["variants"].items()} == {
        "a": 20, "b": 20
    }  # fmt: skip
    assert total(figures(one.db, 1)) == figures_


def test_versions_are_compared_in_words():
    counts = {
        "a": {"sent": 1000, "read": 500, "replied": 200, "opted_out": 1},
        "b": {"sent": 1000, "read": 510, "replied": 250, "opted_out": 2},
    }
    lines = [
        in_words({
            "variants": [one.one, one.other], "what": one.what, "shares": one.shares,
            "p": one.chance, "significant": one.is_sure,
        })
        for one in differences(counts)
    ]  # fmt: skip

    assert lines == [
        "read: a 50.0%, b 51.0%; that may be luck (p = 0.65)",
        "answered: a 20.0%, b 25.0%; they differ (p = 0.007)",
        "opted out: a 0.1%, b 0.2%; too few to tell whether they differ",
    ]


async def test_rates_wait_until_enough_messages_can_tell(firm):
    one = firm()
    one.people(30)
    one.start()
    await one.work(1)
    assert rates(one.db, 1, one.now)["failed_rate"] is None

    await one.work(30)
    assert rates(one.db, 1, one.now)["failed_rate"] == 0
    assert rates(one.db, 1, one.now)["delivered_rate"] is None
    one.later(seconds=SETTLED.total_seconds() + 1)
    assert rates(one.db, 1, one.now)["delivered_rate"] == 0


async def test_the_list_counts_what_left_as_the_report_does(firm):
    one = firm(RULES + "    rate: 1 per 1h\n")
    one.people(3)
    one.people(2, consent="unknown")
    one.start()
    await one.work(3)

    [row] = rows(one.db, one.rulebook, "UTC", one.now)
    report = told(one.db, one.run(), one.left_out())["figures"]

    assert [row[name] for name in ("planned", "sent", "left_out")] == [3, 1, 2]
    assert [report[name] for name in ("planned", "sent", "left_out")] == [3, 1, 2]
