"""An open question that a message leaves: skipped, led back from, cancelled."""

import re

from bot.engine.behind import behind, is_known
from bot.engine.choices import choices_of
from bot.engine.corrections import corrected
from bot.engine.filling import leaves_open, says_skip
from bot.engine.guards import says_only
from bot.engine.heard import Heard
from bot.engine.owned import first_words
from bot.engine.slots import FREE, Given, OutOfBounds, is_free, read_value
from bot.engine.way import asked_before
from bot.engine.words import AGREEING, SIGHS
from bot.language.cancel_words import CANCEL
from bot.language.folding import fold
from bot.language.spoken import plain

_REASON = (
    r"i|we|i'm|i'll|we'll|something|somebody|it's too|too|ya|yo|voy|vamos|no puedo|me|algo|"
    r"surgio|eu|vou|ja|mudei|cambie|cambio|apareceu|aconteceu|nao posso|nao vou|desisti"
)
_WHY = re.compile(rf"\W*(?:{_REASON})\b")
_WHY_THAT = re.compile(
    rf"\W*(?:{_REASON}|he|she|they|my|because|cause|cuz|since|found|got|mi|mis|porque|pq|es que|"
    r"encontre|consegui|resulta|meu|minha)\b"
)
"""How reasons begin: "I changed my mind", "ya iré en coche"."""


_AROUND = AGREEING | SIGHS | frozenset(
    ("order", "booking", "appointment", "reservation", "request", "purchase", "my", "the", "need",
     "whole", "thing", "please", "ugh", "pedido", "reserva", "cita", "turno", "compra", "solicitud",
     "la", "el", "mi", "necesito", "agendamento", "marcacao", "consulta", "encomenda", "o", "meu",
     "minha", "preciso", "gostaria", "de", "ai", "aí", "mas", "pero", "but", "entonces", "entao",
     "mira", "mire", "oye", "oiga", "olha", "olhe", "escuta", "look", "listen", "hey",
     "sabes", "que",
     "know", "what", "verdad", "verdade", "amigo", "amiga", "bro", "mate", "man", "moço", "moça",
     "better", "nomas", "porfa", "porfi", "pfv")
)  # fmt: skip
"""Words that may stand around those of cancel, besides the name of the flow."""
_THAT = frozenset(("that", "it", "this", "all", "everything", "eso", "todo", "lo", "isso", "tudo"))
_REFUSING = frozenset(("no", "nah", "nao", "nope", "n", "not", "anymore"))
MOST_IN_TEXT = 4  # words of a cancel at a question that takes any text


class Leaving(Heard):
    """Leaves the open question without an answer."""

    def _is_skip(self) -> bool:
        """Leave the slot empty, or at its default, if the message says so."""
        draft, slot = self.draft, self.slot
        if not says_skip(slot, draft.text, draft.folded) and not self._is_any_right():
            return False
        draft.trace(f"{self.step.place} slot {slot.name}", "skipped", "the customer skips it")
        value = None if slot.default is None else draft.value(slot.default)
        if value is None:
            if not slot.in_contact:
                draft.unset(slot.name)
            draft.skip(slot.name)
        else:
            self.runner.fill(slot.name, value)
        self.runner.go_on(self.flow, self.step.path)
        return True

    def _is_any_right(self) -> bool:
        """Tell whether the customer leaves the answer to the flow, which has one: "any is fine"."""
        draft, slot = self.draft, self.slot
        if not leaves_open(slot, draft.folded):
            return False
        return slot.type in FREE or read_value(slot, draft.text, draft) is None

    def _is_back(self) -> bool:
        """Go back to the question that was answered last, if the message says so."""
        draft, owned = self.draft, self.draft.compiled.rulebook.back
        if owned is None or not says_only(draft.folded, owned.words):
            return False
        before = asked_before(self.flow, self.step, {*draft.frames[-1].slots, *draft.skipped})
        if before is None:
            draft.say(owned.reply, self.by)
            self.runner.question(self.step, self.slot)
            return True
        draft.trace(f"{before.place} slot {before.slot}", "emptied", "the customer goes back")
        draft.unset(before.slot)
        self.runner.go_to(self.flow, before.path)
        return True

    def _is_cancelled(self) -> bool:
        is_cancel = self._is_cancel()
        if not is_cancel and not self._may_cancel():
            return False
        rest = "" if is_cancel else self._behind_cancel()
        if not rest and not is_cancel and not self._is_cancel_told_why():
            return False
        self.draft.trace(self.by, "cancelled")
        self.runner.cancel()
        if rest:
            self.runner.reroutes.append(rest)
        return True

    def _cancels_this(self, words: tuple[str, ...]) -> bool:
        """Tell whether the words stand by what the flow is called: "nah, cancel my order"."""
        draft = self.draft
        mine = fold(f"{self.flow.title} {self.flow.name.replace('_', ' ')}").words
        beside = _AROUND | {*mine} | (frozenset() if self.slot.type == "yes_no" else _REFUSING)
        if is_free(self.slot) and len(draft.folded.words) > MOST_IN_TEXT:
            return False
        return says_only(draft.folded, words, beside) and not is_known(
            draft, draft.text, self.flow.name
        )

    def _cancel_words(self) -> tuple[str, ...]:
        owned = self.draft.compiled.rulebook.cancel
        return owned.words if owned is not None and owned.words else CANCEL

    def _may_cancel(self) -> bool:
        """Tell, at little cost, whether any clause of the message may be a cancel."""
        return not first_words(self._cancel_words()).isdisjoint(fold(self.draft.text).words)

    def _behind_cancel(self) -> str:
        """Return what somebody wants instead: "cancel that, show my orders"."""
        words = self._cancel_words()
        rest = behind(self.draft.text, lambda clause: says_only(fold(clause), words))
        return rest if rest and is_known(self.draft, rest, self.flow.name) else ""

    def _is_cancel_told_why(self) -> bool:
        """Tell whether the reason for a cancel is all that follows it: "forget it, I'll walk"."""
        draft, words, text = self.draft, self._cancel_words(), self.draft.text
        that = self._behind_that()
        rest = that or behind(text, lambda clause: says_only(fold(clause), words))
        why = _WHY_THAT if that else _WHY
        if not rest or "?" in rest or not why.match(plain(rest)):
            return False
        if is_free(self.slot):
            return bool(that)
        draft.hear(rest)
        answers = self.slot.type != "yes_no" and isinstance(self._read(), Given | OutOfBounds)
        is_news = answers or bool(corrected(draft, self.flow, self.slot, alone=False)[0])
        draft.hear_again(text)
        return not is_news

    def _behind_that(self) -> str:
        """Return what follows a cancel "that" without a stop: "cancel that my son is ill"."""
        folded = self.draft.folded
        for at, word in enumerate(folded.words[:-1], 1):
            if word in _THAT and says_only(fold(folded.between(0, at)), self._cancel_words()):
                return folded.between(at, len(folded.words))
        return ""

    def _is_cancel(self) -> bool:
        words = self._cancel_words()
        text = self.draft.folded.text
        if not says_only(self.draft.folded, words) and not self._cancels_this(words):
            return False
        if self.slot.type != "choice":
            return True
        choices = choices_of(self.slot, self.draft)
        spoken = (one for name, more in choices.items() for one in (name, *more))
        return text not in {fold(one).text for one in spoken}
