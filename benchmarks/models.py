"""What the text models reach, beside what they must reach: one table.

    python -m benchmarks.models DATA_FOLDER [--only banking77,hint3,speed] [--json]

Accuracy is measured on the validation splits of the data folder (which is no part of the project)
and on our own check-lists of negations, speed over texts of our own. Without a folder, speed and
check-lists only. Exit code 1 when a floor is not reached.
"""

import argparse
import json
import subprocess
import sys
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from benchmarks.model_table import PARTS, Figures, below, lines

MODELS = Path(__file__).parents[1] / "models"
WITHOUT_DATA = ("negation", "speed")


def main() -> int:
    """Measure, print, tell whether all floors are reached."""
    asked = _arguments()
    parts = asked.only or (PARTS if asked.data else WITHOUT_DATA)
    found: Figures = {}
    if "speed" in parts:
        found |= _speed(asked.texts)
    found |= _accuracy([part for part in parts if part != "speed"], asked.data)
    rounded = {name: round(value, 4) for name, value in found.items()}
    print(json.dumps(rounded) if asked.json else "\n".join(lines(found)))
    missed = below(found)
    if missed:
        print(f"below the floor: {', '.join(missed)}", file=sys.stderr)
    return 1 if missed else 0


def _arguments() -> Any:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path, nargs="?", help="folder of data sets")
    parser.add_argument("--only", type=_parts, help=f"of {', '.join(PARTS)}; parted by commas")
    parser.add_argument("--texts", type=int, default=1000, help="asked at once")
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args()
    if asked.data is None and set(asked.only or ()) - set(WITHOUT_DATA):
        parser.error("these parts need a data folder")
    return asked


def _parts(given: str) -> list[str]:
    wanted = [part.strip() for part in given.split(",")]
    unknown = [part for part in wanted if part not in PARTS]
    if unknown:
        raise argparse.ArgumentTypeError(f"no such part: {', '.join(unknown)}")
    return wanted


def _speed(texts: int) -> Figures:
    """Measure in a process of its own: memory counts nothing else there."""
    command = [sys.executable, "-m", "benchmarks.model_speed", "--texts", str(texts)]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
    return dict(json.loads(done.stdout))


def _accuracy(parts: Iterable[str], data: Path | None) -> Figures:
    from benchmarks import model_accuracy
    from bot.nlu.reading import TextModels

    found: Figures = {}
    bench = None
    for part in parts:
        bench = bench or model_accuracy.Bench(TextModels(MODELS), data or Path())
        begun = time.perf_counter()
        fresh = model_accuracy.PARTS[part](bench)
        told = ", ".join(f"{name} {value:.3g}" for name, value in fresh.items())
        spent = time.perf_counter() - begun
        print(f"{part} ({spent:.0f} s): {told}", file=sys.stderr, flush=True)
        found |= fresh
    return found


if __name__ == "__main__":
    sys.exit(main())
