import pytest

from tests.testing.folders import fails, passes

ECHO = """\
rules:
  - id: all
    when: {event: message.in}
    do: {reply: "$(contact.name)|$(message.text)|$(message.type)"}
"""
ORDER = """\
flows:
  order:
    when: {keyword: pizza}
    slots:
      size: {type: choice, choices: [small, large], ask: What size?}
      count: {type: integer, ask: How many?, max: 9}
    steps:
      - ask: size
      - ask: count
      - reply: $(count) $(size)
      - tag: done
    remind: {after: 10m, text: Still there?}
"""


@pytest.mark.parametrize(
    ("line", "heard"),
    [
        ("hello there", "|hello there|text"),
        ("{text: hello}", "|hello|text"),
        ("{media: {kind: image, caption: look}}", "|look|image"),
        ("{media: {kind: document, name: a.pdf, mimetype: application/pdf}}", "||document"),
        ("{media: voice}", "||voice"),
        ("{location: {lat: -23.5, lng: -46.6}}", "||location"),
        ("{contact: {name: Bo, number: '+551199'}}", "||contact"),
        ("{poll: [Red, Blue]}", "|Red, Blue|poll"),
        ("{text: hello, from: Bo}", "Bo|hello|text"),
    ],
)
def test_what_a_customer_sends_reaches_the_rules(tmp_path, line, heard):
    name, text, kind = heard.split("|")
    passes(
        tmp_path,
        f"- user: {line}\n- bot: {{text: '{name or '+5511987654321'}|{text}|{kind}'}}",
        ECHO,
    )


def test_a_reaction_is_heard(tmp_path):
    rules = """\
    rules:
      - {id: hi, when: {keyword: hi}, do: {reply: Hello}}
      - {id: heart, when: {reaction: [❤️]}, do: {reply: Thank you}}
    """
    passes(
        tmp_path,
        """
        - user: hi
        - bot: Hello
        - user: {reaction: ❤️, reply_to: Hello}
        - bot: Thank you
        """,
        rules,
    )


def test_a_reply_must_answer_something_that_was_said(tmp_path):
    message = fails(tmp_path, "- user: {text: what, reply_to: Goodbye}", ECHO)

    assert message == 'the bot never said "Goodbye" here'


def test_two_lines_are_two_turns_and_a_burst_is_one(tmp_path):
    passes(
        tmp_path,
        """
        - user: a
        - bot: {contains: "|a|"}
        - user: b
        - user: {text: c, burst: true}
        - bot: {contains: "|b\\nc|"}
        """,
        ECHO,
    )


def test_each_contact_has_a_conversation_a_lead_and_timers_of_their_own(tmp_path):
    flows = ORDER.replace("- tag: done", "- lead: {stage: customer}")
    passes(
        tmp_path,
        """
        - user: pizza
        - bot: What size?
        - user: {text: pizza, from: Bo}
        - bot: {text: What size?, to: Bo}
        - user: large
        - bot: How many?
        - expect: {slots: {size: large}, timers: [order]}
        - expect: {from: Bo, slots: {size: none}, step: size}
        - user: "2"
        - bot: 2 large
        - expect: {flow: none, lead: {stage: customer}}
        - expect: {from: Bo, flow: order, lead: none}
        - wait: 10m
        - bot: {text: Still there?, to: Bo}
        """,
        flows=flows,
    )


def test_a_message_to_the_wrong_contact_is_told(tmp_path):
    message = fails(tmp_path, "- user: hi\n- bot: {text: Hello, to: Bo}")

    assert message.startswith("expected a message to Bo got one to 5511987654321@c.us")


def test_groups_are_chats_with_several_members(tmp_path):
    rules = """\
    rules:
      - {id: g, when: {keyword: hi}, if: {chat: group}, do: {reply: "Hi $(contact.name)"}}
      - {id: p, when: {keyword: hi}, if: {chat: private}, do: {reply: Hello}}
    """
    passes(
        tmp_path,
        """
        - user: {text: hi, group: "120363", from: Ana}
        - bot: {text: Hi Ana, to: "120363@g.us"}
        - user: {text: hi, group: "120363", from: Bo}
        - bot: Hi Bo
        - user: {text: hi, from: Bo}
        - bot: Hello
        """,
        rules,
    )


def test_time_passes_and_what_is_due_happens_at_its_moment(tmp_path):
    passes(
        tmp_path,
        """
        - user: pizza
        - bot: What size?
        - wait: 9m
        - expect: {silent: true}
        - wait: 1m
        - bot: Still there?
        - wait: 1d
        - expect: {flow: none, silent: true}
        """,
        flows=ORDER,
    )


def test_much_may_happen_in_a_long_wait(tmp_path):
    rules = """\
    rules:
      - {id: hi, when: {keyword: hi}, do: {reply: Hello}}
      - {id: tick, when: {schedule: "every 1h"}, do: {emit: {event: ticked}}}
    """
    passes(tmp_path, "- user: hi\n- bot: Hello\n- wait: 60d\n- expect: {events: [ticked]}", rules)


