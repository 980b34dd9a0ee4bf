"""When a person should take over a conversation from the bot."""

import re
from collections.abc import Sequence

from bot.domain.data import dataclass
from bot.domain.understanding import BELIEVED, AppealKind
from bot.nlu.appeal_head import Appeal
from bot.nlu.appeals import accuses, calls_for_person
from bot.nlu.heads import Array

ALONE = (AppealKind.PERSON, AppealKind.THREAT, AppealKind.DANGER)  # enough by themselves
CALMING = 0.6  # of the strain before a message that is left after it
HEATED = 0.5  # strain that strong words, shouting or a swearing face add
BREAKING = 1.3  # strain from which on a person should take over
TOGETHER = 0.9  # what the three come to together, of a message that is not glad
NOTICED = 0.4  # from which on an appeal wears patience
STUCK, FURIOUS = 0.7, 0.5  # strain of an appeal that is certain
UNMENDED = 0.5  # strain of trouble that goes on after the business answered
LOST, AGAIN = 0.5, 0.9  # strain of a bot that did not understand; that said the same again
ALIKE = 0.6  # share of words in common from which on two answers are the same
LOST_WORDS = re.compile(
    r"\b(?:did(?:n.?t| not) (?:get|understand|catch)|do(?:n.?t| not) understand|invalid|not valid"
    r"|isn.?t valid|not a valid|no (?:le |te |lo |la )?(?:entend|comprend)\w+|opci[oó]n no"
    r"|inv[aá]lid[oa]|no reconozco|n[aã]o (?:te |o |a )?(?:entend|compreend|reconhe)\w+)",
    re.IGNORECASE,
)
STRONG = (
    "never again", "unacceptable", r"disgust\w*", "furious", "angry", "ridiculous", "scam",
    r"thie[fv]\w*", "lawyer", "sue", "refund now", "money back", "fed up", "sick of", "worst",
    "terrible", "awful", "horrible", "nobody", "no one", "useless", "joke", "hours", "third time",
    r"complain\w*", "report you",
    r"nunca m[aá]s", "inaceptable", "asco", r"fur[ií]os\w+", r"estaf\w+", r"ladr\w+",
    r"denunci\w+", "abogado", "hart[oa]", "peor", "desastre", r"verg[uü]enza", "nadie",
    r"in[uú]til\w*", "horas", "tercera vez", r"falta de respe\w+", r"devu[eé]lv\w+",
    r"inaceit[aá]vel", "golpe", "procon", "advogado", "pior", "horr[ií]vel", r"p[ée]ssim\w+",
    "vergonha", r"ningu[ée]m", r"palha[cç]ada", "absurdo", "terceira vez", r"devolv\w+",
)  # fmt: skip
HEAT = re.compile(rf"!{{2,}}|\?{{2,}}|[😡🤬😠😤👎]|\b(?:{'|'.join(STRONG)})", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """One message of the customer.

    Attributes:
        tone: Probabilities of negative, neutral and positive.
        answered: Strain of what the business had said just before: `unheard`.
        is_reply: Whether the business had said anything just before.
    """

    text: str
    tone: Array
    appeal: Appeal = Appeal()
    answered: float = 0.0
    is_reply: bool = False


def takeover_of(talk: Sequence[Said]) -> int | None:
    """Return the customer's first message, counted from 1, at which a person should take over.

    That is where the customer asks for a person, threatens, or is in danger, or where strain has
    built up: each negative message adds to it, heat adds more, and so does a bot that does not
    understand or says the same again; time calms. What went wrong counts as negative however
    calmly it is told, and for more when an answer has not mended it. An accusation is as negative
    as can be, and heated, whatever its tone.
    """
    strain = 0.0
    for at, said in enumerate(talk, start=1):
        if calls_for_person(said.text) or _calls(said):
            return at
        strain = CALMING * strain * (1 - _positive(said)) + _strain(said, is_first=at == 1)
        if strain >= BREAKING:
            return at
    return None


def unheard(answer: str, earlier: Sequence[str]) -> float:
    """Return the strain of an answer of the business, which said ``earlier`` before it."""
    if any(_is_same(answer, one) for one in earlier):
        return AGAIN
    return LOST if LOST_WORDS.search(answer) else 0.0


def _calls(said: Said) -> bool:
    appeal = said.appeal
    told = appeal.told()
    if any(told[kind] >= BELIEVED[kind] for kind in ALONE):
        return True
    together = appeal.person + appeal.threat + appeal.danger + appeal.wronged / 2
    return together >= TOGETHER and float(said.tone[0]) > 0.3


def _strain(said: Said, *, is_first: bool) -> float:
    accused, appeal = accuses(said.text), said.appeal
    negative = 1.0 if accused else max(float(said.tone[0]), _told_wrong(said))
    added = negative if negative >= 0.5 else 0.0
    if said.is_reply and negative >= 0.5 and appeal.wronged + appeal.stuck > NOTICED:
        added += UNMENDED
    if appeal.stuck > NOTICED and not is_first:  # nobody is stuck with what has not answered yet
        added += STUCK * appeal.stuck
    if negative >= NOTICED:
        added += FURIOUS * appeal.furious
    if _positive(said) < 0.5:
        added += said.answered
    if negative >= 0.5 and (accused or HEAT.search(said.text) or _shouts(said.text)):
        added += HEATED
    return added


def _told_wrong(said: Said) -> float:
    """Return how sure it is that something went wrong, whatever the tone; glad words end it."""
    return said.appeal.wronged if _positive(said) < 0.5 else 0.0


def _positive(said: Said) -> float:
    return 0.0 if accuses(said.text) else float(said.tone[2])


def _is_same(one: str, other: str) -> bool:
    first, second = (set(re.findall(r"\w+", text.casefold())) for text in (one, other))
    return bool(first) and len(first & second) >= ALIKE * len(first | second)


def _shouts(text: str) -> bool:
    letters = [sign for sign in text if sign.isalpha()]
    return len(letters) > 8 and sum(sign.isupper() for sign in letters) > 0.7 * len(letters)
