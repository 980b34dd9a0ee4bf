import pytest

from bot.nlu.appeals import accuses, calls_for_person


@pytest.mark.parametrize(
    "text",
    [
        "can I talk to a person please",
        "get me a manager",
        "agent",
        "a human, please!",
        "quiero hablar con alguien",
        "me pasás con una persona?",
        "necesito un asesor",
        "quero falar com um atendente",
        "tem como me passar pra um atendente?",
        "atendimento humano",
        "is there someone I could talk to instead of a bot?",
        "prefiero que me atienda una persona",
        "prefiro ser atendido por uma pessoa",
        "my lawyer will be in touch",
        "fix it or I go to the press",
        "los llevo a juicio",
        "vou abrir reclamação no consumidor.gov",
        "my bank will reverse the payment",
        "I'll report you to the city",
        "I am opening a chargeback",
        "I'm disputing this charge",
        "mi abogada los va a contactar",
        "hoy mismo hago la denuncia",
        "voy a desconocer el cargo",
        "vou no Procon",
        "vou processar vcs",
        "vou contestar a compra no cartão",
        "is there a human there?",
        "hay algún humano ahí???",
        "afff tem alguém de verdade aí",
        "money back today or I go to my bank",
        "me devolvem ou falo com o banco",
    ],
)
def test_a_wish_for_a_person_or_a_threat_calls_for_one(text):
    assert calls_for_person(text)


@pytest.mark.parametrize(
    "text",
    [
        "is there a lawyer in your office on mondays?",
        "can the lawyer call me tomorrow?",
        "vou passar aí, tem alguém?",
        "a table for one person",
        "busco un regalo para una persona mayor",
        "I need someone to fix my sink",
        "a mi juicio está bien",
        "my agent booked the room",
        "will you report the results to me?",
        "mesa para uma pessoa",
        "una persona, a las 9",
        "mi abogado me recomendó el lugar",
        "quando vão processar meu pedido?",
        "preciso contestar a mensagem dele",
        "no tengo denuncias que hacer",
        "a person there told me to write here",
        "tem alguém aí?",
        "I can pay by card or go to the bank",
    ],
)
def test_words_of_law_and_people_in_plain_business_call_for_nobody(text):
    assert not calls_for_person(text)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("you are all thieves", True),
        ("son unos estafadores!!!", True),
        ("vcs são uns ladrões", True),
        ("bando de golpistas", True),
        ("you guys scammed me", True),
        ("this is daylight robbery", True),
        ("quiero lo que me robaron", True),
        ("me están estafando", True),
        ("isso é roubo", True),
        ("vcs me enganaram", True),
        ("I was robbed on the way to you", False),
        ("me robaron la cartera, cierren mi cuenta", False),
        ("fui roubada ontem no ônibus", False),
        ("you are quick", False),
        ("son unos genios", False),
        ("vocês são demais", False),
        ("a ladra do filme é ótima", False),
    ],
)
def test_an_accusation_is_told_from_praise(text, said):
    assert accuses(text) is said
