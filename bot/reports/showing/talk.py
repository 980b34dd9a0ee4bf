"""What was said, how soon, and what became of it."""

from bot.reports.figures.delivery import Delivery, Fate
from bot.reports.figures.response import Response
from bot.reports.figures.volume import Said, Volume
from bot.reports.layout import Chart, Column, Fact, Section, Table, share

KINDS = {
    "answer": "answers", "started": "reminders", "campaign": "campaigns", "consent": "consent",
    "notify": "notices", "person": "a person",
}  # fmt: skip
KEPT = {"kept": "kept back"}
VOLUME = (
    Column(title="from customers"), Column(title="bot"), Column(title="person"),
    Column(title="campaigns"),
)  # fmt: skip


def volume(found: Volume) -> Section:
    """Return the section on how much was said."""
    days = Table(
        key="volume_by_day", title="Messages by day",
        columns=(Column(title="day", kind="text"), *VOLUME, Column(title="active chats")),
        rows=tuple(
            (day.isoformat(), *_said(said), active)
            for (day, said), active in zip(found.days, found.active, strict=True)
        ),
    )  # fmt: skip
    hours = Table(
        key="volume_by_hour", title="Messages by hour of day",
        columns=(Column(title="hour", kind="text"), *VOLUME),
        rows=tuple((f"{hour:02}", *_said(said)) for hour, said in enumerate(found.hours)),
    )  # fmt: skip
    return Section(
        key="volume", title="Messages",
        note="Statuses, newsletters, reactions and what was said before the first login do not"
        " count.",
        facts=(
            Fact(label="From customers", value=found.whole.came),
            Fact(label="From us", value=found.whole.went),
            Fact(label="Active chats", value=found.chats),
            Fact(label="New contacts", value=found.new),
            Fact(label="New, and wrote", value=found.new_wrote),
        ),
        charts=tuple(
            Chart(title=table.title, table=table, series=(1, 2, 3, 4)) for table in (days, hours)
        ),
    )  # fmt: skip


def response(found: Response) -> Section:
    """Return the section on how soon customers were answered."""
    rows = (
        ("bot, to the hand-over", found.handed), ("bot, to WhatsApp", found.sent),
        ("person", found.person),
    )  # fmt: skip
    who = (
        ("the bot", found.by_bot), ("a person", found.by_person), ("nobody yet", found.unanswered),
    )  # fmt: skip
    return Section(
        key="response", title="Answers",
        note="A question is what a customer writes in a private chat until somebody answers, with"
        " no pause of over ten minutes. The bot's times hold its pauses of reading and typing.",
        facts=(
            Fact(label="Questions", value=found.questions),
            Fact(label="Bot, median", value=found.handed.median, kind="seconds"),
            Fact(label="Person, median", value=found.person.median, kind="seconds"),
            Fact(label="Unanswered", value=share(found.unanswered, found.questions), kind="share"),
        ),
        tables=(
            Table(
                key="answered_by", title="Answered by",
                columns=(
                    Column(title="by", kind="text"), Column(title="questions"),
                    Column(title="share", kind="share"),
                ),
                rows=tuple((name, count, share(count, found.questions)) for name, count in who),
            ),
            Table(
                key="response_times", title="Time to the answer",
                columns=(
                    Column(title="of", kind="text"), Column(title="answers"),
                    Column(title="median", kind="seconds"), Column(title="p95", kind="seconds"),
                ),
                rows=tuple((name, one.count, one.median, one.p95) for name, one in rows),
            ),
        ),
    )  # fmt: skip


def delivery(found: Delivery) -> Section:
    """Return the section on what became of what was to be sent."""
    whole = found.whole
    counts = (
        "decided", "sent", "delivered", "read", "waiting", "on the way", "failed", "kept back",
    )  # fmt: skip
    return Section(
        key="delivery", title="Delivery",
        note="Of all that was to be sent. What was read is known only of people who show it.",
        facts=(
            Fact(label="Sent", value=whole.sent),
            Fact(label="Delivered", value=share(whole.delivered, whole.sent), kind="share"),
            Fact(label="Read", value=share(whole.read, whole.sent), kind="share"),
            Fact(label="Failed", value=whole.failed),
            Fact(label="Waiting now", value=whole.waiting),
        ),
        tables=(
            Table(
                key="delivery", title="By kind",
                columns=(
                    Column(title="kind", kind="text"), *(Column(title=name) for name in counts),
                    Column(title="delivered of sent", kind="share"),
                    Column(title="read of sent", kind="share"),
                ),
                rows=tuple(_fate(one) for one in found.kinds),
            ),
            Table(
                key="delivery_reasons", title="Why messages failed, were kept back or wait",
                columns=(
                    Column(title="what", kind="text"), Column(title="why", kind="text"),
                    Column(title="messages"),
                ),
                rows=tuple(
                    (KEPT.get(one.what, one.what), one.why or "its time", one.count)
                    for one in found.reasons
                ),
            ),
        ),
    )  # fmt: skip


def _said(said: Said) -> tuple[int, int, int, int]:
    return said.came, said.bot, said.person, said.campaign


def _fate(one: Fate) -> tuple[str | int | float | None, ...]:
    return (
        KINDS.get(one.kind, one.kind), one.decided, one.sent, one.delivered, one.read, one.waiting,
        one.underway, one.failed, one.kept, share(one.delivered, one.sent),
        share(one.read, one.sent),
    )  # fmt: skip
