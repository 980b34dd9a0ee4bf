"""`alexia test`."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from bot.cli.options import config_of, config_option, json_option
from bot.cli.talk import print_json
from bot.cli.watching import after_each_edit

if TYPE_CHECKING:
    from bot.testing import Results


@click.command()
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path, exists=True))
@click.option("-k", "name", metavar="NAME", help="Only tests whose name holds this.")
@click.option(
    "--junit", type=click.Path(path_type=Path, dir_okay=False), help="Write JUnit XML there."
)
@click.option("--watch", is_flag=True, help="Run again after each edit, until Ctrl-C.")
@config_option
@json_option
def test(
    paths: tuple[Path, ...],
    name: str | None,
    junit: Path | None,
    watch: bool,
    config_path: Path | None,
    as_json: bool,
) -> None:
    """Run conversation tests: those under tests/, or PATHS.

    Nothing leaves this machine. Exit code 1 when a test fails.
    """
    from bot.testing import run_tests

    config = config_of(config_path, or_shipped=True)

    def run() -> "Results":
        results = run_tests(config.folder, list(paths), name=name, config=config)
        _print(results, as_json, junit)
        return results

    failed = run().failed
    if watch:
        after_each_edit(config.folder, run)
    if failed:
        raise click.exceptions.Exit(1)


def as_data(results: "Results") -> dict[str, Any]:
    """Return the results in the shape that other programs rely on."""
    names = ("file", "line", "name", "outcome", "message")
    tests = [{name: getattr(one, name) for name in names} for one in results.tests]
    return {"passed": results.passed, "failed": results.failed, "tests": tests}


def junit_xml(results: "Results") -> str:
    """Return the results for those who read JUnit's form."""
    from xml.etree import ElementTree as ET

    suite = ET.Element(
        "testsuite",
        name="alexia",
        tests=str(results.passed + results.failed),
        failures=str(results.failed),
    )
    for one in results.tests:
        case = ET.SubElement(suite, "testcase", classname=str(one.file), name=one.name)
        if one.outcome == "failed":
            ET.SubElement(case, "failure", message=one.message).text = one.message
        elif one.outcome != "passed":
            ET.SubElement(case, "skipped", message=one.message)
    return ET.tostring(suite, encoding="unicode", xml_declaration=True) + "\n"


def _print(results: "Results", as_json: bool, junit: Path | None) -> None:
    if junit is not None:
        junit.write_text(junit_xml(results), encoding="utf-8")
    if as_json:
        print_json(as_data(results))
        return
    for one in results.tests:
        if one.outcome != "passed":
            click.echo(f"{one.file}:{one.line} {one.name}: {one.outcome}")
            click.echo("    " + one.message.replace("\n", "\n    "))
    click.echo(f"{results.passed} passed, {results.failed} failed")
