"""A user's Python action in the real daemon: run, edited, broken, cut off by SIGKILL."""

import pytest

from benchmarks.stage import Stage
from bot.control import ask

pytestmark = pytest.mark.browser

CHAT = "5511987654321@c.us"
RULES = """\
version: 1
rules:
  - id: total
    when: {pattern: "total {n:number}"}
    do:
      - {run: shop.total, with: {count: $(n)}, save: sum}
      - reply: "That is $(sum)"
  - id: once
    when: {keyword: once}
    do: [{run: shop.once}]
"""
SHOP = """\
import os
from pathlib import Path
from bot.sdk import Reply, action

RUNS = Path(__file__).with_name("runs.txt")

@action("shop.total")
def total(turn, *, count: int):
    return count * 12

@action("shop.once")
async def once(turn):
    with RUNS.open("a") as file:
        file.write(turn.key + chr(10))
    if len(RUNS.read_text().splitlines()) == 1:
        os.kill(os.getpid(), 9)
    return [Reply("done once")]
"""


@pytest.fixture
def stage(tmp_path):
    stage = Stage(tmp_path, rules=RULES)
    (stage.bot / "extensions").mkdir()
    (stage.bot / "extensions" / "shop.py").write_text(SHOP)
    try:
        stage.open_emulator()
        stage.log_in()
        yield stage
    finally:
        stage.close()


def answers(stage: Stage, after: int) -> list[str]:
    return [line["body"] for line in stage.ledger(after) if line["direction"] == "out"]


def say(stage: Stage, text: str) -> str:
    after = max((line["n"] for line in stage.ledger()), default=0)
    stage.put(CHAT, text)
    stage.wait_for(f"the answer to {text}", lambda: bool(answers(stage, after)), 20)
    return answers(stage, after)[0]


def test_an_action_answers_is_edited_and_survives_a_kill_in_its_middle(stage):
    assert say(stage, "total 2") == "That is 24"

    shop = stage.bot / "extensions" / "shop.py"
    shop.write_text(SHOP.replace("* 12", "* 10"))
    assert ask(stage.bot / "state", "reload", 20)["reloaded"]
    assert say(stage, "total 2") == "That is 20"

    shop.write_text("def broken(:")
    broken = ask(stage.bot / "state", "reload", 20)
    assert broken["printed"][0].startswith("extensions/shop.py:1:12: E001 not valid Python")
    assert say(stage, "total 3") == "That is 30"
    shop.write_text(SHOP)

    after = max(line["n"] for line in stage.ledger())
    stage.put(CHAT, "once")
    stage.daemon.wait(20)
    stage.kill_daemon(group=True)
    stage.open_daemon()
    stage.wait_for("the answer", lambda: bool(answers(stage, after)), 30)

    keys = (stage.bot / "extensions" / "runs.txt").read_text().splitlines()
    assert len(keys) == 2
    assert len(set(keys)) == 1
    assert answers(stage, after) == ["done once"]
