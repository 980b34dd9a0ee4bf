import pytest

from tests.testing.folders import fails, passes, play

RULES = """\
fields:
  vip: {type: yes_no, default: false}
  points: {type: integer, default: 0}
vars:
  stock: {type: integer, default: 5}
rules:
  - id: who
    when: {keyword: who}
    do:
      reply: >-
        $(contact.name) $(contact.number) $(contact.vip) $(contact.points)
        $(lead.stage) $(lead.score) $(vars.stock)
  - {id: new, when: {first_message: true}, do: {reply: Welcome}, then: continue}
  - {id: gold, when: {keyword: tag}, if: {tag: gold}, do: {reply: Golden}}
  - {id: url, when: {keyword: env}, do: {reply: "$(env.SHOP)"}}
"""
FLOWS = """\
flows:
  order:
    when: {keyword: pizza}
    slots:
      kind: {type: choice, choices: {diavola: [hot], funghi: []}, ask: Which?}
      count: {type: integer, ask: How many?}
      day: {type: date, ask: When?}
      where: {type: text, ask: Where to?, scope: contact}
    steps:
      - ask: kind
      - id: number
        ask: count
      - ask: day
      - ask: where
      - reply: $(count) $(kind) to $(where)
    remind: {after: 10m, text: Still there?}
"""
ENV = "defaults: {given: {env: {SHOP: 'https://shop.example'}}}\n"


def test_a_given_contact_wrote_before_and_another_is_new(tmp_path):
    given = """\
    given:
      contact: {name: Ana Souza, number: "+551199", tags: [gold], fields: {vip: true, points: 7}}
      lead: {stage: hot, score: 60}
      vars: {stock: 2}
    """
    passes(
        tmp_path,
        """
        - user: who
        - bot: Ana Souza +551199 yes 7 hot 60 2
        - user: tag
        - bot: Golden
        - expect: {contact: {vip: yes, points: 7, name: Ana Souza}, lead: {stage: hot, score: 60}}
        """,
        RULES,
        head=ENV,
        more=given,
    )
    passes(tmp_path, "- user: tag\n- bot: Welcome\n- user: env\n- bot: https://shop.example", RULES,
           head=ENV)  # fmt: skip


def test_the_test_merges_over_the_defaults_and_none_takes_away(tmp_path):
    head = """\
    defaults:
      given: {contact: {name: Ana, fields: {points: 1}}, env: {SHOP: x}}
    """
    who = "- user: who\n- bot: {contains: Bo}\n- expect: {contact: {name: Bo, points: 1}}"

    passes(tmp_path, who, RULES, head=head, more="given: {contact: {name: Bo}}")
    passes(tmp_path, "- user: tag\n- bot: Welcome", RULES, head=head, more="given: {contact: none}")


def test_a_test_may_begin_in_the_middle_of_a_flow(tmp_path):
    passes(
        tmp_path,
        """
        - expect: {flow: order, step: day, slots: {kind: diavola, count: 3}, timers: [order]}
        - user: tomorrow
        - bot: Where to?
        - user: home
        - bot: 3 diavola to home
        """,
        flows=FLOWS,
        more="given: {flow: order, slots: {kind: hot, count: 3}}",
    )


def test_the_step_is_named_by_its_id_or_its_slot(tmp_path):
    for step in ("number", "count"):
        passes(
            tmp_path,
            "- user: '4'\n- bot: When?\n- wait: 10m\n- bot: Still there?",
            flows=FLOWS,
            more=f"given: {{flow: order, step: {step}, slots: {{kind: funghi}}}}",
        )


def test_slots_kept_with_the_person_need_no_flow(tmp_path):
    passes(
        tmp_path,
        """
        - user: pizza
        - bot: Which?
        - user: funghi
        - bot: How many?
        - user: two
        - bot: When?
        - user: tomorrow
        - bot: 2 funghi to Rua Augusta 1
        """,
        flows=FLOWS,
        more="given: {slots: {where: Rua Augusta 1}}",
    )


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ("{flow: ordr}", "5:13: E204 there is no flow 'ordr'\n    = help: did you mean 'order'?"),
        ("{flow: order, slots: {knd: x}}", "E201 flow 'order' has no slot 'knd'"),
        ("{flow: order, step: kount}", "E202 flow 'order' asks nothing at 'kount'"),
        ("{contact: {nam: Ana}}", "E101 no field 'nam' of a contact is declared"),
        ("{contact: {fields: {vop: 1}}}", "E101 no field 'vop' of a contact is declared"),
        ("{vars: {stick: 1}}", "E101 no variable 'stick' is declared"),
        ("{contcat: {}}", "E101 unknown key 'contcat'\n    = help: did you mean 'contact'?"),
        ("{lead: {score: high}}", "'high' is not a number"),
        ("{lead: {stag: high}}", "unknown key 'stag'"),
        ("{slots: 5}", "'5' is not a mapping"),
    ],
)
def test_what_does_not_fit_the_files_is_told_with_its_place(tmp_path, given, told):
    message = fails(tmp_path, "- user: hi", RULES, FLOWS, head=ENV, more=f"given: {given}")

    assert message.startswith("tests/a.test.yaml:5:")
    assert told in message


def test_the_clock_begins_where_the_test_says_in_its_time_zone(tmp_path):
    rules = """\
    hours: {shop: {days: {mon: "09:00-12:00"}}}
    rules:
      - {id: a, when: {keyword: hi}, do: {reply: "$(is_open('shop')) $(now | time)"}}
    """
    zone = "timezone: America/Sao_Paulo"

    passes(tmp_path, "- user: hi\n- bot: yes 09:00", rules)
    passes(tmp_path, "- user: hi\n- bot: yes 09:00", rules, more=zone)
    passes(tmp_path, "- user: hi\n- bot: no 15:30", rules, more=f"{zone}\nnow: 2026-11-23 15:30")


def test_language_and_currency_are_the_tests_own(tmp_path):
    rules = """\
    rules:
      - id: a
        when: {keyword: hi}
        do: [{set: {x: 24}}, {reply: {lang: {en: "Hi $(x | money)", es: "Hola $(x | money)"}}}]
    """
    passes(tmp_path, "- user: hi\n- bot: Hi R$24.00", rules, more="currency: BRL")
    passes(tmp_path, "- user: hi\n- bot: {contains: Hola, lang: es}", rules, more="language: es")
    passes(
        tmp_path, "- user: hi\n- bot: {contains: Hola}", rules,
        more="given: {contact: {language: es}}",
    )  # fmt: skip


def test_the_seed_decides_which_variant_is_drawn_and_always_the_same(tmp_path):
    rules = "rules: [{id: a, when: {keyword: hi}, do: {reply: [A, B, C, D]}}]"
    drawn = set()
    for seed in range(12):
        for letter in "ABCD":
            more = f"seed: {seed}"
            from tests.testing.folders import only

            if (
                only(play(tmp_path, f"- user: hi\n- bot: {letter}", rules, more=more)).outcome
                == "passed"
            ):
                drawn.add(letter)

    assert len(drawn) > 1
