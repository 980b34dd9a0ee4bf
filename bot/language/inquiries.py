"""Which parts of a message ask something: "a table for 4 and what are your opening hours?"."""

import re
from collections.abc import Collection, Sequence
from itertools import pairwise

from bot.domain.data import dataclass
from bot.language.spoken import plain

MOST_ASKED = 400  # characters of a message that is taken apart; longer ones are heard as a whole

_OPENING = (
    r"(?:who|whose|what|which|when|where|how|is there|are there|are you|do (?:yo)?u|does|did you|"
    r"can i|can you|could|is it|que|cual|cuales|cuando|donde|como|cuanto|cuanta|cuantos|cuantas|"
    r"hay|tienen|tienes|aceptan|hacen|a que|qual|quais|quando|onde|quanto|quanta|quantos|"
    r"quantas|tem|voces|ha|aceitam|fazem|em que|por que|porque|why|quien|quem)"
)
_CUT = re.compile(
    r"(?<=[?!.;\n])\s+|\n|\s+[-–—]\s+|,\s+(?!\d)(?:(?:and|but|y|pero|e|mas)\s+)?"
    rf"|\s+(?:and|but|y|e|pero|mas|also)\s+(?={_OPENING}\b)"
)
_LEAD = (
    r"^\W*(?:(?:and|but|so|ok|okay|hi|hello|hey|sorry|please|well|oh|also|wait|btw|by the way|y|"
    r"pero|hola|oye|disculpa|disculpe|perdon|una pregunta|e|mas|oi|ola|desculpa|desculpe|"
    r"uma pergunta|then|entonces|entao)\W+)*"
)
_WONDERING = re.compile(
    _LEAD + r"(?:(?:who|whose|when|where|which)\b|what(?! about\b| if\b)|whats\b|why(?! not\b)|"
    r"how(?! about\b)|(?:can|could) you (?:tell|explain|describe)|"
    r"(?:please )?(?:tell me|explain)\b|"
    r"(?:the |la |a )?(?:difference|diferencia|diferenca)\b|"
    r"(?:a |con |em |de |en )?(?:quien|quienes|cual|cuales|cuando|donde|cuanto|cuanta|cuantos|"
    r"cuantas)\b|"
    r"como\b|que(?! tal\b| sea\b| sean\b| seja\b| sejam\b)|por que(?! no\b| nao\b)|"
    r"(?:a |com |em |de )?(?:quem|qual|quais|quando|onde|quanto|quanta|quantos|quantas)\b|"
    r"o que\b)"
)
_SURELY_WONDERING = re.compile(
    _LEAD + r"(?:(?:who|what|which|why|how|where) (?:s|is|are|was|were|do|does|did|has|have|much|"
    r"many|big|long|large|often|kind of)\b|what's|"
    r"(?:what is |what's )?the difference between|"
    r"(?:cual|cuales) (?:es|son|viene|trae|tiene)\b|cuant[oa]s? (?:es|son|cuesta|cuestan|vale|"
    r"valen|sale|salen|mide|miden|trae|dura)\b|que (?:diferencia|significa)\b|"
    r"(?:qual|quais) (?:e|sao|vem|tem) (?:a|o|as|os)\b|quant[oa]s? (?:e|custa|custam|sai|dura)\b|"
    r"qual a diferenca|que diferenca)"
)
"""What asks even without its mark."""
_WHETHER = re.compile(
    _LEAD + r"(?:is|are|was|were|does|did|has|will|es|son|esta|estan|fue|sera|lleva|llevan|trae|"
    r"traen|incluye|incluyen|viene|vienen|e|sao|foi|vem|leva|inclui|isn't|isnt|aren't)\s"
)
_OFFERING = re.compile(
    r"\b(?:ok|okay|fine|possible|available|posible|disponible|possivel|disponivel|get|have|take|"
    r"bien|bom|good for you|alright|left|libre|livre)\b"
)
"""Who asks whether something is possible asks for it: "is 4 ok?", "is a red one available?"."""


@dataclass(frozen=True, slots=True)
class Clause:
    """A part of a message, where it begins and ends, and where the one after it begins."""

    text: str
    start: int
    end: int
    after: int

    @property
    def asks(self) -> bool:
        """Tell whether it is a question."""
        return asks(self.text)


_SIGNS = " .,;!?"  # that are no part by themselves


