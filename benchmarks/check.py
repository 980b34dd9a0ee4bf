"""How long `alexia check` takes, and an edit until the new rulebook is ready.

    python -m benchmarks.check --rules 200 10000

CPU time of the whole command in a process of its own, compiled beforehand as an installed package
is, beside that of an empty Python and of loading the same files with plain PyYAML; and of reading
the files again after one of them changed.
Ends with 1 when checking 200 rules takes over 0.3 s.
"""

import argparse
import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.rulebooks import rule_files
from bot.engine.compiled import compile_rulebook
from bot.language.reading import Memory
from bot.rulebook_files import load_rulebook

TARGET = 0.3  # seconds of CPU for 200 rules
RUNS = 5
PLAIN = "import sys, yaml; [yaml.load(open(f), Loader=yaml.CSafeLoader) for f in sys.argv[1:]]"


def main() -> int:
    """Run the benchmark and return its exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rules", type=int, nargs="+", default=[200, 10_000])
    options = parser.parse_args()
    found = {str(count): _measure(count) for count in options.rules}
    print(json.dumps({"benchmark": "check", "unit": "s CPU", "rules": found}))
    return 0 if found.get("200", {"check": 0.0})["check"] <= TARGET else 1


def _measure(count: int) -> dict[str, float]:
    with tempfile.TemporaryDirectory(prefix="alexia-check-") as name:
        folder = Path(name)
        (folder / "rules").mkdir()
        (folder / "config.yaml").write_text("data_dir: ./state\n", encoding="utf-8")
        for file, text in rule_files(count).items():
            (folder / file).write_text(text, encoding="utf-8")
        files = [str(path) for path in sorted((folder / "rules").iterdir())]
        check = [sys.executable, "-m", "bot.cli", "check", "--config", name]
        first, again = _reload(folder)
        compiled = str(folder / "compiled")
        return {
            "check": _cpu(check, compiled),
            "empty_python": _cpu([sys.executable, "-c", "pass"], compiled),
            "help": _cpu([sys.executable, "-m", "bot.cli", "--help"], compiled),
            "plain_yaml": _cpu([sys.executable, "-c", PLAIN, *files], compiled),
            "load": first,
            "reload_after_an_edit": again,
        }


def _cpu(command: list[str], compiled: str) -> float:
    """Return the CPU seconds of a command, the median of several runs behind a first one.

    Args:
        compiled: Folder in which Python keeps what it compiled.
    """
    environment = {**os.environ, "PYTHONPYCACHEPREFIX": compiled}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    times = []
    for _ in range(1 + RUNS):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, env=environment)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        times.append(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
    return round(statistics.median(times[1:]), 3)


def _reload(folder: Path) -> tuple[float, float]:
    """Return the CPU seconds of a first loading, and of one after an edit of one file."""
    memory = Memory()
    first = _load(folder, memory)
    small = folder / "rules" / "small.yaml"
    times = []
    for number in range(RUNS):
        small.write_text(
            "version: 1\nrules:\n  - id: edited\n    when: {keyword: edited}\n"
            f"    do: {{reply: Edit {number}}}\n", encoding="utf-8",
        )  # fmt: skip
        times.append(_load(folder, memory))
    return first, round(statistics.median(times), 4)


def _load(folder: Path, memory: Memory) -> float:
    begun = time.process_time()
    loaded = load_rulebook(folder, memory=memory)
    assert loaded.rulebook is not None
    compile_rulebook(loaded.rulebook)
    return round(time.process_time() - begun, 4)


if __name__ == "__main__":
    sys.exit(main())
