"""Whatever is said and whenever timers fire, a decision comes of it, and always the same one."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.effects import CallHttp, RunAction, StartTimer
from bot.domain.messages import ContactCard, Location, Media, MessageKind
from bot.domain.turns import (
    CallAnswered,
    Commanded,
    EventRaised,
    HumanReplied,
    MessageArrived,
    TimerFired,
    Turn,
)
from bot.domain.understanding import IntentScore, Mood, Sentiment, Understanding
from bot.engine.decide import decide
from bot.language.flows import SLOT_TYPES
from bot.language.signatures import Signature
from tests.engine.talk import Talk
from tests.make import message

ASKS = "".join(f", {{ask: s_{kind}}}" for kind in SLOT_TYPES)
SLOTS = ", ".join(
    f"s_{kind}: {{type: {kind}, ask: {kind}?, prefill: true, min: '1', max: '99'"
    + (", choices: {a: [one], b c: [two]}" if kind == "choice" else "")
    + (", confirm: true" if kind == "date" else "")
    + "}"
    for kind in SLOT_TYPES
)
RULES = f"""
lists: {{sizes: {{small: [pequeña], large: [big]}}}}
fields: {{n: {{type: integer, default: 0}}}}
vars: {{v: {{type: list}}}}
hours: {{shop: {{days: {{mon-fri: "09:00-18:00"}}}}}}
teams: {{desk: [{{name: Bo, number: "+5511900000002"}}]}}
rules:
  - {{id: a, when: {{keyword: [hi, hola], fuzzy: 1}}, do: {{reply: "$(message.text)"}}, during_flow: answer}}
  - {{id: b, when: {{pattern: "[i want] {{n:number}} [{{sizes:size}}] {{x}}"}}, do: [{{lead: {{score: "+$(n)"}}}}, {{reply: "$(n * 2) $(x)"}}]}}
  - {{id: c, when: {{event: message.in}}, do: {{set: {{vars.v: "$((vars.v or []) + [message.text])", contact.n: "$(contact.n + 1)"}}}}}}
  - {{id: d, when: {{keyword: go}}, do: [{{http: {{url: "https://a.example/$(message.text)", save: {{x: $.a}}}}}}, {{run: act, save: y}}, {{reply: "$(x) $(y)"}}], during_flow: answer}}
  - {{id: e, when: {{event: odd}}, do: [{{reply: "$(data)"}}, {{start: f}}]}}
  - {{id: r, when: {{keyword: again}}, do: [{{reroute: "$(message.text)"}}, {{reply: r}}], during_flow: answer}}
  - {{id: s, when: {{silence: 5m}}, do: {{call: g}}}}
  - {{id: h, when: {{sentiment: negative}}, do: {{handoff: {{team: desk, park: true}}}}, during_flow: interrupt}}
  - {{id: t, when: [{{media: [image, contact, poll]}}, {{reaction: 👍}}], do: [{{react: 👍}}, {{reply: {{poll: {{question: q, options: [a, b]}}, quote: true}}}}]}}
  - {{id: z, when: {{fallback: true}}, do: {{reply: {{text: z, buttons: [hi, go, flow]}}}}, limit: 2 per 1h}}
flows:
  f:
    when: [{{keyword: flow}}, {{intent: flow}}]
    slots: {{{SLOTS}}}
    steps: [{{set: {{k: 0}}}}, {{repeat: {{while: k < 3, do: [{{set: {{k: $(k + 1)}}}}, {{each: {{of: "$([1, 2])", as: i, do: [{{ask: {{slot: s_integer, force: true, timeout: 1m}}}}]}}}}]}}}}{ASKS}, {{later: {{in: 1h, do: {{reply: later}}}}}}, {{end: done}}]
    remind: {{after: 10m, text: hm, times: 2}}
    on: {{no_match: {{reply: what}}, cancel: {{reply: bye}}, timeout: {{reply: slow}}, resume: {{reply: back}}, error: {{reply: broken}}}}
  g: {{when: {{keyword: other}}, interrupt: ask, reentry: restart, slots: {{q: {{type: yes_no, ask: q?, retries: 1, on_fail: cancel}}}}, steps: [{{ask: q}}, {{if: q, call: f, save: w}}, {{reply: "$(w)"}}]}}
