"""Which language a text is written in."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from functools import lru_cache
from math import exp

from bot.nlu.language_marks import LAUGHS, LETTERS, MARKS

SHORT = 40  # characters of texts that come again and again
REMEMBERED = 4_096  # of them
ENOUGH = 1_000  # characters that are looked at: a quarter of a millisecond at most
FEWEST_WORDS = 3  # below, the statistics guess; only marked words tell
SURE = 0.7  # share of the likelihood from which a language is told
DOUBT = 0.001  # least probability of a language by the statistics, where words speak for it
MARKED = 1.0  # by how many powers of e a mark makes its language likelier: best of 0.5, 1, 1.5
STAYS = 10.0  # how much likelier a chat goes on in its language than in another one
NO_WORDS = re.compile(r"\b(?:https?://|www\.)\S+|\S+@\S+")
WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
RIGHT, PLAIN = 2, 1  # what a marked word is worth as it is rightly written, and without accents
NAMED = 3  # words up to which a text of capitals may be a name: "João Silva" tells no language


class LanguageReader:
    """Tells languages apart, among those that are configured."""

    def __init__(self, languages: tuple[str, ...]) -> None:
        from py3langid.langid import MODEL_FILE, LanguageIdentifier

        self._languages = languages
        self._identifier = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
        self._identifier.set_languages(list(languages))
        self._marks = {
            language: _worth(words.split())
            for language, words in MARKS.items()
            if language in languages
        }
        self._remembered = lru_cache(REMEMBERED)(self._told)

    def language_of(self, text: str, before: str | None = None) -> str | None:
        """Return the text's language by its beginning, None when it is too short to tell.

        People greet, thank and agree in few ways: what is short is told once.

        Args:
            before: The language of the chat so far: a few words that may be of either are of it.
        """
        tell = self._remembered if len(text) <= SHORT else self._told
        return tell(text[:ENOUGH], before)

    def _told(self, text: str, before: str | None) -> str | None:
        text = NO_WORDS.sub(" ", unicodedata.normalize("NFC", text))
        words = WORD.findall(text)
        scores = self._scores([word.casefold().replace("’", "'") for word in words])
        if not any(scores.values()) and len(words) <= NAMED and all(map(str.istitle, words)):
            return None
        self._add_letters(scores, text.casefold())
        if len(words) >= FEWEST_WORDS:
            return self._weighed(text, scores, before)
        best = max(scores.values(), default=0)
        leaders = [language for language, score in scores.items() if score == best]
        return leaders[0] if best and len(leaders) == 1 else None

    def _weighed(self, text: str, scores: Mapping[str, int], before: str | None) -> str | None:
        """Return the language that the statistics, the marks and the chat make likely."""
        likely = {
            str(language): max(float(probability), DOUBT) * exp(MARKED * scores.get(language, 0))
            for language, probability in self._identifier.rank(text)
        }
        if before in likely:
            likely[before] *= STAYS
        first = max(likely, key=lambda language: likely[language])
        return first if likely[first] > SURE * sum(likely.values()) else None

    def _scores(self, words: Sequence[str]) -> dict[str, int]:
        """Return what the marked words of each language are worth together."""
        plain = [_plain(word) for word in words]
        return {
            language: sum(
                max(worth.get(word, 0), min(worth.get(bare, 0), PLAIN))
                for word, bare in zip(words, plain, strict=True)
            )
            for language, worth in self._marks.items()
        }

    def _add_letters(self, scores: dict[str, int], text: str) -> None:
        for language in scores:
            if any(letter in text for letter in LETTERS.get(language, "")):
                scores[language] += 1
            if language in LAUGHS and re.search(LAUGHS[language], text):
                scores[language] += 1


def _worth(words: Sequence[str]) -> Mapping[str, int]:
    return {_plain(word): PLAIN for word in words} | dict.fromkeys(words, RIGHT)


def _plain(word: str) -> str:
    parts = unicodedata.normalize("NFD", word)
    return "".join(sign for sign in parts if not unicodedata.combining(sign))
