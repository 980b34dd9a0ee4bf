"""A recipient's turn in a campaign: still meant, still allowed, then the steps."""

from bot.domain.campaigns import LeftOut
from bot.domain.contacts import Consent
from bot.domain.effects import LeaveOut, Send
from bot.domain.outgoing import Why
from bot.domain.turns import CampaignDue
from bot.engine.conditions import hold, holds
from bot.engine.draft import Draft
from bot.engine.guards import is_muted
from bot.engine.silent import put_back, state_of
from bot.engine.steps import Runner
from bot.language.campaigns import BY, Campaign

CHANGED = "its file changed since it was started"


def campaign_due(draft: Draft, runner: Runner, due: CampaignDue) -> None:
    """Do the steps of the version that the recipient gets, or say why not."""
    draft.why, draft.winner = Why.CAMPAIGN, f"{BY}{due.campaign}"
    campaign = draft.compiled.rulebook.campaigns.get(due.campaign)
    rule = None if campaign is None else campaign.rule(due.variant)
    if campaign is None or rule is None or rule.hash != due.version:
        _leave_out(draft, CHANGED, again=True)
        return
    why = why_not(draft, campaign)
    if why is not None:
        _leave_out(draft, why)
        return
    before = state_of(draft)
    runner.run_rule(rule, {})
    if draft.errors:
        put_back(draft, before)
        draft.effects.clear()
        _leave_out(draft, LeftOut.UNWORKABLE)
    elif not (any(isinstance(one, Send) for one in draft.effects) or _goes_on(draft)):
        _leave_out(draft, LeftOut.SILENT)


def _goes_on(draft: Draft) -> bool:
    """Tell whether a flow that the campaign started speaks after a call or a pause."""
    return any(frame.awaiting.startswith(f"{draft.turn.cause}|") for frame in draft.frames)


def why_not(draft: Draft, campaign: Campaign) -> LeftOut | None:
    """Return why a contact gets nothing of a campaign now; None: it gets it."""
    if draft.contact.consent is Consent.WITHDRAWN:
        return LeftOut.OPTED_OUT
    if draft.contact.consent is not Consent.GIVEN:
        return LeftOut.NO_CONSENT
    if not hold(campaign.audience, draft):
        return LeftOut.NOT_MEANT
    if any(holds(one, draft) for one in campaign.exclude):
        return LeftOut.EXCLUDED
    return LeftOut.HANDED_OFF if is_muted(draft) else None


def _leave_out(draft: Draft, why: str, *, again: bool = False) -> None:
    draft.trace(draft.winner, "skipped", why)
    draft.effects.append(LeaveOut(why=why, again=again))
