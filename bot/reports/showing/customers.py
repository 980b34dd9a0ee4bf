"""People, leads and campaigns."""

from bot.reports.figures.campaigns import Campaigns
from bot.reports.figures.leads import Group, Leads
from bot.reports.figures.people import Count, People
from bot.reports.layout import Column, Fact, Section, Table, share


def people(found: People) -> Section:
    """Return the section on people."""
    agreed = Table(
        key="consent_changes", title="Consent granted and withdrawn",
        columns=(
            Column(title="source", kind="text"), Column(title="granted"), Column(title="withdrawn"),
        ),
        rows=tuple((one.source, one.granted, one.withdrawn) for one in found.agreed),
    )  # fmt: skip
    return Section(
        key="people", title="People",
        facts=(
            Fact(label="Handed to a team", value=sum(one.count for one in found.handoffs)),
            Fact(label="Taken over from the phone", value=found.taken_over),
            Fact(label="Chats where the bot keeps quiet now", value=found.muted),
            Fact(label="Muted for spam", value=found.spam_muted),
            Fact(label="Opted out by a word", value=found.opted_out),
        ),
        tables=(
            _counts("tags", "Tags now", "tag", found.tags),
            _counts("handoffs", "Handoffs", "team", found.handoffs),
            _counts("spam", "Muted for spam, by sign", "sign", found.spam),
            _counts("consent", "Consent now", "consent", found.consent), agreed,
        ),
    )  # fmt: skip


def leads(found: Leads) -> Section:
    """Return the section on leads."""
    moves = Table(
        key="lead_moves", title="Stages that leads came to in the period",
        columns=(Column(title="stage", kind="text"), Column(title="times"), Column(title="people")),
        rows=tuple((one.stage, one.times, one.people) for one in found.moves),
    )  # fmt: skip
    return Section(
        key="leads", title="Leads", note="As they stand now; new: created in the period.",
        facts=(Fact(label="Leads", value=found.count), Fact(label="New", value=found.new)),
        tables=(
            _groups("stage", found.stages), _groups("owner", found.owners),
            _groups("source", found.sources), moves,
        ),
    )  # fmt: skip


def campaigns(found: Campaigns) -> Section:
    """Return the section on campaigns."""
    counts = (
        "decided", "sent", "delivered", "read", "failed", "kept back", "waiting", "replied",
        "opted out",
    )  # fmt: skip
    sent = Table(
        key="campaigns", title="Campaigns",
        columns=(
            Column(title="campaign", kind="text"), *(Column(title=name) for name in counts),
            Column(title="replied of sent", kind="share"),
        ),
        rows=tuple(
            (
                one.name, one.decided, one.sent, one.delivered, one.read, one.failed, one.kept,
                one.waiting, one.replied, one.opted_out, share(one.replied, one.sent),
            )
            for one in found.campaigns
        ),
    )  # fmt: skip
    out = Table(
        key="campaigns_left_out", title="Left out",
        columns=(
            Column(title="campaign", kind="text"), Column(title="why", kind="text"),
            Column(title="people"),
        ),
        rows=tuple((one.campaign, one.why, one.count) for one in found.left_out),
    )  # fmt: skip
    return Section(
        key="campaigns",
        title="Campaigns",
        note="A recipient counts once a run; replied and opted out: within seven days.",
        tables=tuple(table for table in (sent, out) if table.rows),
    )


def _counts(key: str, title: str, what: str, found: tuple[Count, ...]) -> Table:
    return Table(
        key=key, title=title, columns=(Column(title=what, kind="text"), Column(title="count")),
        rows=tuple((one.name, one.count) for one in found),
    )  # fmt: skip


def _groups(what: str, found: tuple[Group, ...]) -> Table:
    return Table(
        key=f"leads_by_{what}", title=f"By {what}",
        columns=(
            Column(title=what, kind="text"), Column(title="leads"), Column(title="new"),
            Column(title="mean score", kind="score"),
        ),
        rows=tuple((one.name or "none", one.count, one.new, one.score) for one in found),
    )  # fmt: skip
