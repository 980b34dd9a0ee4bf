"""Rule files of any size, and messages that hit some of them; the same for the same seed."""

from random import Random

from bot.language.patterns import Pattern
from bot.language.rules import Rule
from bot.language.triggers import Keyword, Match, PatternTrigger, Regex

SYLLABLES = "ba ce di fo gu la me ni po ru sa te vi xo zu pra tre bri clo".split()  # noqa: SIM905
FILE_SIZE = 2_500  # rules in one file
LENGTH = 119  # characters of a message


def vocabulary(size: int, seed: int = 1) -> list[str]:
    """Return made-up words, no two alike."""
    random = Random(seed)
    found: dict[str, None] = {}
    while len(found) < size:
        found["".join(random.choice(SYLLABLES) for _ in range(random.randint(2, 4)))] = None
    return list(found)


def rule_files(count: int, seed: int = 1) -> dict[str, str]:
    """Return files with so many rules: 7 of 10 keywords, patterns, expressions, parts of words."""
    random = Random(seed)
    words = vocabulary(max(2_000, count), seed)
    files = {}
    for start in range(0, count, FILE_SIZE):
        numbers = range(start, min(count, start + FILE_SIZE))
        rules = "".join(_rule(number, random, words) for number in numbers)
        files[f"rules/r{start:06}.yaml"] = f"version: 1\nrules:\n{rules}"
    return files


def _rule(number: int, random: Random, words: list[str]) -> str:
    one, two, three = (random.choice(words) for _ in range(3))
    match number % 20:
        case 0 | 1:
            when = f"{{regex: '(?i)\\b{one}\\s*#?(?P<n>\\d{{4,8}})\\b'}}"
        case 2:
            when = f"{{keyword: {one}{two}, match: contains}}"
        case 3 | 4 | 5:
            when = f'{{pattern: "[please] ({one}|{two}) [my] {three} [{{what}}]"}}'
        case _:
            when = f"{{keyword: [{one} {two}, {two} {three} {one}, {one}{number}]}}"
    return f"  - id: r{number}\n    when: {when}\n    do:\n      - reply: Answer {number}\n"


def messages(rules: tuple[Rule, ...], count: int, seed: int = 2) -> list[str]:
    """Return texts of 119 characters, each with a phrase that some rule waits for."""
    random = Random(seed)
    filler = vocabulary(300, seed=99)
    found = []
    for _ in range(count):
        text = _phrase(random.choice(rules))
        while len(text) < LENGTH:
            word = random.choice(filler)
            text = f"{word} {text}" if random.random() < 0.5 else f"{text} {word}"
        found.append(text[:LENGTH])
    return found


def _phrase(rule: Rule) -> str:
    trigger = rule.triggers[0]
    match trigger:
        case Keyword(words=words):
            return words[0].title()
        case PatternTrigger(patterns=patterns):
            return _spoken(patterns[0])
        case _:
            return "nothing"


def _spoken(pattern: Pattern) -> str:
    return " ".join(word for word in pattern.source.split() if word.isalpha())


def as_re(rule: Rule) -> list[str]:
    """Return the expressions by which a loop of `re` would look for a rule."""
    found = []
    for trigger in rule.triggers:
        match trigger:
            case Keyword(words=words, match=Match.CONTAINS):
                found += [f"(?i){word}" for word in words]
            case Keyword(words=words):
                found += [rf"(?i)\b{word}\b" for word in words]
            case PatternTrigger(patterns=patterns):
                found += [rf"(?i)\b{pattern.source.split()[-2]}\b" for pattern in patterns]
            case Regex(patterns=regexes):
                found += [regex.source for regex in regexes]
            case _:
                pass
    return found
