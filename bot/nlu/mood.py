"""The mood of a conversation."""

import re
from collections.abc import Sequence

import numpy as np

from bot.domain.understanding import Mood
from bot.nlu.appeals import accuses, threatens
from bot.nlu.takeover import AGAIN, Said

DECAY = 0.3  # weight of each earlier message
CALM = 0.3  # weight of a message without any feeling, beside one that is full of it
MOVED = 0.25  # mood, -1..1, beyond which it is no longer neutral
TROUBLED = 0.6  # likelihood of trouble from which on it darkens a message
GLAD = 0.6  # worth of a message that trouble does not darken
ACCUSED = -0.8  # worth, at most, of an accusation or a threat that is no praise as a whole
UNHEARD = -0.4  # worth, at most, of what is said to a bot that repeats itself
POLITE = 0.2  # worth, at most, of a message of mere courtesy
COURTESY_LIST = """
    ah alright and fine for got hm hmm i it k know let noted now oh ok okay right see sure thank
    thanks then think about thx ty understood well will you ll
    bueno dale entendido gracias hecho listo luego lo pensar vale voy a y ya
    beleza bem blz bom certo combinado e então entendi entao esta está h obg obrigada obrigado
    ta tá vou
"""
COURTESIES = frozenset(COURTESY_LIST.split())
"""Words that take an answer in, and tell no feeling: "ok, gracias"."""


def mood_of(talk: Sequence[Said]) -> Mood:
    """Return the mood at the end: a mean that forgets; what is felt strongly counts for more."""
    if not talk:
        return Mood.NEUTRAL
    worth = np.array([_worth(said) for said in talk])
    weights = DECAY ** np.arange(len(talk))[::-1] * (np.abs(worth) + CALM)
    mood = float((weights * worth).sum() / weights.sum())
    if abs(mood) < MOVED:
        return Mood.NEUTRAL
    return Mood.POSITIVE if mood > 0 else Mood.NEGATIVE


def _worth(said: Said) -> float:
    """Return how glad a message is, -1..1."""
    worth, trouble = float(said.tone[2] - said.tone[0]), said.appeal.trouble
    if trouble > TROUBLED and worth < GLAD:
        worth = min(worth, -trouble)
    if worth < GLAD and (accuses(said.text) or threatens(said.text)):
        worth = min(worth, ACCUSED)
    if _is_courtesy(said.text):
        worth = min(worth, POLITE)
    return min(worth, UNHEARD) if said.answered >= AGAIN and worth < 0.5 else worth


def _is_courtesy(text: str) -> bool:
    words = re.findall(r"[^\W\d_]+", text.casefold())
    return bool(words) and "!!" not in text and COURTESIES.issuperset(words)
