"""What `alexia test --e2e` refuses and leaves out; no process is started."""

import pytest
from click.testing import CliRunner

from bot.cli import main
from bot.cli.live_left import LeftOut, Reach, goes_on_at
from bot.cli.live_stage import _meant
from bot.language.places import Place
from bot.testing.reading import read_tests
from tests.testing.folders import make_folder, write_test


def test_rules_that_call_a_fixed_address_are_refused(tmp_path, monkeypatch):
    monkeypatch.setattr("bot.cli.setup.require_browser", lambda say: None)
    (tmp_path / "config.yaml").touch()
    rules = 'rules: [{id: a, when: {keyword: hi}, do: {http: {url: "https://x.example/a"}}}]'
    write_test(make_folder(tmp_path, rules), "version: 1\ntests: []\n")

    done = CliRunner().invoke(main, ["test", "--e2e", "--config", str(tmp_path)])

    assert done.exit_code == 1
    assert "rules/a.yaml:2:" in done.stderr
    assert "this address cannot be moved to this machine" in done.stderr


def test_a_call_to_this_machine_is_known_by_what_the_test_calls_it():
    env = {"SHOP": "https://shop.example"}

    assert _meant("/env/SHOP/orders/7?x=1", env) == "https://shop.example/orders/7?x=1"
    assert _meant("/env/CAL/free", env) == "CAL/free"


TALK = """\
version: 1
tests:
  - test: a
    talk:
      - user: {text: hi, from: Bo}
      - bot: Hello Bo
      - expect: {tags: [x]}
      - user: hi
      - bot: Hello
"""


@pytest.mark.parametrize(
    ("reach", "goes_on"), [(Reach.LINE, 1), (Reach.OTHERS, 3), (Reach.REST, 5)]
)
def test_a_line_that_cannot_be_played_takes_with_it_what_follows_from_it(reach, goes_on):
    (test,) = read_tests("a.test.yaml", TALK)

    assert goes_on_at(test.lines, 1, reach) == goes_on


@pytest.mark.parametrize(
    ("follow", "more"),
    [(0, ""), (1, " (and the line that follows from it)"),
     (2, " (and 2 lines that follow from it)")],
)  # fmt: skip
def test_what_is_left_out_is_told_with_its_place_and_reason(follow, more):
    left = LeftOut(file="a.test.yaml", place=Place("a", 5, 9), why="no clock", follow=follow)

    assert str(left) == f"a.test.yaml:5 not playable through the browser: no clock{more}"
    assert left.lines == follow + 1
