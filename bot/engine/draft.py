"""The working state of one decision: what evolves while steps run, frozen at the end."""

import re
from collections.abc import Mapping
from typing import Any
from zoneinfo import available_timezones

from bot.domain.consents import LONGEST_WORDING, ConsentEntry, ConsentState
from bot.domain.contacts import Consent
from bot.domain.data import replace
from bot.domain.effects import EditLast, NoteConsent, RaiseEvent, Send
from bot.domain.outgoing import Why
from bot.domain.turns import Decision, EventRaised, MessageArrived, Trace
from bot.domain.values import Value
from bot.engine.evaluator import Evaluator
from bot.engine.facts import COUNTED
from bot.engine.replies import Extra, best_language, compose, menu
from bot.engine.reply import Reply
from bot.language.texts import Text

RAISED = "raised"
"""Under this name a conversation's notes keep the events that are still to be heard here."""
SKIPPED = " skipped"
"""Under this name, which no slot can have, a frame keeps the slots that were left empty."""
LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z]{2,4})?")
CAMPAIGN = Why.CAMPAIGN  # a member's name costs as much as a call when it is looked up
BY_ITSELF = (Why.STARTED, CAMPAIGN)
MOST_COUNTED = 100  # moments of one event


class Draft(Evaluator):
    """What a decision has come to so far."""

    def send(self, text: str, by: str) -> None:
        """Say a bare text, within the limit of a turn."""
        self.speak(Reply(text=text), by)

    def speak(self, reply: Reply, by: str) -> None:
        """Say something, within the limit of a turn."""
        if reply.is_empty:
            return
        if self.why in BY_ITSELF and self.contact.consent is Consent.WITHDRAWN:
            self.trace(by, "skipped", "the contact opted out of what the bot starts")
            return
        if self.sends_left <= 0:
            self.trace(by, "skipped", "the limit of sends a turn is used up")
            self.is_over_sends = True
            return
        by = self.winner if self.why is CAMPAIGN else by  # also where a flow says it
        disclosure = self._disclose(by, reply) if self.turn.settings.disclosure else ""
        self.sends_left -= 1
        mentioned = self._addressed() if reply.mention else ""
        self.effects.append(
            Send(
                text=disclosure + reply.text, why=self.why, by=by, body=reply.body,
                buttons=reply.buttons, quote=reply.quote,
                mentions=(mentioned,) if mentioned else (),
                language=reply.language, is_sensitive=reply.is_sensitive,
            )
        )  # fmt: skip
        if reply.buttons:
            self._note_menu(reply)
            return
        self.conversation = replace(
            self.conversation, last_reply=reply.text.rstrip("\n"),
            is_reply_sensitive=reply.is_sensitive,
        )  # fmt: skip

    def _note_menu(self, reply: Reply) -> None:
        said, hidden = reply.text.removesuffix(menu(reply.buttons)), reply.is_sensitive
        self.conversation = replace(
            self.conversation, last_reply=said.rstrip("\n"), is_reply_sensitive=hidden,
            menu=reply.buttons, is_menu_sensitive=hidden,
        )  # fmt: skip

    def _addressed(self) -> str:
        """Return who a mention means in a group: who wrote, or whom an event is about."""
        match self.turn.event:
            case _ if not self.conversation.chat.endswith("@g.us"):
                return ""
            case MessageArrived(message=message):
                return message.sender
            case EventRaised(data={"member": str(member)}):
                return member
            case _:
                return ""

    def _disclose(self, by: str, reply: Reply) -> str:
        """Say that a bot writes, once; return what the message itself has to begin with.

        A campaign says it in its own first text, so that nobody gets two messages of it.
        """
        told = self.turn.settings.disclosure
        if self.conversation.disclosed or self.why is Why.PERSON:
            return ""
        sentence = told[best_language(self, told)]
        self.conversation = replace(self.conversation, disclosed=True)
        if self.why is CAMPAIGN and reply.text:
            return f"{sentence}\n\n"
        self.effects.append(Send(text=sentence, why=self.why, by=by))
        return ""

    def say(self, text: Text | None, by: str, extra: Extra = None) -> str:
        """Say a reply as written, in the contact's language; return what was said."""
        reply = compose(self, text, extra)
        self.speak(reply, by)
        return reply.text

    def words(self, text: Text | None, extra: Extra = None) -> str:
        """Return a reply's words in the contact's language; a variant is drawn."""
        return compose(self, text, extra).text

    def edit_last(self, text: Text | None, by: str) -> None:
        """Change our last text in this chat."""
        said = compose(self, text)
        if said.text.strip():
            hidden = said.is_sensitive
            self.effects.append(EditLast(text=said.text, by=by, is_sensitive=hidden))
            self.conversation = replace(
                self.conversation, last_reply=said.text, is_reply_sensitive=hidden
            )

    def tag(self, name: str, *, remove: bool = False) -> None:
        """Put a tag on the contact, or take it off."""
        if not name or (name in self.contact.tags) is not remove:
            return
        tags = self.contact.tags - {name} if remove else self.contact.tags | {name}
        self.contact = replace(self.contact, tags=frozenset(tags))
        self.raise_event("tag.removed" if remove else "tag.added", {"tag": name})

    def consent(self, state: ConsentState, source: str, wording: str) -> None:
        """Note that the contact agreed or took it back, and where and in which words."""
        message = self.message
        proof = self.turn.cause if message is None else message.id
        entry = ConsentEntry(
            when=self.turn.now, state=state, source=source, wording=wording[:LONGEST_WORDING],
            proof=proof, who="contact",
        )  # fmt: skip
        self.effects.append(NoteConsent(entry=entry))
        if self.contact.consent is not state.consent:
            self.contact = replace(self.contact, consent=state.consent)
            told: dict[str, Value] = {"consent": state.consent.value, "source": source}
            self.raise_event("consent.changed", told)

    def agree(self, by: str, *, agreed: bool) -> None:
        """Note consent as a rule or flow says it; its wording is what the contact answered to."""
        state = ConsentState.GRANTED if agreed else ConsentState.WITHDRAWN
        self.consent(state, by, self.turn.conversation.last_reply)

    def raise_event(
        self, name: str, data: dict[str, Value] | None = None,
        sensitive: frozenset[str] = frozenset(),
    ) -> None:  # fmt: skip
        """Raise an event of ours. ``sensitive``: names in ``data`` that are shown to nobody."""
        self.effects.append(RaiseEvent(name=name, data=data or {}, sensitive=sensitive))
        self.note_event(name, ours=True)

    def note_event(self, name: str, *, ours: bool = False) -> None:
        """Remember that an event happened now, where some expression counts such events."""
        if name not in self.compiled.counted:
            return
        notes = dict(self.conversation.notes)
        counted = notes.get(COUNTED)
        known = dict(counted) if isinstance(counted, Mapping) else {}
        moments = known.get(name)
        before = list(moments) if isinstance(moments, (list, tuple)) else []
        known[name] = [*before, self.turn.now][-MOST_COUNTED:]
        notes[COUNTED] = known
        if ours and name in self.compiled.heard:
            notes[RAISED] = [*self._raised(), name][-MOST_COUNTED:]
        self.conversation = replace(self.conversation, notes=notes)

    def note_heard(self, name: str) -> None:
        """Remember an event from outside; one that was raised here is counted already."""
        raised = self._raised()
        if name not in raised:
            self.note_event(name)
            return
        raised.remove(name)
        notes = {**self.conversation.notes, RAISED: raised}
        self.conversation = replace(self.conversation, notes=notes)

    def _raised(self) -> list[Value]:
        raised = self.conversation.notes.get(RAISED)
        return list(raised) if isinstance(raised, (list, tuple)) else []

    def fill(self, name: str, value: Value, *, sensitive: bool = False) -> None:
        """Put a value into a slot, or among the saved values of the frame on top."""
        flow, frame = self.flow, self.frames[-1]
        slot = flow.slots.get(name) if flow else None
        hidden = sensitive or (slot is not None and slot.sensitive)
        marked = frame.sensitive | {name} if hidden else frame.sensitive - {name}
        if slot is None:
            self.top(saved={**frame.saved, name: value}, sensitive=marked)
            return
        kept = {one: held for one, held in frame.slots.items() if one != name}
        # the newest last: corrections look there first
        self.top(slots={**kept, name: value}, sensitive=marked)
        if slot.in_contact:
            self._keep(name, value, sensitive=hidden)

    def unset(self, name: str) -> None:
        """Empty a slot or a saved value of the frame on top."""
        flow, frame = self.flow, self.frames[-1]
        self.top(
            slots={one: held for one, held in frame.slots.items() if one != name},
            saved={one: held for one, held in frame.saved.items() if one != name},
        )
        slot = flow.slots.get(name) if flow else None
        if name in self.skipped:
            self._skips([one for one in self.skipped if one != name])
        if slot is not None and slot.in_contact:
            self._keep(name, None)

    @property
    def skipped(self) -> list[str]:
        """Return the slots of the frame on top that the customer left empty."""
        held = self.frames[-1].saved.get(SKIPPED)
        return [str(one) for one in held] if isinstance(held, (list, tuple)) else []

    def skip(self, name: str) -> None:
        """Leave a slot empty; it is not asked for again unless somebody empties it."""
        self._skips([*self.skipped, name])

    def _skips(self, names: list[str]) -> None:
        self.top(saved={**self.frames[-1].saved, SKIPPED: list[Value](names)})

    def set_field(self, name: str, value: Value, *, sensitive: bool = False) -> None:
        """Change something of the contact; none empties it."""
        said = "" if value is None else str(value)
        match name:
            case "name":
                self.contact = replace(self.contact, name=said)
            case "language" if not said or LANGUAGE.fullmatch(said):
                self.contact = replace(self.contact, language=said or None)
                self.conversation = replace(self.conversation, language=said or None)
            case "timezone" if not said or said in available_timezones():
                self.contact = replace(self.contact, timezone=said or None)
            case _:
                self._put(name, value, sensitive=sensitive)

    def _keep(self, name: str, value: Value, *, sensitive: bool = False) -> None:
        """Keep a slot with the person, under its own name even where the contact has one alike."""
        if not sensitive:
            self.set_field(name, value)
        self._put(name, value, sensitive=sensitive)

    def _put(self, name: str, value: Value, *, sensitive: bool = False) -> None:
        fields = {one: held for one, held in self.contact.fields.items() if one != name}
        marked = self.contact.sensitive - {name}
        if value is not None:
            fields[name] = value
            marked |= {name} if sensitive else frozenset()
        self.contact = replace(self.contact, fields=fields, sensitive=marked)

    def top(self, **changes: Any) -> None:  # noqa: ANN401 - fields of a frame
        """Change the frame on top."""
        self.frames[-1] = replace(self.frames[-1], **changes)

    def finish(self) -> Decision:
        """Return the decision."""
        conversation, frames = self.conversation, (*self.others, *self.frames)
        hushed = self.is_hushed
        if frames != conversation.frames or hushed is not conversation.is_hushed:
            conversation = replace(conversation, frames=frames, is_hushed=hushed)
        return Decision(
            conversation=conversation,
            contact=self.contact,
            lead=self.lead,
            effects=tuple(self.effects),
            trace=Trace(winner=self.winner, lines=tuple(self.lines)),
            errors=tuple(self.errors),
            visits=tuple(self.visits),
            conceals=self.conceals,
        )
