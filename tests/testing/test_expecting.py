import pytest

from tests.testing.folders import fails, passes

RULES = """\
teams: [desk]
fields: {vip: {type: yes_no, default: false}}
rules:
  - id: order_status
    when: {pattern: "where is order {order}"}
    do: {reply: "On its way: $(order)"}
    during_flow: answer
  - id: tagger
    when: {keyword: tag}
    do: [{tag: [a, b]}, {lead: {stage: new, score: "+5", owner: Bo, fields: {city: Rio}}}]
  - {id: hand, when: {keyword: human}, do: {handoff: {team: desk, note: called}}}
  - id: tell
    when: {keyword: tell}
    do: [{notify: {to: desk, text: Look}}, {emit: {event: told, data: {n: 1}}}]
  - {id: later, when: {keyword: later}, do: {later: {in: 1h, id: rate, do: {reply: Rate}}}}
  - {id: like, when: {keyword: like}, do: [{react: 👍}, {reply: Liked}]}
  - {id: bad, when: {keyword: bad}, do: {reply: "$(1 / (message.text | length - 3))"}}
  - {id: vip, when: {keyword: vip}, do: [{set: {contact.vip: true}}, {reply: ok}]}
"""
FLOWS = """\
flows:
  order:
    when: {keyword: pizza}
    slots: {count: {type: integer, ask: How many?}}
    steps: [{ask: count}, {reply: Done}]
  pay:
    when: {pattern: "pay with {pin}"}
    slots: {pin: {type: text, sensitive: true, ask: PIN?}, sure: {type: yes_no, ask: Sure?}}
    steps: [{ask: pin}, {ask: sure}]
"""
STATES = [
    ("where is order 7", "On its way: 7", "rule: order_status", "rule: other", '"order_status"'),
    ("where is order 7", "On its way: 7", "slots: {order: 7}", "slots: {order: 8}", '{order: 7}'),
    ("pizza", "How many?", "flow: order", "flow: none", "order"),
    ("pizza", "How many?", "step: count", "step: size", "count"),
    ("pizza", "How many?", "rule: none", "rule: order", '"flow:order"'),
    ("where is order 7", "On its way: 7", "slots: {order: 7}", "slots: {count: 3}",
     "{count: none}; no flow is open, and slots end with theirs: expect them before"),
    ("pizza", "How many?", "slots: {count: none}", "slots: {count: 3}", "{count: none}"),
    ("pay with 47", "Sure?", "slots: {pin: 47}", "slots: {pin: 48}", "{pin: •••}"),
    ("pay with 47", "Sure?", "slots: {pin: •••}", "slots: {pin: none}", "{pin: •••}"),
    ("pizza", "How many?", "timers: [order]", "timers: [rate]", "[expire:order]"),
    ("tag", "", "tags: [a]", "tags: [a, c]", "[a, b]"),
    ("tag", "", "not_tags: [c]", "not_tags: [b, c]", "[b]"),
    ("tag", "", "lead: {stage: new, score: 5}", "lead: {score: 6}", "{score: 5}"),
    ("tag", "", "lead: {owner: Bo, fields: {city: Rio}}", "lead: none", "{stage: new, score: 5}"),
    ("tag", "", "events: [tag.added, lead.created]", "events: [other]", None),
    ("tag", "", "silent: true", "silent: false", "silence"),
    ("hello", "", "lead: none", "lead: {stage: new}", "none"),
    ("hello", "", "tags: none", "tags: a", "none"),
    ("hello", "", "handoff: none", "handoff: desk", "none"),
    ("human", "", "handoff: desk", "handoff: phone", "desk"),
    ("human", "", "muted: true", "muted: false", "true"),
    ("human", "", "notified: [desk]", "notified: [shop]", "[desk]"),
    ("tell", "", "notified: [{to: desk, text: Look}]", "notified: [{text: L}]", "[desk: Look]"),
    ("tell", "", "events: [{name: told, data: {n: 1}}]", "events: none", "[told]"),
    ("later", "", "timers: rate", "timers: none", "[rate]"),
    ("vip", "ok", "contact: {vip: true}", "contact: {vip: false}", "{vip: true}"),
    ("hello", "", "contact: {vip: false}", "contact: {vip: true}", None),
    ("hello", "", "http: none", "http: ['*']", "none"),
    ("hello", "", "errors: none", "errors: true", "none"),
    ("hello", "", "consent: unknown", "consent: true", "unknown"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "reply", "right", "wrong", "told"), STATES)
