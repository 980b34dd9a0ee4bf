import pytest

from bot.domain.bodies import Attachment, Poll
from bot.domain.effects import DeleteLast, EditLast, React, Send
from bot.domain.messages import ContactCard, Location, MessageKind
from bot.domain.turns import TurnSettings
from tests.engine.talk import Talk


def sent(reply, **more):
    talk = Talk(f"rules: [{{id: a, when: {{keyword: hi}}, do: {{reply: {reply}}}}}]", **more)
    talk.user("hi")
    return talk.of(Send)[0]


def test_a_medium_is_sent_with_its_caption():
    send = sent("{media: {file: media/guide.pdf, name: Guide.pdf}, caption: Our guide}")

    assert send.text == "Our guide"
    assert send.body == Attachment(
        kind=MessageKind.DOCUMENT, file="media/guide.pdf", name="Guide.pdf"
    )


@pytest.mark.parametrize(
    ("media", "kind"),
    [
        ("{file: a.jpg}", MessageKind.IMAGE),
        ("{url: 'https://shop.example/a.MP4?x=1'}", MessageKind.VIDEO),
        ("{file: a.ogg}", MessageKind.AUDIO),
        ("{file: a.ogg, voice: true}", MessageKind.VOICE),
        ("{file: a.webp}", MessageKind.STICKER),
        ("{file: a.xlsx}", MessageKind.DOCUMENT),
        ("{file: a.jpg, kind: document}", MessageKind.DOCUMENT),
    ],
)
def test_a_medium_is_what_its_name_says_unless_the_author_says_otherwise(media, kind):
    assert sent(f"{{media: {media}}}").body.kind is kind


def test_a_poll_carries_its_options_and_says_them_in_words():
    send = sent("{poll: {question: Which day?, options: [Mon, Tue], multiple: true}}")

    assert send.body == Poll(question="Which day?", options=("Mon", "Tue"), multiple=True)
    assert send.text == "Which day?\n1. Mon\n2. Tue"


def test_a_place_and_a_card_are_sent_as_such():
    place = sent("{location: {lat: '-23.5', lng: '-46.6', text: Our shop}}")
    card = sent("{contact: {name: Desk, number: '+5511987650000'}}")

    assert place.body == Location(latitude=-23.5, longitude=-46.6, text="Our shop")
    assert place.text == "Our shop"
    assert card.body == ContactCard(name="Desk", number="+5511987650000")
    assert card.text == "Desk +5511987650000"


def test_a_place_may_say_text_for_its_name():
    place = sent("{location: {lat: '-23.5', lng: '-46.6', name: Our shop}}")

    assert place == sent("{location: {lat: '-23.5', lng: '-46.6', text: Our shop}}")
    assert place.body == Location(latitude=-23.5, longitude=-46.6, text="Our shop")


def test_a_reply_may_quote_and_mentions_nobody_in_private():
    send = sent("{text: Yes, quote: true, mention: true}")

    assert send.quote
    assert send.mentions == ()  # there is nobody else to mention in a private chat


def test_buttons_stand_as_a_numbered_menu_that_a_number_answers():
    talk = Talk("""rules:
  - {id: menu, when: {keyword: menu}, do: {reply: {text: What?, buttons: [Order, Hours]}}}
  - {id: hours, when: {keyword: hours}, do: {reply: Nine to five}}""")

    assert talk.user("menu") == ["What?\n1. Order\n2. Hours"]
    assert talk.of(Send)[0].buttons == ("Order", "Hours")
    assert talk.conversation.last_reply == "What?"
    assert talk.user("2") == ["Nine to five"]


@pytest.mark.parametrize(
    ("language", "said"),
    [("pt-BR", "oi do Brasil"), ("pt", "oi"), ("pt-PT", "oi"), ("es", "hola"), ("fr", "hello")],
)
def test_the_language_is_the_exact_one_its_base_the_configured_one(language, said):
    talk = Talk(
        """rules:
  - id: a
    when: {keyword: hi}
    do: {reply: {lang: {es: hola, en: hello, pt: oi, pt-BR: oi do Brasil}}}""",
        settings=TurnSettings(language="en"),
    )

    assert talk.user("hi", understood={"language": language}) == [said]


def test_without_the_wanted_and_the_configured_language_any_is_taken():
    talk = Talk(
        "rules: [{id: a, when: {keyword: hi}, do: {reply: {lang: {es: hola}}}}]",
        settings=TurnSettings(language="en"),
    )

    assert talk.user("hi", understood={"language": "de"}) == ["hola"]


def test_the_disclosure_comes_once_before_the_first_message_in_the_persons_language():
    talk = Talk(
        "rules: [{id: a, when: {keyword: [oi, hi]}, do: {reply: Hello}}]",
        settings=TurnSettings(disclosure={"en": "I am a bot.", "pt": "Sou um robô."}),
    )

    assert talk.user("oi", understood={"language": "pt"}) == ["Sou um robô.", "Hello"]
    assert talk.user("hi") == ["Hello"]


def test_a_reaction_an_edit_and_a_deletion_leave_as_effects():
    talk = Talk("""rules:
  - {id: a, when: {keyword: hi}, do: [{react: 👍}, {edit: {last: Better}}, {delete: last}]}""")
    talk.user("hi")

    assert [effect.emoji for effect in talk.of(React)] == ["👍"]
    assert [effect.text for effect in talk.of(EditLast)] == ["Better"]
    assert len(talk.of(DeleteLast)) == 1


FIXED = "rules: [{id: a, when: {keyword: hi}, do: [{reply: one}, {reply: two}]}]"
WORKED_OUT = "rules: [{id: a, when: {keyword: hi}, do: [{reply: $('one')}, {reply: $('two')}]}]"


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        (TurnSettings(), ["one", "two"]),
        (TurnSettings(sends=1), ["one"]),
        (TurnSettings(steps=1), ["one"]),
        (TurnSettings(disclosure={"en": "A bot writes."}), ["A bot writes.", "one", "two"]),
    ],
)
def test_fixed_words_are_said_as_words_that_are_worked_out(settings, said):
    fixed, worked_out = Talk(FIXED, settings=settings), Talk(WORKED_OUT, settings=settings)

    assert fixed.user("hi") == worked_out.user("hi") == said
    assert fixed.decision.errors == worked_out.decision.errors
    assert fixed.decision.conversation == worked_out.decision.conversation
    assert [one.outcome for one in fixed.decision.trace.lines] == [
        one.outcome for one in worked_out.decision.trace.lines
    ]


@pytest.mark.parametrize("written", ["--5", "²", "5" * 20, "1.2.3"])
def test_what_only_looks_like_a_number_is_set_as_it_is_written(written):
    talk = Talk(f"""rules:
  - {{id: a, when: {{keyword: hi}}, do: [{{set: {{k: "{written}"}}}}, {{reply: "$(k)"}}]}}""")

    assert talk.user("hi") == [written]
