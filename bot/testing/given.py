"""What is so before a test begins: people, leads, variables, and a flow in its middle."""

import sqlite3
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from bot.domain.consents import ConsentEntry, ConsentState
from bot.domain.contacts import Consent, Contact
from bot.domain.conversation import Frame
from bot.domain.data import dataclass
from bot.domain.effects import Send
from bot.domain.leads import Lead
from bot.domain.messages import ChatId
from bot.domain.turns import EventRaised, Turn, TurnSettings
from bot.domain.values import Value
from bot.engine.compiled import ask_of, locate, schedules_of
from bot.engine.draft import Draft
from bot.engine.free_values import free_value
from bot.engine.schedules import timers_of
from bot.engine.slots import Given, read_value
from bot.engine.steps import Runner
from bot.inbound.commit import Commit, Decided, Desk
from bot.language import actions as a
from bot.language.blocks import every_step
from bot.language.flows import Flow, Slot
from bot.language.problems import did_you_mean
from bot.language.rulebook import Rulebook
from bot.store import consents, contacts, conversations, leads, timers, variables
from bot.testing.bound import bind
from bot.testing.lines import Plain
from bot.testing.room import ACCOUNT, NUMBER, chat_of
from bot.testing.values import flag

CONTACT = (
    "name", "number", "language", "tags", "fields", "consent", "timezone", "new",
)  # fmt: skip
BEFORE = timedelta(minutes=1)  # so long ago a known contact wrote last


class GivenWrong(Exception):
    """Something given does not fit the rule files. ``key``: such as ``contact.vip``."""

    def __init__(self, key: str, code: str, message: str, near: str = "") -> None:
        hint = f"\n    = help: did you mean '{near}'?" if near else ""
        super().__init__(f"{code} {message}{hint}")
        self.key = key


def contact_address(given: Mapping[str, Plain]) -> ChatId:
    """Return the private chat of the test's contact."""
    contact = given.get("contact")
    number = contact.get("number", NUMBER) if isinstance(contact, dict) else NUMBER
    return chat_of(str(number))


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """Where a test begins: a database, a moment, the rules.

    Attributes:
        address: Private chat of the test's contact.
    """

    db: sqlite3.Connection
    address: ChatId
    now: datetime
    rulebook: Rulebook
    settings: TurnSettings


def prepare(ground: Ground, given: Mapping[str, Plain]) -> None:
    """Make it so before the test begins. Raises GivenWrong."""
    contact = given.get("contact")
    setter = _Setter(ground)
    if isinstance(contact, dict):
        setter.contact(contact)
        setter.schedules()
    if isinstance(given.get("lead"), dict):
        setter.lead(given["lead"])
    setter.variables(_mapping(given.get("vars")))
    slots = _mapping(given.get("slots"))
    flow = given.get("flow")
    if flow and flow != "none":
        setter.flow(str(flow), given.get("step"), slots)
    elif slots:
        setter.contact_slots(slots)


def _mapping(value: Plain) -> dict[str, Plain]:
    return value if isinstance(value, dict) else {}


