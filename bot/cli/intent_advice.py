"""Advice on the examples of intents: two intents that say nearly the same."""

from collections.abc import Iterator
from itertools import combinations
from pathlib import Path

from bot.language.folding import fold
from bot.language.places import Place
from bot.language.problems import Problem, in_order
from bot.language.source import Scalar, Source, Table, Teller, decode, read_yaml, walk

NEAR = 90  # of 100: two examples that differ by a letter or two
MOST_SHARED = 0.3  # of the smaller intent's examples
Examples = dict[str, Place]  # folded example to where it stands


def intent_advice(folder: Path, root: Path) -> tuple[Problem, ...]:
    """Return A404 for each pair of intents that share examples, or nearly do.

    Args:
        folder: Where the intents' files are.
        root: What file names are shown relative to.
    """
    intents: dict[str, Examples] = {}
    sources: dict[str, Source] = {}
    for path in sorted(folder.glob("*.yaml")):
        name = path.relative_to(root).as_posix() if path.is_relative_to(root) else path.name
        text, _ = decode(name, path.read_bytes())
        sources[name] = Source(name, text)
        tree = read_yaml(sources[name], text)
        for intent, examples in _intents(tree if isinstance(tree, Table) else None):
            intents.setdefault(intent, {}).update(examples)
    teller = Teller(sources)
    for (one, some), (two, others) in combinations(intents.items(), 2):
        _compare((one, some), (two, others), teller)
    return in_order(teller.problems)


def _intents(tree: Table | None) -> Iterator[tuple[str, Examples]]:
    found = tree.entries.get("intents") if tree else None
    if found is None or not isinstance(found.value, Table):
        return
    for name, entry in found.value.entries.items():
        inside = entry.value
        if isinstance(inside, Table) and "examples" in inside.entries:
            inside = inside.entries["examples"].value
        texts = (node for node in walk(inside) if isinstance(node, Scalar))
        yield name, {fold(node.text).text: node.place for node in texts}


def _compare(one: tuple[str, Examples], two: tuple[str, Examples], teller: Teller) -> None:
    from rapidfuzz import fuzz, process

    (name, some), (other, others) = one, two
    if not some or not others:
        return
    shared = [
        (text, found[0])
        for text in some
        if (found := process.extractOne(text, others.keys(), scorer=fuzz.ratio, score_cutoff=NEAR))
    ]
    exact = [text for text, near in shared if text == near]
    if exact:
        place = others[exact[0]]
        teller.tell(place, "A404", f"the example '{exact[0]}' stands under '{name}' and under"
                    f" '{other}'", "the models cannot tell them apart by it")  # fmt: skip
    if len(shared) > MOST_SHARED * min(len(some), len(others)):
        place = others[shared[0][1]]
        teller.tell(place, "A404", f"the intents '{name}' and '{other}' are nearly the same:"
                    f" {len(shared)} examples are alike", "merge them, or give each examples of"
                    " its own")  # fmt: skip
