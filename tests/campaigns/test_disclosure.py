"""That a bot writes is said once, in the first message that a person gets, whatever that is."""

from datetime import timedelta

import pytest

from bot.domain.turns import TurnSettings
from tests.campaigns.conftest import RULES

HOURS = "rules: [{id: hi, when: {keyword: hi}, do: {reply: Hello}}]\n"


@pytest.fixture
def telling(firm):
    def make(rules):
        one = firm(RULES + rules)
        one.settings = TurnSettings(timezone="UTC", disclosure={"en": "I am a bot."})
        one.pipeline.book = one.read(RULES + rules)
        return one

    return make


async def test_a_campaign_says_it_in_its_own_message(telling):
    one = telling("")
    ana = one.person()
    one.start()

    await one.work()

    assert one.sent == [(ana, "I am a bot.\n\nSpring, Ana!")]
    assert one.look()[0]["messages"] == 1


async def test_an_answer_that_comes_before_the_campaigns_message_says_it(telling):
    one = telling("    rate: 1 per 1h\n" + HOURS)
    first, second = one.people(2)
    one.start()
    await one.work(3)
    [(heard, _)] = one.sent
    waits = first if heard == second else second

    await one.hears(waits, "hi")
    await one.hears(waits, "hi")
    await one.hears(heard, "hi")
    await one.carry()

    assert [text for chat, text in one.sent if chat == waits] == ["I am a bot.", "Hello", "Hello"]
    assert [text for chat, text in one.sent if chat == heard][1:] == ["Hello"]


async def test_what_waits_for_a_pause_tells_its_end_while_that_lies_ahead(firm):
    one = firm(RULES + "    rate: 1 per 1h\n")
    one.people(3)
    one.start()
    await one.work(3)

    [told] = one.waiting()
    assert (told["why"], told["reason"]) == ("campaign", "spring: 1 in 1h")
    assert told["until"] == (one.now + timedelta(hours=1)).isoformat()

    one.later(hours=2)
    assert [told["until"] for told in one.waiting()] == [None]
