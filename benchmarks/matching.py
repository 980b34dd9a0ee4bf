"""How long it takes to find the rules that fit one message, beside the floor and a loop of `re`.

    python -m benchmarks.matching --rules 100 1000 10000 50000

CPU microseconds a message of 119 characters. All sizes are measured in turn, round after round, for
a machine's speed changes while one looks: a figure is the median of the rounds, a ratio the median
of the ratios within a round. Two floors, taken in the same rounds: folding and cutting into words,
which every matcher has to do; and with it one look into a plain dictionary a word, which holds a
word of each rule and finds nothing but that word. Ends with 1 when the index misses a rule that
trying all finds, or finds one too many.
"""

import argparse
import gc
import json
import re
import statistics
import sys
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any

from benchmarks.rulebooks import as_re, messages, rule_files
from bot.domain.contacts import Contact
from bot.domain.conversation import Conversation
from bot.domain.messages import AccountId, ChatId, Message, MessageId, MessageKind, Origin
from bot.domain.turns import MessageArrived, Turn
from bot.engine.compete import candidate, possible, ranked
from bot.engine.compiled import Compiled, compile_rulebook
from bot.engine.decide import decide
from bot.engine.draft import Draft
from bot.engine.index import build_index
from bot.language.folding import fold
from bot.language.reading import read_rulebook
from bot.language.rules import Rule
from bot.rulebook_files import without_collector

CHAT = ChatId("5511987654321@c.us")
NOW = datetime(2026, 1, 5, 9, 0, tzinfo=UTC)
ROUNDS = 25
TEXTS = 200
ALL_TRIED = 4  # messages for which every rule is tried, to compare


def main() -> int:
    """Run the benchmark and return its exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rules", type=int, nargs="+", default=[100, 1_000, 10_000, 50_000])
    options = parser.parse_args()
    benches = [_Bench(count) for count in sorted(options.rules)]
    gc.freeze()  # as the daemon does once a rulebook is in force
    for _ in range(ROUNDS):
        for bench in benches:
            bench.measure()
    found = {str(bench.count): bench.report() for bench in benches}
    growth = ratio(benches[-1].times["index"], benches[0].times["index"])
    report = {"benchmark": "matching", "unit": "us CPU a message", "growth": growth, "rules": found}
    print(json.dumps(report))
    return 0 if all(one["missed"] == one["wrong"] == 0 for one in found.values()) else 1


class _Bench:
    """A rulebook of one size, and how long each way to read a message took in each round."""

    def __init__(self, count: int) -> None:
        self.count = count
        begun = time.process_time()
        book, problems = read_rulebook(rule_files(count))
        self._read = time.process_time() - begun
        assert book is not None, problems[:3]
        begun = time.process_time()
        with without_collector():  # as the daemon does
            build_index(book.rules, {})
        self._built = time.process_time() - begun
        compiled = compile_rulebook(book)
        texts = messages(book.rules, TEXTS)
        turns = [_turn(text) for text in texts]
        self._compared = _compare(compiled, turns[:ALL_TRIED])
        expressions = [re.compile(one) for rule in book.rules for one in as_re(rule)]
        few = texts[: max(2, min(TEXTS, 200_000 // count))]
        self._loop = _mean(lambda text: [one.search(text) for one in expressions], few)
        plain = _plain_index(book.rules)
        self._ways: dict[str, tuple[Callable[[Any], object], Sequence[Any]]] = {
            "floor": (fold, texts),
            "token_index": (lambda text: [plain.get(word) for word in fold(text).words], texts),
            "index": (lambda text: _find(compiled, text), texts),
            "ranked": (lambda turn: _rank(compiled, turn), turns),
            "decide": (lambda turn: decide(turn, compiled), turns),
        }
        self.times: dict[str, list[float]] = {way: [] for way in self._ways}
        for call, inputs in self._ways.values():
            _mean(call, inputs[:20])  # so that nothing is made for the first time in a round

    def measure(self) -> None:
        """Take one round."""
        for way, (call, inputs) in self._ways.items():
            self.times[way].append(_mean(call, inputs))

    def report(self) -> dict[str, float]:
        """Return what the rounds told."""
        missed, wrong = self._compared
        index = self.times["index"]
        return {
            **{way: round(statistics.median(times), 1) for way, times in self.times.items()},
            "over_floor": ratio(index, self.times["floor"]),
            "over_token_index": ratio(index, self.times["token_index"]),
            "loop_of_re": round(self._loop, 1),
            "index_build_us_a_rule": round(self._built / self.count * 1e6, 1),
            "read_us_a_rule": round(self._read / self.count * 1e6, 1),
            "missed": missed,
            "wrong": wrong,
        }


def ratio(times: Sequence[float], others: Sequence[float]) -> float:
    """Return the median of the ratios of what was taken in the same round."""
    return round(
        statistics.median(one / other for one, other in zip(times, others, strict=True)), 2
    )


def _mean(call: Callable[[Any], object], inputs: Sequence[Any]) -> float:
    """Return the CPU microseconds that one call takes."""
    begun = time.process_time()
    for one in inputs:
        call(one)
    return (time.process_time() - begun) / len(inputs) * 1e6


def _plain_index(rules: Sequence[Rule]) -> dict[str, list[int]]:
    """Return one word of each rule, with the rules that have it."""
    found: dict[str, list[int]] = {}
    for number, rule in enumerate(rules):
        words = re.findall(r"[a-z]{3,}", as_re(rule)[0])
        found.setdefault(words[-1] if words else rule.id, []).append(number)
    return found


def _find(compiled: Compiled, text: str) -> object:
    return compiled.index.possible(EMPTY.event, text, fold(text), EMPTY.understanding)


def _rank(compiled: Compiled, turn: Turn) -> object:
    draft = Draft(turn, compiled)
    return ranked(possible(draft).all, draft)


def _compare(compiled: Compiled, turns: Sequence[Turn]) -> tuple[int, int]:
    """Return how many rules the index missed, and how many it found that do not fit."""
    missed = wrong = 0
    for turn in turns:
        draft = Draft(turn, compiled)
        tried = {one.name for rule in compiled.rulebook.rules if (one := candidate(rule, draft))}
        found = {one.name for one in ranked(possible(draft).all, draft)}
        missed += len(tried - found)
        wrong += len(found - tried)
    return missed, wrong


def _turn(text: str) -> Turn:
    message = Message(
        account=AccountId("5511900000001@c.us"), chat=CHAT, id=MessageId("A1"), sender=CHAT,
        sender_name="Ana", text=text, kind=MessageKind.TEXT, sent_at=NOW, from_me=False,
        origin=Origin.LIVE,
    )  # fmt: skip
    return Turn(
        cause="A1", event=MessageArrived(message=message), conversation=Conversation(chat=CHAT),
        contact=Contact(id=1, number="+5511987654321"), lead=None, now=NOW, seed=1,
    )  # fmt: skip


EMPTY = _turn("")

if __name__ == "__main__":
    sys.exit(main())
