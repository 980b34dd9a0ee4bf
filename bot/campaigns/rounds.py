"""A campaign's rounds: what a person starts, pauses, resumes and stops, and when it comes round."""

import hmac
import sqlite3
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from bot.campaigns.moments import Moment, dues, moments, next_one, zone_of
from bot.campaigns.planning import Office, gather, plan, zones_of
from bot.domain.campaigns import OPEN, Run, RunState
from bot.domain.errors import CampaignRefused
from bot.engine.hours import is_open
from bot.language.campaigns import BY, Campaign
from bot.store import campaign_files, campaigns, outbox
from bot.store.campaigns import Known

PREVIEW_HOLDS = timedelta(hours=24)  # for which a person's look at a campaign is good
TOKEN = 8  # hex digits
CHANGED = "its file changed since it was started; preview and start it again"

Digest = Callable[[str], str]
"""What a file that is sent holds, as hex digits; "" when it is not there."""


def unread(_: str) -> str:
    """Return the same for each file."""
    return "?"


def token_of(secret: bytes, campaign: Campaign, previewed: datetime) -> str:
    """Return what shows that this very content was previewed then."""
    said = f"{campaign.name}|{campaign.hash}|{previewed.timestamp():.3f}"
    return hmac.digest(secret, said.encode(), "sha256").hex()[:TOKEN]


def named(office: Office, name: str) -> Campaign:
    """Return a campaign of the rulebook in force. Raises CampaignRefused."""
    found = office.compiled.rulebook.campaigns.get(name)
    if found is None:
        known = ", ".join(office.compiled.rulebook.campaigns) or "none"
        raise CampaignRefused(name, f"there is no such campaign in the rule files; known: {known}")
    return found


def check_token(
    db: sqlite3.Connection, secret: bytes, campaign: Campaign, token: str, now: datetime, *,
    digest: Digest = unread,
) -> None:  # fmt: skip
    """Refuse what was not previewed as it is now, with the files that are sent.

    Raises:
        CampaignRefused: Nobody looked at this very content within the last day, or since its start.
    """
    known = campaigns.load(db, campaign.name)
    again = f"run `alexia campaign preview {campaign.name}`"
    if known is None:
        raise CampaignRefused(campaign.name, f"nobody has looked at it yet; {again}")
    if known.started is not None and known.started >= known.previewed:
        raise CampaignRefused(campaign.name, f"its last preview is used up; {again}")
    if now - known.previewed > PREVIEW_HOLDS:
        raise CampaignRefused(campaign.name, f"its preview is older than a day; {again}")
    if not hmac.compare_digest(token_of(secret, campaign, known.previewed), token):
        raise CampaignRefused(
            campaign.name,
            f"the token does not fit what the files say now, or is of another preview; {again}",
        )
    if changed := changed_files(db, campaign.name, digest):
        what = f"{', '.join(changed)} changed since somebody looked at it"
        raise CampaignRefused(campaign.name, f"{what}; {again}")


def changed_files(db: sqlite3.Connection, name: str, digest: Digest) -> list[str]:
    """Return the files of a campaign that hold something else than what a person looked at."""
    seen = campaign_files.held(db, name)
    return sorted(one for one, was in seen.items() if digest(one) != was)


def check_moment(campaign: Campaign, zones: Sequence[str], now: datetime) -> Moment | None:
    """Return the next moment of a campaign, None where it begins at its start.

    Raises:
        CampaignRefused: Its moment has passed, or none ever comes.
    """
    if campaign.at is None and not campaign.cron:
        return None
    moment = next_one(campaign, zones, now)
    if moment is None and campaign.at is not None:
        raise CampaignRefused(
            campaign.name, f"its time, {campaign.at:%Y-%m-%d %H:%M}, has passed; write a later 'at'"
        )
    if moment is None:
        raise CampaignRefused(campaign.name, f"its cron line '{campaign.cron}' never comes round")
    return moment


def start(
    db: sqlite3.Connection, office: Office, campaign: Campaign, now: datetime
) -> tuple[Run | None, Moment | None]:
    """Start a campaign that was previewed: at once, or for its moment.

    Returns:
        The run that began, or the moment that it waits for.

    Raises:
        CampaignRefused: It runs already, its moment has passed, or nobody is to get it.
    """
    known = campaigns.load(db, campaign.name)
    if known is not None and known.is_started:
        raise CampaignRefused(campaign.name, "it is started already; stop it first")
    business = office.settings.timezone
    moment = check_moment(campaign, zones_of(db, campaign, business), now)
    campaigns.start(db, campaign.name, campaign.hash, now)
    if moment is not None:
        return None, moment
    local = now.astimezone(ZoneInfo(zone_of(campaign, business))).replace(tzinfo=None)
    run = begin(db, office, campaign, Moment(local=local, begins=now), now)
    if run is None or not campaigns.counts(db, run.id).get("planned"):
        raise CampaignRefused(campaign.name, "nobody is to get it")
    return run, None


