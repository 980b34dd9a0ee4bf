"""Reads one file: whole, or of one that was read before what an edit changed."""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain

from bot.domain.data import replace
from bot.language.desk import Desk, Known
from bot.language.moved_lines import moved_lines
from bot.language.pieces import Change, Cut, Piece, cut_of, find_change, moved_cut
from bot.language.places import Place
from bot.language.problems import Problem
from bot.language.sections import Gathered, read_known, read_pieces, read_rest, read_top
from bot.language.source import (
    MOST_EVENTS,
    MOST_PROBLEMS,
    Entry,
    Items,
    Node,
    Scalar,
    Source,
    Table,
    decode,
    read_yaml,
)

NAMED = (
    "flows",
    "replies",
    "lists",
    "hours",
    "campaigns",
    "fields",
    "vars",
    "phrases",
    "segments",
    "leads",
    "sla",
    "canned",
)
"""Sections whose entries have a name that is used once in all files."""


@dataclass(slots=True, kw_only=True)
class Said:
    """What a file says: that of its rules in pieces, and what stands before and behind them."""

    top: Gathered = field(default_factory=Gathered)
    pieces: Sequence[Piece] = ()
    rest: Gathered = field(default_factory=Gathered)

    @property
    def parts(self) -> tuple[Gathered, Gathered, Gathered]:
        """Return all of it in order."""
        rules = Gathered(
            rules=[one.rule for one in self.pieces if one.rule is not None],
            scopes=[scope for one in self.pieces for scope in one.scopes],
            references=[one for piece in self.pieces for one in piece.references],
        )
        return self.top, rules, self.rest


@dataclass(slots=True, kw_only=True)
class Edit:
    """What changed in a file since it was read, not read yet."""

    before: "File"
    change: Change
    source: Source
    tree: Table


@dataclass(slots=True, kw_only=True)
class File:
    """One file as last read.

    Attributes:
        refused: Why it is no text at all.
        tree: What it says, until it is read into ``said``.
        told: How many of its problems were found before it was read into ``said``.
        cut: Where its rules begin, when they can be told apart.
        edit: What changed since it was read before, instead of ``tree``.
        shared: Digest of the lists and phrases that it was read with.
    """

    digest: bytes
    source: Source
    refused: Problem | None = None
    tree: Table | None = None
    told: int = 0
    known: Known = field(default_factory=Known)
    names: dict[tuple[str, str], Place] = field(default_factory=dict)
    cut: Cut | None = None
    edit: Edit | None = None
    said: Said | None = None
    shared: str = ""

    @property
    def is_whole(self) -> bool:
        """Tell whether all that the file says could be read."""
        return self.refused is None and not any(
            problem.code == "E001" for problem in self.source.problems[: self.told]
        )


def open_file(name: str, content: str | bytes, before: File | None) -> File:
    """Return a file as far as it can be read alone; an unchanged one is the one of before."""
    raw = content if isinstance(content, bytes) else content.encode("utf-8", "surrogatepass")
    digest = hashlib.sha256(raw).digest()
    if before is not None and before.digest == digest:
        return before
    edited = None if before is None else _edited(name, content, digest, before)
    return edited or _parse(name, content, digest)


def read_file(name: str, file: File, content: str | bytes, known: Known, shared: str) -> File:
    """Return a file with what it says, read with the lists and phrases of all files.

    Args:
        shared: Digest of ``known``; a file that was read with the same is not read again.
    """
    if file.refused is not None or (file.said is not None and file.shared == shared):
        return file
    edit, is_read = file.edit, False
    if edit is not None and edit.before.shared == shared:
        is_read = _read_edit(file, edit, known)
    if not is_read:
        if file.said is not None or edit is not None:  # its tree was let go, or never made
            file = _parse(name, content, file.digest)
        _read_whole(file, known)
    file.shared, file.tree, file.edit = shared, None, None
    return file


# ---------------------------------------------------------------------- whole


