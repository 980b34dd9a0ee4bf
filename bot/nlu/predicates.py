"""The one word by which a Spanish or Portuguese statement praises or blames: "está {divino}".

The encoder tells a rare word better by itself, behind "very", than within a sentence of others.
"""

import re

from bot.domain.data import dataclass
from bot.nlu.denial import parts_of

LONGEST = 14  # words of a statement
COPULA = re.compile(
    r"\b(?:est[aá]n?|estava|estaba|é|es|foi|fue|ficou|qued[oó]|veio|vino|chegou|lleg[oó]|saiu|"
    r"sali[oó]|parece\w*|permanece|era|sigue|continua|achei o? ?\w*)\s+"
    r"(?:muito |muy |bem |bien |super |súper |tan |tão )?(?P<word>[^\W\d_]{4,})"
    r"(?:,? (?:viu|oye|gente|mesmo|demais))?\W*$",
    re.IGNORECASE,
)
PORTUGUESE = re.compile(
    r"[ãõç]|\b(?:o|os|as|um|uma|é|foi|ficou|veio|chegou|saiu|não|muito|mas|meu|minha|do|da|no|na|"
    r"viu|pra|tá)\b",
    re.IGNORECASE,
)
SPANISH = re.compile(
    r"[ñ¿¡]|\b(?:el|la|los|las|un|una|fue|qued[oó]|vino|lleg[oó]|sali[oó]|muy|pero|y|mi|del|oye|"
    r"es|le|lo)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Predicate:
    """What is said of something, in the exclamations by which it leans.

    Attributes:
        bias: By how much words of the language lean towards praise in these.
        gain: What a lean of one adds to praise and takes from blame.
    """

    views: tuple[str, ...]
    bias: float
    gain: float


def predicate_of(text: str) -> Predicate | None:
    """Return what a statement, or its ending, says of something; None for a question or denial."""
    if "?" in text or len(text.split()) > LONGEST:
        return None
    parts = parts_of(text)
    found = None if parts.affirmed else COPULA.search(parts.ending or text)
    if found is None:
        return None
    word = found["word"].lower()
    if len(SPANISH.findall(text)) > len(PORTUGUESE.findall(text)):
        return Predicate(views=(f"Fue muy {word}.", f"¡Qué {word}!"), bias=1.8, gain=1.5)
    return Predicate(views=(f"Foi muito {word}.", f"Que {word}!"), bias=0.3, gain=1.0)