def clauses_of(text: str) -> tuple[Clause, ...]:
    """Return the parts of a message in their order; one part where it is long."""
    told = plain(text)
    if len(text) > MOST_ASKED or len(told) != len(text):
        return (Clause(text, 0, len(text), len(text)),)
    cuts = [(0, 0), *(cut.span() for cut in _CUT.finditer(told)), (len(text), len(text))]
    found = []
    for (_, start), (end, after) in pairwise(cuts):
        if text[start:end].strip(_SIGNS):
            found.append(Clause(text[start:end], start, end, after))
    return tuple(found)


def is_one(text: str) -> bool:
    """Tell, at little cost, that a message surely has one part."""
    bare = text.strip(_SIGNS)
    words = bare.lower().split(" ")
    return bare.isascii() and "".join(words).isalnum() and _JOINING.isdisjoint(words)


_JOINING = frozenset(("and", "but", "y", "e", "pero", "mas", "also"))
"""What parts are joined by, without a sign."""


def without(text: str, clauses: Sequence[Clause]) -> str:
    """Return a message without some of its parts, those in their order."""
    left, at = "", 0
    for one in clauses:
        left += text[at : one.start]
        at = one.after
    left += text[at:]
    return _LOOSE.sub("", left)


_LOOSE = re.compile(r"[\s,;–—-]+(?:(?:and|but|also|y|e|pero|mas)\s*)?$", re.IGNORECASE)
"""What joined a part that is gone."""


def may_ask(text: str, words: Collection[str]) -> bool:
    """Tell, at little cost, whether any part of a message may be a question.

    Args:
        words: Of the message, folded.
    """
    return len(text) <= MOST_ASKED and ("?" in text or not _ASKING.isdisjoint(words))


_ASKING = frozenset((
    "who", "what", "whats", "which", "why", "how", "where", "difference", "cual", "cuales",
    "cuanto", "cuanta", "cuantos", "cuantas", "que", "qual", "quais", "quanto", "quanta",
    "quantos", "quantas", "do", "there", "tienen", "aceptan", "venden", "manejan", "voces", "vcs",
))  # fmt: skip
"""Words that whatever asks without its mark begins with."""


def asks(text: str) -> bool:
    """Tell whether a clause is a question."""
    if text.rstrip(" \n").endswith("?"):
        return True
    told = plain(text)
    return any(one.match(told) is not None for one in (_SURELY_WONDERING, _UNMARKED))


_UNMARKED = re.compile(
    _LEAD + r"(?:do (?:you|u|ya) (?:guys )?(?:have|do|take|accept|deliver|offer|sell|ship|open|"
    r"serve|allow|charge)\b|(?:is|are) there\b|(?:ustedes )?(?:tienen|aceptan|venden|manejan)\b|"
    r"(?:voces|vcs) (?:tem|aceitam|fazem|entregam|vendem|parcelam|abrem|fecham)\b)"
)
"""What asks whether something is there, without its mark: "large, do u have wifi"."""


def inquires(text: str) -> bool:
    """Tell whether a clause asks about what it names, and so does not choose it.

    "who directed Yesterday?" and "is the red one good?" do; "what about the red one?" and "is 4
    ok?" do not.
    """
    told = plain(text).strip()
    if _SURELY_WONDERING.match(told):
        return True
    if not told.endswith("?"):
        return False
    if _WONDERING.match(told):
        return True
    return _WHETHER.match(told) is not None and _OFFERING.search(told) is None


def asks_of_times(text: str) -> bool:
    """Tell whether a question names so many times or parts, which are no count: "faz em 10x?"."""
    return text.rstrip().endswith("?") and _TIMES.search(plain(text)) is not None


_TIMES = re.compile(
    r"\b\d{1,3} ?x\b(?! ?\d)|\b\d{1,3} (?:vezes|parcelas|cuotas|plazos|pagos|installments|"
    r"instalments|payments)\b"
)


def told(text: str) -> str:
    """Return what a message says beside what it inquires about."""
    if len(text) > MOST_ASKED:
        return text
    if "?" not in text and (text.isalnum() or not _SURELY.search(plain(text))):
        return text
    clauses = clauses_of(text)
    asked = [one for one in clauses if inquires(one.text)]
    if not asked:
        return text
    return "" if len(asked) == len(clauses) else without(text, asked)


_SURELY = re.compile(_SURELY_WONDERING.pattern.removeprefix(_LEAD))
