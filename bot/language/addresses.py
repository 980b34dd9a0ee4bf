"""Phone numbers and e-mail addresses in what people write or say."""

import re
from typing import Any

from bot.language.spoken import AND, WORDS, known, plain

MAIL = re.compile(r"[a-z0-9._%+'-]+@(?:[a-z0-9-]+\.)+[a-z]{2,}", re.IGNORECASE)
DOT = r"\.|\bdot\b|\(dot\)|\[dot\]|\bpunto\b|\bponto\b"
DASH = r"dash|hyphen|guion medio|guion|traco|hifen"
JOINTS = {
    "_": r"underscore|under score|guion bajo|barra baja|subguion|underline|sublinhado",
    "-": DASH,
    "+": r"plus|mas|mais",
    ".": r"dot|punto|ponto",
}
JOINT = "|".join(JOINTS.values())
SPOKEN_MAIL = re.compile(
    rf"\b([a-z0-9._%+-]+(?: (?:{JOINT}) [a-z0-9_-]+)*(?: \d{{1,4}})?)"
    r"\s*(?:[(\[](?:at|arroba)[)\]]|\bat\b|\barroba\b| ?@ ?)\s*"
    rf"([a-z0-9-]+(?: (?:{DASH}) [a-z0-9-]+)*(?:\s*(?:{DOT})\s*[a-z0-9-]+)+)"
)
DOTS = re.compile(rf"\s*(?:{DOT})\s*")
NO_NAMES = frozenset(
    ("is", "are", "am", "me", "us", "it", "look", "site", "here", "online", "store")
)
"""They stand before "at example.com" where no address is told."""

PROVIDERS = (
    (r"\bg mail\b", "gmail"), (r"\bhot mail\b", "hotmail"), (r"\bout look\b", "outlook"),
    (r"\bi cloud\b", "icloud"),
    (r"\b(gmail|hotmail|outlook|yahoo|icloud|live)(?:\s+|,)(com|es)\b", r"\1.\2"),
)  # fmt: skip

REGIONS = {"pt": "BR", "es": "ES", "en": "US"}
REPEATED = {"double": 2, "triple": 3, "doble": 2, "duplo": 2, "dobro": 2, "triplo": 3}
AREA = re.compile(
    r"\b(?:ddd|area code|codigo de area)(?: is| e| es)?\s*:?\s*\(?0?(\d{2,3})\)?"
    r"(?:[\s,.;-]|\b(?:and|y|e|o|the|el|numero|number|num|tel|telefone|telefono|zap|cel)\b)*(?=\d)"
)
AREA_AFTER = re.compile(
    r"(\d{3,5}[-. ]?\d{4})(?:[\s,.;(-])*\b(?:ddd|area code|codigo de area)\s*:?\s*0?(\d{2,3})\b"
)
ABROAD = re.compile(r"(?<![\d+])00[\s-]?(?=([1-9][\d\s().-]{7,}))")
OLD_MEXICAN = re.compile(r"\+52[\s-]*1[\s-]*(?=\d{2,3}[\s-]?\d{3,4}[\s-]?\d{4}\b|\d{10}\b)")
OTHER_NUMBER = re.compile(
    r"\b(?:cpf|cnpj|cep|rg|nif|dni|nie|curp|rfc|rut|ssn|iban|zip)\b[^\d+,;]{0,12}\d[\d./-]*",
    re.IGNORECASE,
)
"""Numbers of people and places that are none of a phone."""

LEAST_SAID = 6  # digits that make words a number of a phone


def read_mail(text: str) -> str | None:
    """Return the first e-mail address of a text in small letters: written, or said in words."""
    folded = plain(text)
    for said, written in PROVIDERS:
        folded = re.sub(said, written, folded)
    found = MAIL.search(folded)
    if found:
        return found[0].strip("'").lstrip(".")
    spoken = next(
        (one for one in SPOKEN_MAIL.finditer(folded) if one[1].split()[0] not in NO_NAMES), None
    )
    if spoken is None:
        return None
    name = spoken[1]
    for sign, words in JOINTS.items():
        name = re.sub(rf" (?:{words}) ", sign, name)
    host = re.sub(rf" (?:{DASH}) ", "-", DOTS.sub(".", spoken[2]))
    return f"{name.replace(' ', '')}@{host}"


