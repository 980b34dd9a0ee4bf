"""Whether what is written under `if` holds in a turn."""

from collections.abc import Sequence

from bot.domain.contacts import Consent
from bot.domain.understanding import BELIEVED, AppealKind, Mood, Sentiment
from bot.engine.draft import Draft
from bot.language import conditions as c
from bot.language.printing import show
from bot.language.templates import TemplateFailed
from bot.language.triggers import Unclear

DECAY = 0.7  # weight of each earlier message in a conversation's mood
WORTH = {Mood.NEGATIVE: -1.0, Mood.NEUTRAL: 0.0, Mood.POSITIVE: 1.0}


def hold(conditions: Sequence[c.Condition], draft: Draft) -> bool:
    """Tell whether all of them hold."""
    return all(holds(condition, draft) for condition in conditions)


def holds(condition: c.Condition | None, draft: Draft) -> bool:  # noqa: C901, PLR0911, PLR0912, PLR0915
    """Tell whether one holds; none at all holds. One case a condition."""
    match condition:
        case None:
            return True
        case c.Holds(expression=expression):
            try:
                return bool(draft.work_out(expression))
            except TemplateFailed as failure:
                draft.fail(failure)
                return False
        case c.All(parts=parts):
            return all(holds(part, draft) for part in parts)
        case c.Any(parts=parts):
            return any(holds(part, draft) for part in parts)
        case c.Not(part=part):
            return not holds(part, draft)
        case c.HasTag(tags=tags):
            return any(tag in draft.contact.tags for tag in tags)
        case c.ChatIs(group=group):
            return draft.conversation.chat.endswith("@g.us") is group
        case c.Mentioned(value=value):
            return bool(draft.message and draft.message.mentioned) is value
        case c.HoursAre(name=name, opened=opened):
            return draft.is_open(name) is opened
        case c.Between(start=start, end=end):
            minute = draft.local.hour * 60 + draft.local.minute
            return start <= minute < end if start < end else minute >= start or minute < end
        case c.DaysAre(days=days):
            return draft.local.weekday() in days
        case c.LeadIs():
            return _lead(condition, draft)
        case c.InFlow(flow=flow):
            top = draft.open_flow
            if flow in ("any", "none"):
                return (top is None) is (flow == "none")
            return top == flow
        case c.LanguageIs(codes=codes):
            return draft.language in codes or draft.language[:2] in codes
        case c.AppealIs(kinds=kinds, least=least):
            return appeal_score(draft, kinds, least) is not None
        case c.SentimentIs(label=label, least=least, over=over):
            return sentiment_holds(draft, label, least, over)
        case c.MoodIs(below=below, above=above):
            return mood_holds(draft, below, above)
        case c.IntentIs(names=names, least=least):
            return intent_score(draft, names, least) is not None
        case c.MediaIs(kinds=kinds):
            return draft.message is not None and draft.message.kind.value in kinds
        case c.ConsentIs(value=value):
            return (draft.contact.consent is Consent.GIVEN) is value
        case c.LastReply(patterns=patterns):
            last = draft.last_said
            return any(pattern.match(last) is not None for pattern in patterns)
        case c.ContactIs(fields=fields):
            known, form = draft.names(("contact",))["contact"], draft.form("iso")
            return all(
                show(known.get(name), form) == draft.render(value, "iso")
                or (show(known.get(name), draft.form()) == draft.render(value))
                for name, value in fields.items()
            )
        case c.InSegment(names=names):
            segments = draft.compiled.rulebook.segments
            return any(hold(segments[name].conditions, draft) for name in names if name in segments)
        case c.GroupIs(id=group_id):
            return draft.conversation.chat.partition("@")[0] == group_id.partition("@")[0]


def _lead(condition: c.LeadIs, draft: Draft) -> bool:
    lead = draft.lead
    if lead is None:
        return False
    if condition.stages and lead.stage not in condition.stages:
        return False
    if condition.owner is not None and lead.owner != condition.owner:
        return False
    return condition.score is None or _compares(lead.score, *condition.score)


def _compares(score: float, operator: str, bound: float) -> bool:
    match operator:
        case ">=":
            return score >= bound
        case "<=":
            return score <= bound
        case ">":
            return score > bound
        case "<":
            return score < bound
        case _:
            return score == bound


def appeal_score(draft: Draft, kinds: Sequence[AppealKind], least: float | None) -> float | None:
    """Return how likely the message appeals for one of these; None when it hardly does."""
    told = draft.understanding.appeals
    sure = [
        told[kind]
        for kind in kinds
        if kind in told and told[kind] >= (BELIEVED[kind] if least is None else least)
    ]
    return max(sure, default=None)


def sentiment_holds(draft: Draft, label: Mood, least: float, over: int) -> bool:
    """Tell whether each of the customer's last ``over`` messages had this tone."""
    last = _tones(draft)[-over:]
    fresh = draft.understanding.sentiment is not None
    return (
        fresh
        and len(last) == over
        and all(tone.label is label and tone.score >= least for tone in last)
    )


def mood_holds(draft: Draft, below: float | None, above: float | None) -> bool:
    """Tell whether the conversation's mood, -1..1, lies beyond a bound."""
    tones = _tones(draft)
    if not tones:
        return False
    weights = [DECAY**age for age in range(len(tones))]
    signs = [WORTH[tone.label] * tone.score for tone in reversed(tones)]
    mood = sum(w * s for w, s in zip(weights, signs, strict=True)) / sum(weights)
    return (below is not None and mood < below) or (above is not None and mood > above)


def _tones(draft: Draft) -> list[Sentiment]:
    """Return the tones of the last messages; in a group those of the member who writes."""
    return [tone for tone in draft.conversation.sentiments if tone.author == draft.author]


def unclear_score(draft: Draft, unclear: Unclear) -> float | None:
    """Return the first intent's score when the second one is too near to choose; else None."""
    first, second = (*draft.understanding.intents[:2], None, None)[:2]
    if first is None or second is None:
        return None
    if unclear.names and not {first.name, second.name} <= set(unclear.names):
        return None
    near = first.score - second.score <= unclear.margin
    return first.score if near and first.score >= unclear.least else None


def intent_score(draft: Draft, names: Sequence[str], least: float | None) -> float | None:
    """Return how well the best intent fits when it is one of these; None when it does not."""
    intents = draft.understanding.intents
    if not intents or intents[0].name not in names:
        return None
    best = intents[0]
    good = best.accepted if least is None else best.score >= least
    return best.score if good else None
