"""`alexia migrate` in the daemon: who is moved, and that it is queued once in each chat."""

from dataclasses import replace

from bot.daemon.live import Moving
from bot.domain.conversation import Conversation, Frame
from bot.engine.compiled import compile_rulebook
from bot.language.reading import read_rulebook
from bot.store import conversations, events
from tests.make import ACCOUNT, ANA, BO, NOW

FLOW = """\
version: 1
flows:
  order:
    when: {keyword: order}
    slots: {kind: {type: text, ask: Which?}, n: {type: integer, ask: N?}}
    steps: [{ask: kind}, {ask: n}]
"""


def compiled(text, older=None):
    return compile_rulebook(read_rulebook({"a.yaml": text})[0], older)


async def moving(database):
    """Let Ana wait where she can be moved from, and Bo where he cannot."""
    before = compiled(FLOW)
    after = compiled(FLOW.replace("type: integer", "type: text"), before.versions)
    frame = Frame(flow="order", version=before.rulebook.flows["order"].hash, step="kind")
    for chat, step in ((ANA, "kind"), (BO, "n")):
        state = Conversation(chat=chat, frames=(replace(frame, step=step),))
        await database.write(lambda db, one=state: conversations.keep(db, ACCOUNT, 1, one))
    return Moving(after.rulebook, after.version, "order")


async def test_only_who_can_be_moved_is_told_to(database):
    found = await moving(database)

    done = await database.write(lambda db: found.queue(db, NOW, force=False))

    assert (done.live, done.moved, done.restarted, done.left) == (2, 1, 0, 1)
    assert done.lanes == ((ACCOUNT, ANA),)
    queued = await database.read(lambda db: events.next_waiting(db, ACCOUNT, ANA))
    assert (queued.event.name, queued.event.data) == ("command.migrate", {"argument": "order"})


async def test_with_force_the_others_begin_again(database):
    found = await moving(database)

    done = await database.write(lambda db: found.queue(db, NOW, force=True))

    assert (done.live, done.moved, done.restarted, done.left) == (2, 1, 1, 0)
    assert len(done.lanes) == 2