"""  # noqa: E501 - one rule a line
WORDS = st.sampled_from([
    "hi", "flow", "other", "go", "again", "yes", "no", "cancel", "stop", "start", "2", "one", "a",
    "no, 5", "make it two", "actually b c", "tomorrow at 5pm", "24/12", "ana@b.example",
    "start again", "²", "①.", "minus ²", "9" * 5000, "1k " * 800,
    "i want 3 big things", "+5511987654321", "$(7*7)", "1.234,50", "https://a.example", "2h",
])  # fmt: skip
FLOW = IntentScore(name="flow", score=0.9, accepted=True)
KINDS = st.sampled_from(list(MessageKind))
TONES = st.none() | st.builds(Sentiment, st.sampled_from(list(Mood)), st.floats(0, 1))
EVENTS = st.one_of(
    st.tuples(st.just("say"), WORDS | st.text(max_size=30), KINDS, TONES),
    st.tuples(st.just("timer"), st.integers(0, 50)),
    st.tuples(st.just("answer"), st.sampled_from([200, 500, 0])),
    st.tuples(st.just("event"), st.sampled_from(["odd", "even", "human"])),
    st.tuples(st.just("command"), st.sampled_from(["resume", "handoff", "end", "start", "x"])),
)


class Chat:
    """Plays events and remembers timers and calls that were asked for."""

    def __init__(self):
        self.talk = Talk(RULES, known_actions={"act": Signature(is_open=True)})
        self.timers, self.calls = {}, []

    def event_of(self, given_event):
        match given_event:
            case "say", text, kind, tone:
                return MessageArrived(message=replace(
                    message(text), kind=kind, location=Location(latitude=1.0, longitude=2.0),
                    media=Media(kind=MessageKind.IMAGE), card=ContactCard(name="Bo", number="+1"),
                )), Understanding(sentiment=tone, intents=(FLOW,))  # fmt: skip
            case "timer", number if self.timers:
                timer = self.timers.pop(sorted(self.timers)[number % len(self.timers)])
                self.talk.now = max(self.talk.now, timer.due)
                return TimerFired(key=timer.key, kind=timer.kind, due=timer.due,
                                  payload=timer.payload), Understanding()  # fmt: skip
            case "answer", status if self.calls:
                key = self.calls.pop(0)
                return CallAnswered(key=key, status=status, body={"a": [1]}), Understanding()
            case "event", "human":
                return HumanReplied(message=message("mine", from_me=True)), Understanding()
            case "event", name:
                return EventRaised(name=name, data={"data": {"x": 1}, "s_date": 5}), Understanding()
            case "command", name:
                return Commanded(command=name, argument="f"), Understanding()
            case _:
                return Commanded(command="x"), Understanding()

    def play(self, given_event):
        event, understanding = self.event_of(given_event)
        talk = self.talk
        talk.turns += 1
        turn = Turn(
            cause=f"c{talk.turns}", event=event, conversation=talk.conversation,
            contact=talk.contact, lead=talk.lead, now=talk.now, seed=talk.turns,
            settings=talk.settings, understanding=understanding, variables=talk.variables,
        )  # fmt: skip
        decision = decide(turn, talk.compiled)
        assert decision == decide(turn, talk.compiled)
        talk.decision = decision
        talk.conversation, talk.lead = decision.conversation, decision.lead
        talk.contact = decision.contact
        self.timers.update({timer.key: timer for timer in talk.of(StartTimer)})
        self.calls += [call.key for call in (*talk.of(CallHttp), *talk.of(RunAction))]
        talk.now += timedelta(seconds=30)


@settings(max_examples=60)
@given(events=st.lists(EVENTS, max_size=25))
def test_no_row_of_events_raises_and_each_decides_the_same_again(events):
    chat = Chat()
    for event in events:
        chat.play(event)
        assert len(chat.talk.conversation.frames) <= 6


CHOICES = ", choices: {red one: [rojo], b c: [two]}"
LONGEST_TEXT = 65_536  # characters of a message
ROWS = (",", "1", "1k ", "no, ", "the name is x ", "move from to ", "a@", "1.", "½ ", "👍 ")


def asked(kind):
    """Return a chat whose name is known, and that is asked for a value of a kind."""
    choices = CHOICES if kind in ("choice", "list") else ""
    talk = Talk(f"""
flows:
  f:
    when: {{keyword: flow}}
    slots:
      name: {{type: name, ask: who?}}
      day: {{type: date, ask: when?}}
      s: {{type: {kind}, ask: s?, retries: 9{choices}}}
    steps: [{{ask: name}}, {{ask: day}}, {{ask: s}}]
""")
    for said in ("flow", "Ana", "tomorrow"):
        talk.user(said)
    assert talk.conversation.frames
    return talk


@pytest.mark.parametrize("kind", SLOT_TYPES)
def test_the_longest_messages_are_decided_whatever_they_hold(kind):
    for row in ROWS:
        for led in ("", "no, "):
            talk = asked(kind)
            talk.user(led + row * (LONGEST_TEXT // 4 // len(row)) + "x")
            assert talk.decision.conversation


@pytest.mark.parametrize("number", ["²", "①", "9" * 5000, "0"])
def test_what_is_no_number_of_a_list_chooses_nothing(number):
    talk = asked("choice")
    talk.user(number)
    assert talk.flow == "f"
    assert "s" not in talk.conversation.frames[-1].slots
    menu = Talk("""rules:
  - {id: m, when: {keyword: menu}, do: {reply: {text: What?, buttons: [Order, Hours]}}}
  - {id: hours, when: {keyword: hours}, do: {reply: Nine to five}}""")
    menu.user("menu")
    assert menu.user(number) == []
