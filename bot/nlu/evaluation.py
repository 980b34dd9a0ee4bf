"""Judges the models on files of JSON lines: one prediction a row, and figures where labelled."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from bot.domain.data import dataclass
from bot.domain.understanding import Need
from bot.nlu import metrics
from bot.nlu.appeal_head import Appeal
from bot.nlu.batches import Asked
from bot.nlu.examples import Example, IntentExamples
from bot.nlu.language import LanguageReader
from bot.nlu.mood import mood_of
from bot.nlu.reading import Look, TextModels
from bot.nlu.sentiment import LABELS
from bot.nlu.takeover import Said, takeover_of, unheard

Row = Mapping[str, Any]
BATCH = 32
FULL_NAMES = {
    "arabic": "ar", "english": "en", "french": "fr", "german": "de", "hindi": "hi",
    "italian": "it", "portuguese": "pt", "spanish": "es",
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """Predictions of a file, and what they are measured by."""

    predictions: list[dict[str, Any]]
    figures: dict[str, Any] | None  # None: no row has a label


def examples_of(rows: Sequence[Row]) -> tuple[IntentExamples, ...]:
    """Return the intents of a training file: `text`, `intent`, `lang` where it is told."""
    found: dict[str, list[Example]] = {}
    for row in rows:
        if row.get("intent") is not None:
            lang = row.get("lang")
            example = Example(text=str(row["text"]), language=code(lang) if lang else None)
            found.setdefault(str(row["intent"]), []).append(example)
    return tuple(
        IntentExamples(name=name, examples=tuple(examples)) for name, examples in found.items()
    )


class Judge:
    """Runs each row through the models as the daemon would."""

    def __init__(self, models: TextModels, languages: tuple[str, ...], default: str) -> None:
        self._models = models
        self._reader = LanguageReader(languages)
        self._default = default

    def intents(self, rows: Sequence[Row]) -> Judged:
        """Judge what texts are for."""
        heads = self._models.intents
        predictions = []
        for row, read in zip(rows, self._looks(rows, Need.INTENT), strict=True):
            look = read if str(row.get("text", "")).strip() else Look()  # no words mean nothing
            scores = heads.scores(look.guess) if heads and look.guess else ()
            sure = float(look.guess.probabilities.max()) if look.guess else 0.0
            predictions.append(
                {
                    "id": row.get("id"),
                    "intent": scores[0].name if scores and scores[0].accepted else None,
                    "best": scores[0].name if scores else None,
                    "confidence": round(look.guess.confidence, 6) if look.guess else 0.0,
                    "probability": round(sure, 6),
                }
            )
        return Judged(
            predictions=predictions,
            figures=figures_by_lang(rows, predictions, "intent", _of_intents),
        )

    def sentiment(self, rows: Sequence[Row]) -> Judged:
        """Judge the tone of texts."""
        predictions = []
        for row, look in zip(rows, self._looks(rows, Need.SENTIMENT), strict=True):
            tone = look.tone
            probs = [round(float(one), 6) for one in tone] if tone is not None else [0.0, 1.0, 0.0]
            label = self._models.tones.told(np.array(probs)).label
            named = {str(name): prob for name, prob in zip(LABELS, probs, strict=True)}
            predictions.append({"id": row.get("id"), "label": str(label), "probs": named})
        return Judged(
            predictions=predictions, figures=figures_by_lang(rows, predictions, "label", _of_tones)
        )

    def mood(self, rows: Sequence[Row]) -> Judged:
        """Judge conversations: their mood at the end, and where a person should take over."""
        predictions = []
        for row in rows:
            talk = self._talk(row)
            predictions.append(
                {"id": row.get("id"), "mood": str(mood_of(talk)), "takeover": takeover_of(talk)}
            )
        figures = figures_by_lang(rows, predictions, "mood", _of_moods)
        marked = [pair for pair in zip(rows, predictions, strict=True) if "takeover" in pair[0]]
        if marked:  # a moment may be labelled where no mood is
            figures = (figures or {"n": len(marked)}) | _figures(marked, _of_takeovers)
        return Judged(predictions=predictions, figures=figures)

    def _talk(self, row: Row) -> list[Said]:
        """Return what the customer said, as the models read it; nothing without a tone head."""
        texts: list[str] = []
        answered: list[tuple[float, bool]] = []
        answers: list[str] = []
        strain, is_reply = 0.0, False
        for message in row.get("messages", []):
            text = str(message.get("text", ""))
            if message.get("from") == "customer":
                texts.append(text)
                answered.append((strain, is_reply))
                strain, is_reply = 0.0, False
            else:
                is_reply = True
                strain = max(strain, unheard(text, answers))
                answers.append(text)
        asked = [{"text": text, "lang": row.get("lang")} for text in texts]
        looks = self._looks(asked, Need.SENTIMENT)
        heard = self._models.appeals
        appeals = heard.read(texts) if heard else [Appeal()] * len(texts)
        return [
            Said(text=text, tone=look.tone, appeal=appeal, answered=one, is_reply=replied)
            for text, look, appeal, (one, replied) in zip(
                texts, looks, appeals, answered, strict=True
            )
            if look.tone is not None
        ]

    def _looks(self, rows: Sequence[Row], need: Need) -> list[Look]:
        asked = [
            Asked(
                text=str(row.get("text", "")), needs=frozenset({need}), language=self._language(row)
            )
            for row in rows
        ]
        order = sorted(range(len(asked)), key=lambda at: len(asked[at].text))
        found: list[Look] = [Look()] * len(asked)
        for at in range(0, len(order), BATCH):
            some = order[at : at + BATCH]
            for place, look in zip(
                some, self._models.look([asked[one] for one in some]), strict=True
            ):
                found[place] = look
        return found

    def _language(self, row: Row) -> str:
        if row.get("lang"):
            return code(row["lang"])
        return self._reader.language_of(str(row.get("text", ""))) or self._default


def code(lang: object) -> str:
    """Return a language as two letters."""
    plain = str(lang).casefold()
    return FULL_NAMES.get(plain, plain[:2])


Figures = Callable[[Sequence[Row], Sequence[Row]], dict[str, Any]]


def figures_by_lang(
    rows: Sequence[Row], predictions: Sequence[Row], label: str, figures: Figures
) -> dict[str, Any] | None:
    """Return the figures of the rows that have a label, as a whole and by language."""
    pairs = [(row, told) for row, told in zip(rows, predictions, strict=True) if label in row]
    if not pairs:
        return None
    whole = _figures(pairs, figures)
    langs = sorted({str(row["lang"]) for row, _ in pairs if row.get("lang")})
    whole["by_lang"] = {
        lang: _figures([pair for pair in pairs if str(pair[0].get("lang")) == lang], figures)
        for lang in langs
    }
    return whole


def _figures(pairs: Sequence[tuple[Row, Row]], figures: Figures) -> dict[str, Any]:
    return {
        name: round(value, 4) if isinstance(value, float) else value
        for name, value in figures([row for row, _ in pairs], [told for _, told in pairs]).items()
    }


def figures_of_labels(truth: Sequence[Any], told: Sequence[Any]) -> dict[str, Any]:
    """Return the figures that labels alone give."""
    return {
        "n": len(truth),
        "accuracy": metrics.accuracy(truth, told),
        "macro_recall": metrics.macro_recall(truth, told),
        "macro_f1": metrics.macro_f1(truth, told),
        "mcc": metrics.mcc(truth, told),
        "auroc": None,
        "ece": None,
    }


def _of_intents(rows: Sequence[Row], told: Sequence[Row]) -> dict[str, Any]:
    truth = [row["intent"] for row in rows]
    found = figures_of_labels(truth, [one["intent"] for one in told])
    inside = [name is not None for name in truth]
    found["auroc"] = metrics.auroc(inside, [one["confidence"] for one in told])
    known = [(name, one) for name, one in zip(truth, told, strict=True) if name is not None]
    found["ece"] = metrics.calibration_error(
        [name == one["best"] for name, one in known], [one["probability"] for _, one in known]
    )
    return found


def _of_tones(rows: Sequence[Row], told: Sequence[Row]) -> dict[str, Any]:
    truth = [row["label"] for row in rows]
    found = figures_of_labels(truth, [one["label"] for one in told])
    sure = [max(one["probs"].values()) for one in told]
    found["ece"] = metrics.calibration_error(
        [label == one["label"] for label, one in zip(truth, told, strict=True)], sure
    )
    return found


def _of_moods(rows: Sequence[Row], told: Sequence[Row]) -> dict[str, Any]:
    found = figures_of_labels([row["mood"] for row in rows], [one["mood"] for one in told])
    return found | _of_takeovers(rows, told)


def _of_takeovers(rows: Sequence[Row], told: Sequence[Row]) -> dict[str, Any]:
    right = [
        row["takeover"] == one["takeover"]
        for row, one in zip(rows, told, strict=True)
        if "takeover" in row
    ]
    return {"takeover_accuracy": sum(right) / len(right)} if right else {}
