"""How long it takes to find the rules that fit one message, beside the floor and a loop of `re`.

    python -m benchmarks.matching --rules 100 1000 10000 50000

CPU microseconds a message of 119 characters, the median of several runs. Two floors, taken in the
same run: folding and cutting into words, which every matcher has to do; and with it one look into
a plain dictionary a word, which holds a word of each rule and finds nothing but that word. Ends
with 1 when the index misses a rule that trying all finds, or finds one too many.
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
RUNS = 5
TEXTS = 200
ALL_TRIED = 4  # messages for which every rule is tried, to compare


def main() -> int:
    """Run the benchmark and return its exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rules", type=int, nargs="+", default=[100, 1_000, 10_000, 50_000])
    options = parser.parse_args()
    found = {str(count): _measure(count) for count in options.rules}
    smallest, *_, largest = found.values() if len(found) > 1 else [*found.values()] * 2
    growth = round(largest["index"] / smallest["index"], 2)
    report = {"benchmark": "matching", "unit": "us CPU a message", "growth": growth, "rules": found}
    print(json.dumps(report))
    return 0 if all(one["missed"] == one["wrong"] == 0 for one in found.values()) else 1


def _measure(count: int) -> dict[str, float]:
    begun = time.process_time()
    book, problems = read_rulebook(rule_files(count))
    read = time.process_time() - begun
    assert book is not None, problems[:3]
    begun = time.process_time()
    with without_collector():  # as the daemon does
        build_index(book.rules, {})
    built = time.process_time() - begun
    compiled = compile_rulebook(book)
    gc.freeze()  # as the daemon does once a rulebook is in force
    texts = messages(book.rules, TEXTS)
    turns = [_turn(text) for text in texts]
    expressions = [re.compile(one) for rule in book.rules for one in as_re(rule)]
    plain = _plain_index(book.rules)
    few = texts[: max(2, min(TEXTS, 200_000 // count))]
    missed, wrong = _compare(compiled, turns[:ALL_TRIED])
    floor = _median(lambda text: fold(text), texts)
    tokens = _median(lambda text: [plain.get(word) for word in fold(text).words], texts)
    index = _median(lambda text: _find(compiled, text), texts)
    return {
        "floor": floor,
        "token_index": tokens,
        "index": index,
        "over_floor": round(index / floor, 2),
        "over_token_index": round(index / tokens, 2),
        "ranked": _median(lambda turn: _rank(compiled, turn), turns),
        "decide": _median(lambda turn: decide(turn, compiled), turns),
        "loop_of_re": _median(lambda text: [one.search(text) for one in expressions], few, runs=1),
        "index_build_us_a_rule": round(built / count * 1e6, 1),
        "read_us_a_rule": round(read / count * 1e6, 1),
        "missed": missed,
        "wrong": wrong,
    }


def _median(call: Callable[[Any], object], inputs: Sequence[Any], runs: int = RUNS) -> float:
    times = []
    for one in inputs[:20]:
        call(one)
    for _ in range(runs):
        begun = time.process_time()
        for one in inputs:
            call(one)
        times.append((time.process_time() - begun) / len(inputs))
    return round(statistics.median(times) * 1e6, 1)


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
    return ranked(possible(draft), draft)


def _compare(compiled: Compiled, turns: Sequence[Turn]) -> tuple[int, int]:
    """Return how many rules the index missed, and how many it found that do not fit."""
    missed = wrong = 0
    for turn in turns:
        draft = Draft(turn, compiled)
        tried = {one.name for rule in compiled.rulebook.rules if (one := candidate(rule, draft))}
        found = {one.name for one in ranked(possible(draft), draft)}
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
