"""The table of what the text models must reach, and how measured figures stand in it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

Figures = dict[str, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One line of the table. ``floor`` and ``aim`` None: told for information only."""

    name: str
    part: str  # what `--only` chooses by
    says: str
    unit: str = "%"
    floor: float | None = None
    aim: float | None = None
    less_is_better: bool = False

    def state(self, ours: float) -> str:
        """Return whether a figure is below the floor, between, or at the aim."""
        if self.floor is None or self.aim is None:
            return ""
        sign = -1 if self.less_is_better else 1
        if sign * ours >= sign * self.aim:
            return "aim"
        return "floor" if sign * ours >= sign * self.floor else "BELOW"


def _banking() -> Iterable[Row]:
    for shots, floor, aim in (("5", 78, 81), ("10", 84, 87.2), ("all", 92, 93.5)):
        says = f"Banking77, {shots} examples an intent"
        yield Row(name=f"banking77 {shots}", part="banking77", says=says, floor=floor, aim=aim)
        yield Row(name=f"banking77 {shots} kept", part="banking77", says="… right and not rejected")


def _hint3() -> Iterable[Row]:
    for bot, floor, aim in (
        ("curekart", 0.64, 0.70), ("powerplay11", 0.44, 0.48), ("sofmattress", 0.62, 0.67)
    ):  # fmt: skip
        says = f"HINT3 {bot}, MCC, a fifth of intents unknown"
        yield Row(name=f"hint3 {bot}", part="hint3", says=says, unit="", floor=floor, aim=aim)


def _clinc() -> Iterable[Row]:
    yield Row(name="clinc auroc", part="clinc150", says="CLINC150 out of scope, AUROC, 10 examples",
              unit="", floor=0.965, aim=0.98)  # fmt: skip
    yield Row(name="clinc all auroc", part="clinc150", says="… all examples", unit="",
              floor=0.965, aim=0.98)  # fmt: skip
    yield Row(name="clinc all f1", part="clinc150", floor=78, aim=83,
              says="CLINC150 out of scope, F1, all examples, test split's proportions")  # fmt: skip
    yield Row(name="clinc all f1 as is", part="clinc150", says="… 200 outside among 3,200")
    yield Row(name="clinc all accuracy", part="clinc150", says="… in scope, right and not rejected")


def _languages() -> Iterable[Row]:
    for lang, floor, aim in (("de", 87, 90), ("it", 87, 90), ("tr", 87, 90), ("ar", 78, 83)):
        says = f"xSID {lang}, English examples only"
        yield Row(name=f"xsid {lang}", part="xsid", says=says, floor=floor, aim=aim)


def _tones() -> Iterable[Row]:
    yield Row(name="tweets", part="tweets", says="TweetEval sentiment, macro recall", floor=68,
              aim=71.3)  # fmt: skip
    for lang, floor, aim in (("pt", 60, 67), ("es", 55, 62), ("ar", 56, 60)):
        says = f"UMSAB {lang}, macro F1"
        yield Row(name=f"umsab {lang}", part="umsab", says=says, floor=floor, aim=aim)
    for lang in ("en", "fr", "de", "hi", "it"):
        yield Row(name=f"umsab {lang}", part="umsab", says=f"UMSAB {lang}, macro F1")


def _checklists() -> Iterable[Row]:
    names = (
        "praise denied", "blame denied", "facts denied", "ends badly", "ends well",
        "fault denied", "denied twice", "trouble over", "fear ahead", "asked",
        "complained politely",
    )  # fmt: skip
    rare = (
        "rare praise", "rare blame", "rare praise denied", "rare blame denied",
        "rare praise denied twice", "rare word ends well", "rare word ends badly",
        "complained without bad words", "praised in chat words",
    )  # of words that no training pattern holds  # fmt: skip
    for lang in ("en", "es", "pt"):
        for name in names if lang == "en" else (*names, *rare):
            yield Row(name=f"negation {lang} {name}", part="negation", floor=30, aim=10,
                      says=f"negation, {lang}, {name}: failures", less_is_better=True)  # fmt: skip


def _calibration() -> Iterable[Row]:
    for name, part, says in (
        ("ece tweets", "tweets", "tone"), ("ece umsab", "umsab", "tone, eight languages"),
        ("ece banking77 10", "banking77", "intents, Banking77, 10 examples"),
        ("ece clinc", "clinc150", "intents, CLINC150, 10 examples"),
    ):  # fmt: skip
        yield Row(name=name, part=part, says=f"calibration error, {says}", unit="", floor=0.08,
                  aim=0.04, less_is_better=True)  # fmt: skip


def _speed() -> Iterable[Row]:
    yield Row(name="served of raw", part="speed", floor=70, aim=90,
              says="served against the raw forward pass at the same batch")  # fmt: skip
    yield Row(name="served of raw es", part="speed", floor=70, aim=90,
              says="… in Spanish, with the views of its head")  # fmt: skip
    yield Row(name="memory", part="speed", says="memory with models", unit="MB", floor=700, aim=500,
              less_is_better=True)  # fmt: skip
    for name, says, unit in (
        ("served", "texts a CPU-second, intent and tone", "/s"),
        ("raw", "… of the bare forward pass", "/s"),
        ("served es", "… served in Spanish", "/s"),
        ("raw es", "… of Spanish's bare forward pass", "/s"), ("p50", "one text, median", "ms"),
        ("p99", "one text, 99th percentile", "ms"), ("at once", "texts asked at once", ""),
        ("not answered", "… of them not answered", ""), ("took", "… until the last one", "s"),
        ("cold start", "load and learn, CPU", "s"),
    ):  # fmt: skip
        yield Row(name=name, part="speed", says=says, unit=unit)


TABLE = (
    *_banking(), *_hint3(), *_clinc(), *_languages(), *_tones(), *_checklists(), *_calibration(),
    *_speed(),
)  # fmt: skip
PARTS = tuple(dict.fromkeys(row.part for row in TABLE))


def lines(found: Mapping[str, float]) -> list[str]:
    """Return the measured rows of the table as Markdown."""
    told = ["| goal | floor | aim | ours | |", "|---|---|---|---|---|"]
    for row in TABLE:
        if row.name in found:
            ours = found[row.name]
            cells = [row.says, _shown(row.floor, row), _shown(row.aim, row), _shown(ours, row)]
            told.append(f"| {' | '.join(cells)} | {row.state(ours)} |")
    return told


def below(found: Mapping[str, float]) -> list[str]:
    """Return the names of the rows whose floor is not reached."""
    return [
        row.name for row in TABLE if row.name in found and row.state(found[row.name]) == "BELOW"
    ]


def _shown(value: float | None, row: Row) -> str:
    if value is None:
        return ""
    digits = f"{value:.3f}" if row.unit == "" and value != int(value) else f"{round(value, 1):g}"
    return f"{digits} {row.unit}".strip()
