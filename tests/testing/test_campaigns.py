"""A test lets a contact's turn in a campaign come, and sees what it leads to."""

import pytest

from tests.testing.folders import fails, passes

RULES = """\
campaigns:
  spring:
    audience: {tag: buyer}
    exclude: {tag: rude}
    variants:
      - {name: short, text: "Spring, $(contact.name)!"}
      - {name: long, text: "Spring is here, $(contact.name)!"}
    do:
      - later: {in: 2d, do: {reply: "Shall I send the plans?"}}
  ask:
    audience: {tag: buyer}
    do: {start: rate_us}
rules:
  - {id: hours, when: {keyword: hours}, do: {reply: Nine to five.}}
"""
FLOWS = """\
flows:
  rate_us:
    slots: {stars: {type: integer, min: 1, max: 5, ask: "Rated $(usual). How many stars?"}}
    steps:
      - http: {url: "https://shop.example/rate", save: {usual: $.usual}}
      - ask: stars
      - reply: "$(stars), thank you."
"""
BUYER = "given: {contact: {name: Ana, tags: [buyer], consent: given}}"
MOCK = 'mock: {http: [{url: "*/rate", reply: {usual: 4}}]}\n'


def test_the_message_comes_and_its_follow_up_too(tmp_path):
    talk = """\
        - campaign: spring
        - bot: Spring, Ana!
        - expect: {campaign: sent}
        - restart: true
        - wait: 2d
        - bot: Shall I send the plans?
    """
    passes(tmp_path, talk, RULES, FLOWS, more=BUYER)


def test_an_answer_cancels_the_follow_up(tmp_path):
    talk = """\
        - campaign: {name: spring, variant: long}
        - bot: Spring is here, Ana!
        - wait: 1h
        - user: hours
        - bot: Nine to five.
        - wait: 3d
        - expect: {silent: true, campaign: none}
    """
    passes(tmp_path, talk, RULES, FLOWS, more=BUYER)


def test_an_answer_goes_to_the_flow_that_the_campaign_started(tmp_path):
    talk = """\
        - campaign: ask
        - bot: Rated 4. How many stars?
        - expect: {campaign: sent, flow: rate_us, http: [{url: "*/rate"}]}
        - user: five
        - bot: 5, thank you.
        - expect: {flow: none}
    """
    passes(tmp_path, talk, RULES, FLOWS, head=MOCK, more=BUYER)


def test_a_campaign_may_come_twice_and_to_somebody_else(tmp_path):
    talk = """\
        - campaign: spring
        - bot: Spring, Ana!
        - campaign: spring
        - bot: Spring, Ana!
        - user: {text: hours, from: Bo}
        - bot: Nine to five.
        - campaign: {name: spring, from: Bo}
        - expect: {campaign: no record of consent, silent: true}
    """
    passes(tmp_path, talk, RULES, FLOWS, more=BUYER)


@pytest.mark.parametrize(
    ("given", "why"),
    [
        ("{name: Ana, tags: [buyer]}", "no record of consent"),
        ("{name: Ana, tags: [buyer], consent: withdrawn}", "opted out"),
        ("{name: Ana, consent: given}", "not in the audience any more"),
        ("{name: Ana, tags: [buyer, rude], consent: given}", "excluded"),
    ],
)
def test_who_is_left_out_is_told_with_the_reason(tmp_path, given, why):
    talk = f"""\
        - campaign: spring
        - expect: {{campaign: {why}, silent: true}}
    """
    passes(tmp_path, talk, RULES, FLOWS, more=f"given: {{contact: {given}}}")


def test_nobody_known_has_not_agreed(tmp_path):
    passes(tmp_path, "- campaign: spring\n- expect: {campaign: no record of consent}", RULES, FLOWS)


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("- campaign: sprung", 'there is no campaign "sprung"; known: spring, ask'),
        ("- campaign: {name: spring, variant: c}", 'no variant "c"; known: short, long'),
        ("- campaign: {variant: c}", "'name' is missing"),
        ("- campaign: [spring]", "a list is not a campaign's turn"),
        ("- campaign: {name: spring, when: now}", "unknown key 'when'"),
        ("- campaign: spring\n- expect: {campaign: excluded}", "campaign: excluded got sent"),
    ],
)
def test_what_is_wrong_is_told(tmp_path, line, told):
    assert told in fails(tmp_path, line, RULES, FLOWS, more=BUYER)


def test_rules_without_campaigns_say_so(tmp_path):
    assert "the rule files have none" in fails(tmp_path, "- campaign: spring")
