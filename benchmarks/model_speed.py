"""How quick the text models are, and what they weigh; run in a process of its own.

Prints one line of JSON. Served rate and raw forward pass are compared at the same batch, on one
thread, in texts a second of the processor's time, so that other work on the machine does not count.
"""

import argparse
import asyncio
import json
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.model_table import Figures
from benchmarks.training.expand import draw
from bot.daemon.resources import memory_of
from bot.domain.understanding import Need
from bot.nlu.heads import find_data, read_head
from bot.nlu.minilm import MiniLm
from bot.nlu.reading import TextModels
from bot.nlu.sentiment import EnglishTone, ManyTone
from bot.nlu.tone_text import plain_tone
from bot.nlu.understander import BackgroundUnderstander, open_understander

MODELS = Path(__file__).parents[1] / "models"
LANGUAGES = ("en", "es", "pt")
BOTH = frozenset({Need.INTENT, Need.SENTIMENT})
BATCH = 32
SINGLES = 100  # texts that are asked one by one
DEADLINE = 1.5  # seconds, as in a user's folder
LOADED_WITHIN = 300.0  # seconds
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
    parser.add_argument("--texts", type=int, default=1000, help="asked at once")
    asked = parser.parse_args()
    wanted = asked.texts + SINGLES
    texts = [text for text, _ in draw("en", 6 * wanted, seed=5)][:wanted]
    found: Figures = {"cold start": _cold_start()}
    print(json.dumps(found | asyncio.run(_served(texts))))


def _cold_start() -> float:
    code = COLD.format(folder=str(MODELS))
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return round(float(done.stdout.split()[1]), 2)


async def _served(texts: list[str]) -> Figures:
    """Time single texts, then all others at once, against the forward pass alone."""
    understander = open_understander(MODELS, LANGUAGES, deadline=DEADLINE)
    understander.start()
    await asyncio.to_thread(understander.wait, LOADED_WITHIN)
    singles, rest = texts[:SINGLES], texts[SINGLES:]
    one_by_one = []
    for text in singles:
        begun = time.perf_counter()
        await understander.understand(text, BOTH, "en")
        one_by_one.append(1000 * (time.perf_counter() - begun))
    begun = time.perf_counter()
    rate, failed = await _at_once(understander, rest)
    took = time.perf_counter() - begun
    peak = round(memory_of(os.getpid()))
    spanish = [text for text, _ in draw("es", 6 * len(rest), seed=5)][: len(rest)]
    rate_es, _ = await _at_once(understander, spanish, "es")
    raw = await asyncio.to_thread(_raw_rate, rest)
    raw_es = await asyncio.to_thread(_raw_rate_many, spanish)
    understander.close()
    return {
        "p50": round(float(np.percentile(one_by_one, 50)), 1),
        "p99": round(float(np.percentile(one_by_one, 99)), 1),
        "at once": len(rest),
        "not answered": failed,
        "took": round(took, 2),
        "served": round(rate),
        "raw": round(raw),
        "served of raw": round(100 * rate / raw, 1),
        "served es": round(rate_es),
        "raw es": round(raw_es),
        "served of raw es": round(100 * rate_es / raw_es, 1),
        "memory": peak,
    }


async def _at_once(
    understander: BackgroundUnderstander, texts: list[str], language: str = "en"
) -> tuple[float, int]:
    begun = _cpu(understander)
    asked = (understander.understand(text, BOTH, language) for text in texts)
    found = await asyncio.gather(*asked)
    spent = _cpu(understander) - begun
    answered = sum(not one.failed for one in found)
    return answered / spent, len(texts) - answered


def _cpu(understander: BackgroundUnderstander) -> float:
    """Return the CPU time so far of this process and of the models', in seconds."""
    told = Path(f"/proc/{understander.pid}/stat").read_text(encoding="ascii")
    own, system = told.rpartition(")")[2].split()[11:13]
    return time.process_time() + (int(own) + int(system)) / os.sysconf("SC_CLK_TCK")


def _raw_rate(texts: list[str]) -> float:
    """Return texts a second of the bare passes that serving needs: both encoders and the head."""
    import torch

    models = TextModels(MODELS)
    english, many = models.encoders.english, models.encoders.many
    head = read_head(find_data(MODELS, "heads/sentiment-en.safetensors"))
    assert english is not None
    assert many is not None
    tone = EnglishTone(english, head)
    ordered = sorted(texts, key=len)
    begun = time.process_time()
    with torch.inference_mode():
        for at in range(0, len(ordered), BATCH):
            some = ordered[at : at + BATCH]
            many.encode(some)
            _pass(english, tone, some)
    spent: float = time.process_time() - begun
    return len(texts) / spent


def _raw_rate_many(texts: list[str]) -> float:
    """Return texts a second of what other languages need: one encoder, and the head's own views."""
    many = TextModels(MODELS).encoders.many
    assert many is not None
    tone = ManyTone(read_head(find_data(MODELS, "heads/sentiment-many.safetensors")), many)
    ordered = [plain_tone(text) for text in sorted(texts, key=len)]
    begun = time.process_time()
    for at in range(0, len(ordered), BATCH):
        some = ordered[at : at + BATCH]
        tone.probabilities(some, many.encode(some))
    return len(texts) / (time.process_time() - begun)


def _pass(english: MiniLm, tone: Any, texts: list[str]) -> None:
    ids, mask = english.batch(texts)
    hidden, above = english.shared(ids, mask)
    tone.probabilities(hidden, above, mask)
    english.embed(hidden, above, mask)


if __name__ == "__main__":
    main()
