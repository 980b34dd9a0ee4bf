"""`alexia crm` speaks with the running bot."""

import json

import pytest
from click.testing import CliRunner

from bot.cli import main
from tests.cli.test_daemon import STATUS, daemon  # noqa: F401 - a fixture

HUBSPOT = {"waiting": 3, "dead": 1, "since": "2026-01-05T09:00:00+00:00", "reason": "status 503"}
CHATWOOT = {"waiting": 0, "dead": 0, "since": None, "reason": ""}


def run(daemon, *words):  # noqa: F811 - the fixture
    return CliRunner().invoke(main, [*words, "--config", daemon.config])


def told(crm):
    return {**STATUS, "crm": crm, "sessions": [{**STATUS["sessions"][0], "crm": crm}]}


def test_the_status_tells_what_waits_and_which_system_takes_nothing(daemon):  # noqa: F811
    daemon.answers["status"] = told({"hubspot": HUBSPOT, "chatwoot": CHATWOOT})
    lines = [
        "hubspot: 3 to be told, 1 set aside; takes nothing since 2026-01-05 09:00:00: status 503",
        "chatwoot: 0 to be told, 0 set aside",
    ]

    assert run(daemon, "crm", "status").output.splitlines() == lines
    assert json.loads(run(daemon, "crm", "status", "--json").output)["hubspot"] == HUBSPOT
    assert set(lines) <= set(run(daemon, "status").output.splitlines())


def test_each_of_several_sessions_tells_of_its_own(daemon):  # noqa: F811
    one = {**STATUS["sessions"][0], "crm": {"hubspot": HUBSPOT}}
    daemon.answers["status"] = {**STATUS, "sessions": [one, {**one, "name": "north", "crm": {}}]}

    assert "  hubspot: 3 to be told" in run(daemon, "status").output


def test_where_nothing_is_configured_it_says_so(daemon):  # noqa: F811
    daemon.answers["status"] = told({})

    assert "no other system is configured" in run(daemon, "crm", "status").output


@pytest.mark.parametrize(
    ("words", "found", "code", "output"),
    [
        (("test",), {"hubspot": []}, 0, "hubspot: all is well\n"),
        (("test", "hubspot"), {"hubspot": ["status 401"]}, 1, "hubspot: status 401\n"),
        (("setup",), {"hubspot": ["made: contacts.alexia_id"]}, 0,
         "hubspot: made: contacts.alexia_id\n"),
        (("sync", "--json"), {}, 0, "{}\n"),
    ],
)  # fmt: skip
def test_a_system_is_asked(daemon, words, found, code, output):  # noqa: F811
    daemon.answers["crm"] = {"done": True, "found": found}

    done = run(daemon, "crm", *words)

    assert (done.exit_code, done.output) == (code, output)
    assert daemon.asked[-1]["action"] == words[0]


def test_a_system_that_is_not_configured_is_told(daemon):  # noqa: F811
    daemon.answers["crm"] = {"done": False, "reason": "configured is none"}

    done = run(daemon, "crm", "sync", "hubspot")

    assert (done.exit_code, done.stderr) == (1, "configured is none\n")