def read_phone(text: str, language: str, region: str | None) -> str | None:
    """Return the first phone number of a text as E.164, None when it has none with an area.

    Args:
        region: Whose numbers need no country's code; by the language when not given.
    """
    import phonenumbers  # large: loaded with the first number

    here = (region or REGIONS.get(language[:2], "US")).upper()
    written = AREA_AFTER.sub(
        r"\2 \1", AREA.sub(r"\1 ", _digits(OTHER_NUMBER.sub(" ", text), language))
    )
    written = ABROAD.sub(lambda found: "+" if _many(found[1]) else found[0], written)
    written = OLD_MEXICAN.sub("+52 ", written)
    for leniency in (phonenumbers.Leniency.VALID, phonenumbers.Leniency.POSSIBLE):
        for found in phonenumbers.PhoneNumberMatcher(written, here, leniency):
            if leniency == phonenumbers.Leniency.VALID or _has_area(found.number):
                return str(
                    phonenumbers.format_number(found.number, phonenumbers.PhoneNumberFormat.E164)
                )
    return None


def _has_area(number: Any) -> bool:  # noqa: ANN401 - phonenumbers' own type
    """Tell whether a number that no plan knows is as long as its country's others."""
    import phonenumbers

    region = phonenumbers.region_code_for_country_code(number.country_code)
    example = phonenumbers.example_number(region)
    told = phonenumbers.national_significant_number(number)
    return example is None or len(told) >= len(phonenumbers.national_significant_number(example))


def _many(run: str) -> bool:
    return sum(sign.isdigit() for sign in run) >= 9


class _Dictation:
    """Digits that are told one by one, or as numbers below a hundred."""

    def __init__(self, language: str) -> None:
        own = {"meia": 6} if language[:2] == "pt" else {"oh": 0, "o": 0}
        self._words = WORDS[known(language)] | own
        self._and = AND[known(language)]
        self.out: list[str] = []
        self.count = 0
        self._times = 1
        self._tens = False

    def take(self, word: str) -> None:
        """Take the next word, sign or gap."""
        value = self._words.get(word, 100)
        if word in REPEATED:
            self._times = REPEATED[word]
        elif value < 10 and self._tens:
            self._join(value)
        elif value < 100:
            self.out.append(str(value) * self._times)
            self.count += len(str(value)) * self._times
            self._times, self._tens = 1, value >= 20 and value % 10 == 0
        elif word == "hundred" and self.count:
            self.out.append("00")
            self.count += 2
        elif not (word.isspace() or (word == self._and and self._tens) or word == "-"):
            self._tens = False
            self.out.append("+" if word in ("plus", "mais", "mas") else word)
        else:
            self.out.append(" " if word == self._and else word)

    def _join(self, value: int) -> None:
        """Make "vinte e um" 21."""
        while self.out and not self.out[-1].isdigit():
            self.out.pop()
        self.out[-1] = str(int(self.out[-1]) + value) if self.out[-1] != "0" else f"0{value}"
        self._tens = False


def _digits(text: str, language: str) -> str:
    """Write a number that is told digit by digit in digits."""
    told = _Dictation(language)
    spaced = re.sub(r"\b(?:dash|hyphen|guion|traco|hifen|space|espacio|espaco)\b", " ", plain(text))
    for word in re.findall(r"[^\W\d_]+|\d+|[^\w\s]+|\s+", spaced):
        told.take(word)
    if told.count < LEAST_SAID:
        return text
    return re.sub(r"(?<=\d)[\s,.]+(?=\d)", "", re.sub(r"\+\s+", "+", "".join(told.out)))
