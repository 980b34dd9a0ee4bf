"""The rules of a folder, to talk to in the terminal; nothing is sent."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from bot.domain.contacts import Contact
from bot.domain.effects import CallHttp, RunAction
from bot.domain.turns import CallAnswered
from bot.domain.values import HIDDEN
from bot.language.rulebook import Rulebook
from bot.ports import Understander
from bot.testing.given import contact_address
from bot.testing.ranking import Ranked, rank
from bot.testing.room import NUMBER, Room
from bot.testing.runs import settings_of
from bot.testing.values import printed, shown

if TYPE_CHECKING:
    from bot.config import Config


class ChatRoom:
    """One customer, and the rules.

    Attributes:
        uncalled: Servers and actions that the rules asked for since the last message: none is
            called here, so their steps fail.
    """

    def __init__(
        self,
        rulebook: Rulebook,
        config: "Config | None" = None,
        *,
        now: datetime,
        name: str = "",
        understander: Understander | None = None,
    ) -> None:
        self._name = name
        self._address = contact_address({})
        self._room = Room(
            rulebook, settings_of(config), now=now, answer=self._refuse, understander=understander
        )
        self.uncalled: list[str] = []

    def say(self, text: str) -> list[str]:
        """Write as the customer and return what the bot says. Raises EngineFailed."""
        message = self._room.message(text, chat=self._address, sender_name=self._name)
        self._room.forget_turns()
        return self._said(lambda: self._room.write(message))

    def wait(self, duration: timedelta) -> list[str]:
        """Let time pass and return what the bot says meanwhile."""
        self._room.forget_turns()
        return self._said(lambda: self._room.wait(duration))

    def _refuse(self, call: CallHttp | RunAction) -> CallAnswered:
        """Note a call and let it fail."""
        match call:
            case RunAction(name=name):
                self.uncalled.append(f"run {name}")
            case CallHttp(method=method, is_sensitive=True):
                self.uncalled.append(f"{method} {HIDDEN}")
            case CallHttp(method=method, url=url):
                self.uncalled.append(f"{method} {url}")
        error = "nothing leaves this machine here"
        return CallAnswered(key=call.key, status=0, body=None, error=error)

    def _said(self, happen: Callable[[], None]) -> list[str]:
        self.uncalled.clear()
        before = len(self._room.said)
        happen()
        return [one.text for one in self._room.said[before:]]

    def state(self) -> Iterator[str]:
        """Yield what stands now: flow, slots, tags, lead, timers, who has the chat."""
        room = self._room
        conversation = room.conversation(self._address)
        contact = room.contact(self._address) or Contact(id=0, number=NUMBER, name=self._name)
        yield f"time     {room.now.isoformat(timespec='seconds')}"
        for frame in conversation.frames:
            yield f"flow     {frame.flow} at {frame.step or 'its beginning'}"
            held = shown({**frame.saved, **frame.slots}, frame.sensitive)
            if held:
                yield f"slots    {printed(held)}"
        if not conversation.frames:
            yield "flow     none"
        yield f"tags     {printed(sorted(contact.tags))}"
        fields = shown(contact.fields, contact.sensitive)
        yield f"contact  {printed({'name': contact.name, **fields})}"
        lead = room.lead(self._address)
        told = "none" if lead is None else printed({"stage": lead.stage, "score": lead.score})
        yield f"lead     {told}"
        yield f"timers   {printed(room.timers(self._address))}"
        if conversation.handoff is not None and conversation.handoff.until > room.now:
            yield f"handoff  {conversation.handoff.team}"

    def why(self) -> list[Ranked]:
        """Return who could have spoken in the last turn, and why each other did not."""
        for turned in reversed(self._room.turns):
            if turned.decision.trace.winner or len(self._room.turns) == 1:
                return rank(turned.turn, turned.compiled)[1]
        return []
