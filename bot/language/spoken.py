"""Numbers in words become digits, so that what reads numbers, dates and times needs one form."""

import re
import unicodedata
from decimal import Decimal

ONES = {
    "en": "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen"
          " fifteen sixteen seventeen eighteen nineteen",
    "es": "cero uno dos tres cuatro cinco seis siete ocho nueve diez once doce trece catorce"
          " quince dieciseis diecisiete dieciocho diecinueve veinte veintiuno veintidos veintitres"
          " veinticuatro veinticinco veintiseis veintisiete veintiocho veintinueve",
    "pt": "zero um dois tres quatro cinco seis sete oito nove dez onze doze treze quatorze quinze"
          " dezesseis dezessete dezoito dezenove",
}  # fmt: skip
TENS = {
    "en": "twenty thirty forty fifty sixty seventy eighty ninety",
    "es": "veinte treinta cuarenta cincuenta sesenta setenta ochenta noventa",
    "pt": "vinte trinta quarenta cinquenta sessenta setenta oitenta noventa",
}
HUNDREDS = {
    "en": "",
    "es": "ciento doscientos trescientos cuatrocientos quinientos seiscientos setecientos"
          " ochocientos novecientos",
    "pt": "cento duzentos trezentos quatrocentos quinhentos seiscentos setecentos oitocentos"
          " novecentos",
}  # fmt: skip
MORE = {
    "en": {"fourty": 40, "forteen": 14, "ninty": 90},
    "es": {"un": 1, "una": 1, "veintiun": 21, "veintiuna": 21, "cien": 100},
    "pt": {"uma": 1, "duas": 2, "catorze": 14, "dezasseis": 16, "dezassete": 17, "dezanove": 19,
           "cinqoenta": 50, "cincoenta": 50, "cem": 100, "treis": 3, "dezeseis": 16},
}  # fmt: skip
TIMES = {
    "en": {"hundred": 100, "thousand": 1000, "million": 10**6, "billion": 10**9, "dozen": 12,
           "dozens": 12, "k": 1000, "grand": 1000, "couple": 2, "pair": 2},
    "es": {"mil": 1000, "millon": 10**6, "millones": 10**6, "docena": 12, "docenas": 12,
           "k": 1000, "par": 2},
    "pt": {"mil": 1000, "milhao": 10**6, "milhoes": 10**6, "bilhao": 10**9,
           "bilhoes": 10**9, "duzia": 12, "duzias": 12, "k": 1000,
           "mi": 10**6, "par": 2},
}  # fmt: skip
AND = {"en": "and", "es": "y", "pt": "e"}
HALF = {
    "en": ("half",), "es": ("media", "medio"), "pt": ("meia", "meio"),
}  # fmt: skip
POINT = {"en": ("point",), "es": ("coma", "punto"), "pt": ("virgula", "ponto")}
MINUS = {"en": ("minus", "negative"), "es": ("menos",), "pt": ("menos",)}
ARTICLES = {"en": ("a", "an"), "es": (), "pt": ()}
ONE = frozenset(("un", "una", "um", "uma"))  # no number before another: "le doy un 9", "um dez"
WHOLE = frozenset((12, 10**6, 10**9))  # "a dozen and a half" is 18, "a hundred and a half" 100.5
LEAST_JOINED, LEAST_BEHIND = 1000, 100  # of a multiple, and of what an "and" adds to it
APART = re.compile(
    r"\b(half past|(?:quarter|half) to|meia[- ]?noite|meio[- ]?dia|medio ?dia|media ?noche|"
    r"half (?:an|a) (?!dozen|million|thousand)|no one|one (?:moment|sec)\b|one of|this one|"
    r"that one|which one|"
    r"un (?:momento|momentito|segundito|instante)\b|um (?:momento|momentinho|minutinho|segundinho|"
    r"instante|minuto por favor)\b|"
    r"el uno(?! de)|la una(?= de))\b"
)
TOKEN = re.compile(r"\d[\d.,']*(?<![.,'])|[^\W\d_]+|\s+|.", re.DOTALL)


def plain(text: str) -> str:
    """Return a text in small letters without accents."""
    if text.isascii():
        return text.lower()
    parts = unicodedata.normalize("NFD", text.casefold())
    return "".join(sign for sign in parts if not unicodedata.combining(sign))


def known(language: str) -> str:
    """Return the language whose words are read: English where a language is not known."""
    return language[:2] if language[:2] in ONES else "en"


def _words(language: str) -> dict[str, int]:
    found = {word: at for at, word in enumerate(ONES[language].split())}
    found |= {word: 20 + 10 * at for at, word in enumerate(TENS[language].split())}
    for at, word in enumerate(HUNDREDS[language].split()):
        found[word] = 100 * (at + 1)
        found[word[:-2] + "as" if word.endswith("os") else word] = 100 * (at + 1)
    return found | MORE[language]


WORDS = {language: _words(language) for language in ONES}
STARTS = {
    language: frozenset((
        *WORDS[language], *TIMES[language], *HALF[language], *ARTICLES[language], *MINUS[language],
    ))
    for language in ONES
}  # fmt: skip
"""Words that a number may begin with."""