def come_round(db: sqlite3.Connection, office: Office, name: str, now: datetime) -> Run | None:
    """Begin the run of a campaign whose moment has come; None when there is nothing to begin.

    Of moments that were missed while the bot was down only the latest counts, and only while the
    campaign's hours are open. One that a run of before still works on is left out too.
    """
    known, campaign = campaigns.load(db, name), office.compiled.rulebook.campaigns.get(name)
    if known is None or not known.is_started or known.came_round is None or campaign is None:
        return None
    business = office.settings.timezone
    zones = zones_of(db, campaign, business)
    come = moments(campaign, zones, known.came_round, now)
    if not come:
        return None
    moment = come[-1]
    campaigns.note_round(db, name, moment.begins)
    why = _why_not(db, office, campaign, known, now)
    if why:
        return _missed(db, office, campaign, moment, now, why)
    return begin(db, office, campaign, moment, now)


def _why_not(
    db: sqlite3.Connection, office: Office, campaign: Campaign, known: Known, now: datetime
) -> str:
    """Return why a round that has come is not begun, "" when it is."""
    if known.content != campaign.hash:
        return CHANGED
    if any(run.state in OPEN for run in campaigns.runs_of(db, campaign.name)):
        return "the run before it is not over yet"
    hours = office.compiled.rulebook.hours.get(campaign.hours)
    zone = zone_of(campaign, office.settings.timezone)
    if (
        hours is not None
        and campaign.timezone != "contact"
        and not is_open(hours, None, now, ZoneInfo(hours.timezone or zone))
    ):
        return f"outside the hours '{campaign.hours}'"
    return ""


def begin(
    db: sqlite3.Connection, office: Office, campaign: Campaign, moment: Moment, now: datetime
) -> Run | None:
    """Begin a run: write it down with all its recipients, or nothing of it.

    Returns:
        None when a run of this moment is there already.
    """
    run = _run(office, campaign, moment, now, RunState.RUNNING, "")
    number = campaigns.begin(db, run, moment.local.isoformat())
    if number is None:
        return None
    business = office.settings.timezone
    gather(db, office, campaign, now)
    zone = zone_of(campaign, business)
    waits = campaign.at is not None or campaign.cron
    due = dues(moment.local, zones_of(db, campaign, business)) if waits else {}
    plan(db, number, campaign, {**due, zone: due.get(zone, moment.begins)}, zone)
    return campaigns.load_run(db, number)


def _missed(
    db: sqlite3.Connection, office: Office, campaign: Campaign, moment: Moment, now: datetime,
    why: str,
) -> Run | None:  # fmt: skip
    run = _run(office, campaign, moment, now, RunState.MISSED, why)
    number = campaigns.begin(db, run, moment.local.isoformat())
    if campaign.at is not None:
        campaigns.end(db, campaign.name)
    return None if number is None else campaigns.load_run(db, number)


def _run(
    office: Office, campaign: Campaign, moment: Moment, now: datetime, state: RunState, detail: str
) -> Run:
    return Run(
        id=0, campaign=campaign.name, account=office.account, planned=moment.begins,
        content=campaign.hash, state=state, detail=detail, begun=now,
        ended=None if state in OPEN else now,
    )  # fmt: skip


# ---------------------------------------------------------------------- what a person does to it


def pause(db: sqlite3.Connection, name: str, why: str) -> list[Run]:
    """Hold a campaign's run: what did not leave waits. Raises CampaignRefused."""
    running = [one for one in campaigns.runs_of(db, name) if one.state is RunState.RUNNING]
    if not running:
        raise CampaignRefused(name, "nothing of it runs now")
    for run in running:
        campaigns.move_run(db, run.id, RunState.PAUSED, why)
    return running


def resume(
    db: sqlite3.Connection, secret: bytes, campaign: Campaign, token: str, now: datetime, *,
    digest: Digest = unread,
) -> list[Run]:  # fmt: skip
    """Let a paused run go on; with what all files say now, if a person looked at that.

    Raises:
        CampaignRefused: Nothing of it is paused, or it changed and nobody looked at the change.
    """
    paused = [one for one in campaigns.runs_of(db, campaign.name) if one.state is RunState.PAUSED]
    if not paused:
        raise CampaignRefused(campaign.name, "nothing of it is paused")
    other = bool(changed_files(db, campaign.name, digest))
    for run in paused:
        if other or run.content != campaign.hash:
            check_token(db, secret, campaign, token, now, digest=digest)
            campaigns.take_content(db, run.id, campaign.hash)
            campaigns.start(db, campaign.name, campaign.hash, now)
        campaigns.move_run(db, run.id, RunState.RUNNING, "")
    return paused


def retry(db: sqlite3.Connection, name: str, now: datetime) -> int:
    """Send again, under their ids, what nobody can tell of whether it left; return how many.

    Raises:
        CampaignRefused: There is no such message.
    """
    count = outbox.repeat_unknown(db, f"{BY}{name}", now)
    if not count:
        raise CampaignRefused(name, "there is no message of which nobody can tell whether it left")
    return count


def stop(db: sqlite3.Connection, name: str, why: str, now: datetime) -> int:
    """End a campaign for good; return how many get nothing any more. Raises CampaignRefused."""
    known = campaigns.load(db, name)
    open_ = [one for one in campaigns.runs_of(db, name) if one.state in OPEN]
    if not open_ and (known is None or not known.is_started):
        raise CampaignRefused(name, "it is not started")
    for run in open_:
        campaigns.move_run(db, run.id, RunState.STOPPED, why, now)
    campaigns.end(db, name)
    return sum(campaigns.leave_out_rest(db, run.id, now) for run in open_)
