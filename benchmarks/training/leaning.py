"""Trains the lean of sentiment-many: which way a short statement, or an ending, leans by itself.

It is linear and sees each word of praise or blame in many frames, so that a word which it never
met is told by its neighbours in the encoder, not by the frame.
"""

import random
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import torch
from torch import nn

from benchmarks.training.expand import LABELS, patterns_in, statements_in, typed
from bot.nlu.denial import parts_of
from bot.nlu.leaning import ENDING, WHOLE
from bot.nlu.multilingual import Multilingual
from bot.nlu.sentiment import SCALE
from bot.nlu.tone_text import plain_tone

Pairs = list[tuple[str, str]]
TONES = (("good", "positive"), ("bad", "negative"), ("plain", "neutral"))
FRAMES = 4  # a word is seen in
ENDINGS = 1800  # of praise, and of blame, a language
ORDINARY = 3000  # neutral patterns drawn, a language
GAINS = (0.5, 0.4)  # of the whole, of an ending; chosen on validation and check-lists
BRIGHTER = (0.4, 0.1)  # added to a lean: the network beside it takes unknown words for blame
DECAYS = (3e-3, 1e-2)
STEPS = 150
CHAT_WEIGHT, FILM_WEIGHT, TWEET_WEIGHT = 3.0, 0.1, 0.3


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawn:
    """Labelled texts of one language."""

    statements: Pairs
    endings: Pairs
    chat: Pairs
    ordinary: Pairs


def drawn(language: str) -> Drawn:
    """Return what the lean learns in a language."""
    chance = random.Random(3)
    fill, patterns = patterns_in(language, more=True)
    frames, around = statements_in(language)
    slots = {**fill, **around}
    statements = [
        (typed(frame, {**slots, "w": [word]}, language, chance), label)
        for name, label in TONES
        for word in dict.fromkeys(fill[name])
        for frame in chance.sample(frames, FRAMES)
    ]
    every = [one for parts in patterns.values() for one in parts]
    person = {"es": "el técnico", "pt": "o técnico"}[language]
    chat = [(text, "positive") for text in fill["said"]] + [
        (text, "negative") for text in fill["told"]
    ]
    chat += [(f"{person} {text}", "positive") for text in fill["did"]]
    chat += [(f"{person} {text}", "negative") for text in fill["failed"]]
    chat += [(chance.choice(around["pre"]) + text, label) for text, label in chat]
    endings = [
        (parts.ending, label)
        for name, label in TONES[:2]
        for text in _some(_ending_in(every, name), slots, language, chance, ENDINGS)
        if (parts := parts_of(plain_tone(text))).ending and not parts.affirmed
    ]
    asked = _some(patterns["neutral"], slots, language, chance, ORDINARY)
    ordinary = [
        (text, "neutral")
        for text in asked
        if not (parts := parts_of(plain_tone(text))).ending and not parts.affirmed
    ]
    return Drawn(statements=statements, endings=endings, chat=chat, ordinary=ordinary)


def _ending_in(patterns: Iterable[str], name: str) -> list[str]:
    """Return the patterns whose last word of praise or blame is of a kind."""
    return [one for one in patterns if re.findall(r"\{(good|bad)\}", one)[-1:] == [name]]


def _some(
    patterns: Sequence[str], fill: dict[str, list[str]], language: str, chance: random.Random,
    count: int,
) -> list[str]:  # fmt: skip
    return [typed(chance.choice(patterns), fill, language, chance) for _ in range(count)]


def lean_of(encoder: Multilingual, films: Pairs, tweets: Pairs) -> dict[str, torch.Tensor]:
    """Return the lean's tensors, as half floats under the names it is read by."""
    found = [drawn(language) for language in ("es", "pt")]
    statements = [pair for one in found for pair in one.statements]
    chat = [pair for one in found for pair in one.chat]
    ordinary = [pair for one in found for pair in one.ordinary]
    endings = [pair for one in found for pair in one.endings]
    lots = {
        WHOLE: ((statements, 1.0), (chat, CHAT_WEIGHT), (ordinary, 1.0), (films, FILM_WEIGHT),
                (tweets, TWEET_WEIGHT)),
        ENDING: ((endings, 1.0), (statements, 1.0), (chat, CHAT_WEIGHT), (films, FILM_WEIGHT)),
    }  # fmt: skip
    weights, biases = [], []
    for row in (WHOLE, ENDING):
        layer = _fitted(encoder, lots[row], DECAYS[row])
        weights.append(SCALE * (layer.weight[2] - layer.weight[0]))
        biases.append(layer.bias[2] - layer.bias[0] + BRIGHTER[row])
    return {
        "lean.weight": torch.stack(weights).detach().half(),
        "lean.bias": torch.stack(biases).detach().half(),
        "lean.gain": torch.tensor(GAINS).half(),
    }


def _fitted(
    encoder: Multilingual, lots: Sequence[tuple[Pairs, float]], decay: float
) -> nn.Linear:  # fmt: skip
    """Return a linear layer over embeddings that tells the labels."""
    pairs = [pair for some, _ in lots for pair in some]
    weights = torch.cat([torch.full((len(some),), weight) for some, weight in lots])
    seen = torch.from_numpy(SCALE * encoder.encode([_sentence(text) for text, _ in pairs]))
    labels = torch.tensor([LABELS.index(label) for _, label in pairs])
    torch.manual_seed(0)
    layer = nn.Linear(seen.shape[1], len(LABELS))
    optimizer = torch.optim.LBFGS(layer.parameters(), max_iter=STEPS, history_size=20)

    def loss() -> torch.Tensor:
        optimizer.zero_grad()
        each = nn.functional.cross_entropy(layer(seen), labels, reduction="none")
        found: torch.Tensor = (each * weights).sum() / weights.sum()
        found = found + decay * (layer.weight**2).sum()
        found.backward()
        return found

    optimizer.step(loss)
    return layer


def _sentence(text: str) -> str:
    plain = plain_tone(text)
    return plain[:1].upper() + plain[1:]
