"""`alexia test --e2e`: the same files through emulator, browser and driver."""

import json

import pytest
from click.testing import CliRunner

from bot.cli import main
from tests.testing.folders import make_folder, write_test

pytestmark = pytest.mark.browser

RULES = """\
rules:
  - {id: hi, when: {keyword: hi}, do: {reply: "Hello $(contact.first_name)"}}
  - id: state
    when: {pattern: "order {order}"}
    do:
      - http: {url: "$(env.SHOP)/orders/$(order)", save: {state: $.state}}
      - reply: It is $(state)
flows:
  pizza:
    when: {keyword: pizza}
    slots: {count: {type: integer, ask: How many?}}
    steps: [{ask: count}, {tag: done}, {reply: "Done, $(count)"}]
    remind: {after: 10m, text: Still there?}
hours: {never: {days: {mon-sun: closed}}}
campaigns:
  spring:
    audience: {tag: gold}
    variants:
      - {name: short, text: "Hello $(contact.first_name), it is spring"}
      - {name: flow, do: {start: pizza}}
  closed: {audience: {tag: gold}, hours: never, do: {reply: Nobody gets this}}
"""
TESTS = """\
version: 1
mock: {http: [{url: "https://shop.example/orders/7", reply: {state: out}}]}
defaults: {given: {contact: {name: Ana Souza, tags: [gold]}, env: {SHOP: "https://shop.example"}}}
tests:
  - test: a call and a greeting
    talk:
      - user: hi
      - bot: Hello Ana
      - user: order 7
      - bot: It is out
      - expect: {tags: [gold], http: [{url: "*/orders/7"}]}
  - test: killed and edited in the middle
    talk:
      - user: pizza
      - bot: How many?
      - edit: {file: rules/a.yaml, replace: {"Done,": "Ready,"}}
      - restart: true
      - user: "3"
      - bot: Ready, 3
      - expect: {flow: none, tags: [done]}
  - test: a wrong text
    talk:
      - user: hi
      - bot: Bye
  - test: others are left out, and the talk goes on
    talk:
      - user: {text: hi, from: Bo}
      - bot: Hello Bo
      - user: pizza
      - bot: How many?
      - expect: {flow: pizza, rule: none}
      - user: "2"
      - bot: {text: "Done, 2", lang: en}
      - user: {location: {lat: 1, lng: 2}}
      - bot: Where is that?
  - test: a reminder needs a clock
    talk:
      - user: pizza
      - bot: How many?
      - wait: 10m
      - bot: Still there?
  - test: turns in campaigns
    given: {contact: {name: Ana Souza, tags: [gold], consent: given}}
    talk:
      - campaign: spring
      - bot: Hello Ana, it is spring
      - expect: {campaign: sent}
      - campaign: {name: spring, from: Bo}
      - expect: {campaign: no record of consent}
      - campaign: {name: spring, variant: flow}
      - bot: How many?
      - user: "4"
      - bot: Done, 4
      - expect: {campaign: none, flow: none}
      - campaign: closed
      - bot: Nobody gets this
  - test: who never agreed is left out
    talk:
      - campaign: spring
      - expect: {campaign: no record of consent, silent: true}
  - test: no such campaign
    talk:
      - campaign: sprung
"""


def test_tests_run_end_to_end_and_what_needs_a_clock_is_counted(tmp_path):
    (tmp_path / "config.yaml").write_text("env: [SHOP]\n")
    write_test(make_folder(tmp_path, RULES), TESTS)

    done = CliRunner().invoke(main, ["test", "--e2e", "--json", "--config", str(tmp_path)])
    data = json.loads(done.stdout)

    assert done.exit_code == 1
    assert [(one["name"], one["outcome"], one["message"]) for one in data["tests"]] == [
        ("a call and a greeting", "passed", ""),
        ("killed and edited in the middle", "passed", ""),
        ("a wrong text", "failed", 'expected "Bye" got "Hello Ana"'),
        (
            "others are left out, and the talk goes on", "passed",
            "tests/a.test.yaml:27 not playable through the browser: only one contact writes here,"
            " and in private (and the line that follows from it)\n"
            "tests/a.test.yaml:31 not playable through the browser: rule: seen only from inside\n"
            "tests/a.test.yaml:33 not playable through the browser: what is said to others,"
            " languages, quotes and reactions are seen from inside\n"
            "tests/a.test.yaml:34 not playable through the browser: only texts, reactions and"
            " votes are written here (and the line that follows from it)",
        ),
        (
            "a reminder needs a clock", "passed",
            "tests/a.test.yaml:40 not playable through the browser: 'wait' needs a fake clock or"
            " a hand inside (and the line that follows from it)",
        ),
        (
            "turns in campaigns", "passed",
            "tests/a.test.yaml:48 not playable through the browser: only one contact gets"
            " campaigns here (and the line that follows from it)\n"
            "tests/a.test.yaml:55 not playable through the browser: campaign 'closed' sends nothing"
            " now: outside the hours 'never' (and the line that follows from it)",
        ),
        ("who never agreed is left out", "passed", ""),
        (
            "no such campaign", "failed",
            'there is no campaign "sprung"; known: spring, closed',
        ),
    ]  # fmt: skip
    assert "Done," in (tmp_path / "rules" / "a.yaml").read_text()
