"""How rules and flows did, and what they do not know yet."""

from bot.reports.candidates import as_rules
from bot.reports.figures.flows import Funnel, Winner
from bot.reports.figures.readings import Readings
from bot.reports.figures.unanswered import Unanswered
from bot.reports.layout import Chart, Column, Fact, Section, Table, share

MOST_WINNERS = 40  # of the rules and flows that had the word


def flows(found: tuple[Funnel, ...]) -> Section:
    """Return the section on how far customers came in flows."""
    begun = sum(one.begun for one in found)
    finished = sum(one.finished for one in found)
    ends = ("begun", "finished", "fell silent", "called off", "ended otherwise", "under way")
    whole = Table(
        key="flows", title="Flows",
        columns=(
            Column(title="flow", kind="text"), *(Column(title=name) for name in ends),
            Column(title="finished of begun", kind="share"),
        ),
        rows=tuple(
            (
                one.flow, one.begun, one.finished, one.expired, one.cancelled, one.left,
                one.under_way, share(one.finished, one.begun),
            )
            for one in found
        ),
    )  # fmt: skip
    return Section(
        key="flows", title="Flows",
        note="Runs that began in the period, followed to this day. A run drops off at the question"
        " that it was last asked.",
        facts=(
            Fact(label="Begun", value=begun), Fact(label="Finished", value=finished),
            Fact(label="Finished of begun", value=share(finished, begun), kind="share"),
        ),
        tables=(whole, *(_steps(one) for one in found if one.steps)),
    )  # fmt: skip


def _steps(funnel: Funnel) -> Table:
    return Table(
        key=f"flow_{funnel.flow}", title=f"Questions of {funnel.flow}",
        columns=(
            Column(title="question", kind="text"), Column(title="reached"),
            Column(title="reached of begun", kind="share"), Column(title="dropped off here"),
            Column(title="drop-off", kind="share"), Column(title="waiting here"),
        ),
        rows=tuple(
            (
                step.slot, step.reached, share(step.reached, funnel.begun), step.last,
                share(step.last, step.reached), step.resting,
            )
            for step in funnel.steps
        ),
    )  # fmt: skip


def winners(found: tuple[Winner, ...]) -> Section:
    """Return the section on who had the word."""
    return Section(
        key="winners", title="Rules and flows that had the word",
        tables=(
            Table(
                key="winners", title="Turns by rule and flow",
                columns=(
                    Column(title="rule or flow", kind="text"), Column(title="turns"),
                    Column(title="people"), Column(title="answered"), Column(title="handed over"),
                    Column(title="to the answer, median", kind="seconds"),
                ),
                rows=tuple(
                    (
                        one.name, one.turns, one.people, one.answered, one.handoffs, one.seconds,
                    )
                    for one in found[:MOST_WINNERS]
                ),
            ),
        ),
    )  # fmt: skip


def readings(found: Readings) -> Section:
    """Return the section on what the models read."""
    days = Table(
        key="tone_by_day", title="Tone by day",
        columns=(
            Column(title="day", kind="text"), Column(title="positive"), Column(title="neutral"),
            Column(title="negative"),
        ),
        rows=tuple(
            (day.isoformat(), tone.positive, tone.neutral, tone.negative)
            for day, tone in found.days
        ),
    )  # fmt: skip
    intents = Table(
        key="intents", title="Intents",
        columns=(Column(title="intent", kind="text"), Column(title="read"), Column(title="unsure")),
        rows=tuple((one.name, one.read, one.unsure) for one in found.intents),
    )  # fmt: skip
    tones = found.tones
    return Section(
        key="readings", title="Intents and tone",
        note="Of texts that some rule or flow wanted to have read; unsure ones were not acted on.",
        facts=(
            Fact(label="Read for their tone", value=tones.count),
            Fact(label="Positive", value=share(tones.positive, tones.count), kind="share"),
            Fact(label="Negative", value=share(tones.negative, tones.count), kind="share"),
        ),
        charts=(Chart(title=days.title, table=days, series=(1, 2, 3)),) if tones.count else (),
        tables=(intents,) if found.intents else (),
    )  # fmt: skip


def unanswered(found: Unanswered) -> Section:
    """Return the section on what no rule knew."""
    table = Table(
        key="unanswered", title="The most frequent",
        columns=(
            Column(title="texts", kind="text"), Column(title="times"), Column(title="people"),
        ),
        rows=tuple((" / ".join(one.texts), one.count, one.people) for one in found.alike),
    )  # fmt: skip
    return Section(
        key="unanswered", title="What no rule knew",
        note="Texts in private chats, alike ones together: the next rules to write.",
        facts=(
            Fact(label="Texts", value=found.texts),
            Fact(label="Of them answered by a fallback", value=found.fallback),
        ),
        tables=(table,) if found.alike else (), rules=as_rules(found.alike),
    )  # fmt: skip
