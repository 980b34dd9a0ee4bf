"""What customers wrote that no rule knew, alike texts together."""
# ruff: noqa: S608 - only words of our own are put into the queries

import sqlite3
from collections import Counter
from collections.abc import Mapping

from bot.domain.data import dataclass
from bot.domain.values import HIDDEN
from bot.language.folding import fold
from bot.reports.wanted import PRIVATE, Wanted

CANDIDATES = 10  # groups that are told
MOST_APART = 3000  # different texts that are compared; rarer ones stand alone
ALIKE = 86.0  # of 100: a misspelt letter or two, words in another order
LONGEST = 200  # characters of a text that stands for its group
EXAMPLES = 3  # texts of a group that are told


@dataclass(frozen=True, slots=True, kw_only=True)
class Alike:
    """Texts that say the same. ``texts``: as customers wrote them, the most frequent first."""

    count: int
    people: int
    texts: tuple[str, ...]
    folded: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Unanswered:
    """Texts in private chats that no rule or flow knew.

    Attributes:
        texts: How many there were.
        fallback: Those among them that a rule answered which answers whatever nothing else fits.
        alike: The most frequent groups; empty where words of customers are not wanted.
    """

    texts: int
    fallback: int
    alike: tuple[Alike, ...]


def unanswered(db: sqlite3.Connection, wanted: Wanted) -> Unanswered:
    """Return what no rule knew; what came while a person had the chat is left out."""
    times: Counter[str] = Counter()
    people: dict[str, set[int]] = {}
    written: dict[str, Counter[str]] = {}
    texts = fallback = 0
    for text, contact, by_fallback in db.execute(_texts(wanted), wanted.values):
        texts += 1
        fallback += by_fallback
        folded = fold(text).text if wanted.texts and text != HIDDEN else ""
        if folded:
            times[folded] += 1
            people.setdefault(folded, set()).add(contact)
            written.setdefault(folded, Counter())[" ".join(text.split())[:LONGEST]] += 1
    alike = _groups(times, people, written)
    return Unanswered(texts=texts, fallback=fallback, alike=tuple(alike[:CANDIDATES]))


def _texts(wanted: Wanted) -> str:
    """Return SQL for each text with its person, and whether a fallback answered it.

    Texts that were joined into one turn were decided in the moment of its trace.
    """
    return (
        "WITH quiet AS MATERIALIZED (SELECT account, chat, contact_id, at, winner != '' AS fallback"
        " FROM traces WHERE at >= :begin AND event = 'message' AND lines NOT LIKE '%\"guard:%'"
        " AND (winner = '' OR lines LIKE '%\"won\", \"since nothing else fits\"%')"
        f" AND {PRIVATE} AND {wanted.people('contact_id')})"
        " SELECT i.text, q.contact_id, q.fallback FROM quiet q JOIN inbox i ON i.chat = q.chat"
        " AND i.account = q.account AND i.decided_at = q.at WHERE i.from_me = 0"
        " AND i.state = 'decided' AND i.kind = 'text' AND i.sent_at >= :begin AND i.sent_at < :end"
    )


def _groups(
    times: Counter[str], people: Mapping[str, set[int]], written: Mapping[str, Counter[str]]
) -> list[Alike]:
    found = [_alike(group, times, people, written) for group in _near(times)]
    return sorted(found, key=lambda one: (-one.count, one.folded))


def _near(times: Counter[str]) -> list[list[str]]:
    """Return folded texts that are alike together, the most frequent of each group first."""
    from rapidfuzz import fuzz, process

    order = sorted(times, key=lambda text: (-times[text], text))
    heads: list[str] = []
    groups: list[list[str]] = []
    for text in order[:MOST_APART]:
        best = process.extractOne(text, heads, scorer=fuzz.token_sort_ratio, score_cutoff=ALIKE)
        if best is None:
            heads.append(text)
            groups.append([text])
        else:
            groups[best[2]].append(text)
    return groups + [[text] for text in order[MOST_APART:]]


def _alike(
    group: list[str], times: Counter[str], people: Mapping[str, set[int]],
    written: Mapping[str, Counter[str]],
) -> Alike:  # fmt: skip
    texts: Counter[str] = Counter()
    for folded in group:
        texts += written[folded]
    told = sorted(texts, key=lambda text: (-texts[text], text))[:EXAMPLES]
    return Alike(
        count=sum(times[folded] for folded in group),
        people=len(set().union(*(people[folded] for folded in group))),
        texts=tuple(told), folded=group[0],
    )  # fmt: skip
