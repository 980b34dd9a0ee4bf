import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.contacts import Contact
from bot.domain.conversation import Conversation
from bot.domain.effects import Send
from bot.domain.messages import MessageKind
from bot.domain.turns import MessageArrived, Turn
from bot.domain.understanding import Need
from bot.engine.compiled import compile_rulebook
from bot.engine.decide import decide, needs
from bot.language.reading import read_rulebook
from tests.engine.talk import Talk
from tests.make import ANA, NOW, message

RULES = """
version: 1
rules:
  - {id: price, when: {keyword: price}, do: {reply: cheap}}
  - {id: exact, when: {keyword: price, match: exact}, do: {reply: very cheap}}
  - {id: echo, when: {regex: '^say (?P<what>.+)$'}, do: {reply: $(what)}}
  - {id: note, when: {keyword: price}, do: {tag: asked}}
  - {id: lost, when: {fallback: true}, do: {reply: sorry}, limit: 1 per 1h}
flows:
  name:
    when: {keyword: register}
    slots: {who: {type: name, ask: Your name?}}
    steps: [{ask: who}, {reply: Hello $(who)}]
"""
BOOK, PROBLEMS = read_rulebook({"rules/a.yaml": RULES})
COMPILED = compile_rulebook(BOOK)


def turn(text, conversation=None, contact=None):
    return Turn(
        cause="c", event=MessageArrived(message=message(text)),
        conversation=conversation or Conversation(chat=ANA),
        contact=contact or Contact(id=1, number="+5511987654321"), lead=None, now=NOW, seed=1,
    )  # fmt: skip


def said(decision):
    return [effect.text for effect in decision.effects if isinstance(effect, Send)]


def test_the_files_of_this_test_are_whole():
    assert PROBLEMS == ()


def test_the_exact_keyword_wins_and_silent_rules_run_too():
    decision = decide(turn("Price!"), COMPILED)

    assert said(decision) == ["very cheap"]
    assert decision.contact.tags == {"asked"}
    assert decision.trace.winner == "rule:exact"


def test_what_a_customer_writes_is_echoed_and_never_run():
    assert said(decide(turn("say $(7*7) {{7*7}}"), COMPILED)) == ["$(7*7) {{7*7}}"]


def test_a_limited_rule_rests():
    first = decide(turn("what?"), COMPILED)
    second = decide(turn("what?", first.conversation), COMPILED)

    assert said(first) == ["sorry"]
    assert said(second) == []


def test_a_flow_asks_and_goes_on():
    first = decide(turn("register"), COMPILED)
    second = decide(turn("my name is Ana", first.conversation), COMPILED)

    assert said(first) == ["Your name?"]
    assert said(second) == ["Hello Ana"]
    assert second.conversation.frames == ()


def test_stop_is_heard_in_any_writing_and_only_as_the_whole_text():
    assert decide(turn("  stop!! 🙏"), COMPILED).trace.winner == "guard:optout"
    assert decide(turn("S.T.O.P." + " 🙏!" * 40), COMPILED).trace.winner == "guard:optout"
    assert decide(turn("stop " * 20), COMPILED).trace.winner != "guard:optout"
    assert decide(turn("don't stop"), COMPILED).trace.winner != "guard:optout"


@settings(max_examples=60)
@given(texts=st.lists(st.text(max_size=60) | st.sampled_from(["register", "price", "cancel"])))
def test_no_text_raises_and_the_same_turn_decides_the_same(texts):
    conversation, contact = Conversation(chat=ANA), Contact(id=1)
    for text in texts:
        asked = turn(text, conversation, contact)
        decision = decide(asked, COMPILED)
        assert decision == decide(asked, COMPILED)
        conversation, contact = decision.conversation, decision.contact


def test_a_type_that_we_do_not_know_is_answered_by_its_words_and_else_by_fallback():
    talk = Talk("""rules:
  - {id: size, when: {keyword: large}, do: {reply: Noted.}}
  - {id: rest, when: {fallback: true}, do: {reply: "What is that?"}}
""")

    assert talk.user("the large one", kind=MessageKind.UNKNOWN) == ["Noted."]
    assert talk.user("", kind=MessageKind.UNKNOWN) == ["What is that?"]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("price?", {Need.LANGUAGE}),
        ("a message about a good many things that is longer than most of them", {Need.LANGUAGE}),
        ("¿" + "añ" * 40, {Need.LANGUAGE}), ("?!", set()), ("Stop.", set()),
        ("🙏" * 70 + " stop", set()),
    ],
)  # fmt: skip
def test_no_model_reads_what_has_no_words_or_opts_out(text, wanted):
    assert needs(MessageArrived(message=message(text)), COMPILED) == wanted
