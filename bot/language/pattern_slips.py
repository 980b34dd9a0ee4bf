"""What people write in patterns and regular expressions that are none, and what is meant."""

import re

_SAID = (
    (r"'\[(.+)\] ?(\w+)' is not a name", r"[ ] stands outside { }: write [\1] {\2}"),
    (r"'(\w+) ?\[(.+)\]' is not a name", r"[ ] stands outside { }: write {\1} [\2]"),
    (r"'\(?([^()\[\]]+\|[^()\[\]]+)\)?' is not a name",
     r"write (\1); to keep which it was, put the words into a list of 'lists': {list:name}"),
    (r"'.*[\[\]()].*' is not a name", "[ ] and ( ) stand outside { }: [the] {what}"),
    (r"'#(\w+)' is not a name", r"write {\1:number}"),
    (r"'@(\w+)' is not a name", r"write {\1:name}, with a list of 'lists'"),
    (r"'\*?' is not a name", "write {name}, or * for words that are not kept"),
    (r"'([^\W\d]\w*) (\w+)' is not a name", r"write {\1_\2}"),
    (r"'.*' is not a name", "a name begins with a letter and holds letters, digits and _"),
    (r"more than \d+ wordings.*",
     "all ( ) and [ ] are multiplied: write several entries, each with fewer of them"),
    (r"more than \d+ parts in any order.*",
     "all orders are tried: let some stand in a fixed place, or write a second pattern"),
    (r"'(.)' has no partner", r"write \\\1 for the sign itself"),
    (r"'(.)' closes nothing", r"write \\\1 for the sign itself"),
    (r"there is no list '\w+'", "words by name stand under 'lists'"),
    (r"there is no phrase '\w+'", "pieces of patterns stand under 'phrases'"),
)  # fmt: skip


def pattern_remedy(message: str) -> str:
    """Return what to write instead, "" where that cannot be told from the message."""
    for pattern, help_ in _SAID:
        if found := re.fullmatch(pattern, message):
            return found.expand(help_)
    return ""


SLASHED = re.compile(r"/(.+)/([a-z]*)")
"""A regular expression as other languages write it between slashes."""

_REGEX = (
    (r"missing \)|unexpected \)", r"each ( has its ); write \( or \) for the sign itself"),
    (r"missing \]", r"each [ has its ]; write \[ for the sign itself"),
    (r"no argument for repetition|bad repetition",
     r"write \* , \+ or \? for the sign itself; any text is .*"),
    (r"trailing \\", r"write \\ for the sign itself"),
)  # fmt: skip


def regex_remedy(message: str) -> str:
    """Return what to do about a regular expression that RE2 refuses."""
    found = (help_ for pattern, help_ in _REGEX if re.search(pattern, message))
    return next(found, "RE2 reads it: no look-around and no back-references")
