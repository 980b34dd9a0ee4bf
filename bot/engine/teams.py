"""Who of a team takes somebody: those who speak the language and know the tags, in turn."""

from bot.engine.conditions import hold
from bot.engine.draft import Draft
from bot.language.leads import Owner
from bot.language.rulebook import Member


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
