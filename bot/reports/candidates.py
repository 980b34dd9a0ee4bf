"""Rules that answer what no rule knew, ready to be pasted and filled in.

A customer's words come into them as bare words only: no sign of YAML, patterns or templates.
"""

import json
import re
from collections.abc import Iterable

from bot.language.folding import fold
from bot.reports.figures.unanswered import Alike

LONGEST_ID = 40  # letters
LONGEST_KEYWORD = 80  # letters


def as_rules(found: Iterable[Alike]) -> tuple[str, ...]:
    """Return a rule for each group of texts; none for those without a word."""
    rules: list[str] = []
    ids: set[str] = set()
    for one in found:
        words = [text for text in (_words(text) for text in one.texts) if text]
        if not words:
            continue
        id_ = _free(_id(words[0]), ids)
        keywords = ", ".join(json.dumps(text, ensure_ascii=False) for text in dict.fromkeys(words))
        rules.append(
            f"- id: {id_}\n"
            f"  when: {{keyword: [{keywords}]}}\n"
            f'  do: {{reply: "Write the answer here."}}\n'
        )
    return tuple(rules)


def as_file(rules: Iterable[str]) -> str:
    """Return rules as the text of a file, "" for none."""
    indented = ["".join(f"  {line}\n" for line in rule.splitlines()) for rule in rules]
    return "version: 1\nrules:\n" + "".join(indented) if indented else ""


def _words(text: str) -> str:
    """Return the words of a text, letters and digits alone."""
    plain = re.sub(r"[\W_]+", " ", fold(text).text)
    return plain.strip()[:LONGEST_KEYWORD].strip()


def _id(words: str) -> str:
    ascii_only = re.sub(r"[^a-z0-9]+", "_", words)[:LONGEST_ID].strip("_")
    return f"say_{ascii_only}" if ascii_only else "say"


def _free(id_: str, taken: set[str]) -> str:
    free, number = id_, 1
    while free in taken:
        number += 1
        free = f"{id_}_{number}"
    taken.add(free)
    return free