def test_what_stands_is_compared_and_told(tmp_path, text, reply, right, wrong, told):
    talk = f"- user: {text}\n" + (f'- bot: "{reply}"\n' if reply else "")

    passes(tmp_path, f"{talk}- expect: {{{right}}}", RULES, FLOWS)
    message = fails(tmp_path, f"{talk}- expect: {{{wrong}}}", RULES, FLOWS)
    assert message.startswith(f"expected {wrong.partition(': ')[0]}: ")
    assert told is None or message.endswith(f" got {told}")


def test_a_failing_expectation_has_the_line_of_its_key(tmp_path):
    from tests.testing.folders import only, play

    talk = "- user: tag\n- expect:\n    tags: [a]\n    not_tags: [b]"

    assert only(play(tmp_path, talk, RULES)).line == 9


def test_an_error_of_an_expression_is_seen(tmp_path):
    passes(tmp_path, "- user: bad\n- expect: {errors: true, silent: true}", RULES)
    assert "got [" in fails(tmp_path, "- user: bad\n- expect: {errors: none}", RULES)


def test_consent_follows_the_words_that_the_daemon_owns(tmp_path):
    passes(
        tmp_path,
        """
        - user: STOP
        - bot: {contains: START}
        - expect: {consent: false, rule: none}
        - user: START
        - bot: {contains: Welcome}
        - expect: {consent: true}
        """,
        RULES,
    )


def test_a_notice_to_a_team_is_read_with_to(tmp_path):
    passes(tmp_path, "- user: tell\n- bot: {text: Look, to: desk}", RULES)
    message = fails(tmp_path, "- user: tell\n- bot: {text: Listen, to: desk}", RULES)
    assert message == 'expected "Listen", to desk got [Look]'


def test_a_reaction_is_seen_when_it_is_asked_for(tmp_path):
    passes(tmp_path, "- user: like\n- bot: {react: 👍}\n- bot: Liked", RULES)
    passes(tmp_path, "- user: like\n- bot: Liked", RULES)
    assert "got [react 👍]" in fails(tmp_path, "- user: like\n- bot: {react: 👎}", RULES)


MEDIA = """\
rules:
  - id: pdf
    when: {keyword: prices}
    do: {reply: {media: {kind: document, file: media/p.pdf}, caption: Ours}}
  - {id: poll, when: {keyword: poll}, do: {reply: {poll: {question: Which?, options: [A, B]}}}}
  - {id: place, when: {keyword: place}, do: {reply: {location: {lat: 1.5, lng: 2, text: Shop}}}}
  - {id: menu, when: {keyword: menu}, do: {reply: {text: Menu, buttons: [One, Two]}}}
  - {id: quote, when: {keyword: quote}, do: {reply: {text: This, quote: true}}}
  - {id: vote, when: {media: poll}, do: {reply: "Voted $(message.text)"}}
"""  # fmt: skip


@pytest.mark.parametrize(
    ("text", "right", "wrong"),
    [
        ("prices", "Ours", "Theirs"),
        ("prices", "{text: Ours, media: {kind: document, name: p.pdf}}", "{media: {kind: image}}"),
        ("prices", "{media: document}", "{poll: [A]}"),
        ("poll", "{text: Which?, poll: [A, B]}", "{poll: [A, C]}"),
        ("poll", "{poll: {question: Which?, options: [A, B]}}", "{media: image}"),
        ("place", "{location: {lat: 1.5, lng: 2}}", "{location: {lat: 1.6}}"),
        ("place", "{location: {name: Shop}}", "{location: {name: Bar}}"),
        ("menu", "{text: Menu, buttons: [One, Two]}", "{text: Menu, buttons: [One]}"),
        ("menu", '"Menu\\n1. One\\n2. Two"', "Menu"),
        ("menu", "{contains: [Menu, 1. One]}", "{contains: [Menu, 3. Three]}"),
        ("menu", "{any_of: [Men, {contains: Two}]}", "{any_of: [Men, {contains: Three}]}"),
        ("menu", "{regex: '^Menu'}", "{regex: '^menu'}"),
        ("quote", "{text: This, quote: true}", "{text: This, quote: false}"),
        ("{poll: B}", "Voted B", "Voted A"),
        ("menu", "{contains: Menu, lang: en}", "{contains: Menu, lang: es}"),
    ],
)
def test_a_message_is_compared_with_all_that_it_carries(tmp_path, text, right, wrong):
    passes(tmp_path, f"- user: {text}\n- bot: {right}", MEDIA)
    assert " got " in fails(tmp_path, f"- user: {text}\n- bot: {wrong}", MEDIA)
