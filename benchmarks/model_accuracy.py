"""How well texts are read, on the validation splits of a data folder and our own check-lists."""

from collections.abc import Iterator, Sequence
from itertools import product
from pathlib import Path
from typing import Any

import yaml

from benchmarks.model_table import Figures
from bot.nlu import metrics
from bot.nlu.evaluation import Judge, Judged, code, examples_of
from bot.nlu.reading import TextModels
from bot.nlu.rows import read_rows

CHECKLISTS = Path(__file__).parent / "checklists"
LANGUAGES = ("en", "es", "pt")
FOLDS = 5  # of HINT3: each leaves a fifth of the intents and of the examples out
TEST_PROPORTION = 1000 / 4500  # out of scope to in scope in CLINC150's test split
BOTS = ("curekart", "powerplay11", "sofmattress")
SEEN_ELSEWHERE = 60  # messages to other bots that stand for strangers, each fold
Rows = list[dict[str, Any]]


class Bench:
    """The models under test, and the folder of data."""

    def __init__(self, models: TextModels, data: Path) -> None:
        self.models = models
        self.judge = Judge(models, LANGUAGES, "en")
        self.data = data

    def learn(self, rows: Sequence[dict[str, Any]]) -> None:
        """Forget the intents, and learn those of labelled rows."""
        self.models.intents = None
        self.models.train(examples_of(rows), keep=False)

    def rows(self, *names: str, lang: str | None = "en") -> Rows:
        """Return the rows of a file below the data folder."""
        found = read_rows(self.data.joinpath(*names))
        return [row | {"lang": lang} for row in found] if lang else found


def banking77(bench: Bench) -> Figures:
    """Return the share of messages whose best intent is right, at each number of examples."""
    few, found = ("fewshot", "banking77"), Figures()
    held = bench.rows(*few, "valid.jsonl")
    for shots, file in (("5", "train_5"), ("10", "train_10"), ("all", "train")):
        bench.learn(bench.rows(*few, f"{file}.jsonl"))
        judged = bench.judge.intents(held)
        found[f"banking77 {shots}"] = _best(held, judged)
        found[f"banking77 {shots} kept"] = 100 * _figure(judged, "accuracy")
        if shots == "10":
            found["ece banking77 10"] = _figure(judged, "ece")
    return found


