"""Puts the figures into words and tables, once for all forms."""

from bot.reports.layout import Section
from bot.reports.report import Report
from bot.reports.showing import customers, rules, talk
from bot.reports.showing import service as promised


def sections(report: Report) -> tuple[Section, ...]:
    """Return what the report shows, the most asked for first."""
    kept = [promised.service(report.service)] if report.service.promises else []
    return (
        talk.volume(report.volume), talk.response(report.response), talk.delivery(report.delivery),
        rules.flows(report.funnels), rules.unanswered(report.unanswered),
        rules.winners(report.winners), rules.readings(report.readings),
        customers.people(report.people), *kept,
        customers.leads(report.leads),
        customers.campaigns(report.campaigns),
    )  # fmt: skip


def heading(report: Report) -> str:
    """Return what the report is about, in a line."""
    period = report.wanted.period
    since, until = (one.astimezone(period.zone) for one in (period.since, period.until))
    form = "%Y-%m-%d %H:%M"
    who = f", people tagged {report.wanted.tag}" if report.wanted.tag else ""
    return f"{since.strftime(form)} to {until.strftime(form)}, {period.zone.key}{who}"
