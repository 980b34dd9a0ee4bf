"""What turns leave behind for reports: how far flows came, what was read, who was handed over."""

from bot.domain.effects import StartTimer
from bot.domain.understanding import AppealKind, IntentScore, Mood, Sentiment
from tests.engine.talk import Talk

FLOWS = """
teams: {kitchen: ["+5511900000009"]}
rules:
  - id: sorry
    when: {fallback: true}
    do: {reply: What?}
  - id: boss
    when: {keyword: boss}
    do: {handoff: {team: kitchen, note: "$(message.text)"}}
  - id: ask_hours
    when: {intent: hours}
    do: {reply: At 9.}
flows:
  order:
    title: Take an order
    when: {keyword: pizza}
    expire: 30m
    slots:
      size: {type: choice, choices: [small, large], ask: Which size?}
      place: {type: text, ask: Where to?}
    steps:
      - ask: size
      - ask: place
      - reply: Done.
"""


def told(talk):
    return [(line.path, line.outcome) for line in talk.decision.trace.lines]


def asked(slot, outcome="asked"):
    return lambda line: line[0].endswith(f" flow order > slot {slot}") and line[1] == outcome


def test_a_flow_is_traced_from_its_start_over_each_question_to_its_end():
    talk = Talk(FLOWS)

    talk.user("pizza")
    assert any(path.endswith(" flow order") and how == "started" for path, how in told(talk))
    assert any(map(asked("size"), told(talk)))
    talk.user("large")
    assert any(map(asked("place"), told(talk)))
    talk.user("Rua Augusta 5")
    assert told(talk)[-1] == ("flow order", "finished")


def test_a_flow_that_is_called_off_or_expires_is_left():
    talk = Talk(FLOWS)
    talk.user("pizza")
    talk.user("cancel")
    assert told(talk)[-2:] == [("flow:order", "cancelled"), ("flow order", "left")]

    talk.user("pizza")
    (timer,) = [one for one in talk.of(StartTimer) if one.kind == "expire"]
    talk.fire(timer)
    assert told(talk)[-2:] == [("flow order", "expired"), ("flow order", "left")]


def test_what_the_models_read_is_traced_without_a_word_of_the_customer():
    talk = Talk(FLOWS)
    sure = IntentScore("hours", 0.91, accepted=True)
    weak = IntentScore("menu", 0.2, accepted=False)
    tone = Sentiment(Mood.NEGATIVE, 0.8)
    talk.user("when do you open", understood={"intents": (sure, weak), "sentiment": tone})

    lines = [(line.path, line.outcome, line.why) for line in talk.decision.trace.lines]
    assert lines[:2] == [("intent hours", "read", "0.91"), ("sentiment negative", "read", "0.80")]
    assert "open" not in str(lines)


def test_an_appeal_that_is_believed_is_traced():
    talk = Talk(FLOWS)
    talk.user("hm", understood={"appeals": {AppealKind.PERSON: 0.62, AppealKind.THREAT: 0.62}})

    lines = [(line.path, line.outcome, line.why) for line in talk.decision.trace.lines]
    assert lines[0] == ("appeal person", "read", "0.62")
    assert "threat" not in str(lines)


def test_a_weak_guess_is_unsure():
    talk = Talk(FLOWS)
    talk.user("hm", understood={"intents": (IntentScore("hours", 0.3, accepted=False),)})

    assert told(talk)[0] == ("intent hours", "unsure")


def test_a_fallback_says_that_nothing_else_fits():
    talk = Talk(FLOWS)
    talk.user("blub")

    assert [line.why for line in talk.decision.trace.lines] == ["since nothing else fits"]


def test_a_handoff_is_traced_with_its_team_and_not_its_note():
    talk = Talk(FLOWS)
    talk.user("boss secret")

    assert ("handoff kitchen", "started") in told(talk)
    assert "secret" not in str(talk.decision.trace)
