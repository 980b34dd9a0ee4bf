"""A conversation in the middle of a flow survives edits, SIGKILL and a rollback: the real daemon.

One business, one chat a flow; the daemon is killed once, while all of them wait for an answer.
"""

import pytest

from benchmarks.stage import Stage
from bot.control import ask

pytestmark = pytest.mark.browser

FLOW = """\
version: 1
flows:
  {name}:
    when: {{keyword: {name}}}
    slots:
      kind: {{type: text, ask: Which {name}?}}
      count: {{type: integer, ask: How many?}}
    steps:
      - ask: kind
      - ask: count
      - reply: "{name}: $(count) $(kind)"
"""
NAMES = ("pizza", "pasta", "salad", "soup")
CHATS = {name: f"551198765000{number}@c.us" for number, name in enumerate(NAMES)}


class Shop:
    """The stage, with the flow files of a business."""

    def __init__(self, stage: Stage) -> None:
        self.stage = stage

    def edit(self, name: str, old: str = "", new: str = "") -> str:
        """Change a flow file, load it, and return what the reload said."""
        path = self.stage.bot / "flows" / f"{name}.yaml"
        text = path.read_text() if path.exists() else FLOW.format(name=name)
        assert old in text
        path.write_text(text.replace(old, new) if old else text)
        return self.reload()

    def reload(self, **how: object) -> str:
        answer = ask(self.stage.bot / "state", "reload", 20, **how)
        assert answer["reloaded"], answer
        return str(answer["said"])

    def say(self, name: str, text: str) -> str:
        """Let the customer of a flow write, and return the bot's answer."""
        after = max((line["n"] for line in self.stage.ledger()), default=0)
        self.stage.put(CHATS[name], text)
        found: list[str] = []

        def answered() -> bool:
            lines = self.stage.ledger(after)
            found[:] = [line["body"] for line in lines if line["direction"] == "out"]
            return bool(found)

        self.stage.wait_for(f"the answer to {text}", answered, 20)
        return found[0]


@pytest.fixture
def shop(tmp_path):
    stage = Stage(tmp_path)
    for name in NAMES:
        (stage.bot / "flows" / f"{name}.yaml").write_text(FLOW.format(name=name))
    try:
        stage.open_emulator()
        stage.log_in()
        yield Shop(stage)
    finally:
        stage.close()


def test_those_in_the_middle_of_a_flow_go_on_through_edits_a_kill_and_a_rollback(shop):
    stage = shop.stage
    for name in NAMES:
        assert shop.say(name, name) == f"Which {name}?"
    assert shop.say("pasta", "penne") == "How many?"
    assert shop.say("salad", "green") == "How many?"
    assert shop.say("soup", "hot") == "How many?"

    # texts: the new ones apply at once
    said = shop.edit("pizza", "How many?", "How many pizzas?")
    assert "~1 flow (pizza: texts only)" in said or "nothing changed" in said
    # a slot added: moved, asked for in its turn
    extra = "      spice: {type: yes_no, ask: Spicy?}\n    steps:\n"
    shop.edit("pasta", "    steps:\n", extra)
    shop.edit("pasta", "      - ask: count\n", "      - ask: count\n      - ask: spice\n")
    # a slot's type changed: those who are asked for it finish on the old version
    shop.edit("salad", "type: integer", "type: text")
    # the flow deleted: live ones finish, none start
    (stage.bot / "flows" / "soup.yaml").unlink()
    said = shop.reload()
    assert "soup: 1 live, 1 finishes on " in said
    assert "salad: 1 live, 1 finishes on " in said

    stage.kill_daemon(group=True)
    stage.open_daemon()
    stage.wait_ready()

    assert shop.say("pizza", "funghi") == "How many pizzas?"
    assert shop.say("pasta", "2") == "Spicy?"
    assert shop.say("salad", "three") == "salad: 3 green"
    assert shop.say("soup", "many") == "How many?"
    assert shop.say("soup", "4") == "soup: 4 hot"
    assert shop.say("salad", "salad") == "Which salad?"
    assert shop.say("salad", "red") == "How many?"

    assert shop.reload(rollback=True).startswith("rolled back: +1 flow (soup)")
    assert stage.status()["rulebook"]["rolled_back"]
    assert shop.say("salad", "a few") == "salad: a few red"
    assert shop.say("soup", "soup") == "Which soup?"
    assert shop.say("pasta", "yes") == "pasta: 2 penne"
