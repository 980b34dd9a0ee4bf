"""Trains the tone head over the multilingual encoder on tweets in eight languages and templates.

python -m benchmarks.training.sentiment_many DATA_FOLDER OUT.safetensors
"""

import argparse
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import torch
from torch import nn

from benchmarks.training.expand import LABELS, draw
from benchmarks.training.leaning import Pairs, lean_of
from benchmarks.training.sentiment_en import read_lines, temperature_of
from benchmarks.training.words import words_of
from bot.nlu.heads import read_head
from bot.nlu.multilingual import Multilingual
from bot.nlu.sentiment import ManyTone, pieces, views
from bot.nlu.tone_text import plain_tone

LANGUAGES = (
    "arabic", "english", "french", "german", "hindi", "italian", "portuguese", "spanish"
)  # fmt: skip
BUCKETS = 1 << 16
MEMBERS = (
    (True, 0),
    (True, 1),
    (True, 2),
    (False, 0),
    (False, 1),
)  # networks whose mean is shipped as one: whether each learns more words, and its start
WIDTH = 256  # of each
BATCH = 128
DROPPED = 0.3  # of what is seen, and of the hidden layer, at each step
TEMPLATES = 15_000  # a language
TEMPLATE_WEIGHT = 0.6  # of a templated text, against a real one
MORE = 24_000  # templates with more words, a language
MORE_WEIGHT = 0.4  # of these, and of the others beside them
ENGLISH_WEIGHT = 0.3  # of tweets of SemEval, and of film reviews, which are learnt without pieces
UNWORDED = 0.4  # of templated texts are learnt without their pieces: new words must do, too


@dataclass(frozen=True, slots=True, kw_only=True)
class Texts:
    """Labelled texts as the head sees them."""

    seen: torch.Tensor  # (texts, 3 * 512 + 2), as `views` returns them
    pieces: list[torch.Tensor]
    labels: torch.Tensor
    weights: torch.Tensor
    unworded: torch.Tensor  # how often a text is learnt without its pieces


def prepare(
    encoder: Multilingual, pairs: list[tuple[str, str]], weight: float, unworded: float = 0.0
) -> Texts:
    """Return embeddings, word pieces and labels of (text, label) pairs."""
    texts = [plain_tone(text) for text, _ in pairs]
    seen = [
        torch.from_numpy(views(encoder, some, encoder.encode(some)))
        for at in range(0, len(texts), BATCH)
        if (some := texts[at : at + BATCH])
    ]
    return Texts(
        seen=torch.cat(seen),
        pieces=[torch.tensor(pieces(text, BUCKETS), dtype=torch.long) for text in texts],
        labels=torch.tensor([LABELS.index(label) for _, label in pairs]),
        weights=torch.full((len(pairs),), weight),
        unworded=torch.full((len(pairs),), unworded),
    )


def joined(parts: list[Texts]) -> Texts:
    """Return several lots of texts as one."""
    return Texts(
        seen=torch.cat([part.seen for part in parts]),
        pieces=[found for part in parts for found in part.pieces],
        labels=torch.cat([part.labels for part in parts]),
        weights=torch.cat([part.weights for part in parts]),
        unworded=torch.cat([part.unworded for part in parts]),
    )


def weighed(texts: Texts, weight: float) -> Texts:
    """Return the same texts with another weight."""
    return replace(texts, weights=torch.full_like(texts.weights, weight))


def labelled(file: Path) -> list[tuple[str, str]]:
    """Return the (text, label) pairs of a file."""
    return [(row["text"], row["label"]) for row in read_lines(file)]


class Tone(nn.Module):  # type: ignore[misc]
    """A hidden layer over what is seen of a text, plus a worth for each hashed piece."""

    def __init__(self, width: int = WIDTH) -> None:
        super().__init__()
        self.inner = nn.Linear(3 * 512 + 2, width)
        self.outer = nn.Linear(width, 3)
        self.words = nn.EmbeddingBag(BUCKETS, 3, mode="sum")
        self.drop = nn.Dropout(DROPPED)
        nn.init.zeros_(self.words.weight)

    def forward(self, seen: torch.Tensor, found: list[torch.Tensor]) -> Any:
        """Return logits: (texts, labels)."""
        inner = torch.relu(self.inner(self.drop(seen)))
        counts = torch.tensor([len(one) for one in found])
        starts = torch.cat([torch.zeros(1, dtype=torch.long), counts.cumsum(0)[:-1]])
        worth = self.words(torch.cat(found), starts) * counts.clamp(min=1).rsqrt()[:, None]
        return self.outer(self.drop(inner)) + worth


