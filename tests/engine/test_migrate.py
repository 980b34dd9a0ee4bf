"""A person has those who are in an edited flow moved, or begun again."""

from bot.domain.turns import Commanded
from tests.engine.talk import Talk

FLOW = """flows:
  order:
    when: {keyword: order}
    on_edit: pin
    slots: {kind: {type: text, ask: Which?}, n: {type: integer, ask: N?}}
    steps: [{ask: kind}, {ask: n}, {reply: "$(n) $(kind)"}]"""
TEXTS = FLOW.replace("N?", "How many?")
TYPE = FLOW.replace("type: integer", "type: text")


def migrated(edited, *, force=False):
    talk = Talk(FLOW)
    talk.user("order")
    talk.user("funghi")
    talk.use(edited)
    command = "migrate_restart" if force else "migrate"
    return talk, talk.play(Commanded(command=command, argument="order"))


def version(talk):
    return talk.compiled.rulebook.flows["order"].hash


def test_who_can_be_moved_goes_on_quietly_in_the_newest_version():
    talk, said = migrated(TEXTS)

    assert said == []
    assert talk.conversation.frames[-1].version == version(talk)
    assert talk.user("many") == ["How many?"]
    assert talk.user("2") == ["2 funghi"]


def test_who_cannot_be_moved_stays_where_he_is():
    talk, said = migrated(TYPE)

    assert said == []
    assert talk.conversation.frames[-1].version != version(talk)
    assert talk.user("three") == ["3 funghi"]


def test_who_cannot_be_moved_is_told_and_begins_again_when_that_is_forced():
    talk, said = migrated(TYPE, force=True)

    assert said == ["This has changed meanwhile, so we begin again.", "Which?"]
    talk.user("diavola")
    assert talk.user("three") == ["three diavola"]


def test_a_flow_that_is_below_another_is_moved_too():
    other = "\n  other: {when: {keyword: other}, slots: {m: {type: integer, ask: M?}}, "
    other += "steps: [{ask: m}]}"
    talk = Talk(FLOW + other)
    talk.user("order")
    talk.user("funghi")
    assert talk.user("other") == ["M?"]
    talk.use(TEXTS + other)
    talk.play(Commanded(command="migrate", argument="order"))

    assert talk.conversation.frames[0].version == version(talk)
    assert talk.flow == "other"


def test_who_is_in_no_older_version_is_left_alone():
    talk, _ = migrated(FLOW)
    before = talk.conversation

    assert talk.play(Commanded(command="migrate", argument="order")) == []
    assert talk.conversation.frames == before.frames
