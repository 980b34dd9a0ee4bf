"""What a `run` step does in the daemon's own parts: errands, store, pipeline, engine."""

import asyncio

import pytest

from bot.delivery.errands import Errands
from bot.domain.acting import ActionTurn
from bot.domain.contacts import Contact
from bot.domain.effects import RunAction
from bot.extensions import find_actions
from bot.extensions.running import PythonActions
from bot.store import calls, contacts
from tests.make import ACCOUNT, ANA, NOW, message

CODE = """\
import asyncio, time
from bot.sdk import Emit, Notify, Reply, ScoreLead, SetField, Tag, Untag, action

@action("price")
async def price(turn, *, size: str, count: int = 1, exact: float = 0, gift: bool = False):
    return {"total": 12 * count, "size": size, "exact": exact, "gift": gift}

@action("plain")
def plain(turn, *, text: str | None = None):
    return f"{turn.contact.name} {text}"

@action("welcome")
async def welcome(turn):
    return [Reply("Welcome!", ("Menu", "Human")), Tag("new"), Untag("old"), ScoreLead(5, "warm"),
            Notify("+5511900000009", "somebody new")]

@action("boom")
async def boom(turn):
    raise RuntimeError("no way")

@action("exit")
async def leave(turn):
    raise SystemExit

@action("slow", timeout=0.01)
async def slow(turn):
    await asyncio.Event().wait()

@action("mixed")
async def mixed(turn):
    return [Tag("x"), 1]

@action("odd")
async def odd(turn):
    return {"text": "a\\ud800b\\0", "deep": ["\\udfff", float("nan")]}

@action("odd_reply")
async def odd_reply(turn):
    return Reply("a\\ud800b")

@action("huge")
async def huge(turn):
    return "x" * 70_000

@action("endless")
async def endless(turn):
    found = []
    found.append(found)
    return found

@action("key")
async def key(turn):
    return turn.key
"""


@pytest.fixture
def actions(tmp_path):
    (tmp_path / "extensions").mkdir()
    (tmp_path / "extensions" / "a.py").write_text(CODE)
    found = find_actions(tmp_path)
    assert found.problems == ()
    return PythonActions(lambda: found)


TURN = ActionTurn(
    key="k", account=ACCOUNT, chat=ANA, contact=Contact(id=1, name="Ana Souza"), lead=None,
    language="en", now=NOW,
)  # fmt: skip


async def run(actions, name, **arguments):
    return await actions.run(RunAction(key="k", name=name, arguments=arguments), TURN)


@pytest.mark.parametrize(
    ("name", "arguments", "body"),
    [
        ("price", {"size": "large", "count": 2},
         {"total": 24, "size": "large", "exact": 0, "gift": False}),
        ("price", {"size": 7, "count": "2", "exact": "1.5", "gift": "true"},
         {"total": 24, "size": "7", "exact": 1.5, "gift": True}),
        ("plain", {"text": None}, "Ana Souza None"),
        ("key", {}, "k"),
        ("odd", {}, {"text": "a\ufffdb\ufffd", "deep": ["\ufffd", None]}),
    ],
)  # fmt: skip
async def test_arguments_come_as_the_action_wants_them_and_a_value_goes_back(
    actions, name, arguments, body
):
    answered = await run(actions, name, **arguments)

    assert (answered.error, answered.status, answered.body) == ("", 200, body)


@pytest.mark.parametrize(
    ("name", "arguments", "error"),
    [
        ("nobody", {}, "there is no action 'nobody'"),
        ("price", {}, "price: 'size' is missing"),
        ("price", {"size": "l", "cuont": 1}, "price: it takes no 'cuont'"),
        ("price", {"size": "l", "count": "many"},
         "price: 'count' is not of the right kind (integer)"),
        ("boom", {}, "RuntimeError: no way"),
        ("exit", {}, "RuntimeError: it exits"),
        ("slow", {}, "slow did not end within 0.01 s"),
        ("mixed", {}, "it returned effects and values mixed"),
        ("huge", {}, "it returned over 65536 letters"),
    ],
)  # fmt: skip
async def test_whatever_an_action_does_wrong_is_an_error_of_its_step(
    actions, name, arguments, error
):
    answered = await run(actions, name, **arguments)

    assert (answered.error, answered.status) == (error, 0)


async def test_a_value_without_end_is_an_error_of_its_step(actions):
    assert (await run(actions, "endless")).error.startswith("RecursionError")


