"""Draws labelled texts from the patterns in `templates/`."""

import random
import re
from pathlib import Path

import yaml

FOLDER = Path(__file__).parent / "templates"
LABELS = ("negative", "neutral", "positive")
SLOT = re.compile(r"\{(\w+)\}")
PAIR = re.compile(r"\[([^|\]]*)\|([^\]]*)\]")
FEMININE = ("la ", "a ", "esta ", "essa ")


def draw(language: str, count: int, seed: int) -> list[tuple[str, str]]:
    """Return about ``count`` different (text, label) pairs, as many of each label."""
    chance = random.Random(seed)
    tree = yaml.safe_load((FOLDER / f"{language}.yaml").read_text(encoding="utf-8"))
    fill: dict[str, list[str]] = {
        name: list(map(str, words)) for name, words in tree["fill"].items()
    }
    found: dict[str, str] = {}
    for label in LABELS:
        patterns = [str(pattern) for pattern in tree[label]]
        for at in range(count // len(LABELS)):
            text = _filled(patterns[at % len(patterns)], fill, chance)
            found.setdefault(_cased(text, chance), label)
    drawn = list(found.items())
    chance.shuffle(drawn)
    return drawn


def _filled(pattern: str, fill: dict[str, list[str]], chance: random.Random) -> str:
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


def _cased(text: str, chance: random.Random) -> str:
    dice = chance.random()
    if dice < 0.3:
        return text[:1].upper() + text[1:]
    return text.upper() if dice < 0.34 else text
