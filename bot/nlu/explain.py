"""Why a text has its intent, and what in users' examples is hard to tell apart."""

from collections import Counter
from collections.abc import Sequence
from typing import Any

import numpy as np

from bot.domain.understanding import Need
from bot.nlu.batches import Asked
from bot.nlu.chat_words import spelt_out
from bot.nlu.examples import IntentExamples, warnings_of
from bot.nlu.intents import beside, embed_all
from bot.nlu.language import LanguageReader
from bot.nlu.reading import TextModels
from bot.nlu.tone_text import plain_tone

NEAREST = 5  # examples that are shown
CLOSE = 0.2  # share of an intent's held-out examples taken for another one
MOST_CLOSE = 12


def explain(
    models: TextModels,
    intents: Sequence[IntentExamples],
    text: str,
    languages: tuple[str, ...],
    language: str | None,
) -> dict[str, Any]:
    """Return language, tone, the ranking, and the examples nearest to a text."""
    read = language or LanguageReader(languages).language_of(text) or models.default
    needs = frozenset({Need.INTENT, Need.SENTIMENT})
    look = models.look([Asked(text=text, needs=needs, language=read)])[0]
    tone = models.tones.told(look.tone) if look.tone is not None else None
    scores = models.intents.scores(look.guess) if models.intents and look.guess else ()
    return {
        "text": text,
        "language": read,
        "tone": f"{tone.label} {tone.score:.2f}" if tone else None,
        "intents": [
            {"name": one.name, "score": one.score, "accepted": one.accepted} for one in scores
        ],
        "nearest": _nearest(models, intents, spelt_out(plain_tone(text), read)),
    }


def report(models: TextModels, intents: Sequence[IntentExamples]) -> dict[str, Any]:
    """Return how well held-out examples are told apart, and advice."""
    heads = models.intents
    views = heads.views if heads else {}
    mistaken: Counter[tuple[str, str]] = Counter()
    for view in views.values():
        mistaken.update(dict(view.mistaken))
    sizes = {one.name: len(one.examples) for one in intents}
    advice = warnings_of(tuple(intents))
    for (truth, told), count in mistaken.most_common(MOST_CLOSE):
        if count >= max(2, CLOSE * sizes[truth]):
            advice.append(
                f"'{truth}' is often taken for '{told}':"
                " write examples that differ more, or make one intent of both"
            )
    return {
        "intents": len(sizes),
        "examples": sum(sizes.values()),
        "views": {
            name: {"held_out": view.held_out, "threshold": view.scale.threshold}
            for name, view in views.items()
        },
        "advice": advice,
    }


def _nearest(
    models: TextModels, intents: Sequence[IntentExamples], text: str
) -> list[dict[str, Any]]:
    known = [
        (
            one.name,
            example.text,
            spelt_out(plain_tone(example.text), example.language or models.default),
        )
        for one in intents
        for example in one.examples
    ]
    if not known:
        return []
    vectors = embed_all(
        [text, *(full for _, __, full in known)],
        models.encoders.by_name(),
    )
    rows = beside(vectors)
    rows = next(iter(vectors.values())) if rows is None else rows
    alike = rows[1:] @ rows[0]
    return [
        {"intent": known[at][0], "text": known[at][1], "likeness": round(float(alike[at]), 3)}
        for at in np.argsort(-alike)[:NEAREST].tolist()
    ]
