"""Whether the state is as a test expects it: one check a key."""

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime
from typing import Protocol

from bot.domain.campaigns import run_of
from bot.domain.contacts import Consent, Contact
from bot.domain.conversation import Conversation, Frame
from bot.domain.data import dataclass
from bot.domain.effects import CallHttp, LeaveOut, Notify, RaiseEvent, Send
from bot.domain.leads import Lead
from bot.domain.messages import ChatId
from bot.domain.values import HIDDEN, Value
from bot.engine.compete import candidate
from bot.engine.draft import Draft
from bot.engine.members import bare_key
from bot.language.rulebook import Rulebook
from bot.testing.lines import Plain
from bot.testing.room import Said, Turned
from bot.testing.values import NONE, fits_glob, flag, many, printed, same, shown


class World(Protocol):
    """What holds the state: the room in memory, or the database of a running bot."""

    @property
    def now(self) -> datetime:
        """Return the moment."""

    @property
    def rulebook(self) -> Rulebook:
        """Return the rules in force."""

    @property
    def notified(self) -> Sequence[Notify]:
        """Return what teams were told."""

    @property
    def events(self) -> Sequence[RaiseEvent]:
        """Return what was raised."""

    def conversation(self, chat: ChatId) -> Conversation:
        """Return the state of a chat."""

    def contact(self, address: str) -> Contact | None:
        """Return the person behind an address."""

    def lead(self, address: str) -> Lead | None:
        """Return a person's lead."""

    def timers(self, chat: ChatId) -> list[str]:
        """Return the keys of what is due later."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """What an expectation looks at.

    Attributes:
        chat: Of whom, or of which group.
        address: Of the person.
        unread: What the bot said that no line has taken yet.
        turns: Since the last line that made something happen.
    """

    room: World
    chat: ChatId
    address: ChatId
    unread: Sequence[Said]
    turns: Sequence[Turned]
    calls: Sequence[CallHttp]

    @property
    def conversation(self) -> Conversation:
        """Return the state of the chat."""
        return self.room.conversation(self.chat)

    @property
    def contact(self) -> Contact:
        """Return the person; nobody yet is a new one."""
        return self.room.contact(self.address) or Contact(id=0)

    @property
    def author(self) -> str:
        """Return the member of the group that wrote last, "" in a private chat."""
        return self.address if self.chat.endswith("@g.us") else ""

    @property
    def frame(self) -> Frame | None:
        """Return the flow on top; a rule that waits is no flow."""
        stack = self.conversation.stack_of(self.author)
        frames = [one for one in stack if not one.flow.startswith("rule:")]
        return frames[-1] if frames else None


def mismatch(key: str, wanted: Plain, scene: Scene) -> str | None:
    """Return what stands there instead, in words; None when it is as wanted."""
    return _CHECKS[key](wanted, scene)


def _rule(wanted: Plain, scene: Scene) -> str | None:
    winners = [turned.decision.trace.winner for turned in scene.turns]
    rules = [one.removeprefix("rule:") for one in winners if one.startswith("rule:")]
    if wanted in NONE:
        return printed(rules[0]) if rules else None
    others = [one for one in winners if one]
    return None if wanted in rules else ", ".join(map(printed, rules or others)) or "nobody"


def _flow(wanted: Plain, scene: Scene) -> str | None:
    flow = scene.frame.flow if scene.frame else "none"
    return None if flow == wanted or (flow == "none" and wanted in NONE) else flow


def _step(wanted: Plain, scene: Scene) -> str | None:
    step = scene.frame.step if scene.frame else "none"
    return None if step == wanted or (step == "none" and wanted in NONE) else step


def _slots(wanted: Plain, scene: Scene) -> str | None:
    have: dict[str, Value] = dict(scene.contact.fields)
    hidden = set(scene.contact.sensitive)
    for frame in scene.conversation.stack_of(scene.author):
        have.update(frame.saved)
        have.update(frame.slots)
        hidden |= frame.sensitive
    if any(name not in have for name in wanted):
        have = {**_captures(scene.turns), **have}
    different = _differences(have, wanted, hidden)
    is_open = bool(scene.conversation.stack_of(scene.author))
    if different is None or is_open or all(name in have for name in wanted):
        return different
    return f"{different}; no flow is open, and slots end with theirs: expect them before"


def _captures(turns: Sequence[Turned]) -> dict[str, Value]:
    """Return what the winning rules captured, whose own steps are over."""
    found: dict[str, Value] = {}
    for turned in turns:
        name = turned.decision.trace.winner.removeprefix("rule:")
        compiled = turned.compiled
        for rule in compiled.rulebook.rules:
            if rule.id == name:
                fitting = candidate(rule, Draft(turned.turn, compiled))
                found.update(fitting.hit.captures if fitting else {})
    return found


def _differences(
    have: Mapping[str, object], wanted: Mapping[str, Plain], hidden: Collection[str] = ()
) -> str | None:
    """Return what differs; of what is hidden only that it does."""
    wrong = {
        name: have.get(name) for name, value in wanted.items()
        if not same(have.get(name), value) and not (name in hidden and value == HIDDEN)
    }  # fmt: skip
    return printed(shown(wrong, hidden)) if wrong else None


def _tags(wanted: Plain, scene: Scene) -> str | None:
    have = scene.contact.tags
    if wanted in NONE:
        return printed(sorted(have)) if have else None
    return None if set(many(wanted)) <= have else printed(sorted(have))


def _not_tags(wanted: Plain, scene: Scene) -> str | None:
    have = sorted(scene.contact.tags & set(many(wanted)))
    return printed(have) if have else None


def _lead(wanted: Plain, scene: Scene) -> str | None:
    lead = scene.room.lead(scene.address)
    if not isinstance(wanted, dict):
        return None if lead is None else printed({"stage": lead.stage, "score": lead.score})
    if lead is None:
        return "none"
    have = {
        "stage": lead.stage, "score": lead.score, "owner": lead.owner, "fields": lead.fields
    }  # fmt: skip
    return _differences(have, wanted)


def _contact(wanted: Plain, scene: Scene) -> str | None:
    contact = scene.contact
    have: dict[str, object] = {
        **contact.fields, "name": contact.name, "number": contact.number,
        "first_name": contact.first_name, "language": contact.language,
        "timezone": contact.timezone, "tags": sorted(contact.tags),
        "consent": contact.consent.value,
    }  # fmt: skip
    inner = wanted.get("fields") if isinstance(wanted, dict) else None
    flat = {**{k: v for k, v in wanted.items() if k != "fields"}, **(inner or {})}
    defaults = {
        name: slot.default.source
        for name, slot in scene.room.rulebook.fields.items()
        if slot.default is not None and hasattr(slot.default, "source")
    }
    return _differences({**defaults, **have}, flat, contact.sensitive)


def _timers(wanted: Plain, scene: Scene) -> str | None:
    keys = [bare_key(key) for key in scene.room.timers(scene.chat)]
    names = {*keys, *(key.partition(":")[2] for key in keys)}
    later = [key.partition(":")[2] for key in keys if key.startswith("later:")]
    if not many(wanted):
        return printed(later) if later else None
    return None if set(many(wanted)) <= names else printed(keys)


def _handoff(wanted: Plain, scene: Scene) -> str | None:
    handoff = scene.conversation.handoff
    team = handoff.team if handoff and handoff.until > scene.room.now else "none"
    return None if team == wanted or (team == "none" and wanted in (*NONE, "false")) else team


def _assigned(wanted: Plain, scene: Scene) -> str | None:
    conversation = scene.conversation
    who = conversation.member or conversation.team or "none"
    return None if who == wanted or (who == "none" and wanted in NONE) else who


def _muted(wanted: Plain, scene: Scene) -> str | None:
    handoff = scene.conversation.handoff
    muted = handoff is not None and handoff.until > scene.room.now
    return None if muted is flag(wanted) else ("true" if muted else "false")


def _silent(wanted: Plain, scene: Scene) -> str | None:
    unread = printed(scene.unread[0].text) if scene.unread else None
    return unread if flag(wanted) else (None if unread else "silence")


def _consent(wanted: Plain, scene: Scene) -> str | None:
    consent = scene.contact.consent
    if wanted in ("true", "false"):
        return None if (consent is Consent.GIVEN) is (wanted == "true") else consent.value
    return None if consent.value == wanted else consent.value


def _http(wanted: Plain, scene: Scene) -> str | None:
    calls = [f"{one.method} {one.url}" for one in scene.calls]
    if not many(wanted):
        return printed(calls) if calls else None
    for one in many(wanted):
        if not any(_called(one, call) for call in scene.calls):
            bodies = [
                f"{call.method} {call.url} {printed(call.json)}"
                if isinstance(one, dict) and "json" in one
                else f"{call.method} {call.url}"
                for call in scene.calls
            ]
            return ", ".join(bodies) or "none"
    return None


def _called(wanted: Plain, call: CallHttp) -> bool:
    if not isinstance(wanted, dict):
        return fits_glob(call.url, str(wanted))
    return (
        fits_glob(call.url, str(wanted.get("url", "*")))
        and wanted.get("method", call.method) == call.method
        and ("json" not in wanted or same(call.json, wanted["json"]))
    )


def _notified(wanted: Plain, scene: Scene) -> str | None:
    told = scene.room.notified
    if not many(wanted):
        return printed([one.to for one in told]) if told else None
    for one in many(wanted):
        to = one.get("to", "*") if isinstance(one, dict) else one
        text = one.get("text") if isinstance(one, dict) else None
        part = str(one.get("contains", "")) if isinstance(one, dict) else ""
        if not any(
            fits_glob(each.to, str(to)) and text in (None, each.text) and part in each.text
            for each in told
        ):
            return printed([f"{each.to}: {each.text}" for each in told] if text or part
                           else [each.to for each in told])  # fmt: skip
    return None


def _events(wanted: Plain, scene: Scene) -> str | None:
    raised = scene.room.events
    if not many(wanted):
        return printed([one.name for one in raised]) if raised else None
    for one in many(wanted):
        name = one.get("name", "*") if isinstance(one, dict) else one
        data = one.get("data", {}) if isinstance(one, dict) else {}
        if not any(fits_glob(each.name, str(name)) and same(each.data, data) for each in raised):
            return printed([f"{each.name} {printed(each.data)}" if data else each.name
                            for each in raised])  # fmt: skip
    return None


def _intent(wanted: Plain, scene: Scene) -> str | None:
    found = "none"
    for turned in scene.turns:
        for best in turned.turn.understanding.intents[:1]:
            found = best.name if best.accepted else "none"
    return None if found == wanted or (found == "none" and wanted in NONE) else found


def _errors(wanted: Plain, scene: Scene) -> str | None:
    errors = [error for turned in scene.turns for error in turned.decision.errors]
    if wanted in (*NONE, "false") or wanted == []:
        return printed(errors) if errors else None
    if wanted == "true":
        return None if errors else "none"
    missing = [one for one in many(wanted) if not any(str(one) in error for error in errors)]
    return printed(errors) if missing else None


def _campaign(wanted: Plain, scene: Scene) -> str | None:
    """Compare what a campaign's turn came to: sent, none, or why somebody was left out."""
    turns = [one for one in scene.turns if run_of(one.turn.cause) is not None]
    effects = [effect for one in turns for effect in one.decision.effects]
    left = next((effect.why for effect in effects if isinstance(effect, LeaveOut)), "none")
    found = "sent" if any(isinstance(effect, Send) for effect in effects) else str(left)
    return None if wanted == found else found


_CHECKS: Mapping[str, Callable[[Plain, Scene], str | None]] = {
    "rule": _rule, "flow": _flow, "step": _step, "slots": _slots, "tags": _tags,
    "not_tags": _not_tags, "lead": _lead, "contact": _contact, "timers": _timers,
    "handoff": _handoff, "assigned": _assigned, "muted": _muted, "silent": _silent,
    "consent": _consent, "http": _http,
    "notified": _notified, "events": _events, "intent": _intent, "errors": _errors,
    "campaign": _campaign,
}  # fmt: skip
