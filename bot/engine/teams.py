"""Who of a team takes somebody: those who speak the language and know the tags, in turn."""

from bot.domain.data import replace
from bot.domain.effects import Notify
from bot.domain.values import Value
from bot.engine.conditions import hold
from bot.engine.draft import Draft
from bot.language.leads import Owner
from bot.language.rulebook import ALL, LEAST_BUSY, Member


def owner_of(draft: Draft, owners: tuple[Owner, ...]) -> str:
    """Return who takes a lead: the first that fits; "" for nobody."""
    for one in owners:
        if hold(one.conditions, draft):
            return one.name or member_of(draft, one.team)
    return ""


def member_of(draft: Draft, team: str) -> str:
    """Return the member of a team whose turn it is; the team itself where nobody is named."""
    found = draft.compiled.rulebook.teams.get(team)
    fitting = suited(draft, found.members) if found is not None else []
    return draft.in_turn(team, fitting) if fitting else team


def taker_of(draft: Draft, team: str) -> str:
    """Return the member who gets a chat of a team, "" where all of it do."""
    found = draft.compiled.rulebook.teams.get(team)
    if found is None or found.assign == ALL:
        return ""
    fitting = suited(draft, found.members)
    if found.assign == LEAST_BUSY:
        busy = draft.turn.busy
        least = min(busy.get(name, 0) for name in fitting)
        fitting = [name for name in fitting if busy.get(name, 0) == least]
    return draft.in_turn(team, fitting)


def give(draft: Draft, team: str, member: str, note: str = "", *, sensitive: bool = False) -> None:
    """Give the chat to a team or to one of its members, and tell them, where a person is wanted."""
    before = draft.conversation
    taker = member or taker_of(draft, team)
    draft.conversation = replace(before, team=team, member=taker)
    if (team, taker) != (before.team, before.member):
        told: dict[str, Value] = {"team": team, "member": taker, "from": before.member}
        draft.raise_event("chat.assigned", told)
    if before.handoff is not None:
        who = draft.contact.name or draft.contact.number
        words = f"{who} {draft.contact.number}: {note}".strip()
        to = taker or team
        draft.effects.append(Notify(to=to, text=words, by="handoff", is_sensitive=sensitive))


def suited(draft: Draft, members: tuple[Member, ...]) -> list[str]:
    """Return the names of those who suit a contact best, all where nobody suits in particular."""
    ranks = {one.name: _rank(draft, one) for one in members}
    best = max(ranks.values(), default=0)
    return [name for name, rank in ranks.items() if rank == best]


def _rank(draft: Draft, member: Member) -> int:
    """Return how well a member suits: -2 to 2, a language and a tag count alike."""
    tongue = draft.language in member.languages or draft.language[:2] in member.languages
    known = any(tag in draft.contact.tags for tag in member.tags)
    spoken = (1 if tongue else -1) if member.languages else 0
    return spoken + ((1 if known else -1) if member.tags else 0)
