"""From the text of all files to one checked rulebook, or every problem at once."""

import hashlib
from collections.abc import Collection, Mapping

from bot.language.checks import World, check
from bot.language.desk import Desk, Known
from bot.language.problems import Problem, has_errors, in_order
from bot.language.rulebook import Rulebook
from bot.language.sections import Gathered, read_known, read_sections
from bot.language.source import Node, Scalar, Source, Table, decode, read_yaml


def read_rulebook(
    sources: Mapping[str, str | bytes],
    *,
    env_names: Collection[str] = (),
    known_intents: Collection[str] | None = None,
    known_actions: Collection[str] | None = None,
) -> tuple[Rulebook | None, tuple[Problem, ...]]:
    """Return the rulebook that these files say, and every problem of all of them, in order.

    Args:
        sources: File name, as it is to be shown, to content.
        known_intents: None when no models are there to ask.

    Returns:
        The rulebook, None when any problem is an error; and the problems, warnings among them.
    """
    problems: list[Problem] = []
    files: dict[str, Source] = {}
    trees: dict[str, Table] = {}
    for name in sorted(sources):
        text, refused = decode(name, sources[name])
        if refused is not None:
            problems.append(refused)
            continue
        files[name] = Source(name, text)
        tree = read_yaml(files[name], text)
        table = _top(files[name], tree)
        if table is not None:
            trees[name] = table
    gathered = _gather(files, trees)
    world = World(env=env_names, intents=known_intents, actions=known_actions)
    broken_yaml = any(problem.code == "E001" for source in files.values()
                      for problem in source.problems)  # fmt: skip
    found = [] if broken_yaml else check(gathered, files, world)
    for source in files.values():
        problems += source.problems
    ordered = in_order([*problems, *found])
    if has_errors(ordered):
        return None, ordered
    return _rulebook(gathered, files, sources), ordered


def _top(source: Source, tree: Node | None) -> Table | None:
    if tree is None or (isinstance(tree, Scalar) and not tree.text):
        return None
    if not isinstance(tree, Table):
        source.tell(
            tree.place, "E104", "a file is a mapping with sections such as rules: or flows:"
        )
        return None
    return tree


def _gather(files: Mapping[str, Source], trees: Mapping[str, Table]) -> Gathered:
    known, gathered = Known(), Gathered()
    desks = {name: Desk(files[name], known) for name in trees}
    for name, tree in trees.items():
        read_known(desks[name], tree)
    for name, tree in trees.items():
        read_sections(desks[name], tree, gathered)
    gathered.scopes = list({id(scope): scope for scope in gathered.scopes}.values())
    return gathered


def _rulebook(
    gathered: Gathered, files: Mapping[str, Source], sources: Mapping[str, str | bytes]
) -> Rulebook:
    digest = hashlib.sha256()
    for name in sorted(sources):
        content = sources[name]
        digest.update(name.encode() + b"\0")
        digest.update(content if isinstance(content, bytes) else content.encode())
    return Rulebook(
        rules=tuple(gathered.rules),
        flows=gathered.flows,
        replies=gathered.replies,
        hours=gathered.hours,
        fields=gathered.fields,
        variables=gathered.variables,
        teams=gathered.teams,
        stop=gathered.stop,
        start=gathered.start,
        cancel=gathered.cancel,
        substitutions=gathered.substitutions,
        files=tuple(files),
        hash=digest.hexdigest()[:12],
    )
