"""The one word by which a Spanish or Portuguese statement praises or blames: "está {divino}".

The encoder tells a rare word better by itself, behind "very", than within a sentence of others.
"""

import re
import unicodedata
from collections.abc import Collection
from enum import Enum, auto

from bot.domain.data import dataclass
from bot.nlu.denial import parts_of
from bot.nlu.undenied import undenied

LONGEST = 14  # words of a statement
WORD = r"[^\W\d_]{4,}"
SEEMS = (
    "est(?:á|a|án|ão|ao|aba|aban|ava|avam|uvo|uvieron|eve|iveram|ado)", "é", "es", "são", "son",
    "eran?", "eram", "fue", "fueron", "foi", "foram", "sido", "ser[áa]?", "sean?", "sejam?",
    "sendo", "siendo", "fi(?:c|qu)[aeo]\\w*", r"qued[aoóe]\w*", "veio", "vieram", "vino",
    "vinieron", "vem", "viene", r"cheg[aou]\w*", r"lleg[aoóu]\w*", "sai", "saiu", "saíram",
    "sale", "salió", "salieron", r"result\w+", r"parec\w+", r"permanec\w+", "siguen?", "seguem?",
    r"continu\w+", r"and[aou]\w*", r"mostr\w+", r"torn\w+", r"volvi\w+", r"pus[oe]\w*", "lucen?",
    "t[aá]", "tava", "ven?", r"mant[eiu]\w+",
    "(?:tem|teve|tienen?|tuvo)(?= de)",
)  # fmt: skip
FINDS = (
    r"ach\w+", r"consider\w+", r"enc[ou]e?ntr\w+", r"hall\w+", "vi", "vejo", "veo", r"not[eoé]\w*",
    r"cham\w+", r"llam\w+",
)  # fmt: skip
SOFT_WORDS = (
    "muito", "muy", "bem", "bien", "super", "súper", "tan", "tão", "bastante", "demasiado",
    "realmente", "totalmente", "completamente", "un poco", "um pouco", "algo", "meio", "medio",
    "lá", "más", "mais", "de", "una?", "uma?", "nada", "tudo", "todo",
)  # fmt: skip
LAST = (
    "comigo", "conmigo", "hoje", "hoy", "agora", "ahora", "mesmo", "demais", "sempre", "siempre",
    "oye", "viu", "gente", "igual", "también", "também", "sí", "sim", "ainda", "aún", "todavía",
    "jamás", "nunca", "aqui", "aquí",
)  # fmt: skip
JOINS = (
    "en", "em", "n[oa]s?", "para", "pra", "por", "pel[oa]s?", "con", "com", "de", "del", "d[oa]s?",
    "desde", "depois", "después", "desta", "dessa", "est[ae]", "ess[ae]", "tod[oa]", "como",
    "el", "l[ao]s?", "o", "a", "os", "as", "meu", "minha", "mi",
)  # fmt: skip
THE = "(?:el|la|los|las|o|a|os|as|ess[ea]|est[ea]|mi|meu|minha|su|seu|sua)"
THING = rf"(?:(?!{THE}\b)\w+)"
SOFT = rf"(?:(?:{'|'.join(SOFT_WORDS)}) )*"
MEASURE = r"(?:d[eo] )?(?:lo )?que\b"  # what is more or less "than …" is no praise or blame
AFTER = rf"(?!{MEASURE})(?:{'|'.join(LAST)}|para|pra|de jeito|(?:{'|'.join(JOINS)})(?: \w+){{1,4}})"
TAIL = rf"(?:,[^,]{{0,30}}| {AFTER})?\W*$"
PREDICATE = re.compile(
    rf"\b(?:{'|'.join(SEEMS)})\s+(?:(?:el|la|los|las|o|a|os|as) {THING} )?{SOFT}({WORD}){TAIL}|"
    rf"\b(?:{'|'.join(FINDS)})\s+(?:{THE} {THING} )?{SOFT}({WORD}){TAIL}|"
    rf"^\W*(?:\w+,? )?(?:muy|muito|tan|tão|súper|super|bien|bem)\s+{SOFT}({WORD}){TAIL}|"
    rf"\bde ({WORD}) (?:(?:tiene|tem|tuvo|teve)|(?:el|la|o|a) \w+)\W*$",
    re.IGNORECASE,
)
"""As a denial stands once its denials are out, too: "no tuvo nada de {w}" is "tuvo de {w}"."""

DOING = re.compile(r"(?:ando|iendo|[aei]r(?:l[oae]s?|se|nos))$")
"""What somebody does says nothing of a thing: "está llegando", "sin dudarlo"."""

CALLED = re.compile(r"\b(?:una?|uma?)\s+(?!poco|pouco|tanto)(?:\w+\s+)?$", re.IGNORECASE)
LACKED = re.compile(r"\b(?:sin|sem)\s+(\w+)", re.IGNORECASE)
"""What is lacking is a thing or a deed: "sin terminar", "sem notícia"."""

