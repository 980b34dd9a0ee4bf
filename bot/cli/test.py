"""`alexia test`."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from bot.cli.options import config_of, config_option, json_option, session_option
from bot.cli.talk import fail, print_json
from bot.cli.watching import after_each_edit

if TYPE_CHECKING:
    from bot.config import Config
    from bot.testing import Results


@click.command()
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path, exists=True))
@click.option("-k", "name", metavar="NAME", help="Only tests whose name holds this.")
@click.option(
    "--junit", type=click.Path(path_type=Path, dir_okay=False), help="Write JUnit XML there."
)
@click.option("--watch", is_flag=True, help="Run again after each edit, until Ctrl-C.")
@click.option("--coverage", is_flag=True, help="List what no test visits.")
@click.option("--update", is_flag=True, help="Write what the bot says into the tests.")
@click.option("--e2e", is_flag=True, help="Through emulator, browser and driver.")
@click.option("--record", metavar="CONTACT", help="Write a test from a stored conversation.")
@session_option
@config_option
@json_option
def test(  # noqa: PLR0913 - one an option
    paths: tuple[Path, ...],
    name: str | None,
    junit: Path | None,
    watch: bool,
    coverage: bool,
    update: bool,
    e2e: bool,
    record: str | None,
    config_path: Path | None,
    as_json: bool,
) -> None:
    """Run conversation tests: those under tests/, or PATHS.

    Nothing leaves this machine. Exit code 1 when a test fails.
    """
    from bot.testing import run_tests

    config = config_of(config_path, or_shipped=True)
    if record is not None:
        _record(config, record, as_json=as_json)
        return
    if e2e:
        _run_live(config, paths, name, junit=junit, as_json=as_json)
        return
    if update:
        _update(config, paths, name)

    def run() -> "Results":
        results = run_tests(config.folder, list(paths), name=name, config=config)
        if junit is not None:
            _write_junit(junit, results)
        _print(results, as_json=as_json, coverage=coverage, name=name)
        return results

    found = run()
    if watch:
        also = list(paths) or [config.folder / "tests"]
        after_each_edit(config.folder, run, [*also, config.rules_folder, config.flows_folder])
    if found.failed:
        raise click.exceptions.Exit(1)
    _refuse_nobody(found, name)


def _refuse_nobody(results: "Results", name: str | None) -> None:
    """End the command with 1 where no test is called so: a slip of the name must not pass."""
    if name and not results.tests:
        fail(f"no test's name holds {name!r}; `alexia test --json` names them all")


def _run_live(
    config: "Config",
    paths: tuple[Path, ...],
    name: str | None,
    *,
    junit: Path | None,
    as_json: bool,
) -> None:
    """Run the tests through real processes; what cannot be played so is told and counted."""
    from bot.cli.check import rulebook_of
    from bot.cli.demo_parts import Gone
    from bot.cli.live_tests import run_live
    from bot.cli.setup import require_browser

    def say(line: str) -> None:
        if not as_json:
            click.echo(line, err=True)

    require_browser(say)
    try:
        results, left_out = run_live(config, rulebook_of(config), list(paths), name, say)
    except Gone as gone:
        fail(str(gone))
    if junit is not None:
        _write_junit(junit, results)
    _print(results, as_json=as_json, coverage=False, name=name)
    if not as_json:
        count = sum(one.lines for one in left_out)
        click.echo(f"{count} lines not playable through the browser" + (", told above" if count
                   else ""))  # fmt: skip
    if results.failed:
        raise click.exceptions.Exit(1)
    _refuse_nobody(results, name)


def _record(config: "Config", who: str, *, as_json: bool) -> None:
    """Write a test below tests/ from what is stored of a contact."""
    from bot.store.reading import reading
    from bot.testing.recording import NothingStored, record

    with reading(config.database) as db:
        try:
            text = record(db, who, config)
        except NothingStored:
            fail(f"nothing is stored of {who!r}; `alexia contacts list` names who wrote")
    folder = config.folder / "tests"
    folder.mkdir(exist_ok=True)
    number = 1
    while (file := folder / f"recorded_{number}.test.yaml").exists():
        number += 1
    file.write_text(text, encoding="utf-8")
    if as_json:
        print_json({"file": str(file)})
    else:
        click.echo(f"written: {file}")


def _update(config: "Config", paths: tuple[Path, ...], name: str | None) -> None:
    """Rewrite the texts that differ; what fails otherwise is told by the run that follows."""
    from bot.testing import run_tests
    from bot.testing.runs import find_tests
    from bot.testing.updating import update

    results = run_tests(config.folder, list(paths), name=name, config=config, lenient=True)
    files = [(file.name, file.path) for file in find_tests(config.folder, list(paths))]
    written = update(results, files)
    click.echo(f"{written} texts written", err=True)


def _write_junit(path: Path, results: "Results") -> None:
    from bot.testing.reports import junit_xml

    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(junit_xml(results), encoding="utf-8")


def _print(results: "Results", *, as_json: bool, coverage: bool, name: str | None = None) -> None:
    from bot.testing.reports import as_data, as_lines, coverage_lines

    if as_json:
        print_json(as_data(results))
        return
    for line in as_lines(results):
        click.echo(line)
    if not results.tests and not name:
        click.echo("no tests were found; write one, such as tests/first.test.yaml", err=True)
    if results.coverage is not None and results.tests:
        for line in coverage_lines(results.coverage) if coverage else ():
            click.echo(line)
        click.echo(results.coverage.line)
