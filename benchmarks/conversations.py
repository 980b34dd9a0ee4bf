"""A thousand conversation tests of ten turns each, as `alexia test` runs them: one JSON line."""

import argparse
import json
import shutil
import sys
import tempfile
import time
from pathlib import Path

HOME = Path(__file__).parent.parent
HEAD = """\
version: 1
mock:
  http:
    - {url: "*/price", reply: {total: 24, eta_minutes: 30}}
    - {url: "*/orders", reply: {id: 20481}}
defaults:
  timezone: America/Sao_Paulo
  now: 2026-11-23 15:00
  given: {contact: {name: Ana Souza}, env: {SHOP: "https://shop.example"}}
tests:
"""
TALK = """\
  - test: order number %d
    talk:
      - user: what are your hours?
      - bot: Mon-Fri 9-12 and 13:30-22:30, Sat 9-23.
      - user: I want a pizza
      - bot: {contains: "Which pizza?"}
      - user: hawaii
      - bot: {contains: We only have}
      - user: diavola
      - bot: {contains: "What size?"}
      - user: large
      - bot: How many?
      - user: do you deliver?
      - bot: {contains: 5 km}
      - bot: How many?
      - user: two
      - bot: {contains: Where to}
      - user: no wait, make it three
      - bot: {contains: Where to}
      - user: {location: {lat: -23.5, lng: -46.6}}
      - bot: {contains: total}
      - user: yes
      - bot: {contains: "20481"}
      - expect: {flow: none, tags: [ordered], lead: {stage: customer}}
"""
TURNS = 10


def main() -> int:
    """Write the tests, run them, and print what it took."""
    from bot.testing import run_tests

    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--tests", type=int, default=1000)
    wanted = options.parse_args().tests
    folder = Path(tempfile.mkdtemp(prefix="alexia-conversations-"))
    try:
        for part in ("rules", "flows"):
            shutil.copytree(HOME / part, folder / part)
        (folder / "tests").mkdir()
        text = HEAD + "".join(TALK % number for number in range(wanted))
        (folder / "tests" / "many.test.yaml").write_text(text, encoding="utf-8")
        begun = time.perf_counter()
        results = run_tests(folder)
        seconds = time.perf_counter() - begun
    finally:
        shutil.rmtree(folder)
    told = {
        "tests": wanted, "turns": TURNS * wanted, "passed": results.passed,
        "failed": results.failed, "seconds": round(seconds, 2),
        "turns_per_second": round(TURNS * wanted / seconds),
    }  # fmt: skip
    print(json.dumps(told))
    for test in [test for test in results.tests if test.outcome == "failed"][:1]:
        print(f"{test.file}:{test.line} {test.message}", file=sys.stderr)
    return 1 if results.failed else 0


if __name__ == "__main__":
    sys.exit(main())
