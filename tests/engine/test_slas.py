"""Waits for what is promised: where none begins, and what becomes of one that lost its promise."""

from datetime import timedelta

from bot.domain.effects import BeginWait, CancelTimer, EndWait, MissWait, StartTimer
from tests.engine.talk import Talk

PROMISE = """
hours: {never: {days: {}}, shop: {days: {mon-sun: "00:00-24:00"}}}
sla: {answer: {for: message, within: 1h}}
"""
GROUP = "120363000000000001@g.us"


def begun(talk):
    return [effect.sla for effect in talk.of(BeginWait)]


def test_a_message_that_nobody_answers_begins_one_wait():
    talk = Talk(PROMISE)

    talk.user("hello?")
    assert begun(talk) == ["answer"]
    talk.user("hello??")
    assert begun(talk) == []


def test_in_a_group_nobody_waits():
    talk = Talk(PROMISE, chat=GROUP)

    talk.user("hello?", sender="5511987654321@c.us")

    assert talk.of(BeginWait) == []


def test_time_that_is_never_open_never_passes():
    talk = Talk(PROMISE.replace("within: 1h", "within: 1h, hours: never"))

    talk.user("hello?")

    assert (talk.of(BeginWait), talk.of(StartTimer)) == ([], [])


def test_a_wait_whose_promise_is_gone_ends_with_the_next_turn():
    talk = Talk(PROMISE)
    talk.user("hello?")
    timer = talk.of(StartTimer)[0]
    talk.use("rules: []")

    talk.fire(timer)
    ended = talk.of(EndWait)
    assert [(one.sla, one.how, one.waited) for one in ended] == [
        ("answer", "ended", timedelta(hours=1))
    ]
    assert talk.of(MissWait) == []
    talk.user("hello?")
    assert talk.of(EndWait) == []


def test_a_timer_of_a_wait_that_is_over_says_nothing():
    talk = Talk(PROMISE + "rules: [{id: hi, when: {keyword: hi}, do: {reply: Hi!}}]")
    talk.user("hello?")
    timer = talk.of(StartTimer)[0]

    talk.user("hi")
    assert [one.by for one in talk.of(EndWait)] == ["bot"]
    assert [one.key for one in talk.of(CancelTimer)] == ["sla:answer"]
    talk.fire(timer)
    assert talk.of(MissWait) == []


def test_a_lead_whom_nobody_suits_has_no_owner():
    talk = Talk("""
teams: {sales: [{name: Bea, number: "+5511900000011"}]}
leads:
  owner: {if: {tag: vip}, team: sales}
  decay: {points: 5, every: 7d}
  scores: {id: price, when: {keyword: price}, points: 10}
""")

    talk.user("price")

    assert (talk.lead.score, talk.lead.owner) == (10, "")
    assert talk.compiled.rulebook.leads.decay.every == timedelta(days=7)


def test_a_team_without_members_takes_a_lead_as_a_whole():
    talk = Talk(
        "teams: [sales]\n"
        "leads: {owner: sales, scores: {id: price, when: {keyword: price}, points: 10}}"
    )

    talk.user("price")

    assert talk.lead.owner == "sales"
