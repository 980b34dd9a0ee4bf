import hashlib
from pathlib import Path

import pytest

from bot.domain.understanding import AppealKind, Need
from bot.nlu.appeal_head import KINDS, clauses, find_appeals
from bot.nlu.heads import read_head

HEADS = Path(__file__).parents[2] / "models" / "heads"


@pytest.fixture(scope="module")
def appeals(models):
    return find_appeals(HEADS.parent, models.models.encoders.many)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("ok, but could one of you call me about this?", "person"),
        ("prefiero que me llame alguien del equipo", "person"),
        ("melhor eu conversar com alguém da equipe", "person"),
        ("somebody took money from my account", "danger"),
        ("sale humo del cargador, qué hago", "danger"),
        ("estou passando muito mal depois de comer aí", "danger"),
        ("then I will leave for another company", "threat"),
        ("voy a contar en todas las redes lo que hicieron", "threat"),
        ("that is not what I asked you", "stuck"),
        ("você não entende o que eu escrevo", "stuck"),
        ("the wardrobe arrived without its doors", "wronged"),
        ("la silla llegó sin las ruedas", "wronged"),
        ("o armário chegou sem as portas", "wronged"),
    ],
)
def test_an_appeal_is_told_in_words_of_ones_own(appeals, text, kind):
    assert getattr(appeals.read([text])[0], kind) > 0.5


@pytest.mark.parametrize(
    "text", ["two pizzas please", "a qué hora abren el lunes", "obrigada, ficou lindo", "ok"]
)
def test_an_ordinary_message_appeals_for_nothing(appeals, text):
    found = appeals.read([text])[0]

    assert found.person < 0.5
    assert found.trouble < 0.5


def test_a_message_is_read_clause_by_clause():
    assert clauses("Hi there. I did that already, but can someone call me?") == [
        "hi there. i did that already, but can someone call me?", "i did that already,",
        "can someone call me?",
    ]  # fmt: skip


def test_nothing_is_read_of_nothing(appeals):
    assert appeals.read([]) == []


def test_without_encoder_or_head_there_is_no_reader(tmp_path, models, monkeypatch):
    monkeypatch.setattr("bot.nlu.heads.SHIPPED", ())

    assert find_appeals(HEADS.parent, None) is None
    assert find_appeals(tmp_path, models.models.encoders.many) is None


def test_the_shipped_head_is_small_and_has_a_card_with_its_hash():
    file = HEADS / "appeals.safetensors"

    assert file.stat().st_size < 3_000_000
    assert set(read_head(file).labels) == set(KINDS)
    card = (HEADS / "appeals.card.md").read_text(encoding="utf-8")
    assert hashlib.sha256(file.read_bytes()).hexdigest() in card


def test_appeals_are_read_where_that_is_asked_and_nowhere_else(models):
    text = "is there a number where I can reach one of you"

    assert models.read(text, "en", Need.APPEAL).appeals[AppealKind.PERSON] > 0.6
    assert models.read(text, "en", Need.SENTIMENT).appeals == {}


def test_what_a_pattern_says_is_sure_with_a_head_or_without(models, monkeypatch):
    monkeypatch.setattr(models.models, "appeals", None)

    person = models.read("quero falar com um atendente", "pt", Need.APPEAL).appeals
    threat = models.read("I am filing a chargeback", "en", Need.APPEAL).appeals

    assert (person[AppealKind.PERSON], person[AppealKind.THREAT]) == (1.0, 0.0)
    assert (threat[AppealKind.PERSON], threat[AppealKind.THREAT]) == (0.0, 1.0)
