from bot.engine.compiled import compile_rulebook
from bot.engine.moving import told_moves
from tests.engine.talk import Talk, book_of

FLOW = """flows:
  order: {when: {keyword: order}, slots: {n: {type: integer, ask: N?}}, steps: [{ask: n}]}
  other: {when: {keyword: other}, slots: {n: {type: integer, ask: N?}}, steps: [{ask: n}]}"""


def told(edited, *, texts=("order", "other")):
    frames = []
    for text in texts:
        talk = Talk(FLOW)
        talk.user(text)
        frames += talk.conversation.frames
    return told_moves(frames, compile_rulebook(book_of(edited), talk.compiled.versions))


def test_flows_that_did_not_change_are_not_told():
    assert told(FLOW) == []


def test_what_moves_and_what_finishes_on_the_old_version_is_counted():
    text, kind = FLOW.replace("N?", "How many?", 1), FLOW.replace("type: integer", "type: date", 1)
    hash_of = book_of(FLOW).flows["order"].hash[:6]

    assert told(text, texts=("order", "order")) == ["order: 2 live, 2 moved"]
    assert told(kind) == [f"order: 1 live, 1 finishes on {hash_of}"]
    assert told(kind, texts=("order", "order")) == [f"order: 2 live, 2 finish on {hash_of}"]
