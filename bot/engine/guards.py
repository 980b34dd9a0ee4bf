"""What never reaches the rules: status posts, opt-out words, chats that a person has."""

import re
import unicodedata
from functools import lru_cache

from bot.domain.consents import ConsentState
from bot.domain.contacts import Consent
from bot.domain.conversation import Handoff
from bot.domain.data import replace
from bot.domain.effects import CancelTimer, Send
from bot.domain.outgoing import Why
from bot.domain.spam import GUARD
from bot.domain.turns import MessageArrived, TurnEvent
from bot.domain.understanding import Need
from bot.engine.compiled import Compiled
from bot.engine.draft import Draft
from bot.engine.members import timer_key
from bot.engine.owned import first_words, texts_of
from bot.engine.words import BESIDE, SIGHS, saying
from bot.language.folding import SHORT, Folded, fold

TAKEN_OVER = "guard:takeover"
"""Who wins when a person wrote from the phone."""


def owned_word(text: str, compiled: Compiled) -> str | None:
    """Return ``stop`` or ``start`` when the whole text is such a word, dots and emoji aside."""
    if _says_more(text, compiled):
        return None
    said = _bare_short(text) if len(text) <= SHORT else _bare(text)
    return compiled.owned.get(said) if said else None


def _says_more(text: str, compiled: Compiled) -> bool:
    """Tell whether a long text surely has more letters than any word that is the business's own."""
    if len(text) <= SHORT:
        return False
    letters = text.encode("ascii", "ignore").translate(None, _SIGNS)
    return len(letters) > compiled.longest_owned


_SIGNS = bytes(code for code in range(128) if not chr(code).isalnum())


def _bare(text: str) -> str:
    """Return the folded words of a text without its dots and emoji."""
    text = text.replace(".", "").replace("·", "")
    if text.isascii():
        return fold(_BESIDE_WORDS.sub(" ", text)).text
    return fold("".join([sign if _counts(sign) else " " for sign in text])).text


_bare_short = lru_cache(maxsize=4096)(_bare)  # asked for when a turn is read, and decided
_BESIDE_WORDS = re.compile(r"[^A-Za-z0-9'-]")


def says_only(folded: Folded, words: tuple[str, ...], beside: frozenset[str] = frozenset()) -> bool:
    """Tell whether a message is one of these words, or says them and nothing else that counts.

    "please cancel that" is cancel; "cancel my old card" is not.

    Args:
        beside: More words that may stand around them.
    """
    wanted = texts_of(words)
    if folded.text in wanted:
        return True
    if first_words(words).isdisjoint(folded.words):
        return False
    if not any(f" {one} " in f" {folded.text} " for one in wanted if one):
        return False
    phrases = sorted((one.split() for one in wanted), key=len, reverse=True)
    said, at, found = _PAUSE.sub("", folded.text).split(), 0, False
    while at < len(said):
        size = next((len(one) for one in phrases if one and said[at : at + len(one)] == one), 0)
        if not size and said[at] not in _AROUND and said[at] not in beside:
            return False
        found |= bool(size)
        at += size or 1
    return found


_AROUND = BESIDE | SIGHS


def says_nothing(folded: Folded) -> bool:
    """Tell whether a message holds only words that say nothing by themselves: "ah, one moment"."""
    return _AROUND.issuperset(_PAUSE.sub("", folded.text).split())


_PAUSE = re.compile(
    r"\b(?:one|just a|a|un|um) (?:moment|sec|second|minute|momento|momentito|segundo|minuto)\b"
)


def needs(event: TurnEvent, compiled: Compiled) -> frozenset[Need]:
    """Return which readings of the models a turn about this event would look at."""
    if not isinstance(event, MessageArrived) or event.is_late:
        return frozenset()
    text = event.message.text
    if _says_more(text, compiled):
        return compiled.needs
    if not fold(text).words or owned_word(text, compiled) is not None:
        return frozenset()
    return compiled.needs


def _counts(sign: str) -> bool:
    """Tell whether a sign is part of a word: letters, digits, their marks, hyphen, apostrophe."""
    return unicodedata.category(sign)[0] in "LNM" or sign in "'’-"


def guard(draft: Draft) -> bool:
    """Handle what never reaches the rules; True when the turn ends here."""
    message = draft.message
    assert message is not None
    if message.chat.startswith("status@") or message.chat.endswith("@newsletter"):
        draft.trace("guard:status", "skipped")
        return True
    word = None if message.is_group else owned_word(draft.text, draft.compiled)
    if word is None:
        return False
    withdrawn = draft.contact.consent is Consent.WITHDRAWN
    if word == "start" and not withdrawn:
        return False
    _obey(draft, word, confirm=word == "start" or not withdrawn)
    return True


def _obey(draft: Draft, word: str, *, confirm: bool) -> None:
    """Note an opt-out or opt-in; the one confirmation is all that is said."""
    rulebook = draft.compiled.rulebook
    section = rulebook.stop if word == "stop" else rulebook.start
    draft.winner = f"guard:opt{'out' if word == 'stop' else 'in'}"
    state = ConsentState.WITHDRAWN if word == "stop" else ConsentState.GRANTED
    draft.consent(state, f"word:{word}", draft.text.strip())
    if confirm:
        said = draft.words(section.reply if section else None) or saying(
            "stopped" if word == "stop" else "started", draft.language
        )
        draft.effects.append(Send(text=said, why=Why.CONSENT, by=draft.winner))
    if word == "stop":
        for frame in draft.frames:
            draft.effects.append(CancelTimer(key=timer_key("remind", frame)))


def is_muted(draft: Draft) -> bool:
    """Tell whether a person has the chat; a handoff whose time is over ends here."""
    handoff = draft.conversation.handoff
    if handoff is None:
        return False
    if handoff.until > draft.turn.now:
        return True
    end_handoff(draft)
    return False


def end_handoff(draft: Draft) -> None:
    """Let the bot speak again where a person has the chat."""
    handoff = draft.conversation.handoff
    if handoff is not None:
        draft.conversation = replace(draft.conversation, handoff=None)
        draft.raise_event("handoff.ended", {"team": handoff.team})


def is_heard(draft: Draft) -> bool:
    """Tell whether what is open on top may go on now.

    While a person has the chat only what a rule with `during_handoff` led to may.
    """
    handoff = draft.conversation.handoff
    if handoff is None or handoff.until <= draft.turn.now:
        return True
    return bool(draft.frames) and draft.frames[-1].in_handoff


def human_replied(draft: Draft) -> None:
    """A person wrote from the phone: the bot keeps quiet here."""
    settings = draft.turn.settings
    if draft.folded.text in {fold(text).text for text in settings.takeover_ignore}:
        draft.trace("guard:takeover", "skipped", "the text is one of takeover.ignore")
        return
    draft.winner = TAKEN_OVER
    if not is_muted(draft):
        draft.raise_event("handoff.started", {"team": "phone"})
    until, held = draft.turn.now + settings.takeover, draft.conversation.handoff
    if held is not None and held.team != GUARD:
        until = max(until, held.until)  # whoever asked for longer is not cut short by a word
    draft.conversation = replace(draft.conversation, handoff=Handoff(team="phone", until=until))
    for frame in (*draft.others, *draft.frames):
        for kind in ("remind", "ask_timeout"):
            draft.effects.append(CancelTimer(key=timer_key(kind, frame)))
    for frames in (draft.others, draft.frames):
        frames[:] = [replace(frame, in_handoff=False) for frame in frames]
    draft.raise_event("human.reply", {})
