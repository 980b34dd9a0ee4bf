"""What a campaign would do: how many, who is left out, how long it takes, and the very texts."""

import sqlite3
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from bot.campaigns.forecast import UNLIMITED, Allowance, Pace, ends_at
from bot.campaigns.moments import CONTACT, Moment, zone_of
from bot.campaigns.planning import Office, drafts, gather, reasons, zones_of
from bot.campaigns.rounds import Digest, check_moment, unread
from bot.domain.bodies import Attachment
from bot.domain.effects import Send
from bot.domain.errors import CampaignRefused
from bot.domain.values import HIDDEN
from bot.engine.campaigns import why_not
from bot.engine.draft import Draft
from bot.engine.hours import is_open
from bot.engine.steps import Runner
from bot.language import actions as a
from bot.language.blocks import every_step
from bot.language.campaigns import BY, Campaign
from bot.language.hours import Hours
from bot.language.rules import Rule
from bot.language.templates import Template
from bot.language.texts import Text
from bot.store import ledger
from bot.store.times import seconds

SAMPLES = 25  # recipients of each version whose texts are worked out
SHOWN = 2  # of them, whose texts are shown
SAMPLED = (
    "SELECT contact_id, chat FROM meant WHERE reason = ''"
    " ORDER BY (contact_id * 48271 + {number}) % 65521, contact_id LIMIT {most}"
)
HOUR = timedelta(hours=1)

Told = dict[str, Any]


def preview(
    db: sqlite3.Connection, office: Office, campaign: Campaign, allowance: Allowance,
    now: datetime, *, digest: Digest = unread,
) -> Told:  # fmt: skip
    """Return what would happen, in the shape of `alexia campaign preview --json`.

    Args:
        digest: Tells what a file that is sent holds, "" when it is not there.

    Raises:
        CampaignRefused: Its moment has passed, nobody would get it, a text cannot be worked out,
            or a file is missing.
    """
    business = office.settings.timezone
    zones = zones_of(db, campaign, business)
    moment = check_moment(campaign, zones, now)
    gather(db, office, campaign, now)
    counted = reasons(db)
    count = counted.pop("", 0)
    if not count:
        raise CampaignRefused(campaign.name, f"nobody is to get it{_in_words(counted)}")
    new = sum(
        ledger.is_new_chat(db, office.account, row["chat"])
        for row in db.execute("SELECT chat FROM meant WHERE reason = ''")
    ) if count <= MOST_LOOKED_AT else _new_of_many(db, office)  # fmt: skip
    resting = _resting(db, office, campaign, now - allowance.gap) if allowance.gap else 0
    today = allowance.on_day(0)
    samples = _samples(db, office, campaign, now)
    files = {one: digest(one) for one in sorted(_files_of(campaign, samples))}
    if missing := [one for one, held in files.items() if not held]:
        raise CampaignRefused(campaign.name, f"these files are not there: {', '.join(missing)}")
    begins = now if moment is None else moment.begins
    ends = ends_at(count, new, begins, allowance, _pace(office, campaign))
    db.execute("DROP TABLE IF EXISTS temp.meant")
    return {
        "campaign": campaign.name, "content": campaign.hash, "recipients": count,
        "left_out": counted, "new_chats": new,
        "variants": {one.name: round(count * one.share) for one in campaign.shares},
        "begins_at": begins.isoformat(), "moment": _local(moment, campaign, business),
        "ends_at": None if ends is None else ends.isoformat(),
        "messages": count * max(1, *(len(one["texts"]) for one in samples)),
        "waiting_for_gap": resting, "budget_today": None if today == UNLIMITED else int(today),
        "files": files, "empty_values": _empty(samples), "samples": [
            {name: one[name] for name in ("contact", "variant", "texts")}
            for one in samples if one["shown"]
        ],
    }  # fmt: skip


MOST_LOOKED_AT = 2_000  # recipients of whom each chat is looked up by itself


def _new_of_many(db: sqlite3.Connection, office: Office) -> int:
    """Return how many recipients never wrote; set by set."""
    row = db.execute(
        "SELECT count(*) FROM meant m JOIN contacts c ON c.id = m.contact_id WHERE m.reason = ''"
        " AND c.last_seen IS NULL AND NOT EXISTS (SELECT 1 FROM inbox i WHERE i.account = ?"
        " AND i.chat = m.chat AND i.from_me = 0)",
        (office.account,),
    ).fetchone()
    return int(row[0])


def _resting(db: sqlite3.Connection, office: Office, campaign: Campaign, since: datetime) -> int:
    """Return how many recipients got another campaign since then: theirs waits."""
    row = db.execute(
        "SELECT count(*) FROM meant m WHERE m.reason = '' AND EXISTS (SELECT 1 FROM outbox o"
        " WHERE o.account = ? AND o.chat = m.chat AND o.why = 'campaign' AND o.by != ?"
        " AND o.handed_at > ?)",
        (office.account, f"{BY}{campaign.name}", seconds(since)),
    ).fetchone()
    return int(row[0])


def _local(moment: Moment | None, campaign: Campaign, business: str) -> str | None:
    if moment is None:
        return None
    zone = "of each contact" if campaign.timezone == CONTACT else zone_of(campaign, business)
    return f"{moment.local:%Y-%m-%d %H:%M} ({zone})"


