import numpy as np
import pytest

from bot.nlu.appeal_head import Appeal
from bot.nlu.takeover import AGAIN, LOST, Said, takeover_of, unheard

BAD, PLAIN, GLAD = (
    np.array(tone, dtype=np.float32)
    for tone in ([0.95, 0.04, 0.01], [0.03, 0.94, 0.03], [0.01, 0.04, 0.95])
)


@pytest.mark.parametrize(
    ("texts", "tones", "at"),
    [
        (["hello", "thanks"], [PLAIN, GLAD], None),
        (["can I talk to a person please"], [PLAIN], 1),
        (["quero falar com um atendente"], [PLAIN], 1),
        (["quiero hablar con una persona"], [PLAIN], 1),
        (["my order is late"], [BAD], None),
        (["my order is late", "it is still not there"], [BAD, BAD], 2),
        (["hi", "this is the worst shop, I want my money back"], [PLAIN, BAD], 2),
        (["WHERE IS MY ORDER NOW"], [BAD], 1),
        (["it broke", "I am filing a chargeback"], [BAD, PLAIN], 2),
        (["son unos ladrones"], [PLAIN], 1),
        (["it was cold", "ah, found it, thanks", "the fork is missing"], [BAD, GLAD, BAD], None),
    ],
)
def test_a_person_takes_over_when_asked_for_or_when_strain_has_built_up(texts, tones, at):
    talk = [Said(text=text, tone=tone) for text, tone in zip(texts, tones, strict=True)]

    assert takeover_of(talk) == at


@pytest.mark.parametrize(
    "appeal", [Appeal(person=0.7), Appeal(threat=0.8), Appeal(danger=0.9)]
)  # fmt: skip
def test_an_appeal_that_only_a_person_can_answer_is_enough(appeal):
    assert takeover_of([Said(text="well", tone=PLAIN, appeal=appeal)]) == 1


def test_what_may_be_several_appeals_counts_unless_it_is_said_gladly():
    several = Appeal(person=0.35, threat=0.3, danger=0.3)

    assert takeover_of([Said(text="well", tone=BAD, appeal=several)]) == 1
    assert takeover_of([Said(text="well", tone=GLAD, appeal=several)]) is None


def test_a_bot_that_repeats_itself_wears_patience_out():
    talk = [Said(text="what are your hours", tone=PLAIN), Said(text="HOURS", tone=PLAIN),
            Said(text="tomorrow's hours", tone=PLAIN, answered=AGAIN),
            Said(text="hours please", tone=PLAIN, answered=AGAIN)]  # fmt: skip

    assert takeover_of(talk) == 4
    assert takeover_of([*talk[:3], Said(text="ah, there", tone=GLAD, answered=AGAIN)]) is None


def test_trouble_that_goes_on_after_an_answer_is_for_a_person_however_calmly_it_is_told():
    wronged = Appeal(wronged=0.9)
    first = Said(text="half of it is missing", tone=PLAIN, appeal=wronged)
    again = Said(text="the box is empty", tone=PLAIN, appeal=wronged, is_reply=True)
    glad = Said(text="it came after all", tone=GLAD, appeal=wronged, is_reply=True)

    assert takeover_of([first]) is None
    assert takeover_of([first, again]) == 2
    assert takeover_of([first, glad]) is None


def test_nobody_is_stuck_with_a_bot_that_has_not_answered_yet():
    stuck = Said(text="as I wrote", tone=BAD, appeal=Appeal(stuck=0.9))

    assert takeover_of([stuck]) is None
    assert takeover_of([Said(text="hi", tone=PLAIN), stuck]) == 2


@pytest.mark.parametrize(
    ("answer", "earlier", "strain"),
    [
        ("We open at 9.", [], 0.0),
        ("Sorry, I did not understand that.", [], LOST),
        ("No entendí su mensaje", [], LOST),
        ("Opção inválida, digite 1 ou 2", [], LOST),
        ("That code isn't valid.", ["Your code, please", "That code isn't valid."], AGAIN),
        ("Please choose A, B or C", ["Choose A, B or C please!"], AGAIN),
        ("Which size?", ["Which colour?"], 0.0),
    ],
)
def test_an_answer_that_did_not_hear_is_told(answer, earlier, strain):
    assert unheard(answer, earlier) == strain