def spell_digits(text: str, language: str) -> str:
    """Return a plain text with its spoken numbers in digits: "vinte e cinco" is 25.

    Halves become decimals ("two and a half" is 2.5), multiples are worked out ("3 mil" is 3000).
    """
    lang = known(language)
    kept: list[str] = []

    def put_apart(found: re.Match[str]) -> str:
        kept.append(found[0])
        return f"\x00{chr(0xE000 + len(kept) - 1)}\x00"

    tokens = TOKEN.findall(APART.sub(put_apart, plain(text)))
    out: list[str] = []
    at = 0
    while at < len(tokens):
        if tokens[at] not in STARTS[lang] and not tokens[at][:1].isdigit():
            out.append(tokens[at])
            at += 1
            continue
        value, after = _Run(tokens, at, lang).read()
        if value is None:
            out.append(tokens[at])
            at += 1
        else:
            out.append(format(value.normalize(), "f"))
            at = after
    spelt = "".join(out)
    for place, phrase in enumerate(kept):
        spelt = spelt.replace(f"\x00{chr(0xE000 + place)}\x00", phrase)
    return spelt


class _Run:
    """Reads one number from a place in the tokens on."""

    def __init__(self, tokens: list[str], at: int, language: str, below: int = 10**18) -> None:
        """Begin at a place.

        Args:
            below: Multiples from this on are no part of the number: "3 mil 2 mil" are two.
        """
        self._tokens, self._at, self._lang, self._below = tokens, at, language, below
        self._total = Decimal(0)  # what thousands and millions have closed
        self._part = Decimal(0)  # below a thousand
        self._room = 10**12  # the next addend must be below
        self._unit = 1  # the multiple said last
        self._read = False

    def read(self) -> tuple[Decimal | None, int]:
        """Return the number and the place after it; None when there is none here."""
        self._sign()
        first = self._tokens[self._at] if self._at < len(self._tokens) else ""
        if first[:1].isdigit():
            return self._digits(first)
        if first in ARTICLES[self._lang] and self._ahead(1) in (
            *TIMES[self._lang], *HALF[self._lang]
        ):  # fmt: skip
            self._at += 2
            first = self._tokens[self._at]
        if first in HALF[self._lang]:
            return self._half()
        end = self._at
        while self._at < len(self._tokens) and self._step(self._tokens[self._at]):
            end = self._at
            self._at += self._gap(self._at)
        if not self._read:
            return None, end
        return self._tail(end)

    def _sign(self) -> None:
        self._negative = False
        minus = MINUS[self._lang]
        if self._at < len(self._tokens) and self._tokens[self._at] in minus:
            word = self._ahead(1)
            before = self._before()
            counted = before[:1].isdigit() or before in WORDS[self._lang]
            if (word in WORDS[self._lang] or word[:1].isdigit()) and not counted:
                self._at += 2
                self._negative = True

    def _digits(self, first: str) -> tuple[Decimal | None, int]:
        """Leave digits as they are, unless a multiple follows."""
        word = self._ahead(1)
        close = self._ahead(1, spaced=False)
        times = TIMES[self._lang].get(word) or TIMES[self._lang].get(close)
        if times is None or re.fullmatch(r"\d+(?:[.,]\d{1,2})?", first) is None:
            half = self._half_after(self._at + 1) if re.fullmatch(r"\d{1,3}", first) else None
            if half:
                return Decimal(first) + Decimal("0.5"), half
            if not self._negative:
                return None, self._at
            return (-Decimal(first), self._at + 1) if first.isdecimal() else (None, self._at)
        skip = 2 if TIMES[self._lang].get(close) else 3
        value = Decimal(first.replace(",", ".")) * times
        if times >= self._below:
            return value, self._at + skip
        half = self._half_after(self._at + skip)
        if half and times in WHOLE:
            return value + Decimal(times) / 2, half
        joint = self._joint(self._at + skip) if times >= LEAST_JOINED else 0
        start = self._at + skip + 1 + joint
        rest, after = _Run(self._tokens, start, self._lang, times).read()
        if rest is None and after < len(self._tokens) and re.fullmatch(
            r"\d{1,3}", self._tokens[after]
        ):  # fmt: skip
            rest, after = Decimal(self._tokens[after]), after + 1
        if joint and (rest is None or rest < LEAST_BEHIND):  # "3 mil e 2 cadeiras" are two
            rest = None
        if rest is not None and rest < times and self._tokens[self._at + skip].isspace():
            return value + rest, after
        return (-value if self._negative else value), self._at + skip

    def _joint(self, at: int) -> int:
        """Return how many tokens an "and" takes behind a multiple: "2 mil e quinhentos"."""
        said = self._tokens[at : at + 3]
        is_joint = said[1:2] == [AND[self._lang]] and len(said) > 2 and said[2].isspace()
        return 2 if is_joint else 0

    def _half(self) -> tuple[Decimal | None, int]:
        at = self._at + 1
        word = self._ahead(1)
        skip = 2
        if word in ARTICLES[self._lang]:
            word, skip = self._ahead(2), 4
        times = TIMES[self._lang].get(word)
        if times:
            return Decimal(times) / 2, self._at + skip + 1
        return Decimal("0.5"), at

    def _is_article(self, token: str) -> bool:
        """Tell whether a number stands behind an "un", and it alone: in "um dois três" each is.

        "la una diez" is an hour.
        """
        behind, words = self._ahead(1), WORDS[self._lang]
        if behind[:1].isdigit():
            return True
        is_alone = behind in words and self._ahead(2) not in words
        return is_alone and token in ("un", "um")

    def _step(self, token: str) -> bool:
        value = WORDS[self._lang].get(token)
        if token in ONE and not self._read and self._is_article(token):
            return False
        if value is not None and value < self._room:
            self._part += value
            self._unit = 1
            self._room = 10 if value >= 20 and value < 100 else (100 if value >= 100 else 0)
            if 20 < value < 100 and value % 10:
                self._room = 0
            self._read = True
            self._at += 1
            return True
        times = TIMES[self._lang].get(token)
        if times is None or (not self._read and times in (2, 12) and self._lang == "en"):
            return self._dozen(token)
        if self._part == 0 and self._total > 0:
            return False
        self._part = max(self._part, Decimal(1)) * times
        self._unit = times
        self._room = 100 if times == 100 else 0
        if times >= 1000:
            self._total, self._part = self._total + self._part, Decimal(0)
            self._room = times
        self._read = True
        self._at += 1
        return True

    def _dozen(self, token: str) -> bool:
        if token not in ("dozen", "couple", "pair") or self._read:
            return False
        self._part, self._read = Decimal(TIMES["en"][token]), True
        self._unit = TIMES["en"][token]
        self._room = 0
        self._at += 1
        return True

    def _tail(self, end: int) -> tuple[Decimal, int]:
        """Add a half or decimals that follow."""
        value = self._total + self._part
        sign = -1 if self._negative else 1
        half = self._half_after(end)
        if half:
            unit = self._unit if self._unit in WHOLE else 1
            return sign * (value + Decimal(unit) / 2), half
        words = self._tokens[end : end + 9]
        said = [word for word in words if not word.isspace()]
        if said[:1] and said[0] in POINT[self._lang]:
            spoken, count = self._decimals(said[1:])
            if spoken:
                return sign * Decimal(f"{value}.{spoken}"), end + self._width(words, 1 + count)
        return sign * value, end

    def _decimals(self, said: list[str]) -> tuple[str, int]:
        """Return the decimals that words say, digit by digit or as one number, and the words."""
        first = WORDS[self._lang].get(said[0], 100) if said else 100
        if 9 < first < 100:
            return str(first), 1
        spoken = ""
        for word in said:
            if WORDS[self._lang].get(word, 99) > 9:
                break
            spoken += str(WORDS[self._lang][word])
        return spoken, len(spoken)

    def _half_after(self, at: int) -> int | None:
        """Return the place after an "and a half" that stands there, None when none does."""
        words = self._tokens[at : at + 9]
        said = [word for word in words if not word.isspace()]
        if said[:1] != [AND[self._lang]] or not words[0].isspace():
            return None
        rest = said[1:]
        articles = 1 if rest[:1] and rest[0] in ARTICLES[self._lang] else 0
        if not rest[articles : articles + 1] or rest[articles] not in HALF[self._lang]:
            return None
        if rest[articles + 1 : articles + 2] and rest[articles + 1] in TIMES[self._lang]:
            return None
        return at + self._width(words, 2 + articles)

    def _before(self) -> str:
        """Return the word before the place, "" at the start."""
        at = self._at - 1
        while at >= 0 and self._tokens[at].isspace():
            at -= 1
        return self._tokens[at] if at >= 0 else ""

    def _width(self, words: list[str], count: int) -> int:
        """Return how many tokens hold the next ``count`` words."""
        for at, word in enumerate(words):
            count -= not word.isspace()
            if not count:
                return at + 1
        return len(words)

    def _gap(self, at: int) -> int:
        """Return the tokens between two words of one number: a space, a hyphen, an "and"."""
        if at >= len(self._tokens):
            return 0
        if self._tokens[at] == "-" or (self._tokens[at].isspace() and self._goes_on(at + 1)):
            return 1
        after = self._tokens[at + 1 : at + 3]
        if (
            self._tokens[at].isspace()
            and after[:1] == [AND[self._lang]]
            and after[1:2] and after[1].isspace()
            and self._goes_on(at + 3)
        ):  # fmt: skip
            return 3
        return 0

    def _goes_on(self, at: int) -> bool:
        token = self._tokens[at] if at < len(self._tokens) else ""
        value = WORDS[self._lang].get(token)
        return (value is not None and value < self._room) or token in TIMES[self._lang]

    def _ahead(self, words: int, *, spaced: bool = True) -> str:
        """Return the word so many words ahead, "" when there is none."""
        at = self._at + (2 * words if spaced else words)
        if spaced and not all(
            self._tokens[one].isspace()
            for one in range(self._at + 1, min(at, len(self._tokens)), 2)
        ):
            return ""
        return self._tokens[at] if at < len(self._tokens) else ""
