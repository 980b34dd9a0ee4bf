"""How people say that any answer is right: "any is fine", "me da igual", "tanto faz"."""

from collections.abc import Collection, Sequence

from bot.language.folding import fold

_SAID = (
    "any", "anything", "anyone", "anywhere", "anytime", "whatever", "whichever", "wherever",
    "whenever", "either", "no preference", "no preferences", "don t care", "dont care",
    "do not care", "don t mind", "dont mind", "do not mind", "doesn t matter", "doesnt matter",
    "does not matter", "not important", "not picky", "not fussy", "not bothered", "not fussed",
    "no difference", "all the same", "open to anything", "flexible", "surprise me", "up to you",
    "what you recommend", "you recommend", "you suggest", "you think is best", "you think",
    "you like", "your recommendation", "lo que recomiendes", "lo que recomiende", "lo que digas",
    "lo que me recomiende", "lo que me recomiendes", "lo que usted diga", "lo que quieras",
    "o que recomendar", "o que voce recomendar", "o que voce recomenda", "o que achar melhor",
    "o que voce achar melhor", "o que vc recomendar", "o que vc achar melhor", "vc escolhe",
    "vc decide", "vc que sabe", "o que quiser",
    "you choose", "you decide", "you pick", "your choice", "your call", "not particular",
    "don t have a preference", "don t have any preference", "have no preference",
    "don t have preference", "don t have a specific", "don t have any",
    "da igual", "da lo mismo", "cualquiera", "cualquier", "cualquier cosa", "lo que sea",
    "no importa", "no me importa", "sin preferencia", "no tengo preferencia", "indiferente",
    "como quieras", "como quiera", "tu eliges", "tu decides", "usted elija", "usted decida",
    "tanto faz", "qualquer", "qualquer um", "qualquer uma", "qualquer coisa", "nao importa",
    "nao me importo", "nao ligo", "sem preferencia", "nao tenho preferencia", "o que for",
    "o que tiver", "voce escolhe", "voce decide", "voce que sabe",
    "peu importe", "m est egal", "n importe quoi", "n importe lequel", "n importe laquelle",
    "n importe", "pas de preference", "egal", "spielt keine rolle", "beliebig",
    "keine praferenz", "irgendeine", "irgendwas", "e lo stesso", "e uguale", "non importa",
    "qualsiasi", "nessuna preferenza", "indifferente",
)  # fmt: skip
_BESIDE_LIST = """
    it that this is are s be will do would d to me i m im am we re you the a an of for on about
    number time day date kind type sort place amount in one ones thing things here there them these
    those all with fine ok okay good great works work please thanks thank oh well hmm hm um no have
    so or and at which what specific particular option options by us my ll can
    va vienen viene sirve funciona bien hora dia
    es mi yo la el los las lo que una uno un de en para eso esta bien vale por favor gracias pues si
    sea tengo pra mim o os as um uma e isso ta bom bem pode ser eu tenho
    c ca est je ai moi le les das ist mir ich habe die der per
"""
_BESIDE = frozenset(_BESIDE_LIST.split())
"""Words that may stand around it and say nothing more."""
_STRESS = frozenset(
    ("really", "honestly", "actually", "particularly", "just", "much", "muito", "vraiment")
)


def is_indifferent(words: Sequence[str], about: Collection[str] = ()) -> bool:
    """Tell whether folded words say that any answer is right, and nothing else.

    Args:
        about: Words for what is asked, which may stand there too: "any price is fine".
    """
    words = [word for word in words if word not in _STRESS]
    found, at = False, 0
    while at < len(words):
        size = next((len(one) for one in _PHRASES if tuple(words[at : at + len(one)]) == one), 0)
        if not size and words[at] not in _BESIDE and words[at].removesuffix("s") not in about:
            return False
        found |= bool(size)
        at += size or 1
    return found


_PHRASES = sorted({fold(one).words for one in _SAID}, key=len, reverse=True)
