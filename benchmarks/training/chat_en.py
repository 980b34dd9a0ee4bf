"""Teaches sentiment-en the plain messages of customers: one gentle pass, and the mean of two heads.

    python -m benchmarks.training.chat_en DATA_FOLDER HEAD.safetensors OUT.safetensors

Goes on from a head over tweets, patterns, and plain messages drawn from `templates/chat.yaml`, then
takes the mean of the weights before and after: it knows the messages nearly as well as the second,
and tweets better than either. Four minutes of one core; fixed seeds, so that on the same processor
the same command makes the same head.
"""

import argparse
from pathlib import Path

import torch

from benchmarks.training.expand import LABELS, messages
from benchmarks.training.sentiment_en import (
    Pair,
    Pass,
    Tone,
    apply_delta,
    delta_of,
    logits_of,
    macro_recall,
    temperature_of,
    train,
    tweets,
)
from bot.nlu.minilm import MiniLm
from bot.nlu.tone_text import plain_tone
from bot.nlu.weights import find_minilm

ONCE = Pass(tweets=5000, patterns=8000, rate=5e-5)
DRAWN = 14  # messages of each pattern
SEED = 9
RANK = 64  # of the factors that the change of weights is shipped as
SHARE = 0.5  # of the new weights in the mean; of 0.5, 0.75 and 1 best on tweets


def mean_of(lm: MiniLm, before: Tone, after: Tone, share: float) -> Tone:
    """Return the mean of two heads' weights, ``share`` of the second."""
    mean = Tone(lm)
    parts = zip(mean.parameters(), before.parameters(), after.parameters(), strict=True)
    with torch.no_grad():
        for part, old, new in parts:
            part.copy_((1 - share) * old + share * new)
    return mean


def main() -> None:
    """Train, take the mean, shrink, calibrate, write."""
    from safetensors.torch import load_file, save_file

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path)
    parser.add_argument("head", type=Path)
    parser.add_argument("out", type=Path)
    asked = parser.parse_args()
    torch.set_num_threads(1)
    lm = MiniLm(find_minilm(), dtype=torch.float32)
    delta = load_file(asked.head)
    before, after = apply_delta(lm, delta), apply_delta(lm, delta)
    more: list[Pair] = [
        (plain_tone(text), LABELS.index(label)) for text, label in messages("en", DRAWN, seed=7)
    ]
    train(lm, after, asked.data, SEED, ONCE, more)
    shipped = delta_of(lm, mean_of(lm, before, after, SHARE), RANK)
    held = tweets(asked.data / "tweeteval_sentiment" / "val.jsonl")
    logits, labels = logits_of(lm, apply_delta(lm, shipped), held)
    heat = temperature_of(logits, labels)
    save_file(shipped, asked.out, {"labels": ",".join(LABELS), "temperature": f"{heat:.2f}"})
    size = asked.out.stat().st_size
    print(f"{asked.out}: {size} bytes, {macro_recall(logits, labels):.2f}, temperature {heat:.2f}")


if __name__ == "__main__":
    main()
