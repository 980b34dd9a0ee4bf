"""Results for people, for programs, and in JUnit's form."""

import re
from collections.abc import Iterator
from typing import Any

from bot.testing.coverage import KINDS, Coverage
from bot.testing.runs import Results, TestOutcome

NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def as_data(results: Results, *, coverage: bool = True) -> dict[str, Any]:
    """Return the results in the shape that other programs rely on."""
    names = ("file", "line", "name", "outcome", "message")
    tests = [{name: getattr(one, name) for name in names} for one in results.tests]
    found: dict[str, Any] = {"passed": results.passed, "failed": results.failed, "tests": tests}
    if results.skipped:
        found["skipped"] = results.skipped
    if coverage and results.coverage is not None:
        found["coverage"] = _coverage(results.coverage)
    return found


def _coverage(coverage: Coverage) -> dict[str, Any]:
    counts = {kind: coverage.counts(kind) for kind in KINDS}
    return {
        "percent": round(coverage.percent, 1),
        **{kind: {"visited": seen, "all": most} for kind, (seen, most) in counts.items()},
        "missed": [
            {"kind": part.kind, "name": part.name, "file": part.place.file,
             "line": part.place.line}
            for part in coverage.missed
        ],
    }  # fmt: skip


def as_lines(results: Results) -> Iterator[str]:
    """Yield what failed and what was left out, each with its place, and the sums."""
    for one in results.tests:
        if one.outcome == "failed":
            yield failure(one)
            yield f"    in: {one.name}"
    skipped = f", {results.skipped} skipped" if results.skipped else ""
    yield f"{results.passed} passed, {results.failed} failed{skipped}"


def failure(one: TestOutcome) -> str:
    """Return a failure as ``file:line message``; a problem of the file has its place already."""
    if one.message.startswith(f"{one.file}:"):
        return one.message
    return f"{one.file}:{one.line} {one.message}"


def coverage_lines(coverage: Coverage) -> Iterator[str]:
    """Yield what was never visited, with its place."""
    for part in coverage.missed:
        yield f"{part.place.file}:{part.place.line} never visited: {part.name}"


def junit_xml(results: Results) -> str:
    """Return the results for those who read JUnit's form."""
    from xml.etree import ElementTree as ET

    suite = ET.Element(
        "testsuite", name="alexia", tests=str(len(results.tests)),
        failures=str(results.failed), errors="0", skipped=str(results.skipped),
    )  # fmt: skip
    for one in results.tests:
        case = ET.SubElement(suite, "testcase", classname=one.file, name=_xml(one.name))
        if one.outcome == "failed":
            told = _xml(failure(one))
            ET.SubElement(case, "failure", message=told.partition("\n")[0]).text = told
        elif one.outcome == "skipped":
            ET.SubElement(case, "skipped", message=_xml(one.message))
    return ET.tostring(suite, encoding="unicode", xml_declaration=True) + "\n"


def _xml(text: str) -> str:
    """Return a text without the characters that XML cannot hold."""
    return NOT_XML.sub("�", text)