def test_a_pause_inside_a_turn_needs_no_line(tmp_path):
    rules = "rules: [{id: a, when: {keyword: hi}, do: [{reply: One}, {wait: 5s}, {reply: Two}]}]"

    passes(tmp_path, "- user: hi\n- bot: One\n- bot: Two", rules)


def test_a_person_takes_over_from_the_phone(tmp_path):
    passes(
        tmp_path,
        """
        - user: hi
        - bot: Hello
        - human: I am here myself
        - user: hi
        - expect: {silent: true, handoff: phone, muted: true}
        - wait: 12h
        - user: hi
        - bot: Hello
        - expect: {handoff: none, muted: false}
        """,
    )


def test_events_and_webhooks_are_heard_with_their_data(tmp_path):
    rules = """\
    rules:
      - id: paid
        when: {event: order.paid, where: {plan: gold}}
        do: {reply: "Paid $(captures.total)"}
      - {id: hook, when: {webhook: crm}, do: {reply: "CRM says $(captures.state)"}}
    """
    passes(
        tmp_path,
        """
        - event: {name: order.paid, data: {plan: gold, total: 12}}
        - bot: Paid 12
        - event: {name: order.paid, data: {plan: silver, total: 1}}
        - expect: {silent: true}
        - event: {webhook: crm, json: {state: won}}
        - bot: CRM says won
        """,
        rules,
    )


def test_an_edit_happens_on_a_copy_and_live_conversations_follow(tmp_path):
    passes(
        tmp_path,
        """
        - user: pizza
        - bot: What size?
        - edit: {file: flows/a.yaml, replace: {How many?: Number?}}
        - restart: true
        - user: large
        - bot: Number?
        """,
        flows=ORDER,
    )
    assert "How many?" in (tmp_path / "flows" / "a.yaml").read_text()


def test_an_edit_that_breaks_the_files_fails_unless_it_is_meant_to(tmp_path):
    broken = '- edit: {file: rules/a.yaml, text: "rules: [{idd: x}]"%s}\n- user: hi\n- bot: Hello'

    assert "the rule files are broken" in fails(tmp_path, broken % "")
    passes(tmp_path, broken % ", rejected: true")


@pytest.mark.parametrize(
    ("edit", "told"),
    [
        (
            "{file: rules/b.yaml, delete: true}",
            "there is no file 'rules/b.yaml'; one of: rules/a.yaml",
        ),
        ("{file: rules/a.yaml, replace: {Howdy: x}}", '"Howdy" does not stand in rules/a.yaml'),
        ("{file: ../a.yaml, text: x}", "'../a.yaml' is no file under rules/ or flows/"),
    ],
)
def test_an_edit_that_cannot_be_made_is_told(tmp_path, edit, told):
    assert fails(tmp_path, f"- edit: {edit}") == told


def test_a_restart_goes_through_what_the_store_keeps(tmp_path):
    passes(
        tmp_path,
        """
        - user: pizza
        - bot: What size?
        - user: small
        - bot: How many?
        - restart: true
        - expect: {flow: order, step: count, slots: {size: small}, timers: [order]}
        - user: "3"
        - bot: 3 small
        - expect: {tags: [done]}
        """,
        flows=ORDER,
    )


def test_what_came_due_while_the_daemon_was_down_may_come_too_late(tmp_path):
    rules = """\
    rules:
      - id: a
        when: {keyword: hi}
        do:
          - later: {in: 1h, id: soft, cancel_on: never, late: drop, do: {reply: Dropped}}
          - later: {in: 1h, id: hard, cancel_on: never, late: send, do: {reply: Sent}}
    """
    passes(
        tmp_path, "- user: hi\n- expect: {timers: [soft, hard]}\n- restart: 5h\n- bot: Sent", rules
    )


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("- usr: hi", "unknown line 'usr'\n    = help: did you mean 'user'?"),
        ("- bot: {poll: {question: When?}}", "'options' is missing"),
        ("- user: {texd: hi}", "unknown key 'texd'\n    = help: did you mean 'text'?"),
        ("- bot: {contain: hi}", "unknown key 'contain'\n    = help: did you mean 'contains'?"),
        ("- expect: {slot: {a: b}}", "unknown key 'slot'\n    = help: did you mean 'slots'?"),
        ("- wait: 5 minutes", "'5 minutes' is not a duration; write 30s, 20m, 12h, 7d or 1h30m"),
        ("- user: hi\n  bot: Hello", "a line is one thing; found user + bot"),
        ("- user: {media: {kind: imag}}", "'imag' is not allowed for 'kind'"),
        ("- bot: {regex: '('}", "'(' is not a regular expression"),
        ("- user: {from: Bo}", "nothing is said here"),
        ("- event: {data: {a: 1}}", "an event has either a name or a webhook"),
        ("- expect: {silent: maybe}", "'maybe' is not true/false"),
        ("- edit: {file: rules/a.yaml}", "an edit has a file and one of replace, text, delete"),
        ("- hello", "'hello' is not a line"),
        ("- bot: [a, b]", "the bot says one message a line"),
    ],
)
def test_a_line_that_cannot_be_read_fails_its_test_with_its_place(tmp_path, line, told):
    message = fails(tmp_path, line)

    assert message.startswith("tests/a.test.yaml:")
    assert told in message
