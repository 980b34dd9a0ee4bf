"""What people write in a sentence pattern that is none, and what is written here."""

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
