"""Fine-tunes layers 3-5 of MiniLM on tweets and templates; ships the change as a small delta.

    python -m benchmarks.training.sentiment_en DATA_FOLDER OUT.safetensors

Three passes, each gentler than the one before, over tweets and over patterns drawn anew. One thread
and fixed seeds: on the same processor the same command makes the same head. Half an hour to an
hour of one core.
"""

import argparse
import copy
import json
import random
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from torch import nn

from benchmarks.training.expand import LABELS, draw
from bot.nlu.minilm import MiniLm, fastest_dtype, mean_pool, run_layers
from bot.nlu.sentiment import changed_layers
from bot.nlu.tone_text import plain_tone
from bot.nlu.weights import find_minilm

LONGEST = 40
BATCH = 32
RANK = 48  # of the factors that a change of weights is shipped as
SMALL_TALK = {
    "thank_you", "greeting", "goodbye", "yes", "no", "maybe", "what_is_your_name", "tell_joke",
    "are_you_a_bot", "fun_fact", "flip_coin", "roll_dice", "report_lost_card", "report_fraud",
    "damaged_card", "lost_luggage", "card_declined", "account_blocked",
}  # fmt: skip

Pair = tuple[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Pass:
    """How often the texts are gone through once, and how fast is learnt from them."""

    tweets: int
    patterns: int
    rate: float


PASSES = (
    Pass(tweets=100_000, patterns=15_000, rate=2e-4),
    Pass(tweets=8000, patterns=24_000, rate=8e-5),
    Pass(tweets=6000, patterns=14_000, rate=8e-5),
)


def read_lines(file: Path) -> list[dict[str, Any]]:
    """Return the objects of a file of JSON lines."""
    return [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]


def tweets(file: Path) -> list[Pair]:
    """Return the texts of a file with their labels as numbers."""
    return [(plain_tone(row["text"]), LABELS.index(row["label"])) for row in read_lines(file)]


def mix(data: Path, seed: int, once: Pass) -> list[Pair]:
    """Return one pass of training texts: tweets, templates, neutral requests."""
    chance = random.Random(seed)
    pairs = tweets(data / "semeval2017_4A" / "train.jsonl")
    chance.shuffle(pairs)
    pairs = pairs[: once.tweets]
    drawn = draw("en", once.patterns, seed=seed)
    pairs += [(plain_tone(text), LABELS.index(label)) for text, label in drawn]
    asked = [
        (plain_tone(row["text"]), 1)
        for row in read_lines(data / "clinc150" / "train.jsonl")
        if row["intent"] not in SMALL_TALK
    ]
    return pairs + chance.sample(asked, 1500)


def batches(lm: MiniLm, pairs: list[Pair], seed: int) -> list[tuple[torch.Tensor, ...]]:
    """Return batches of texts of like length, in random order."""
    chance = random.Random(seed)
    lm.tokens.enable_truncation(LONGEST)
    ordered = sorted(pairs, key=lambda pair: (len(pair[0]) // 12, chance.random()))
    groups = [ordered[at : at + BATCH] for at in range(0, len(ordered), BATCH)]
    chance.shuffle(groups)
    return [
        (*lm.batch([text for text, _ in group]), torch.tensor([label for _, label in group]))
        for group in groups
    ]


DTYPE = fastest_dtype()
"""In which layers are worked out: half the bits only where the processor is quicker with them.

Where it has none of its own for that, a step takes four times as long with them.
"""


def lighter() -> Any:
    """Return the context in which layers are worked out."""
    return torch.autocast("cpu", torch.bfloat16, enabled=DTYPE is torch.bfloat16)


class Tone(nn.Module):  # type: ignore[misc]
    """The layers that are trained, and the head."""

    def __init__(self, lm: MiniLm) -> None:
        super().__init__()
        self.layers = copy.deepcopy(lm.upper()).float()
        self.head = nn.Linear(384, 3)

    def forward(self, hidden: torch.Tensor, above: torch.Tensor, mask: torch.Tensor) -> Any:
        """Return logits: (texts, labels)."""
        return self.head(mean_pool(run_layers(self.layers, hidden, above), mask))


def logits_of(lm: MiniLm, tone: Tone, pairs: list[Pair]) -> tuple[torch.Tensor, torch.Tensor]:
    """Return (texts, 3) logits and the labels."""
    tone.eval()
    found, labels = [], []
    with torch.inference_mode(), lighter():
        for ids, mask, label in batches(lm, pairs, 0):
            hidden, above = lm.shared(ids, mask)
            found.append(tone(hidden, above, mask).float())
            labels.append(label)
    return torch.cat(found), torch.cat(labels)


def macro_recall(logits: torch.Tensor, labels: torch.Tensor) -> float:
    """Return the mean of the three recalls, in percent."""
    best = logits.argmax(1)
    recalls = [float((best[labels == k] == k).float().mean()) for k in range(3)]
    return 100 * sum(recalls) / 3


def train(
    lm: MiniLm, tone: Tone, data: Path, seed: int, once: Pass, more: Sequence[Pair] = ()
) -> None:
    """Fine-tune layers and head in one pass; ``more`` texts are gone through once, too."""
    torch.manual_seed(0)
    held = tweets(data / "tweeteval_sentiment" / "val.jsonl")
    pairs = [*mix(data, seed, once), *more]
    steps = -(-len(pairs) // BATCH)
    counts = torch.bincount(torch.tensor([label for _, label in pairs]), minlength=3).float()
    weights = (counts.sum() / counts / 3).sqrt()
    optimizer = torch.optim.AdamW(tone.parameters(), lr=once.rate, weight_decay=0.01)
    warm = steps // 20
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimizer, lambda at: min((at + 1) / warm, max(0.02, (steps - at) / (steps - warm)))
    )
    begun = time.time()
    for done, (ids, mask, labels) in enumerate(batches(lm, pairs, seed), start=1):
        tone.train()
        with lighter():
            with torch.no_grad():
                hidden, above = lm.shared(ids, mask)
            logits = tone(hidden, above, mask)
        loss = nn.functional.cross_entropy(
            logits.float(), labels, weight=weights, label_smoothing=0.03
        )
        optimizer.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(tone.parameters(), 1.0)
        optimizer.step()
        schedule.step()
        if done % 400 == 0:
            recall = macro_recall(*logits_of(lm, tone, held))
            spent = time.time() - begun
            print(f"{done}/{steps} {spent:.0f} s, validation recall {recall:.2f}", flush=True)


def delta_of(lm: MiniLm, tone: Tone, rank: int) -> dict[str, torch.Tensor]:
    """Return what fine-tuning changed: weights as two factors of a rank, the rest as it is."""
    found: dict[str, torch.Tensor] = {}
    before = dict(lm.upper().named_parameters())
    for name, now in tone.layers.named_parameters():
        change = now.detach() - before[name].float()
        if change.ndim == 1:
            found[f"{name}.change"] = change.half()
            continue
        left, size, right = torch.linalg.svd(change, full_matrices=False)
        root = size[:rank].sqrt()
        found[f"{name}.left"] = (left[:, :rank] * root).half().contiguous()
        found[f"{name}.right"] = (root[:, None] * right[:rank]).half().contiguous()
    found["head.weight"] = tone.head.weight.detach().clone()
    found["head.bias"] = tone.head.bias.detach().clone()
    return found


def apply_delta(lm: MiniLm, delta: dict[str, torch.Tensor]) -> Tone:
    """Return the layers and head that a delta describes."""
    tone = Tone(lm)
    parts = {name: part.detach().float().numpy() for name, part in delta.items()}
    tone.layers = changed_layers(lm, parts)
    with torch.no_grad():
        tone.head.weight.copy_(delta["head.weight"])
        tone.head.bias.copy_(delta["head.bias"])
    return tone


def balance_of(logits: torch.Tensor, labels: torch.Tensor) -> torch.Tensor:
    """Return the small shift of the logits, ±0.05 at most, that evens the three recalls best."""
    steps = (-0.05, 0.0, 0.05)
    shifts = [torch.tensor([one, two, 0.0]) for one in steps for two in steps]
    return max(shifts, key=lambda shift: macro_recall(logits + shift, labels))


def temperature_of(logits: torch.Tensor, labels: torch.Tensor) -> float:
    """Return the temperature under which the probabilities fit the labels best."""
    heats = [0.5 + 0.05 * step for step in range(60)]
    losses = [nn.functional.cross_entropy(logits / heat, labels).item() for heat in heats]
    return heats[losses.index(min(losses))]


def main() -> None:
    """Train, shrink, calibrate, write."""
    from safetensors.torch import save_file

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path)
    parser.add_argument("out", type=Path)
    asked = parser.parse_args()
    lm = MiniLm(find_minilm(), dtype=torch.float32)
    torch.set_num_threads(1)
    torch.manual_seed(0)
    tone = Tone(lm)
    for seed, once in enumerate(PASSES):
        train(lm, tone, asked.data, seed, once)
    held = tweets(asked.data / "tweeteval_sentiment" / "val.jsonl")
    print(f"all: {macro_recall(*logits_of(lm, tone, held)):.2f}")
    delta = delta_of(lm, tone, RANK)
    logits, labels = logits_of(lm, apply_delta(lm, delta), held)
    shift = balance_of(logits, labels)
    delta["head.bias"] += shift
    heat = temperature_of(logits + shift, labels)
    print(f"shipped: {macro_recall(logits + shift, labels):.2f}")
    save_file(delta, asked.out, {"labels": ",".join(LABELS), "temperature": f"{heat:.2f}"})
    print(f"{asked.out}: {asked.out.stat().st_size} bytes, temperature {heat:.2f}")


if __name__ == "__main__":
    main()