def train(texts: Texts, passes: int, seed: int) -> Tone:
    """Return a trained head."""
    torch.manual_seed(seed)
    tone = Tone()
    optimizer = torch.optim.AdamW(
        [
            {"params": [*tone.inner.parameters(), *tone.outer.parameters()], "lr": 2e-3},
            {"params": tone.words.parameters(), "lr": 5e-3, "weight_decay": 0.0},
        ],
        weight_decay=0.05,
    )
    count = len(texts.labels)
    steps = passes * (count // BATCH)
    schedule = torch.optim.lr_scheduler.LambdaLR(optimizer, lambda at: 1 - 0.95 * at / steps)
    for _ in range(passes):
        order = torch.randperm(count)
        for at in range(0, count - BATCH + 1, BATCH):
            rows = order[at : at + BATCH]
            logits = tone(texts.seen[rows], _pieces(texts, rows))
            losses = nn.functional.cross_entropy(logits, texts.labels[rows], reduction="none")
            loss = (losses * texts.weights[rows]).sum() / texts.weights[rows].sum()
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            schedule.step()
    tone.eval()
    return tone


def _pieces(texts: Texts, rows: torch.Tensor) -> list[torch.Tensor]:
    """Return a batch's pieces, some of them left out."""
    none = torch.zeros(0, dtype=torch.long)
    bare = (torch.rand(len(rows)) < texts.unworded[rows]).tolist()
    return [
        none if out else texts.pieces[row] for row, out in zip(rows.tolist(), bare, strict=True)
    ]


def mean_of(members: list[Tone]) -> Tone:
    """Return one head whose logits are the mean of several: their hidden layers side by side."""
    mean, count = Tone(WIDTH * len(members)), len(members)
    with torch.no_grad():
        mean.inner.weight.copy_(torch.cat([one.inner.weight for one in members]))
        mean.inner.bias.copy_(torch.cat([one.inner.bias for one in members]))
        mean.outer.weight.copy_(torch.cat([one.outer.weight for one in members], dim=1) / count)
        mean.outer.bias.copy_(sum(one.outer.bias for one in members) / count)
        mean.words.weight.copy_(sum(one.words.weight for one in members) / count)
    mean.eval()
    return mean


def macro_f1(logits: torch.Tensor, labels: torch.Tensor) -> float:
    """Return the mean F1 of the three labels, in percent."""
    best, found = logits.argmax(1), 0.0
    for label in range(3):
        both = ((best == label) & (labels == label)).sum().item()
        either = (best == label).sum().item() + (labels == label).sum().item()
        found += 2 * both / max(either, 1)
    return 100 * found / 3


def tensors_of(tone: Tone) -> dict[str, torch.Tensor]:
    """Return the head under the names it is read by: half floats, the widest layer in bytes."""
    inner = tone.inner.weight.detach()
    scale = (inner.abs().amax(1, keepdim=True) / 127).half()
    return {
        "inner.weight": (inner / scale.float()).round().clamp(-127, 127).to(torch.int8),
        "inner.scale": scale,
        "inner.bias": tone.inner.bias.detach().half(),
        "outer.weight": tone.outer.weight.detach().half(),
        "outer.bias": tone.outer.bias.detach().half(),
        "words": tone.words.weight.detach().half(),
    }


def lots_of(
    encoder: Multilingual, tweets: list[Pairs], films: Pairs, english: Pairs
) -> dict[bool, Texts]:
    """Return what members learn: those with more words under True."""
    real = [prepare(encoder, some, 1.0) for some in tweets]
    real += [
        prepare(encoder, english, ENGLISH_WEIGHT),
        prepare(encoder, draw("en", TEMPLATES, seed=0), TEMPLATE_WEIGHT, UNWORDED),
        prepare(encoder, films, ENGLISH_WEIGHT, 1.0),
    ]
    patterns = [
        prepare(encoder, draw(language, TEMPLATES, seed=0), TEMPLATE_WEIGHT, UNWORDED)
        for language in ("es", "pt")
    ]
    wordy = [
        prepare(encoder, draw(language, MORE, seed=0, more=True), MORE_WEIGHT, UNWORDED)
        for language in ("es", "pt")
    ]
    lighter = [weighed(part, MORE_WEIGHT) for part in patterns]
    return {False: joined([*real, *patterns]), True: joined([*real, *wordy, *lighter])}


def main() -> None:
    """Train, calibrate, tell each language's figures, write."""
    from safetensors.torch import save_file

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--passes", type=int, default=6)
    parser.add_argument("--english", type=int, default=8000, help="tweets of SemEval")
    asked = parser.parse_args()
    torch.set_num_threads(1)
    encoder = Multilingual()
    umsab = asked.data / "umsab"
    tweets = [labelled(umsab / name / "train.jsonl") for name in LANGUAGES]
    films = labelled(asked.data / "sst2" / "train.jsonl")
    english = labelled(asked.data / "semeval2017_4A" / "train.jsonl")[: asked.english]
    lots = lots_of(encoder, tweets, films, english)
    tone = mean_of([train(lots[more], asked.passes, seed) for more, seed in MEMBERS])
    lean = lean_of(encoder, films, [pair for some in tweets for pair in some])
    short = lean | words_of(encoder)
    told = {"labels": ",".join(LABELS), "temperature": "1"}
    save_file(tensors_of(tone) | short, asked.out, told)
    reader = ManyTone(read_head(asked.out), encoder)
    logits, labels = [], []
    for name in LANGUAGES:
        held = labelled(umsab / name / "val.jsonl")
        texts = [plain_tone(text) for text, _ in held]
        logits.append(torch.from_numpy(reader.logits(texts, encoder.encode(texts))))
        labels.append(torch.tensor([LABELS.index(label) for _, label in held]))
        print(f"{name}: macro F1 {macro_f1(logits[-1], labels[-1]):.1f}")
    heat = temperature_of(torch.cat(logits), torch.cat(labels))
    told["temperature"] = f"{heat:.2f}"
    save_file(tensors_of(tone) | short, asked.out, told)
    print(f"{asked.out}: {asked.out.stat().st_size} bytes, temperature {heat:.2f}")


if __name__ == "__main__":
    main()