def _parse(name: str, content: str | bytes, digest: bytes) -> File:
    text, refused = decode(name, content)
    file = File(digest=digest, source=Source(name, text), refused=refused)
    if refused is not None:
        return file
    file.tree = _top(file.source, read_yaml(file.source, text))
    if file.tree is not None:
        read_known(Desk(file.source, file.known), file.tree)
        file.names = {
            (section, name): entry.place
            for section in NAMED
            for name, entry in _entries(file.tree, section)
        }
        file.cut = cut_of(file.source, file.tree)
    file.told = len(file.source.problems)
    return file


def _entries(tree: Table, section: str) -> list[tuple[str, Entry]]:
    found = tree.entries.get(section)
    if found is None or not isinstance(found.value, Table):
        return []
    return list(found.value.entries.items())


def _top(source: Source, tree: Node | None) -> Table | None:
    if tree is None or (isinstance(tree, Scalar) and not tree.text):
        return None
    if not isinstance(tree, Table):
        source.tell(
            tree.place, "E104", "a file is a mapping with sections such as rules: or flows:",
            "begin it with two lines:  version: 1  and  rules:",
        )  # fmt: skip
        return None
    return tree


def _read_whole(file: File, known: Known) -> None:
    file.said = Said()
    if file.tree is not None:
        desk = Desk(file.source, known)
        read_top(desk, file.tree, file.said.top)
        file.said.pieces = read_pieces(desk, file.tree)
        read_rest(desk, file.tree, file.said.rest)


# ---------------------------------------------------------------------- what changed


def _edited(name: str, content: str | bytes, digest: bytes, before: File) -> File | None:
    """Return a file of which only what changed is to be read, None when that is not enough."""
    if before.cut is None or before.said is None or not before.is_whole:
        return None
    text, refused = decode(name, content)
    source = Source(name, text)
    change = None if refused else find_change(before.source, source, before.cut)
    if change is None:
        return None
    inner = Source(name, change.text)
    tree = read_yaml(inner, change.text)
    source.events = before.source.events + inner.events  # at least as many as there are
    if not _is_rules(tree, inner) or source.events > MOST_EVENTS:
        return None
    assert isinstance(tree, Table)
    cut = cut_of(inner, tree)
    if cut is None or cut.indent != before.cut.indent:
        return None
    file = File(
        digest=digest, source=source, known=before.known, cut=moved_cut(before.cut, change, cut),
        names=moved_lines(before.names, change.end, change.by),
        edit=Edit(before=before, change=change, source=inner, tree=tree),
    )  # fmt: skip
    old = before.source.problems[: before.told]
    source.problems = list(_mixed(old, inner.problems, change))
    file.told = len(source.problems)
    return file


def _is_rules(tree: Node | None, source: Source) -> bool:
    """Tell whether a changed part is items of `rules:`, whole, and nothing else."""
    return (
        isinstance(tree, Table)
        and tree.entries.keys() == {"rules"}
        and isinstance(tree.entries["rules"].value, Items)
        and not any(problem.code == "E001" for problem in source.problems)
    )


def _read_edit(file: File, edit: Edit, known: Known) -> bool:
    """Read what changed, and take over the rest; tell whether that could be."""
    before, change, told = edit.before, edit.change, len(edit.source.problems)
    assert before.said is not None
    pieces = read_pieces(Desk(edit.source, known), edit.tree)
    if edit.source.is_full or before.source.is_full:
        return False
    old, new = before.source.problems[before.told :], edit.source.problems[told:]
    file.source.problems += _mixed(old, new, change)
    if len(file.source.problems) >= MOST_PROBLEMS:
        return False
    said, end, by = before.said, change.end, change.by
    file.said = Said(
        top=moved_lines(said.top, end, by),
        pieces=[
            *said.pieces[: change.kept],
            *moved_lines(pieces, 1, change.start - 2),
            *moved_lines(list(said.pieces[change.behind :]), end, by),
        ],
        rest=moved_lines(said.rest, end, by),
    )
    return True


def _mixed(old: Sequence[Problem], new: Sequence[Problem], change: Change) -> Iterator[Problem]:
    """Yield the problems of a file outside of what changed, and those inside of it."""
    kept = (one for one in old if one.line < change.start)
    behind = (_down(one, change.by) for one in old if one.line >= change.end)
    return chain(kept, (_down(one, change.start - 2) for one in new), behind)


def _down(problem: Problem, by: int) -> Problem:
    return replace(problem, line=problem.line + by)