class Shop:
    """An office whose calls are made by real errands."""

    def __init__(self, office, actions):
        self.office, self.lanes = office, []
        self.errands = Errands(
            office.database, None, actions, lambda: office.now, on_answer=self.lanes.append
        )

    async def take(self, *messages):
        await self.office.take(*messages)
        await self.make_calls()

    async def make_calls(self):
        for call in await self.errands._due():
            await self.errands._make(call)
        while self.lanes:
            lane = self.lanes.pop()
            while await self.office.pipeline.step(lane):
                pass

    async def contact(self):
        return await self.office.database.read(lambda db: contacts.find(db, ANA))


RULES = """\
version: 1
rules:
  - id: price
    when: {pattern: "price [for] {n:number}"}
    do:
      - run: price
        with: {size: large, count: $(n)}
        save: found
      - reply: "That is $(found.total)"
  - id: welcome
    when: {keyword: hello}
    do: [{run: welcome}, {reply: Hi}]
  - id: boom
    when: {keyword: boom}
    do:
      - {run: boom, on_error: {reply: It did not work}}
      - reply: But we go on
"""


async def test_a_value_goes_to_save_and_the_steps_go_on(office, actions):
    shop = Shop(office(RULES), actions)

    await shop.take(message("price for 3"))

    assert await shop.office.said() == ["That is 36"]


async def test_effects_are_committed_like_those_of_rules(office, actions):
    shop = Shop(office(RULES), actions)

    await shop.take(message("hello"))

    assert await shop.office.said(ANA) == ["Hi", "Welcome!\n1. Menu\n2. Human"]
    assert await shop.office.said("5511900000009@c.us") == ["somebody new"]
    assert (await shop.contact()).tags == {"new"}


async def test_a_failure_runs_on_error_and_goes_on(office, actions):
    shop = Shop(office(RULES), actions)

    await shop.take(message("boom"))

    assert await shop.office.said() == ["It did not work", "But we go on"]


async def test_a_run_that_a_crash_cut_off_is_made_again_under_its_key_and_counts_once(
    office, actions
):
    shop = Shop(office(RULES), actions)
    await shop.office.take(message("hello"))
    cut_off = await shop.errands._due()
    await shop.errands._answer(cut_off[0])  # it ran, and the process died before it was noted

    again = await shop.errands._due()
    assert [call.key for call in again] == [call.key for call in cut_off]
    await shop.make_calls()
    await shop.make_calls()

    assert await shop.office.said(ANA) == ["Hi", "Welcome!\n1. Menu\n2. Human"]
    row = await office_state(shop)
    assert row == ["done"]


async def office_state(shop):
    rows = await shop.office.database.read(
        lambda db: db.execute("SELECT state FROM calls").fetchall()
    )
    return [row["state"] for row in rows]


async def test_an_action_that_was_in_hand_at_three_deaths_is_an_error_of_its_step(office, actions):
    shop = Shop(office(RULES), actions)
    await shop.office.take(message("price for 3"))
    for call in await shop.errands._due():
        for _ in range(3):
            await shop.office.database.write(lambda db, key=call.key: calls.begin(db, key))

    await shop.make_calls()

    stored = await shop.office.database.read(
        lambda db: db.execute("SELECT answer FROM calls").fetchone()
    )
    assert "in hand at 3 deaths of the daemon" in stored["answer"]


async def test_a_text_that_is_none_is_mended_before_it_is_said(actions):
    answered = await run(actions, "odd_reply")

    assert [one.text for one in answered.effects] == ["a\ufffdb"]


async def test_an_action_that_blocks_holds_up_nobody(tmp_path):
    (tmp_path / "extensions").mkdir()
    (tmp_path / "extensions" / "a.py").write_text(
        "import threading\nfrom bot.sdk import action\nopen = threading.Event()\n"
        "@action('wait')\ndef wait(turn):\n    open.wait(10)\n    return 1\n"
        "@action('let_go')\ndef let_go(turn):\n    open.set()\n    return 2\n"
    )
    found = find_actions(tmp_path)
    actions = PythonActions(lambda: found)

    waiting = asyncio.create_task(run(actions, "wait"))
    assert (await run(actions, "let_go")).body == 2

    assert (await waiting).body == 1


async def test_effects_are_stored_and_come_back_as_they_were(office, actions):
    opened = office(RULES)
    await opened.take(message("hello"))
    call = (await opened.database.read(lambda db: calls.next_due(db, NOW, 9)))[0]
    answered = await actions.run(call, TURN)

    await opened.database.write(lambda db: calls.answer(db, answered))
    stored = await opened.database.read(lambda db: calls.next_answered(db, ACCOUNT, ANA))

    assert [type(one).__name__ for one in stored.effects] == [
        "Reply", "Tag", "Untag", "ScoreLead", "Notify"
    ]  # fmt: skip
    assert stored.name == "welcome"