def _in_words(left_out: dict[str, int]) -> str:
    if not left_out:
        return ": nobody is in the audience"
    return ": " + ", ".join(f"{count} {reason}" for reason, count in left_out.items())


# ---------------------------------------------------------------------- texts


def _samples(
    db: sqlite3.Connection, office: Office, campaign: Campaign, now: datetime
) -> list[Told]:
    """Work texts out for recipients from all over the audience, as they would be said.

    Raises:
        CampaignRefused: One cannot be worked out.
    """
    found = list[Told]()
    for number, rule in enumerate(campaign.rules):
        variant = campaign.shares[number].name
        names = sorted(_paths(rule))
        who = SAMPLED.format(number=number, most=SAMPLES)
        for place, (_, draft) in enumerate(drafts(db, office, now, who)):
            if why_not(draft, campaign) is not None:
                continue
            found.append(_sample(draft, campaign, variant, rule, names, shown=place < SHOWN))
    if not found:
        raise CampaignRefused(campaign.name, "nobody is to get it now")
    return found


def _sample(
    draft: Draft, campaign: Campaign, variant: str, rule: Rule, names: list[tuple[str, ...]], *,
    shown: bool,
) -> Told:  # fmt: skip
    draft.winner = f"campaign:{campaign.name}"
    hidden = dict.fromkeys(draft.contact.sensitive & draft.contact.fields.keys(), HIDDEN)
    fields = {**draft.contact.fields, **hidden}
    draft.contact = replace(draft.contact, fields=fields)
    contact = {"name": draft.contact.name, "number": draft.contact.number}
    known = draft.names({path[0] for path in names})
    empty = [".".join(path) for path in names if _is_empty(known, path)]
    Runner(draft).run_rule(rule, {})
    if draft.errors:
        raise CampaignRefused(
            campaign.name,
            f"a text cannot be worked out for contact {draft.contact.id}: {draft.errors[0]}",
        )
    sends = [one for one in draft.effects if isinstance(one, Send)]
    files = [one.body.file for one in sends if isinstance(one.body, Attachment) and one.body.file]
    return {
        "contact": contact, "variant": variant, "shown": shown, "empty": empty, "files": files,
        "texts": [_shown(one) for one in sends],
    }  # fmt: skip


def _shown(send: Send) -> str:
    body = send.body
    if body is None:
        return send.text
    what = (body.file or body.url) if isinstance(body, Attachment) else type(body).__name__.lower()
    return f"[{what}] {send.text}".strip()


def _is_empty(known: dict[str, Any], path: tuple[str, ...]) -> bool:
    value: object = known
    for name in path:
        value = value.get(name) if isinstance(value, dict) else None
    return value is None or value == ""


def _empty(samples: list[Told]) -> dict[str, str]:
    """Return which values that texts name are empty, and with how many of the samples."""
    counts: dict[str, int] = {}
    for one in samples:
        for name in one["empty"]:
            counts[name] = counts.get(name, 0) + 1
    return {name: f"{count} of {len(samples)}" for name, count in sorted(counts.items())}


def _paths(rule: Rule) -> set[tuple[str, ...]]:
    """Return what of contact and lead the texts of a campaign name."""
    texts = [step.text for step in every_step(rule.steps) if isinstance(step, a.ReplyStep)]
    return {
        path for text in texts for template in _templates(text) for path in template.paths
        if path[0] in ("contact", "lead") and path[1] != "fields"
    }  # fmt: skip


def _files_of(campaign: Campaign, samples: list[Told]) -> set[str]:
    """Return the files that are sent: those that the samples send, and those named in plain."""
    steps = [step for rule in campaign.rules for step in every_step(rule.steps)]
    media = [step.text.media for step in steps if isinstance(step, a.ReplyStep)]
    files = [one.file for one in media if one is not None and one.file is not None]
    named = {file.plain for file in files if file.is_plain}
    return named | {one for sample in samples for one in sample["files"]}


def _templates(text: Text | None) -> Iterator[Template]:
    if text is None:
        return
    yield from (one.template for one in text.variants)
    yield from text.buttons
    for inner in (*text.languages.values(), text.caption):
        yield from _templates(inner)


# ---------------------------------------------------------------------- pace


def _pace(office: Office, campaign: Campaign) -> Pace:
    """Return what a campaign itself says of its pace."""
    rulebook, settings = office.compiled.rulebook, office.settings
    hours = rulebook.hours.get(campaign.hours)
    zone = ZoneInfo((hours.timezone if hours else "") or zone_of(campaign, settings.timezone))
    most, window = campaign.rate or (0, HOUR)
    own = Pace(hours_on=lambda day: _hours_on(hours, day, zone)) if hours else Pace()
    return Pace(
        per_hour=most * (HOUR / window) if campaign.rate else own.per_hour,
        on_day=float(campaign.daily_cap) if campaign.daily_cap else own.on_day,
        pause=campaign.jitter / 2 if campaign.jitter else own.pause,
        hours_on=own.hours_on,
    )


def _hours_on(hours: Hours, day: datetime, zone: ZoneInfo) -> float:
    """Return for how many hours it is open on a day."""
    local = day.astimezone(zone)
    if not is_open(hours, local.date(), day, zone):
        return 0.0
    spans = hours.days.get(local.weekday(), ())
    return sum((end - start if end > start else end + 1440 - start) / 60 for start, end in spans)
