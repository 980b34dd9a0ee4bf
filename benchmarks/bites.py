"""Takes out the remedy of each fault, one at a time, and asks whether its test notices.

    python -m benchmarks.bites
    python -m benchmarks.bites --only pace,463 --browser

Works in a copy of the tree. First all tests must pass as they are; then for each remedy of
`benchmarks.faults` its text is exchanged and its one test must fail. Prints one JSON line; ends
with 1 when a test does not bite. ``--browser`` takes those that need Chromium too.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from benchmarks.faults import BITES, Bite

HOME = Path(__file__).parent.parent
WITHIN = 300.0  # seconds for one test; one that hangs has noticed
BROWSER_WITHIN = 900.0
FAILED = 1  # pytest's exit code when a test failed; others mean that none ran
LEFT_OUT = shutil.ignore_patterns(".git", ".venv", "__pycache__", ".*_cache", "state", "shared")


def main() -> int:
    """Run the benchmark and return its exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", type=lambda told: told.split(","), default=[],
                        help="parts of faults or tests")  # fmt: skip
    parser.add_argument("--browser", action="store_true")
    parser.add_argument("--side-by-side", type=int, default=2)
    options = parser.parse_args()
    bites = [one for one in BITES if _is_wanted(one, options.only, browser=options.browser)]
    with tempfile.TemporaryDirectory(prefix="alexia-bites-") as folder:
        sound = Path(folder) / "sound"
        shutil.copytree(HOME, sound, ignore=LEFT_OUT)
        broken = _broken(sound, bites)
        with ThreadPoolExecutor(options.side_by_side) as threads:
            found = list(threads.map(lambda one: _bites(sound, Path(folder), one), bites))
    blunt = [_told(one) for one, bit in zip(bites, found, strict=True) if not bit]
    report = {
        "benchmark": "bites", "faults": len({one.fault for one in bites}), "rows": len(bites),
        "bitten": sum(found), "not_bitten": blunt, "fail_as_they_are": broken,
    }  # fmt: skip
    print(json.dumps(report))
    return 0 if not blunt and not broken else 1


def _is_wanted(bite: Bite, only: Sequence[str], *, browser: bool) -> bool:
    fits = not only or any(part in f"{bite.fault} {bite.test}" for part in only)
    return fits and (browser or not bite.browser)


def _broken(sound: Path, bites: Sequence[Bite]) -> list[str]:
    """Return the tests that fail although nothing was taken out."""
    tests = sorted({one.test for one in bites if not one.browser})
    if not tests or _run(sound, tests, WITHIN * 3) == 0:
        return []
    return [test for test in tests if _run(sound, [test], WITHIN) != 0]


def _bites(sound: Path, folder: Path, bite: Bite) -> bool:
    """Tell whether a test fails once the remedy is gone."""
    with tempfile.TemporaryDirectory(dir=folder) as place:
        tree = Path(place) / "tree"
        shutil.copytree(sound, tree, ignore=LEFT_OUT)
        take_out(tree, bite)
        code = _run(tree, [bite.test], BROWSER_WITHIN if bite.browser else WITHIN)
    print(f"{'bites' if code == FAILED else f'BLUNT ({code})'}: {_told(bite)}", file=sys.stderr)
    return code == FAILED


def take_out(tree: Path, bite: Bite) -> None:
    """Exchange a remedy in a tree. Raises ValueError when it does not stand there once."""
    file = tree / bite.file
    text = file.read_text(encoding="utf-8")
    if text.count(bite.remedy) != 1:
        raise ValueError(f"{bite.file} holds {text.count(bite.remedy)} times {bite.remedy!r}")
    file.write_text(text.replace(bite.remedy, bite.taken_out), encoding="utf-8")


def _run(tree: Path, tests: Sequence[str], within: float) -> int:
    """Return pytest's exit code; a test that hangs has failed."""
    command = [sys.executable, "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", *tests]
    try:
        done = subprocess.run(
            command, cwd=tree, capture_output=True, timeout=within, check=False,
            env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"},
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        return FAILED
    return done.returncode


def _told(bite: Bite) -> str:
    return f"{bite.fault} — {bite.test.rpartition('::')[2]}"


if __name__ == "__main__":
    sys.exit(main())
