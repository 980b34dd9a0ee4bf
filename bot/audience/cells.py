"""What a row of a table says of a person, or why it is refused."""

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, time
from functools import lru_cache
from typing import Any
from zoneinfo import available_timezones

import phonenumbers

from bot.audience.columns import Columns
from bot.audience.formulas import as_it_was
from bot.audience.sheets import Row
from bot.domain.consents import LONGEST_PROOF, LONGEST_SOURCE, LONGEST_WORDING, ConsentState
from bot.domain.data import dataclass
from bot.domain.numbers import SHORT, normalise
from bot.domain.values import Value, hide, to_json
from bot.language.fields import NO, YES, Fits, Misfit, Where, fit, items_of
from bot.language.flows import Slot
from bot.language.folding import fold

Person = dict[str, Any]
"""JSON of what is imported of somebody: row, number, and whatever of the rest is said."""

LONGEST_NAME = 200  # characters
LONGEST_TAG = 60  # characters
MOST_TAGS = 50  # of one row
LANGUAGES = {
    "english": "en", "ingles": "en", "spanish": "es", "espanol": "es", "espanhol": "es",
    "castellano": "es", "portuguese": "pt", "portugues": "pt", "french": "fr", "frances": "fr",
    "german": "de", "aleman": "de", "alemao": "de", "italian": "it", "italiano": "it",
}  # fmt: skip
GRANTED, WITHDRAWN = (state.value for state in ConsentState)
STATES = {"granted": GRANTED, "given": GRANTED, "withdrawn": WITHDRAWN, "unknown": ""}
OURS = ("rule:", "flow:", "word:", "before the ledger")
"""Sources that the bot itself wrote; an export of its own need not have a wording."""
MOMENT = Slot(name="consent_when", type="datetime")
"""A declared field of that type, read likewise."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """Why a cell, and with it its row, is not imported."""

    row: int
    column: str
    reason: str
    remedy: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Consenting:
    """The consent of everybody in a file, where no column says otherwise; "" for none."""

    source: str = ""
    wording: str = ""
    proof: str = ""
    when: str = ""  # ISO 8601 with zone

    @property
    def is_said(self) -> bool:
        """Tell whether everybody in the file agreed."""
        return bool(self.source)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """By what rows are read.

    Attributes:
        possible: Numbers of ranges that are not known to be given out are taken too.
        stages: Of leads, in their order; none: any word is one.
    """

    fields: Mapping[str, Slot]
    where: Where
    now: datetime
    tags: tuple[str, ...] = ()
    language: str = ""
    consent: Consenting = Consenting()
    possible: bool = False
    stages: tuple[str, ...] = ()


class Reader:
    """Reads rows of one table."""

    def __init__(self, header: tuple[str, ...], columns: Columns, rules: Rules) -> None:
        self._header = header
        self._columns = columns
        self._rules = rules

    def read(self, row: Row) -> tuple[Person, list[Refusal]]:
        """Return what a row says, and what stands against it: with that it is not imported."""
        refusals: list[Refusal] = []
        person: Person = {"row": row.number, "number": ""}
        for target, found in self._read(row):
            if isinstance(found, Misfit):
                column = self._column(target)
                refusals.append(
                    Refusal(row=row.number, column=column, reason=found.why, remedy=found.remedy)
                )
            elif target in self._rules.fields:
                if found.value is not None:
                    plain = to_json(found.value)
                    hidden = self._rules.fields[target].sensitive
                    person.setdefault("fields", {})[target] = hide(plain) if hidden else plain
            elif target.startswith(LEAD):
                if found.value != "":
                    person.setdefault("lead", {})[target.removeprefix(LEAD)] = found.value
            elif found.value:
                person[target] = found.value
        return person, refusals

    def _column(self, target: str) -> str:
        place = self._columns.places.get(target)
        return "" if place is None else self._header[place]

    def _read(self, row: Row) -> Iterator[tuple[str, Fits | Misfit]]:
        rules, cell = self._rules, {name: self._cell(row, name) for name in self._columns.places}
        yield "number", _number(cell["number"], rules)
        yield "name", _name(cell)
        yield "language", read_language(_said(cell.get("language")) or rules.language)
        yield "timezone", read_timezone(cell.get("timezone"))
        yield "tags", _tags(_said(cell.get("tags")), rules.tags)
        yield from _lead(cell, rules)
        yield from _consent(cell, rules)
        for name, field in rules.fields.items():
            if name in cell:
                yield name, fit(field, cell[name], rules.where)

    def _cell(self, row: Row, target: str) -> Value:
        place = self._columns.places[target]
        value = row.cells[place] if place < len(row.cells) else None
        return as_it_was(value.strip()) if isinstance(value, str) else value


_BLANK = re.compile(r"[\s\x00-\x1f\x7f]+")


def _said(value: Value) -> str:
    match value:
        case None:
            return ""
        case bool():
            return "yes" if value else "no"
        case datetime() | date() | time():
            return value.isoformat()
        case _:
            return _BLANK.sub(" ", str(value)).strip()


def _number(value: Value, rules: Rules) -> Fits | Misfit:
    written = _said(value).removesuffix(".0")
    region = rules.where.region
    if not written:
        return Misfit("there is no number", "fill it in, or take the row out")
    if re.fullmatch(r"\d(?:[.,]\d+)?[eE]\+?\d+", written):
        return Misfit(f"'{written}' was shortened by a spreadsheet",
                      "format the column as text and write the number again")  # fmt: skip
    number = normalise(written, region)
    if not number:
        example = _example(region)
        country = "" if region else ", or say --country"
        return Misfit(f"'{_short(written)}' is no phone number",
                      f"write it with its country, such as {example}{country}")  # fmt: skip
    if not rules.possible and SHORT.fullmatch(number) is None and not _is_given_out(number):
        return Misfit(f"'{_short(written)}' ({number}) is of no range that is given out",
                      "correct it; --possible-numbers takes such numbers")  # fmt: skip
    return Fits(number)


def _is_given_out(number: str) -> bool:
    return phonenumbers.is_valid_number(phonenumbers.parse(number))


@lru_cache(maxsize=300)
def _example(region: str) -> str:
    found = phonenumbers.example_number_for_type(
        region or "BR", phonenumbers.PhoneNumberType.MOBILE
    )
    if found is None:
        return "+5511987654321"
    return str(phonenumbers.format_number(found, phonenumbers.PhoneNumberFormat.E164))


def _name(cell: Mapping[str, Value]) -> Fits | Misfit:
    parts = [_said(cell.get(part)) for part in ("first_name", "last_name")]
    return read_name(_said(cell.get("name")) or " ".join(part for part in parts if part))


def read_name(value: Value) -> Fits | Misfit:
    """Return a name on one line, "" for none."""
    name = _said(value)
    if len(name) > LONGEST_NAME:
        return Misfit(f"the name is longer than {LONGEST_NAME} characters", "shorten it")
    return Fits(name)


def read_language(value: Value) -> Fits | Misfit:
    """Return the code of a language, "" for none."""
    said = _said(value)
    code = LANGUAGES.get(fold(said).text) or said.replace("_", "-")
    if not said or re.fullmatch(r"[a-z]{2,3}", code):
        return Fits(code)
    if found := re.fullmatch(r"([A-Za-z]{2,3})(?:-([A-Za-z]{2}))?", code):
        region = f"-{found[2].upper()}" if found[2] else ""
        return Fits(found[1].lower() + region)
    return Misfit(f"'{_short(said)}' is no language", "write its code: en, es, pt, pt-BR")


@lru_cache(maxsize=1)
def _zones() -> frozenset[str]:
    return frozenset(available_timezones())


def read_timezone(value: Value) -> Fits | Misfit:
    """Return a time zone that is known, "" for none."""
    said = _said(value)
    if not said or said in _zones():
        return Fits(said)
    return Misfit(f"'{_short(said)}' is no time zone", "write it as America/Sao_Paulo")


def _tags(said: str, always: tuple[str, ...]) -> Fits | Misfit:
    listed = items_of(said) if said.startswith("[") else None
    written = re.split("[,;|]", said) if listed is None else listed
    tags = list(dict.fromkeys([*always, *(one.strip() for one in written if one.strip())]))
    if len(tags) > MOST_TAGS or any(len(tag) > LONGEST_TAG for tag in tags):
        return Misfit(f"more than {MOST_TAGS} tags, or one above {LONGEST_TAG} characters",
                      "separate tags with commas")  # fmt: skip
    return Fits(list[Value](tags))


LEAD = "lead_"
"""What the names begin with of what is said of a person's lead."""
SCORE = Slot(name="lead_score", type="integer")


