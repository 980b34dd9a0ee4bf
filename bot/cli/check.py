"""`alexia check` and `lint`."""

import gc
import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from bot.cli.options import config_of, config_option, json_option
from bot.cli.talk import counted, fail, print_json
from bot.cli.watching import after_each_edit
from bot.domain.data import dataclass

if TYPE_CHECKING:
    from bot.config import Config
    from bot.language.problems import Problem
    from bot.language.reading import Memory
    from bot.language.rulebook import Rulebook
    from bot.rulebook_files import Loaded

PATHS = click.argument("paths", nargs=-1, type=click.Path(path_type=Path, exists=True))
WATCH = click.option("--watch", is_flag=True, help="Check again after each edit, until Ctrl-C.")


@click.command()
@PATHS
@WATCH
@config_option
@json_option
def check(paths: tuple[Path, ...], watch: bool, config_path: Path | None, as_json: bool) -> None:
    """Check rules and flows for mistakes.

    PATHS narrow what is shown. Exit code 1 when there is an error; warnings alone do not fail.
    """
    _run(paths, config_of(config_path, or_shipped=True), _Way(as_json, watch))


@click.command()
@PATHS
@WATCH
@config_option
@json_option
def lint(paths: tuple[Path, ...], watch: bool, config_path: Path | None, as_json: bool) -> None:
    """Check rules and flows, with advice.

    Beyond `check`: flows that nothing starts, replies that nobody says, a keyword of two rules,
    intents whose examples are nearly the same.
    """
    _run(paths, config_of(config_path, or_shipped=True), _Way(as_json, watch, with_advice=True))


@dataclass(frozen=True, slots=True)
class _Way:
    """How a check is made and shown."""

    as_json: bool
    watch: bool
    with_advice: bool = False


def _run(paths: Sequence[Path], config: "Config", way: _Way) -> None:
    was_on = gc.isenabled()
    if not way.watch:
        gc.disable()  # the process ends soon: nothing is worth being looked for
    try:
        failed = _once_or_more(paths, config, way)
    finally:
        if was_on:
            gc.enable()
    if failed:
        raise click.exceptions.Exit(1)


def _once_or_more(paths: Sequence[Path], config: "Config", way: _Way) -> bool:
    from bot.language.reading import Memory

    books = [(one, Memory()) for one in with_own_rules(config)]
    failed = _check(books, paths, way)
    if way.watch:
        own = [path for one, _ in books for path in (one.rules_folder, one.flows_folder)]
        after_each_edit(config.folder, lambda: _check(books, paths, way), own)
    return failed


def with_own_rules(config: "Config") -> "list[Config]":
    """Return the configuration of each account; of those with the same files, of the first."""
    alone = [config.alone(name) for name in config.names]
    apart = {(one.rules_folder, one.flows_folder): one for one in reversed(alone)}
    return list(reversed(apart.values()))


def load(config: "Config", memory: "Memory | None" = None) -> "Loaded":
    """Return the rulebook of a configuration with its problems."""
    from bot.cli.intents import intent_names
    from bot.daemon.library import missing_folders
    from bot.extensions import find_actions
    from bot.rulebook_files import load_rulebook

    actions = find_actions(config.folder)
    loaded = load_rulebook(
        config.folder,
        env_names=config.env,
        known_intents=intent_names(config),
        known_actions=actions.signatures,
        languages=config.languages,
        memory=memory,
        folders=(config.rules_folder, config.flows_folder),
    )
    return loaded.joined([*actions.problems, *missing_folders(config)])


def rulebook_of(config: "Config") -> "Rulebook":
    """Return the rulebook; with mistakes in the files they are printed and the command ends."""
    loaded = load(config)
    if loaded.rulebook is None:
        for problem in loaded.problems:
            click.echo(str(problem), err=True)
        fail("the rule files have mistakes")
    return loaded.rulebook


def plain(problem: Any) -> dict[str, Any]:  # noqa: ANN401 - the room's own type, read by name
    """Return a problem in the shape that other programs rely on."""
    names = ("file", "line", "column", "code", "severity", "message", "help")
    return {name: getattr(problem, name) for name in names}


def _check(
    books: "Sequence[tuple[Config, Memory]]", paths: Sequence[Path], way: _Way
) -> bool:  # fmt: skip
    folder = books[0][0].folder
    found = [load(config, memory) for config, memory in books]
    told = [problem for one in found for problem in one.problems]
    if way.with_advice:
        told += [problem for config, memory in books for problem in _advice(config, memory)]
    shown = [one for one in dict.fromkeys(told) if _within(folder / one.file, paths)]
    errors = [one for one in shown if one.severity == "error"]
    whole = [one.rulebook for one in found if one.rulebook is not None]
    counts = {
        "files": len({file for one in found for file in one.files}),
        "rules": sum(len(book.rules) for book in whole),
        "flows": sum(len(book.flows) for book in whole),
    }
    if way.as_json:
        print_json({**counts, "problems": [plain(one) for one in shown]})
        return bool(errors)
    for one in shown:
        click.echo(str(one))
    warnings = sum(one.severity == "warning" for one in shown)
    sums = [counted(len(errors), "error"), counted(warnings, "warning")]
    if way.with_advice:
        sums.append(counted(len(shown) - len(errors) - warnings, "hint"))
    said = f"{', '.join(sums)} in {counted(counts['files'], 'file')}"
    if len(whole) == len(books):
        said += f"; {counted(counts['rules'], 'rule')}, {counted(counts['flows'], 'flow')}"
    click.echo(said, err=bool(errors))
    return bool(errors)


def _advice(config: "Config", memory: "Memory") -> "tuple[Problem, ...]":
    from bot.cli.intent_advice import intent_advice
    from bot.language.reading import advise

    intents = intent_advice(config.models_folder / "intents", config.folder)
    return (*advise(memory), *intents)


def _within(file: Path, paths: Sequence[Path]) -> bool:
    wanted = [Path(os.path.abspath(one)) for one in paths]  # noqa: PTH100 - links stay as written
    return not wanted or any(file.is_relative_to(one) for one in wanted)
