import json
from xml.etree import ElementTree as ET

from bot.testing import run_tests
from bot.testing.reports import as_data, as_lines, coverage_lines, junit_xml
from tests.testing.folders import make_folder, write_test

TESTS = """\
version: 1
tests:
  - {test: good, talk: [{user: hi}, {bot: Hello}]}
  - test: "bad \\x01 <one>"
    talk:
      - user: hi
      - bot: Bye
"""
FLOW = """\
flows:
  order:
    when: {keyword: pizza}
    slots: {count: {type: integer, ask: How many?}}
    steps:
      - ask: {slot: count, timeout: 5m, on_timeout: {reply: Gone}}
      - branch:
          - {if: count > 3, then: {reply: Many}}
          - else: {reply: Few}
    remind: {after: 1m, text: Hm}
"""


def results(tmp_path, tests=TESTS, flows=""):
    folder = make_folder(tmp_path, flows=flows)
    write_test(folder, tests)
    return run_tests(folder)


def test_programs_get_each_test_with_its_outcome(tmp_path):
    data = json.loads(json.dumps(as_data(results(tmp_path))))

    assert (data["passed"], data["failed"]) == (1, 1)
    assert data["tests"] == [
        {
            "file": "tests/a.test.yaml", "line": 3, "name": "good", "outcome": "passed",
            "message": "",
        },
        {
            "file": "tests/a.test.yaml", "line": 7, "name": "bad \x01 <one>", "outcome": "failed",
            "message": 'expected "Bye" got "Hello"',
        },
    ]  # fmt: skip
    assert data["coverage"]["percent"] == 100.0


def test_people_get_the_place_of_what_failed(tmp_path):
    assert list(as_lines(results(tmp_path))) == [
        'tests/a.test.yaml:7 expected "Bye" got "Hello"',
        "    in: bad \x01 <one>",
        "1 passed, 1 failed",
    ]


def test_junit_reads_its_own_form(tmp_path):
    suite = ET.fromstring(junit_xml(results(tmp_path)))

    assert (suite.get("tests"), suite.get("failures")) == ("2", "1")
    good, bad = suite.findall("testcase")
    assert good.get("name") == "good"
    assert bad.find("failure").get("message") == 'tests/a.test.yaml:7 expected "Bye" got "Hello"'


def test_coverage_counts_what_ran_and_names_what_did_not(tmp_path):
    tests = """\
    version: 1
    tests:
      - {test: few, talk: [{user: pizza}, {bot: How many?}, {user: "2"}, {bot: Few}]}
    """
    coverage = results(tmp_path, tests, FLOW).coverage

    assert coverage.line == (
        "coverage 44.4 % (rules 0/1, steps 3/6, branches 1/2, retries 0/1, timeouts 0/2)"
    )
    assert list(coverage_lines(coverage)) == [
        "flows/a.yaml:3 never visited: flow order remind",
        "flows/a.yaml:7 never visited: flow order > count wrong answer",
        "flows/a.yaml:7 never visited: flow order > count timeout",
        "flows/a.yaml:7 never visited: flow order > count.on_timeout.0",
        "flows/a.yaml:8 never visited: flow order > 1 way 1",
        "flows/a.yaml:9 never visited: flow order > 1.0.then.0",
        "rules/a.yaml:2 never visited: rule a",
        "rules/a.yaml:2 never visited: rule a > 0",
    ]


def test_coverage_sees_retries_timeouts_and_reminders(tmp_path):
    tests = """\
    version: 1
    tests:
      - test: all
        talk:
          - user: pizza
          - bot: How many?
          - wait: 1m
          - bot: Hm
          - user: none
          - bot: How many?
          - wait: 1m
          - bot: Hm
          - wait: 4m
          - bot: Gone
          - bot: Few
          - user: pizza
          - bot: How many?
          - user: "9"
          - bot: Many
          - user: hi
          - bot: Hello
    """
    found = results(tmp_path, tests, FLOW)

    assert [test.message for test in found.tests] == [""]
    assert found.coverage.missed == ()
    assert found.coverage.percent == 100
