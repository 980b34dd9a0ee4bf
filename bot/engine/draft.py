"""The working state of one decision: what evolves while steps run, frozen at the end."""

from dataclasses import replace
from typing import Any

from bot.domain.contacts import Consent
from bot.domain.effects import EditLast, RaiseEvent, Send
from bot.domain.outgoing import Why
from bot.domain.turns import Decision, Trace
from bot.domain.values import Value
from bot.engine.facts import Facts, free_value
from bot.engine.replies import Extra, Reply, best_language, compose, menu
from bot.language.texts import Text

__all__ = ("Draft", "free_value")


class Draft(Facts):
    """What a decision has come to so far."""

    def send(self, text: str, by: str) -> None:
        """Say a bare text, within the limit of a turn."""
        self.speak(Reply(text=text), by)

    def speak(self, reply: Reply, by: str) -> None:
        """Say something, within the limit of a turn."""
        if reply.is_empty:
            return
        if self.why is Why.STARTED and self.contact.consent is Consent.WITHDRAWN:
            self.trace(by, "skipped", "the contact opted out of what the bot starts")
            return
        if self.sends_left <= 0:
            self.trace(by, "skipped", "the limit of sends a turn is used up")
            self.errors.append(f"{by}: over {self.turn.settings.sends} sends in one turn")
            return
        self._disclose(by)
        self.sends_left -= 1
        sender = self.message.sender if self.message is not None and reply.mention else ""
        self.effects.append(
            Send(
                text=reply.text, why=self.why, by=by, body=reply.body, buttons=reply.buttons,
                quote=reply.quote, mentions=(sender,) if sender else (), language=reply.language,
            )
        )  # fmt: skip
        bare = reply.text.removesuffix(menu(reply.buttons)).rstrip("\n")
        self.conversation = replace(
            self.conversation, last_reply=bare, menu=reply.buttons or self.conversation.menu
        )

    def _disclose(self, by: str) -> None:
        told = self.turn.settings.disclosure
        if not told or self.conversation.disclosed:
            return
        sentence = told[best_language(self, told)]
        self.conversation = replace(self.conversation, disclosed=True)
        self.effects.append(Send(text=sentence, why=self.why, by=by))

    def say(self, text: Text | None, by: str, extra: Extra = None) -> str:
        """Say a reply as written, in the contact's language; return what was said."""
        reply = compose(self, text, extra)
        self.speak(reply, by)
        return reply.text

    def words(self, text: Text | None, extra: Extra = None) -> str:
        """Return a reply's words in the contact's language; a variant is drawn."""
        return compose(self, text, extra).text

    def edit_last(self, text: str, by: str) -> None:
        """Change our last text in this chat."""
        if text.strip():
            self.effects.append(EditLast(text=text, by=by))
            self.conversation = replace(self.conversation, last_reply=text)

    def tag(self, name: str, *, remove: bool = False) -> None:
        """Put a tag on the contact, or take it off."""
        if not name or (name in self.contact.tags) is not remove:
            return
        tags = self.contact.tags - {name} if remove else self.contact.tags | {name}
        self.contact = replace(self.contact, tags=frozenset(tags))
        self.raise_event("tag.removed" if remove else "tag.added", {"tag": name})

    def raise_event(self, name: str, data: dict[str, Value] | None = None) -> None:
        """Raise an event of ours."""
        self.effects.append(RaiseEvent(name=name, data=data or {}))

    def top(self, **changes: Any) -> None:  # noqa: ANN401 - fields of a frame
        """Change the frame on top."""
        self.frames[-1] = replace(self.frames[-1], **changes)

    def finish(self) -> Decision:
        """Return the decision."""
        conversation = replace(self.conversation, frames=tuple(self.frames))
        return Decision(
            conversation=conversation,
            contact=self.contact,
            lead=self.lead,
            effects=tuple(self.effects),
            trace=Trace(winner=self.winner, lines=tuple(self.lines)),
            errors=tuple(self.errors),
            visits=tuple(self.visits),
        )
