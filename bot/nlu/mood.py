"""The mood of a conversation, and when a person should take over from the bot."""

import re
from collections.abc import Sequence

import numpy as np

from bot.domain.understanding import Mood
from bot.nlu.appeals import accuses, calls_for_person
from bot.nlu.heads import Array

DECAY = 0.7  # weight of each earlier message
MOVED = 0.25  # mood, -1..1, beyond which it is no longer neutral
CALMING = 0.6  # of the strain before a message that is left after it
HEATED = 0.5  # strain that strong words, shouting or a swearing face add
BREAKING = 1.3  # strain from which on a person should take over
STRONG = (
    "never again", "unacceptable", r"disgust\w*", "furious", "angry", "ridiculous", "scam",
    r"thie[fv]\w*", "lawyer", "sue", "refund now", "money back", "fed up", "sick of", "worst",
    "terrible", "awful", "horrible", "nobody", "no one", "useless", "joke", "hours", "third time",
    r"complain\w*", "report you",
    r"nunca m[aá]s", "inaceptable", "asco", r"fur[ií]os\w+", r"estaf\w+", r"ladr\w+",
    r"denunci\w+", "abogado", "hart[oa]", "peor", "desastre", r"verg[uü]enza", "nadie",
    r"in[uú]til\w*", "horas", "tercera vez", r"falta de respe\w+", r"devu[eé]lv\w+",
    r"inaceit[aá]vel", "golpe", "procon", "advogado", "pior", "horr[ií]vel", r"p[ée]ssim\w+",
    "vergonha", r"ningu[ée]m", r"palha[cç]ada", "absurdo", "terceira vez", r"devolv\w+",
)  # fmt: skip
HEAT = re.compile(rf"!{{2,}}|\?{{2,}}|[😡🤬😠😤👎]|\b(?:{'|'.join(STRONG)})", re.IGNORECASE)


def mood_of(tones: Sequence[Array]) -> Mood:
    """Return the mood after a customer's messages: a mean that forgets, of their tones.

    Args:
        tones: Probabilities (negative, neutral, positive) of each message, oldest first.
    """
    if not tones:
        return Mood.NEUTRAL
    weights = np.array([DECAY ** (len(tones) - 1 - at) for at in range(len(tones))])
    worth = np.array([float(tone[2] - tone[0]) for tone in tones])
    mood = float((weights * worth).sum() / weights.sum())
    if abs(mood) < MOVED:
        return Mood.NEUTRAL
    return Mood.POSITIVE if mood > 0 else Mood.NEGATIVE


def takeover_of(texts: Sequence[str], tones: Sequence[Array]) -> int | None:
    """Return the first message, counted from 1, at which a person should take over.

    That is where the customer asks for a person or threatens with law, a regulator or the bank,
    or where strain has built up: each negative message adds to it, heat adds more, time calms.
    An accusation is as negative as can be, and heated, whatever its tone.
    """
    strain = 0.0
    for at, (text, tone) in enumerate(zip(texts, tones, strict=True), start=1):
        if calls_for_person(text):
            return at
        accused = accuses(text)
        negative, positive = (1.0, 0.0) if accused else (float(tone[0]), float(tone[2]))
        strain = CALMING * strain * (1 - positive) + (negative if negative >= 0.5 else 0.0)
        if negative >= 0.5 and (accused or HEAT.search(text) or _shouts(text)):
            strain += HEATED
        if strain >= BREAKING:
            return at
    return None


def _shouts(text: str) -> bool:
    letters = [sign for sign in text if sign.isalpha()]
    return len(letters) > 8 and sum(sign.isupper() for sign in letters) > 0.7 * len(letters)
