"""How people say that they have nothing to give: "n tenho email nao", "I haven't got one"."""

from collections.abc import Collection, Sequence

_SAID = (
    "don t have", "dont have", "do not have", "haven t got", "havent got", "have no", "have none",
    "haven t", "none", "without", "no tengo", "no tenemos", "no hay", "no uso", "ninguno",
    "ninguna", "ningun", "sin", "carezco de", "nao tenho", "nao temos", "nao tem", "nao uso",
    "nao possuo", "nenhum", "nenhuma", "sem",
)  # fmt: skip
_PHRASES = sorted((tuple(one.split()) for one in _SAID), key=len, reverse=True)
_BESIDE_LIST = """
    i we do one any a an it that of for sorry thanks thank you please pls actually oh ah ok no not
    right now at all the my just ta cheers other another else more
    hmm um well unfortunately honestly got have
    yo el la los las un una uno de mi lo pues perdon disculpa gracias no ya todavia aun la verdad
    lamentablemente por ahora otro otra mas
    eu o a os as um uma meu minha isso desculpa desculpe obrigado obrigada nao ainda infelizmente
    por enquanto agora no momento na verdade vdd aqui eh e outro outra mais
"""
_BESIDE = frozenset(_BESIDE_LIST.split())
"""Words that may stand around it and say nothing more."""
_NOUNS = {
    "email": "email e mail mails emails correo electronico correos",
    "phone": "phone phones number telephone mobile cell telefono telefone numero celular movil",
    "media": "photo photos picture pictures pic pics image foto fotos imagen imagem documento",
    "url": "website site web page link pagina sitio",
    "location": "address location direccion ubicacion endereco localizacao",
}
_SHORT = {"n": "nao", "ñ": "no", "num": "nao", "tnho": "tenho", "tngo": "tengo", "dnt": "dont"}


def in_full(words: Sequence[str]) -> tuple[str, ...]:
    """Return folded words with what chats shorten written out: "n tenho" is "nao tenho"."""
    return tuple([_SHORT.get(word, word) for word in words])


def lacks(words: Sequence[str], kind: str, about: Collection[str] = ()) -> bool:
    """Tell whether folded words say that somebody has none of what is asked for, and no more.

    Args:
        kind: The type of the slot.
        about: Words for what is asked, which may stand there too.
    """
    said = in_full(words)
    nouns = frozenset(_NOUNS.get(kind, "").split())
    found, at = False, 0
    while at < len(said):
        size = next((len(one) for one in _PHRASES if said[at : at + len(one)] == one), 0)
        word = said[at]
        if not size and word not in _BESIDE | nouns and word.removesuffix("s") not in about:
            return False
        found |= bool(size)
        at += size or 1
    return found
