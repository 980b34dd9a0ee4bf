"""From the text of all files to one checked rulebook, or every problem at once."""

import hashlib
import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field, fields
from itertools import chain

from bot.domain.leads import NO_DECAY
from bot.language.advice import tell_advice
from bot.language.campaigns import sealed
from bot.language.checks import World, check
from bot.language.desk import Known
from bot.language.leads import LeadBook
from bot.language.places import Place
from bot.language.problems import Problem, clipped, has_errors, in_order
from bot.language.read_file import File, open_file, read_file
from bot.language.rulebook import Rulebook
from bot.language.sections import Gathered
from bot.language.signatures import Signature
from bot.language.source import Teller


@dataclass(slots=True)
class Memory:
    """What was read before: files that did not change are not read again."""

    files: dict[str, File] = field(default_factory=dict)


def read_rulebook(
    sources: Mapping[str, str | bytes],
    *,
    env_names: Collection[str] = (),
    known_intents: Collection[str] | None = None,
    known_actions: Mapping[str, Signature] | None = None,
    languages: Collection[str] = (),
    memory: Memory | None = None,
) -> tuple[Rulebook | None, tuple[Problem, ...]]:
    """Return the rulebook that these files say, and every problem of all of them, in order.

    Args:
        sources: File name, as it is to be shown, to content.
        known_intents: None when no models are there to ask.
        languages: That every reply with `lang` must have.
        memory: Kept by the caller from one reading to the next, so that only changes are read.

    Returns:
        The rulebook, None when any problem is an error; and the problems, warnings among them.
    """
    memory = Memory() if memory is None else memory
    files = {
        name: open_file(name, sources[name], memory.files.get(name)) for name in sorted(sources)
    }
    known = _known(files.values())
    shared = hashlib.sha256(repr(known).encode("utf-8", "surrogatepass")).hexdigest()
    for name, file in files.items():
        files[name] = read_file(name, file, sources[name], known, shared)
    memory.files = files
    gathered = _together(files.values())
    world = World(
        env=env_names, intents=known_intents, actions=known_actions, languages=languages,
        lists=known.lists, is_whole=known.is_whole,
    )  # fmt: skip
    teller = Teller({name: file.source for name, file in files.items()})
    _tell_twins(files, teller)
    check(gathered, world, teller)
    refused = (file.refused for file in files.values() if file.refused is not None)
    told = chain.from_iterable(file.source.problems for file in files.values())
    ordered = in_order(chain(refused, told, teller.problems))
    if has_errors(ordered):
        return None, ordered
    return _rulebook(gathered, files, known), ordered


def advise(memory: Memory) -> tuple[Problem, ...]:
    """Return advice on the files as last read."""
    teller = Teller({name: file.source for name, file in memory.files.items()})
    tell_advice(_together(memory.files.values()), teller)
    return in_order(teller.problems)


def tell_files(memory: Memory, lacking: Callable[[str], str]) -> tuple[Problem, ...]:
    """Return a warning for each file to be sent that cannot be.

    Args:
        lacking: Says why a file, named as it is written, cannot be sent; "" when it can.
    """
    teller = Teller({name: file.source for name, file in memory.files.items()})
    for reference in _together(memory.files.values()).references:
        reason = lacking(reference.name) if reference.kind == "file" else ""
        if reason:
            teller.tell(reference.place, "W309", f"'{clipped(reference.name)}' cannot be sent:"
                        f" {reason}", "a path counts from the folder of config.yaml")  # fmt: skip
    return in_order(teller.problems)


def _known(files: Collection[File]) -> Known:
    known = Known(is_whole=all(file.is_whole for file in files))
    for file in files:
        known.lists.update(file.known.lists)
        known.phrases.update(file.known.phrases)
    return known


def _together(files: Collection[File]) -> Gathered:
    """Return what all files say together."""
    whole = Gathered()
    said = (file.said for file in files if file.said is not None)
    for part in chain.from_iterable(one.parts for one in said):
        for one in fields(Gathered):
            held, more = getattr(whole, one.name), getattr(part, one.name)
            if isinstance(held, list):
                held.extend(more)
            elif isinstance(held, dict):
                held.update(more)
            elif more is not None:
                setattr(whole, one.name, more)
    return whole


def _tell_twins(files: Mapping[str, File], teller: Teller) -> None:
    """Tell of names that two files give to two things."""
    seen: dict[tuple[str, str], Place] = {}
    for file in files.values():
        for name, place in file.names.items():
            first = seen.setdefault(name, place)
            if first is not place and name[0] == "leads":
                _tell_twice(name[1], place, first, teller)
            elif first is not place:
                teller.tell(place, "E203", f"two {name[0]} are called '{name[1]}' (the other:"
                            f" {first.file}:{first.line})", "names are shared by all files:"
                            " give one of them another name")  # fmt: skip


def _tell_twice(key: str, place: Place, first: Place, teller: Teller) -> None:
    """Tell of what can be said of leads only once; ways to score may stand in any file."""
    if key != "scores":
        teller.tell(place, "E203", f"'{key}' of leads is said twice (before: {first.file}:"
                    f"{first.line})", "say it in one file only")  # fmt: skip


def _rulebook(gathered: Gathered, files: Mapping[str, File], known: Known) -> Rulebook:
    return Rulebook(
        rules=tuple(gathered.rules),
        flows=gathered.flows,
        campaigns={
            name: sealed(one, gathered.replies, gathered.hours, gathered.segments)
            for name, one in gathered.campaigns.items()
        },
        replies=gathered.replies,
        lists=known.lists,
        hours=gathered.hours,
        fields=gathered.fields,
        segments=gathered.segments,
        variables=gathered.variables,
        teams=gathered.teams,
        leads=LeadBook(
            stages=gathered.stages or (),
            owners=gathered.owners or (),
            decay=gathered.decay or NO_DECAY,
            qualify=gathered.qualify,
        ),
        slas=gathered.slas,
        canned=gathered.canned,
        stop=gathered.stop,
        start=gathered.start,
        cancel=gathered.cancel,
        back=gathered.back,
        substitutions=gathered.substitutions,
        counted=_counted(gathered),
        files=tuple(name for name, file in files.items() if file.refused is None),
        hash=hash_of({name: file.digest for name, file in files.items()}),
    )


def hash_of(digests: Mapping[str, bytes]) -> str:
    """Return what names a rulebook, from the sha256 of each of its files."""
    digest = hashlib.sha256()
    for name in sorted(digests):
        digest.update(name.encode("utf-8", "surrogateescape") + b"\0" + digests[name])
    return digest.hexdigest()[:12]


_COUNT = re.compile(r"\bcount\(\s*['\"]([^'\"]+)['\"]")


def _counted(gathered: Gathered) -> frozenset[str]:
    """Return the events that some expression counts."""
    sources = (one.source for scope in gathered.scopes for one in scope.expressions)
    return frozenset(name for source in sources for name in _COUNT.findall(source))
