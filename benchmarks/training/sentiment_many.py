"""Trains the tone head over the multilingual encoder on tweets in eight languages and templates.

python -m benchmarks.training.sentiment_many DATA_FOLDER OUT.safetensors
"""

import argparse
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from torch import nn

from benchmarks.training.expand import LABELS, draw
from benchmarks.training.sentiment_en import read_lines, temperature_of
from bot.nlu.multilingual import Multilingual
from bot.nlu.sentiment import SCALE, pieces
from bot.nlu.tone_text import plain_tone

LANGUAGES = (
    "arabic", "english", "french", "german", "hindi", "italian", "portuguese", "spanish"
)  # fmt: skip
BUCKETS = 1 << 16
WIDTH = 256
BATCH = 128
TEMPLATE_WEIGHT = 0.25  # of a templated text, against a real one
ENGLISH_WEIGHT = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Texts:
    """Labelled texts as the head sees them."""

    vectors: torch.Tensor  # (texts, 512)
    pieces: list[torch.Tensor]
    labels: torch.Tensor
    weights: torch.Tensor


def prepare(encoder: Multilingual, pairs: list[tuple[str, str]], weight: float) -> Texts:
    """Return embeddings, word pieces and labels of (text, label) pairs."""
    texts = [plain_tone(text) for text, _ in pairs]
    return Texts(
        vectors=torch.tensor(encoder.encode(texts)),
        pieces=[torch.tensor(pieces(text, BUCKETS)) for text in texts],
        labels=torch.tensor([LABELS.index(label) for _, label in pairs]),
        weights=torch.full((len(pairs),), weight),
    )


def joined(parts: list[Texts]) -> Texts:
    """Return several lots of texts as one."""
    return Texts(
        vectors=torch.cat([part.vectors for part in parts]),
        pieces=[found for part in parts for found in part.pieces],
        labels=torch.cat([part.labels for part in parts]),
        weights=torch.cat([part.weights for part in parts]),
    )


def labelled(file: Path) -> list[tuple[str, str]]:
    """Return the (text, label) pairs of a file."""
    return [(row["text"], row["label"]) for row in read_lines(file)]


class Tone(nn.Module):  # type: ignore[misc]
    """A hidden layer over the embedding, plus a worth for each hashed piece."""

    def __init__(self) -> None:
        super().__init__()
        self.inner = nn.Linear(512, WIDTH)
        self.outer = nn.Linear(WIDTH, 3)
        self.words = nn.EmbeddingBag(BUCKETS, 3, mode="sum")
        self.drop = nn.Dropout(0.3)
        nn.init.zeros_(self.words.weight)

    def forward(self, vectors: torch.Tensor, found: list[torch.Tensor]) -> Any:
        """Return logits: (texts, labels)."""
        inner = torch.relu(self.inner(self.drop(vectors * SCALE)))
        counts = torch.tensor([len(one) for one in found])
        starts = torch.cat([torch.zeros(1, dtype=torch.long), counts.cumsum(0)[:-1]])
        worth = self.words(torch.cat(found), starts) * counts.clamp(min=1).rsqrt()[:, None]
        return self.outer(self.drop(inner)) + worth


def train(texts: Texts, passes: int) -> Tone:
    """Return a trained head."""
    torch.manual_seed(0)
    tone = Tone()
    optimizer = torch.optim.AdamW(
        [
            {"params": [*tone.inner.parameters(), *tone.outer.parameters()], "lr": 2e-3},
            {"params": tone.words.parameters(), "lr": 1e-2, "weight_decay": 0.0},
        ],
        weight_decay=0.01,
    )
    count = len(texts.labels)
    steps = passes * (count // BATCH)
    schedule = torch.optim.lr_scheduler.LambdaLR(optimizer, lambda at: 1 - 0.95 * at / steps)
    for _ in range(passes):
        order = torch.randperm(count)
        for at in range(0, count - BATCH + 1, BATCH):
            rows = order[at : at + BATCH]
            logits = tone(texts.vectors[rows], [texts.pieces[row] for row in rows.tolist()])
            losses = nn.functional.cross_entropy(logits, texts.labels[rows], reduction="none")
            loss = (losses * texts.weights[rows]).sum() / texts.weights[rows].sum()
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            schedule.step()
    tone.eval()
    return tone


def macro_f1(logits: torch.Tensor, labels: torch.Tensor) -> float:
    """Return the mean F1 of the three labels, in percent."""
    best, found = logits.argmax(1), 0.0
    for label in range(3):
        both = ((best == label) & (labels == label)).sum().item()
        either = (best == label).sum().item() + (labels == label).sum().item()
        found += 2 * both / max(either, 1)
    return 100 * found / 3


def tensors_of(tone: Tone) -> dict[str, torch.Tensor]:
    """Return the head as half floats, under the names it is read by."""
    return {
        "inner.weight": tone.inner.weight.detach().half(),
        "inner.bias": tone.inner.bias.detach().half(),
        "outer.weight": tone.outer.weight.detach().half(),
        "outer.bias": tone.outer.bias.detach().half(),
        "words": tone.words.weight.detach().half(),
    }


def main() -> None:
    """Train, calibrate, tell each language's figures, write."""
    from safetensors.torch import save_file

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--passes", type=int, default=6)
    parser.add_argument("--english", type=int, default=15_000, help="tweets of SemEval")
    asked = parser.parse_args()
    torch.set_num_threads(1)
    encoder = Multilingual()
    umsab = asked.data / "umsab"
    parts = [prepare(encoder, labelled(umsab / name / "train.jsonl"), 1.0) for name in LANGUAGES]
    english = labelled(asked.data / "semeval2017_4A" / "train.jsonl")[: asked.english]
    parts.append(prepare(encoder, english, ENGLISH_WEIGHT))
    parts += [
        prepare(encoder, draw(language, 9000, seed=0), TEMPLATE_WEIGHT)
        for language in ("en", "es", "pt")
    ]
    tone = train(joined(parts), asked.passes)
    logits, labels = [], []
    with torch.inference_mode():
        for name in LANGUAGES:
            held = prepare(encoder, labelled(umsab / name / "val.jsonl"), 1.0)
            logits.append(tone(held.vectors, held.pieces))
            labels.append(held.labels)
            print(f"{name}: macro F1 {macro_f1(logits[-1], labels[-1]):.1f}")
    heat = temperature_of(torch.cat(logits), torch.cat(labels))
    told = {"labels": ",".join(LABELS), "temperature": f"{heat:.2f}"}
    save_file(tensors_of(tone), asked.out, told)
    print(f"{asked.out}: {asked.out.stat().st_size} bytes, temperature {heat:.2f}")


if __name__ == "__main__":
    main()