def hint3(bench: Bench) -> Figures:
    """Return MCC, null a class of its own.

    The test splits are not at hand, so examples stand in for them: of five parts each in turn is
    held out; in each a fifth of the intents is unknown, and some messages to other bots come too.
    """
    files = {bot: bench.rows("hint3", "v1", f"{bot}_train.jsonl") for bot in BOTS}
    found = Figures()
    for bot, rows in files.items():
        strangers = [row for other, theirs in files.items() if other != bot for row in theirs]
        truth: list[str | None] = []
        told: list[str | None] = []
        for each in range(FOLDS):
            learnt, held = _parted(rows, each)
            some = strangers[each :: max(1, len(strangers) // SEEN_ELSEWHERE)][:SEEN_ELSEWHERE]
            held += [row | {"intent": None} for row in some]
            bench.learn(learnt)
            judged = bench.judge.intents(held)
            truth += [row["intent"] for row in held]
            told += [one["intent"] for one in judged.predictions]
        found[f"hint3 {bot}"] = metrics.mcc(truth, told)
    return found


def clinc150(bench: Bench) -> Figures:
    """Return how well what no intent is meant for is told, with ten and with all examples."""
    outside = [
        row | {"intent": None}
        for name in ("oos_val.jsonl", "oos_train.jsonl")
        for row in bench.rows("clinc150", name)
    ]
    held = bench.rows("clinc150", "val.jsonl") + outside
    found = Figures()
    bench.learn(bench.rows("fewshot", "clinc150", "train_10.jsonl"))
    judged = bench.judge.intents(held)
    found["clinc auroc"] = _figure(judged, "auroc")
    found["ece clinc"] = _figure(judged, "ece")
    bench.learn(bench.rows("clinc150", "train.jsonl"))
    judged = bench.judge.intents(held)
    found["clinc all auroc"] = _figure(judged, "auroc")
    real = [row["intent"] is None for row in held]
    said = [one["intent"] is None for one in judged.predictions]
    inside = len(held) - len(outside)
    found["clinc all f1"] = _f1(real, said, TEST_PROPORTION * inside / len(outside))
    found["clinc all f1 as is"] = _f1(real, said, 1.0)
    pairs = zip(held, judged.predictions, strict=True)
    kept = [row["intent"] == one["intent"] for row, one in pairs if row["intent"] is not None]
    found["clinc all accuracy"] = 100 * sum(kept) / len(kept)
    return found


def xsid(bench: Bench) -> Figures:
    """Return the share of messages whose best intent is right, learnt from English alone."""
    bench.learn(bench.rows("xsid", "en.valid.jsonl"))
    found = Figures()
    for lang in ("de", "it", "tr", "ar"):
        held = bench.rows("xsid", f"{lang}.valid.jsonl", lang=lang)
        found[f"xsid {lang}"] = _best(held, bench.judge.intents(held))
    return found


def tweets(bench: Bench) -> Figures:
    """Return macro recall and calibration of the English tone head."""
    judged = bench.judge.sentiment(bench.rows("tweeteval_sentiment", "val.jsonl"))
    return {"tweets": 100 * _figure(judged, "macro_recall"), "ece tweets": _figure(judged, "ece")}


def umsab(bench: Bench) -> Figures:
    """Return macro F1 of the tone in each language."""
    found, every = Figures(), Rows()
    for folder in sorted((bench.data / "umsab").iterdir()):
        lang = code(folder.name)
        rows = bench.rows("umsab", folder.name, "val.jsonl", lang=lang)
        found[f"umsab {lang}"] = 100 * _figure(bench.judge.sentiment(rows), "macro_f1")
        every += rows
    found["ece umsab"] = _figure(bench.judge.sentiment(every), "ece")
    return found


def negation(bench: Bench) -> Figures:
    """Return the share of each check-list's rows that fail."""
    found = Figures()
    for (lang, name, expected), texts in checklists():
        judged = bench.judge.sentiment([{"text": text, "lang": lang} for text in texts])
        failed = [one for one in judged.predictions if one["label"] not in expected]
        found[f"negation {lang} {name}"] = 100 * len(failed) / len(texts)
    return found


def checklists() -> Iterator[tuple[tuple[str, str, tuple[str, ...]], list[str]]]:
    """Yield (language, name, labels that pass) with the texts of each check-list."""
    for file in ("negation.yaml", "chat.yaml", "words.yaml"):
        tree = yaml.safe_load((CHECKLISTS / file).read_text(encoding="utf-8"))
        for name, one in tree["lists"].items():
            for lang in tree["fill"]:
                fill = tree["fill"][lang]
                texts = [text for pattern in one[lang] for text in _filled(pattern, fill)]
                yield (lang, str(name), tuple(one["expected"])), texts


PARTS = {
    "banking77": banking77, "hint3": hint3, "clinc150": clinc150, "xsid": xsid, "tweets": tweets,
    "umsab": umsab, "negation": negation,
}  # fmt: skip


def _filled(pattern: str, fill: dict[str, list[str]]) -> Iterator[str]:
    used = [name for name in fill if f"{{{name}}}" in pattern]
    for words in product(*(fill[name] for name in used)):
        yield pattern.format(**dict(zip(used, words, strict=True)))


def _parted(rows: Rows, each: int) -> tuple[Rows, Rows]:
    """Return what is learnt and what is held out in one fold; an unknown intent's is null."""
    names = sorted({row["intent"] for row in rows})
    unknown = {name for at, name in enumerate(names) if at % FOLDS == each}
    seen: dict[str, int] = {}
    learnt, held = Rows(), Rows()
    for row in rows:
        turn = seen[row["intent"]] = seen.get(row["intent"], -1) + 1
        mine = turn % FOLDS == each
        if row["intent"] in unknown:
            held += [row | {"intent": None}] if mine else []
        else:
            (held if mine else learnt).append(row)
    known = {row["intent"] for row in learnt}
    return learnt, [row for row in held if row["intent"] is None or row["intent"] in known]


def _best(rows: Rows, judged: Judged) -> float:
    pairs = zip(rows, judged.predictions, strict=True)
    right = [row["intent"] == told["best"] for row, told in pairs if row["intent"] is not None]
    return float(100 * sum(right) / len(right))


def _f1(real: list[bool], said: list[bool], weight: float) -> float:
    """Return F1 of the true class in percent, each of its real rows counted ``weight`` times."""
    hit = weight * sum(a and b for a, b in zip(real, said, strict=True))
    missed = weight * sum(real) - hit
    wrong = sum(b and not a for a, b in zip(real, said, strict=True))
    return 100 * 2 * hit / (2 * hit + missed + wrong)


def _figure(judged: Judged, name: str) -> float:
    assert judged.figures is not None
    return float(judged.figures[name])
