"""In a group each member's answers go to their own flow, whoever writes in between."""

from dataclasses import replace
from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.conversation import Frame
from bot.domain.turns import TurnSettings
from bot.store import conversations
from bot.testing.room import Room
from tests.engine.talk import book_of
from tests.make import ACCOUNT, message

SETTINGS = TurnSettings()
GROUP = "1203@g.us"
MEMBERS = {name: f"55119876543{n}@c.us" for n, name in enumerate(("Ana", "Bo", "Caio"))}
RULES = """\
flows:
  order:
    when: {keyword: order}
    if: {chat: group}
    slots: {a: {type: text, ask: A?}, b: {type: text, ask: B?}}
    steps: [{ask: a}, {ask: b}, {reply: "$(contact.name): $(a) $(b)"}]
"""


def said(name, text, number):
    member = MEMBERS[name]
    arrived = message(text, id=f"M{number}", chat=GROUP)
    return replace(arrived, sender=member, sender_name=name)


async def take(at, texts):
    await at.take(*[said(name, text, n) for n, (name, text) in enumerate(texts)])


async def test_answers_in_any_order_fill_their_own_slots(office):
    at = office("version: 1\n" + RULES)
    await take(at, [("Ana", "order"), ("Bo", "order"), ("Bo", "b1"), ("Ana", "a1"), ("Caio", "x"),
                    ("Ana", "a2"), ("Bo", "b2")])  # fmt: skip

    assert (await at.said())[-2:] == ["Ana: a1 a2", "Bo: b1 b2"]


async def test_each_member_has_a_stack_that_outlives_a_restart(office, database):
    at = office("version: 1\n" + RULES)
    await take(at, [("Ana", "order"), ("Bo", "order"), ("Bo", "b1")])
    state = await database.read(lambda db: conversations.load(db, ACCOUNT, GROUP))

    assert [(one.author, dict(one.slots)) for one in state.frames] == [
        (MEMBERS["Ana"], {}), (MEMBERS["Bo"], {"a": "b1"}),
    ]  # fmt: skip
    assert [one.author for one in state.stack_of(MEMBERS["Bo"])] == [MEMBERS["Bo"]]
    assert state.stack_of(MEMBERS["Caio"]) == ()


async def test_only_the_writers_own_reminder_is_over(office, database):
    at = office("version: 1\n" + RULES + "    remind: {after: 10m, text: Hm?}\n")
    await take(at, [("Ana", "order"), ("Bo", "order"), ("Caio", "hello")])
    at.at(at.now + timedelta(minutes=1))
    await at.take(said("Bo", "b1", 9))
    due = await database.read(
        lambda db: [
            (row["key"], row["due_at"]) for row in db.execute(
                "SELECT key, due_at FROM timers WHERE kind = 'remind' ORDER BY due_at"
            )
        ]
    )  # fmt: skip

    assert [key for key, _ in due] == [f"remind:order|{MEMBERS[one]}" for one in ("Ana", "Bo")]
    assert due[1][1] - due[0][1] == 60


WRITTEN = st.tuples(st.sampled_from(list(MEMBERS)), st.sampled_from(["order", "x", "cancel"]))
BOOK = book_of(RULES)


@settings(max_examples=40)
@given(texts=st.lists(WRITTEN, max_size=9))
def test_what_one_member_writes_changes_nothing_for_the_others(texts):
    together, alone = Room(BOOK, SETTINGS), {name: Room(BOOK, SETTINGS) for name in MEMBERS}
    for number, (name, text) in enumerate(texts):
        for room in (together, alone[name]):
            room.write(said(name, text, number))

    for name, room in alone.items():
        assert opened(together, name) == opened(room, name)


def opened(room: Room, name: str) -> list[tuple[str, str, dict]]:
    frames: tuple[Frame, ...] = room.conversation(GROUP).stack_of(MEMBERS[name])
    return [(one.flow, one.step, dict(one.slots)) for one in frames]