NO_PREDICATES = """
    abajo adentro agora ahora ahí aqui aquello aquilo aquí assim así ayer cada casi cedo cerca
    coisa coisas cosa cosas cuando cuanto cuál cuánto dentro depois desde después donde entre
    estado eso fora fuera hasta hoje igual isso isto esto lejos longe mais más menos mesma mesmo
    misma mismo muita muito mucha mucho nada ninguém nadie nunca ontem onde otra otro outra outro
    para pela pelo pelas pelos perto porque pronto quando quanto quase quem quien sempre senão
    siempre sido siendo sendo sino sobre tanta tanto tarde temprano toda todavía todo tudo verdad
    verdade aún ainda también também allí alguém alguien algum alguma aquel aquela aquele
    dia dias día días hora horas minuto minutos semana semanas ano anos año años mes meses mediodía
    manhã amanhã mañana noche noite
"""
NEVER = frozenset(NO_PREDICATES.split())

PORTUGUESE = re.compile(
    r"[ãõç]|\b(?:o|os|as|um|uma|é|foi|ficou|veio|chegou|saiu|não|muito|mas|meu|minha|do|da|na|"
    r"viu|pra|tá|nem|ninguém|tem|teve|isso)\b",
    re.IGNORECASE,
)
SPANISH = re.compile(
    r"[ñ¿¡]|\b(?:el|la|los|las|un|una|fue|qued[oó]|vino|lleg[oó]|sali[oó]|muy|pero|y|mi|del|oye|"
    r"es|le|lo|ni|nadie|tiene|tuvo|ha|eso)\b",
    re.IGNORECASE,
)
IN_THE = re.compile(
    r"\bno\b(?! (?:me|te|se|les?|nos|l[oa]s?|es|hay|ha|va|voy|est\w+|fue\w*|pued\w+|quier\w+)\b)",
    re.IGNORECASE,
)
"""Portuguese where nothing is denied; where something is, it may be Spanish."""

HANGING = re.compile(r"que\b", re.IGNORECASE)  # an ending that may be denied before its comma

ENDING = re.compile(r"(?:issim)?[aeo]?s?$")
STEM = 3  # letters that are left, at least
ALIKE = (
    ("avel", "abl"), ("ivel", "ibl"), ("veis", "bl"), ("nh", "n"), ("lh", "l"), ("z", "c"),
    ("qu", "c"), (r"^e?s(?=[cpt])", "es"), (r"(.)\1", r"\1"),
)  # fmt: skip
"""Where kin words of both languages differ in spelling, with accents gone: "amável", "amable"."""


class Stand(Enum):
    """How a predicate is meant."""

    SAID = auto()
    DENIED = auto()
    UNDONE = auto()  # its denials undo one another


@dataclass(frozen=True, slots=True, kw_only=True)
class Predicate:
    """What is said, or denied, of something."""

    word: str
    is_spanish: bool
    stand: Stand
    is_thing: bool = False  # it stands behind "a": only one that was learnt praises or blames

    @property
    def views(self) -> tuple[str, str, str]:
        """Two exclamations of the word, and one in its other gender, where it has one."""
        other = _other_gender(self.word)
        if self.is_spanish:
            return f"Fue muy {self.word}.", f"¡Qué {self.word}!", f"Fue muy {other}."
        return f"Foi muito {self.word}.", f"Que {self.word}!", f"Foi muito {other}."


def predicate_of(text: str) -> Predicate | None:
    """Return what a statement, or its ending, says or denies of something; None for a question."""
    if "?" in text or len(text.split()) > LONGEST:
        return None
    denial, parts = undenied(text), parts_of(text)
    if denial is not None:
        stand = Stand.UNDONE if denial.holds else Stand.DENIED
        lacked = [word.lower() for word in LACKED.findall(text)]
        return _predicate(denial.said, stand, is_spanish=_is_spanish(text), lacked=lacked)
    if parts.affirmed or HANGING.match(parts.ending):
        return None
    is_spanish = _is_spanish(text, len(IN_THE.findall(text)))
    return _predicate(parts.ending or text, Stand.SAID, is_spanish=is_spanish)


def stem_of(word: str) -> str:
    """Return what forms of an adjective, and its kin, have in common: "lentíssima" is "lent"."""
    apart = unicodedata.normalize("NFD", word.casefold())
    plain = "".join(sign for sign in apart if not unicodedata.combining(sign))
    stem = ENDING.sub("", plain, count=1)
    stem = stem if len(stem) >= STEM else plain
    for spelt, alike in ALIKE:
        stem = re.sub(spelt, alike, stem)
    return stem


def _other_gender(word: str) -> str:
    if word.endswith("or"):
        return word + "a"
    return word[:-1] + {"o": "a", "a": "o"}.get(word[-1:], word[-1:])


def _is_spanish(text: str, more: int = 0) -> bool:
    return len(SPANISH.findall(text)) > len(PORTUGUESE.findall(text)) + more


def _predicate(
    said: str, stand: Stand, *, is_spanish: bool, lacked: Collection[str] = ()
) -> Predicate | None:
    for found in PREDICATE.finditer(said):
        word = next(part for part in found.groups() if part).lower()
        if word in NEVER or word in lacked or DOING.search(word):
            continue
        is_thing = CALLED.search(said[: found.start(found.lastindex or 0)]) is not None
        return Predicate(word=word, is_spanish=is_spanish, stand=stand, is_thing=is_thing)
    return None
