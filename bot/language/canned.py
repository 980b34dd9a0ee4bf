"""Ready-made replies: texts with a short name that people send."""

from collections.abc import Iterator

from bot.language.rulebook import Rulebook
from bot.language.texts import Text


def wordings(text: Text, rulebook: Rulebook) -> dict[str, str]:
    """Return the first wording of a reply by language, "" where it has only one, as written."""
    if text.languages:
        return {code: "".join(_first(one, rulebook)) for code, one in text.languages.items()}
    return {"": "".join(_first(text, rulebook))}


def _first(text: Text, rulebook: Rulebook) -> Iterator[str]:
    """Yield the wording; of a shared reply its first, of a medium its caption."""
    found = next(iter(text.variants), None)
    ref = text.ref or (found.ref if found is not None else "")
    if ref in rulebook.replies:
        yield next(iter(wordings(rulebook.replies[ref], rulebook).values()))
    elif found is not None:
        yield found.template.source
    elif text.caption is not None:
        yield from _first(text.caption, rulebook)
