"""How good and how quick the text models are: one line of JSON.

    python -m benchmarks.models [DATA_FOLDER] [--texts 1000]

Speeds are measured over texts of our own; accuracy, when a data folder is given, on its validation
splits. Served rate and raw forward pass are compared at the same batch, on one thread, in texts a
second of the processor's time, so that other work on the machine does not count.
"""

import argparse
import asyncio
import json
import resource
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.training.expand import draw
from bot.domain.understanding import Need
from bot.nlu.evaluation import Judge, Judged, examples_of, read_rows
from bot.nlu.minilm import MiniLm
from bot.nlu.reading import TextModels
from bot.nlu.understander import BackgroundUnderstander, open_understander

MODELS = Path(__file__).parents[1] / "models"
LANGUAGES = ("en", "es", "pt")
BOTH = frozenset({Need.INTENT, Need.SENTIMENT})
BATCH = 32
LOADED_WITHIN = 120.0  # seconds
COLD = (
    "import time; t = time.perf_counter(), time.process_time()\n"
    "from pathlib import Path\n"
    "from bot.nlu.reading import TextModels\n"
    "from bot.nlu.examples import read_intents\n"
    "m = TextModels(Path({folder!r})); m.train(read_intents(Path({folder!r}))[0])\n"
    "print(time.perf_counter() - t[0], time.process_time() - t[1])"
)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path, nargs="?")
    parser.add_argument("--texts", type=int, default=1000)
    asked = parser.parse_args()
    texts = [text for text, _ in draw("en", 6 * asked.texts, seed=5)][: asked.texts]
    told: dict[str, Any] = {"cold_start": _cold_start()}
    told |= asyncio.run(_served(texts))
    if asked.data:
        told["accuracy"] = _accuracy(asked.data)
    print(json.dumps(told))


def _cold_start() -> dict[str, float]:
    code = COLD.format(folder=str(MODELS))
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    wall, cpu = map(float, done.stdout.split())
    return {"wall_s": round(wall, 2), "cpu_s": round(cpu, 2)}


async def _served(texts: list[str]) -> dict[str, Any]:
    """Time single texts, then all at once, against the forward pass alone."""
    understander = open_understander(MODELS, LANGUAGES, deadline=10.0)
    understander.start()
    await asyncio.to_thread(understander.wait, LOADED_WITHIN)
    singles, rest = texts[:100], texts[100:]
    one_by_one = []
    for text in singles:
        begun = time.perf_counter()
        await understander.understand(text, BOTH, "en")
        one_by_one.append(1000 * (time.perf_counter() - begun))
    rate, failed = await _at_once(understander, rest)
    peak = round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
    raw = await asyncio.to_thread(_raw_rate, rest)
    understander.close()
    return {
        "p50_ms": round(float(np.percentile(one_by_one, 50)), 1),
        "p99_ms": round(float(np.percentile(one_by_one, 99)), 1),
        "at_once": len(rest),
        "failed": failed,
        "served_per_s": round(rate),
        "raw_per_s": round(raw),
        "served_of_raw": round(rate / raw, 3),
        "memory_mb": peak,
    }


async def _at_once(understander: BackgroundUnderstander, texts: list[str]) -> tuple[float, int]:
    begun = time.process_time()
    found = await asyncio.gather(*(understander.understand(text, BOTH, "en") for text in texts))
    spent = time.process_time() - begun
    return len(texts) / spent, sum(bool(one.failed) for one in found)


def _raw_rate(texts: list[str]) -> float:
    """Return texts a second of the bare passes that serving needs: both encoders and the head."""
    import torch

    models = TextModels(MODELS)
    english, many, tone = models.encoders.english, models.encoders.many, models.english_tone
    assert english is not None
    assert many is not None
    assert tone is not None
    ordered = sorted(texts, key=len)
    begun = time.process_time()
    with torch.inference_mode():
        for at in range(0, len(ordered), BATCH):
            some = ordered[at : at + BATCH]
            many.encode(some)
            _pass(english, tone, some)
    spent: float = time.process_time() - begun
    return len(texts) / spent


def _pass(english: MiniLm, tone: Any, texts: list[str]) -> None:
    ids, mask = english.batch(texts)
    hidden, above = english.shared(ids, mask)
    tone.probabilities(hidden, above, mask)
    english.embed(hidden, above, mask)


def _accuracy(data: Path) -> dict[str, Any]:
    models = TextModels(MODELS)
    judge = Judge(models, LANGUAGES, "en")
    told: dict[str, Any] = {}
    rows = [row | {"lang": "en"} for row in read_rows(data / "tweeteval_sentiment" / "val.jsonl")]
    told["tweets"] = _short(judge.sentiment(rows))
    for folder in sorted((data / "umsab").iterdir()):
        told[f"umsab {folder.name}"] = _short(judge.sentiment(read_rows(folder / "val.jsonl")))
    few = data / "fewshot"
    for name, shots in (("banking77", 5), ("banking77", 10), ("clinc150", 10)):
        models.intents = None
        models.train(examples_of(read_rows(few / name / f"train_{shots}.jsonl")), keep=False)
        rows = [row | {"lang": "en"} for row in read_rows(few / name / "valid.jsonl")]
        if name == "clinc150":
            outside = read_rows(few / "clinc150_oos" / "valid.jsonl")
            rows += [{"text": row["text"], "lang": "en", "intent": None} for row in outside]
        told[f"{name} {shots}"] = _short(judge.intents(rows)) | {
            "best": _best(rows, judge.intents(rows))
        }
    models.intents = None
    models.train(examples_of(read_rows(data / "xsid" / "en.valid.jsonl")), keep=False)
    for lang in ("de", "it", "tr", "ar"):
        found = judge.intents(read_rows(data / "xsid" / f"{lang}.valid.jsonl"))
        told[f"xsid {lang}"] = _short(found)
    return told


def _short(judged: Judged) -> dict[str, Any]:
    names = ("n", "accuracy", "macro_recall", "macro_f1", "mcc", "auroc", "ece")
    return {name: judged.figures[name] for name in names} if judged.figures else {}


def _best(rows: list[dict[str, Any]], judged: Judged) -> float:
    known = [
        row["intent"] == told["best"]
        for row, told in zip(rows, judged.predictions, strict=True)
        if row["intent"] is not None
    ]
    share: float = sum(known) / len(known)
    return round(share, 4)


if __name__ == "__main__":
    main()
