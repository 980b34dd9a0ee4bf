"""The one word by which a Spanish or Portuguese statement praises or blames: "está {divino}".

The encoder tells a rare word better by itself, behind "very", than within a sentence of others.
"""

import re

from bot.domain.data import dataclass
from bot.nlu.denial import parts_of

LONGEST = 14  # words of a statement
VERY = "(?:muito |muy |bem |bien |super |súper |tan |tão )?"
WORD = r"(?P<word>[^\W\d_]{4,})"
COPULA = re.compile(
    r"\b(?:est[aá]n?|estava|estaba|é|es|foi|fue|ficou|qued[oó]|veio|vino|chegou|lleg[oó]|saiu|"
    r"sali[oó]|parece\w*|permanece|era|sigue|continua|achei o? ?\w*)\s+"
    + VERY
    + WORD
    + r"(?:,? (?:viu|oye|gente|mesmo|demais))?\W*$",
    re.IGNORECASE,
)
DENIED = re.compile(
    r"\b(?:est[aá]n?|estava|estaba|estuvo|esteve|é|es|son|são|foi|fue|fueron|foram|sido|ser|sea|"
    r"seja|ficou|fique|qued[oóe]|veio|vino|chegou|lleg[oó]|saiu|sali[oó]|pareci?[oóeu]\w*|era|"
    r"permanece|sigue|continua|ach\w+|vi|tem|teve|tiene|tuvo)\s+(?:[oa] \w+ )?(?:de )?"
    + VERY
    + "(?:una? |uma? )?"
    + WORD
    + r"(?:,? (?:viu|oye|gente|mesmo|demais|en momento|em momento|para|pra|de jeito|"
    r"como \w+))*\W*$|"
    r"\bde (?P<own>[^\W\d_]{4,}) (?:(?:tiene|tem|tuvo|teve)|(?:el|la|o|a) \w+)\W*$",
    re.IGNORECASE,
)
"""As a denial stands once its denials are out: "no tuvo nada de {w}" is "tuvo de {w}"."""

PORTUGUESE = re.compile(
    r"[ãõç]|\b(?:o|os|as|um|uma|é|foi|ficou|veio|chegou|saiu|não|muito|mas|meu|minha|do|da|na|"
    r"viu|pra|tá|nem|ninguém|tem|teve|isso)\b",
    re.IGNORECASE,
)
SPANISH = re.compile(
    r"[ñ¿¡]|\b(?:el|la|los|las|un|una|fue|qued[oó]|vino|lleg[oó]|sali[oó]|muy|pero|y|mi|del|oye|"
    r"es|le|lo|ni|nadie|tiene|tuvo|ha|eso)\b",
    re.IGNORECASE,
)
IN_THE = re.compile(r"\bno\b", re.IGNORECASE)
"""Portuguese where nothing is denied; where something is, it may be Spanish."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Predicate:
    """What is said of something, in the exclamations by which it leans.

    Attributes:
        bias: By how much words of the language lean towards praise in these.
        denied_bias: The same, where the word is denied.
        gain: What a lean of one adds to praise and takes from blame.
    """

    views: tuple[str, ...]
    bias: float
    denied_bias: float
    gain: float


def predicate_of(text: str) -> Predicate | None:
    """Return what a statement, or its ending, says of something; None for a question or denial."""
    if "?" in text or len(text.split()) > LONGEST:
        return None
    parts = parts_of(text)
    found = None if parts.affirmed else COPULA.search(parts.ending or text)
    if found is None:
        return None
    return _predicate(found["word"], _is_spanish(text, len(IN_THE.findall(text))))


def denied_predicate(text: str, said: str) -> Predicate | None:
    """Return what a denial denies of something.

    Args:
        said: What the text says without its denials.
    """
    found = DENIED.search(said)
    if found is None:
        return None
    return _predicate(found["word"] or found["own"], _is_spanish(text))


def _is_spanish(text: str, more: int = 0) -> bool:
    return len(SPANISH.findall(text)) > len(PORTUGUESE.findall(text)) + more


def _predicate(said: str, is_spanish: bool) -> Predicate:
    word = said.lower()
    if is_spanish:
        views = (f"Fue muy {word}.", f"¡Qué {word}!")
        return Predicate(views=views, bias=1.8, denied_bias=0.6, gain=1.5)
    views = (f"Foi muito {word}.", f"Que {word}!")
    return Predicate(views=views, bias=0.3, denied_bias=0.0, gain=1.0)