def _lead(cell: Mapping[str, Value], rules: Rules) -> Iterator[tuple[str, Fits | Misfit]]:
    """Read what a row says of a lead."""
    stage, owner = _said(cell.get("lead_stage")), _said(cell.get("lead_owner"))
    if stage and rules.stages and stage not in rules.stages:
        yield "lead_stage", Misfit(f"'{_short(stage)}' is no stage",
                                   f"one of: {', '.join(rules.stages)}")  # fmt: skip
    else:
        yield "lead_stage", Fits(stage)
    long = [name for name, said in (("stage", stage), ("owner", owner)) if len(said) > LONGEST_TAG]
    if long:
        told = Misfit(f"the {long[0]} is longer than {LONGEST_TAG} characters", "shorten it")
        yield f"{LEAD}{long[0]}", told
    yield "lead_owner", Fits(owner)
    score = fit(SCORE, cell.get("lead_score"), rules.where)
    yield "lead_score", Fits("") if isinstance(score, Fits) and score.value is None else score
    if rules.stages and any(_said(cell.get(name)) for name in ("lead_owner", "lead_score")):
        yield "lead_begins", Fits(rules.stages[0])


def _consent(cell: Mapping[str, Value], rules: Rules) -> Iterator[tuple[str, Fits | Misfit]]:
    """Read what a row says of consent; a grant needs to say where, and in which words."""
    said, everybody = _said(cell.get("consent")), rules.consent
    state = _state(said)
    if state is None:
        yield "consent", Misfit(f"'{_short(said)}' is no consent", "write yes or no")
        return
    if not said and "consent" not in cell:
        state = GRANTED if everybody.is_said or _said(cell.get("consent_source")) else ""
    if not state:
        return
    entry = {
        "state": state,
        "source": _said(cell.get("consent_source")) or everybody.source,
        "wording": _said(cell.get("consent_wording")) or everybody.wording,
        "proof": _said(cell.get("consent_proof")) or everybody.proof,
    }
    when = fit(MOMENT, cell.get("consent_when"), rules.where)
    if isinstance(when, Misfit):
        yield "consent_when", when
    elif isinstance(when.value, datetime) and when.value > rules.now:
        yield "consent_when", Misfit("that moment lies in the future", "write when it was")
    else:
        at = when.value.astimezone(UTC).isoformat() if isinstance(when.value, datetime) else ""
        yield from _entry({**entry, "when": at or everybody.when})