class _Setter:
    """Writes what is given into the store."""

    def __init__(self, ground: Ground) -> None:
        self._ground = ground
        self._address = ground.address
        self._db = ground.db
        self._now = ground.now

    def contact(self, given: Mapping[str, Plain]) -> None:
        """Let a person have written before."""
        flat = {key: value for key, value in given.items() if key not in CONTACT}
        fields = {**_mapping(given.get("fields")), **flat}
        declared = self._ground.rulebook.kept
        for name in fields:
            if name not in declared:
                near = did_you_mean(name, [*declared, *CONTACT])
                key = f"contact.fields.{name}" if name not in given else f"contact.{name}"
                raise GivenWrong(key, "E101", f"no field '{name}' of a contact is declared", near)
        before = self._meet()
        tags = given.get("tags") or ()
        after = replace(
            before,
            name=str(given.get("name", before.name)),
            language=given.get("language", before.language),
            timezone=given.get("timezone", before.timezone),
            consent=_consent(given.get("consent"), before.consent),
            tags=frozenset([tags] if isinstance(tags, str) else tags),
            fields={name: self._typed(declared[name], one) for name, one in fields.items()},
        )
        is_new = flag(given.get("new", "false"))
        contacts.keep(self._db, before, after, self._now - BEFORE, wrote=not is_new)
        if after.consent is not before.consent:
            self._note_consent(after)

    def _note_consent(self, contact: Contact) -> None:
        granted = contact.consent is Consent.GIVEN
        state = ConsentState.GRANTED if granted else ConsentState.WITHDRAWN
        entry = ConsentEntry(when=self._now - BEFORE, state=state, source="given")
        consents.record(self._db, contact.id, entry)

    def schedules(self) -> None:
        """Set the timers of the schedules, as that person's last message did."""
        rulebook = self._ground.rulebook
        found = schedules_of([*rulebook.rules, *rulebook.flows.values()])
        zone = ZoneInfo(self._ground.settings.timezone)
        for timer in timers_of(found, self._now, zone):
            timers.start(self._db, ACCOUNT, self._address, timer)

    def contact_slots(self, slots: Mapping[str, Plain]) -> None:
        """Fill slots that are kept with the person."""
        declared = self._ground.rulebook.kept
        for name in slots:
            if name not in declared:
                raise GivenWrong(
                    f"slots.{name}", "E201", f"slot '{name}' belongs to a flow; give its  flow:"
                )
        before = self._meet()
        values = {name: self._typed(declared[name], one) for name, one in slots.items()}
        hidden = {name for name in values if declared[name].sensitive}
        after = replace(
            before, fields={**before.fields, **values}, sensitive=before.sensitive | hidden
        )
        contacts.keep(self._db, before, after, self._now, wrote=False)

    def lead(self, given: Mapping[str, Plain]) -> None:
        """Give the person a lead."""
        fields = _mapping(given.get("fields"))
        lead = Lead(
            contact_id=self._meet().id,
            stage=str(given.get("stage", "new")),
            score=int(float(given.get("score", 0))),
            owner=str(given.get("owner", "")),
            fields={name: free_value(str(one)) for name, one in fields.items()},
            created_at=self._now - BEFORE,
        )
        leads.keep(self._db, lead, self._now)

    def variables(self, given: Mapping[str, Plain]) -> None:
        """Set values that all contacts share."""
        known = self._ground.rulebook.variables
        for name, value in given.items():
            if name not in known:
                near = did_you_mean(name, known)
                raise GivenWrong(f"vars.{name}", "E101", f"no variable '{name}' is declared", near)
            variables.keep(self._db, name, free_value(str(value)))

    def flow(self, name: str, step: str | None, slots: Mapping[str, Plain]) -> None:
        """Open a flow in its middle, its question put already."""
        flow = self._ground.rulebook.flows.get(name)
        if flow is None:
            near = did_you_mean(name, self._ground.rulebook.flows)
            raise GivenWrong("flow", "E204", f"there is no flow '{name}'", near)
        for slot in slots:
            if slot not in flow.slots:
                near = did_you_mean(slot, flow.slots)
                raise GivenWrong(
                    f"slots.{slot}", "E201", f"flow '{name}' has no slot '{slot}'", near
                )
        draft = self._draft()
        values = {slot: _read(flow.slots[slot], value, draft) for slot, value in slots.items()}
        asked = _asked(flow, step, values)
        frame = Frame(
            flow=name, version=flow.hash, step=asked.path, slots=values, since=self._now,
            sensitive=frozenset(slot for slot in values if flow.slots[slot].sensitive),
        )  # fmt: skip
        draft.frames.append(frame)
        kept = {slot: one for slot, one in values.items() if flow.slots[slot].in_contact}
        for slot, value in kept.items():
            draft.set_field(slot, value, sensitive=flow.slots[slot].sensitive)
        runner = Runner(draft)
        runner.touch()
        runner.ask(replace(asked, force=True))
        self._commit(draft)

    def _commit(self, draft: Draft) -> None:
        decision = draft.finish()
        effects = tuple(one for one in decision.effects if not isinstance(one, Send))
        decision = replace(decision, effects=effects)
        desk = Desk(rulebook="", due_at=lambda *_: self._now, numbers={}, heard=frozenset())
        turn = draft.turn
        page = Commit(self._db, b"", self._now)
        page.add(Decided((ACCOUNT, self._address), turn, turn.contact, None, decision), desk)
        page.write()

    def _draft(self) -> Draft:
        ground = self._ground
        compiled = bind(ground.rulebook, ground.settings).compiled
        contact = self._meet()
        turn = Turn(
            cause="given",
            event=EventRaised(name="given", data={}),
            conversation=conversations.load(self._db, ACCOUNT, self._address),
            contact=contact,
            lead=leads.load(self._db, contact.id, self._now),
            now=self._now,
            seed=0,
            settings=ground.settings,
            variables=variables.load(self._db),
        )
        return Draft(turn, compiled)

    def _meet(self) -> Contact:
        return contacts.meet(self._db, self._address, "", self._now - BEFORE)

    def _typed(self, slot: Slot, value: Plain) -> Value:
        return _read(slot, value, self._draft())


def _read(slot: Slot, value: Plain, draft: Draft) -> Value:
    """Return a given value as its slot's type would read it from a customer."""
    if not isinstance(value, str):
        return [free_value(str(one)) for one in value] if isinstance(value, list) else str(value)
    if value in ("none", "true", "false"):
        return free_value(value)
    read = None if slot.type in ("location", "media") else read_value(slot, value, draft)
    return read.value if isinstance(read, Given) else free_value(value)


def _asked(flow: Flow, step: str | None, values: Mapping[str, Value]) -> a.AskStep:
    """Return the question that is open: the one named, else the first that is not answered."""
    asks = [one for one in every_step(flow.steps) if isinstance(one, a.AskStep)]
    if step:
        way = locate(flow, step)
        found = way[-1][0][way[-1][1]] if way else ask_of(flow, step)
        if isinstance(found, a.AskStep):
            return found
        near = did_you_mean(step, [one.path for one in asks])
        raise GivenWrong("step", "E202", f"flow '{flow.name}' asks nothing at '{step}'", near)
    for ask in asks:
        if values.get(ask.slot) is None:
            return ask
    raise GivenWrong("flow", "E202", f"flow '{flow.name}' has no question left to be asked")


def _consent(given: Plain, before: Consent) -> Consent:
    match given:
        case None:
            return before
        case "true" | "given":
            return Consent.GIVEN
        case "false" | "withdrawn":
            return Consent.WITHDRAWN
        case _:
            return Consent.UNKNOWN
