"""What a decision tells others: events of leads and of handoffs."""

from datetime import timedelta

from bot.domain.effects import RaiseEvent
from bot.domain.turns import HumanReplied
from tests.engine.talk import Talk
from tests.make import message

RULES = """
teams: {desk: ["+5511900000009"]}
rules:
  - id: price
    when: {keyword: price}
    do: {lead: {score: "+10"}}
  - id: owner
    when: {keyword: owner}
    do: {lead: {owner: Bea}}
  - id: buy
    when: {keyword: buy}
    do: {lead: {stage: customer, score: "+5"}}
  - id: boss
    when: {keyword: boss}
    do: {handoff: {team: desk, reply: One moment.}}
"""


def raised(talk):
    return [(one.name, dict(one.data)) for one in talk.of(RaiseEvent)]


def test_a_lead_tells_when_it_begins_moves_and_gains_points():
    talk = Talk(RULES)

    talk.user("price")
    new = {"stage": "new", "score": 10, "owner": ""}
    assert raised(talk) == [("lead.created", new), ("lead.scored", {**new, "points": 10})]

    talk.user("owner")
    theirs = {**new, "owner": "Bea"}
    assert raised(talk) == [("lead.updated", theirs), ("lead.assigned", {**theirs, "from": ""})]

    talk.user("buy")
    bought = {"stage": "customer", "score": 15, "owner": "Bea"}
    assert raised(talk) == [
        ("lead.updated", bought),
        ("lead.stage_changed", {**bought, "from": "new"}),
        ("lead.scored", {**bought, "points": 5}),
    ]

    talk.user("owner")
    assert raised(talk) == []


def test_a_person_who_takes_over_on_the_phone_is_told_once_and_again_when_it_ends():
    talk = Talk(RULES)

    for _ in range(2):
        talk.play(HumanReplied(message=message("I do it", from_me=True)))
        talk.now += timedelta(minutes=1)
    assert ("handoff.started", {"team": "phone"}) not in raised(talk)

    talk.now += timedelta(days=1)
    talk.play(HumanReplied(message=message("me again", from_me=True)))
    names = [name for name, _ in raised(talk)]
    assert names == ["handoff.ended", "handoff.started", "human.reply"]
