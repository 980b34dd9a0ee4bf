"""Draws labelled texts from the patterns in `templates/`."""

import random
import re
import unicodedata
from pathlib import Path
from typing import Any

import yaml

FOLDER = Path(__file__).parent / "templates"
LABELS = ("negative", "neutral", "positive")
SLOT = re.compile(r"\{(\w+)\}")
PAIR = re.compile(r"\[([^|\]]*)\|([^\]]*)\]")
FEMININE = ("la ", "a ", "esta ", "essa ")
JOINED = {
    "es": ((r"\bde el\b", "del"), (r"\ba el\b", "al")),
    "pt": ((r"\bde ([oa])\b", r"d\1"), (r"\bem ([oa])\b", r"n\1")),
}  # articles that grow together with the word before them
HURRIED = 0.15  # of the texts lose accents, apostrophes and opening marks
MISTYPED = 0.06  # of the texts have two letters in the wrong order, or one too few


def draw(language: str, count: int, seed: int, *, more: bool = False) -> list[tuple[str, str]]:
    """Return about ``count`` different (text, label) pairs, as many of each label."""
    chance = random.Random(seed)
    fill, patterns_of = patterns_in(language, more=more)
    found: dict[str, str] = {}
    for label in LABELS:
        patterns = patterns_of[label]
        for at in range(count // len(LABELS)):
            text = typed(patterns[at % len(patterns)], fill, language, chance)
            found.setdefault(text, label)
    drawn = list(found.items())
    chance.shuffle(drawn)
    return drawn


def messages(language: str, drawn: int, seed: int) -> list[tuple[str, str]]:
    """Return (text, label) pairs of plain messages, ``drawn`` of each pattern at most."""
    chance = random.Random(seed)
    tree = _read("chat.yaml")[language]
    fill = {name: list(map(str, words)) for name, words in tree["fill"].items()}
    found: dict[str, str] = {}
    for label in LABELS:
        for pattern in tree[label]:
            for _ in range(drawn):
                found.setdefault(typed(str(pattern), fill, language, chance), label)
    return list(found.items())


def patterns_in(
    language: str, *, more: bool = False
) -> tuple[dict[str, list[str]], dict[str, list[str]]]:
    """Return what fills each slot, and the patterns of each label.

    Args:
        more: With the words and patterns of `LANGUAGE.more.yaml` behind the others.
    """
    trees = [_read(f"{language}.yaml"), *([_read(f"{language}.more.yaml")] if more else [])]
    fill: dict[str, list[str]] = {}
    for tree in trees:
        for name, words in tree["fill"].items():
            fill.setdefault(name, []).extend(map(str, words))
    return fill, {label: [str(one) for tree in trees for one in tree[label]] for label in LABELS}


def statements_in(language: str) -> tuple[list[str], dict[str, list[str]]]:
    """Return the frames of a short statement, and what fills the slots around its word."""
    told = dict(_read(f"{language}.more.yaml")["statements"])
    return list(told.pop("patterns")), told


def _read(name: str) -> dict[str, Any]:
    tree: dict[str, Any] = yaml.safe_load((FOLDER / name).read_text(encoding="utf-8"))
    return tree


def typed(pattern: str, fill: dict[str, list[str]], language: str, chance: random.Random) -> str:
    """Return a pattern with words drawn into its slots, as somebody types it."""
    return _typed(_joined(filled(pattern, fill, chance), language), chance)


def filled(pattern: str, fill: dict[str, list[str]], chance: random.Random) -> str:
    """Return a pattern with a word of each slot."""
    feminine = False
    parts: list[str] = []
    for part in re.split(r"(\{\w+\})", pattern):
        slot = SLOT.fullmatch(part)
        words = chance.choice(fill[slot[1]]) if slot else part
        if part == "{thing}":
            feminine = words.startswith(FEMININE)
        parts.append(PAIR.sub(r"\2" if feminine else r"\1", words))
    text = "".join(parts)
    return re.sub(r"\s+", " ", text).replace(" ,", ",").strip()


def _joined(text: str, language: str) -> str:
    for apart, together in JOINED.get(language, ()):
        text = re.sub(apart, together, text)
    return text


def _typed(text: str, chance: random.Random) -> str:
    """Return a text as somebody types it: in small letters, in capitals, in a hurry, badly."""
    if chance.random() < 0.5:
        text = re.sub("[¿¡]", "", text)
    if chance.random() < HURRIED:
        parts = unicodedata.normalize("NFD", text)
        text = "".join(sign for sign in parts if sign not in "\u0301\u0303\u0302\u0327¿¡'")
    if chance.random() < MISTYPED:
        text = _mistyped(text, chance)
    dice = chance.random()
    if dice < 0.3:
        return text[:1].upper() + text[1:]
    return text.upper() if dice < 0.34 else text


def _mistyped(text: str, chance: random.Random) -> str:
    words = text.split(" ")
    at = chance.randrange(len(words))
    word = words[at]
    if len(word) > 4 and word.isalpha():
        cut = chance.randrange(1, len(word) - 2)
        swapped = word[cut + 1] + word[cut] if chance.random() < 0.5 else word[cut]
        words[at] = word[:cut] + swapped + word[cut + 2 :]
    return " ".join(words)