def _entry(entry: dict[str, str]) -> Iterator[tuple[str, Fits | Misfit]]:
    longest = {
        "source": LONGEST_SOURCE, "wording": LONGEST_WORDING, "proof": LONGEST_PROOF
    }  # fmt: skip
    for name, most in longest.items():
        if len(entry[name]) > most:
            yield f"consent_{name}", Misfit(f"longer than {most} characters", "shorten it")
            return
    if entry["state"] == WITHDRAWN:
        yield "consent", Fits({**entry, "source": entry["source"] or "import"})
        return
    for name in ("source", "wording"):
        if not entry[name] and not entry["source"].startswith(OURS):
            yield (
                f"consent_{name}",
                Misfit(
                    f"a consent without its {name}",
                    f"fill in a column consent_{name}, or say --consent-{name}",
                ),
            )
            return
    yield "consent", Fits(dict[str, Value](entry))


def _state(said: str) -> str | None:
    """Return what a cell says of consent, "" for nothing, None when it cannot be told."""
    bare = fold(said).text
    if not bare:
        return ""
    if bare in STATES:
        return STATES[bare]
    return GRANTED if bare in YES else WITHDRAWN if bare in NO else None


def _short(text: str) -> str:
    return text if len(text) <= 40 else text[:39] + "…"
