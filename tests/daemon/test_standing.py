"""How the account stands is noted over restarts, and told to webhooks and rules."""

from types import SimpleNamespace

import pytest

from bot.console.feed import Audience, Feed
from bot.daemon.link import Link
from bot.daemon.standing import EVENT, Standing
from bot.delivery.governor import Governor
from bot.delivery.pacing import OFF
from bot.ports import LinkState
from bot.store import announcements, events, incidents
from bot.store.incidents import Incident
from bot.testing.memory import MemoryDatabase
from tests.make import ACCOUNT, NOW


@pytest.fixture
def daemon():
    database = MemoryDatabase()
    link = Link()
    link.moved(LinkState.READY, ACCOUNT, "", NOW)
    feed = Feed(
        database, (), session="default", audience=Audience(), account=lambda: ACCOUNT,
        clock=lambda: NOW,
    )  # fmt: skip
    yield SimpleNamespace(
        database=database, link=link, feed=feed, session=SimpleNamespace(warning=""),
        courier=SimpleNamespace(governor=Governor(OFF)),
        pipeline=SimpleNamespace(book=SimpleNamespace(heard=frozenset({EVENT}))),
    )  # fmt: skip
    database.close()


def noted(daemon):
    rows = daemon.database.db.execute("SELECT kind FROM incidents ORDER BY id")
    return [row["kind"] for row in rows]


async def test_a_lost_connection_is_noted_once_and_a_start_is_none(daemon):
    for state in (LinkState.OFFLINE, LinkState.SYNCING, LinkState.READY, LinkState.STARTING):
        daemon.link.moved(state, ACCOUNT, "", NOW)
    standing = Standing(daemon)
    await standing.look()
    await standing.look()

    assert noted(daemon) == ["disconnect"]


async def test_a_warning_is_noted_when_it_comes_and_when_it_goes(daemon):
    standing = Standing(daemon)
    daemon.session.warning = "Your account is at risk."
    await standing.look()
    await standing.look()
    assert daemon.link.warning == "Your account is at risk."
    daemon.session.warning = ""
    await standing.look()

    assert noted(daemon) == ["warning", "warning_over"]


async def test_a_warning_that_went_while_nobody_looked_is_over(daemon):
    incidents.note(daemon.database.db, ACCOUNT, Incident.WARNING, NOW)
    await Standing(daemon).look()

    assert noted(daemon) == ["warning", "warning_over"]


async def test_a_restriction_of_before_a_restart_is_shown(daemon):
    incidents.note(daemon.database.db, ACCOUNT, Incident.RESTRICTED, NOW)
    await Standing(daemon).look()

    assert daemon.link.restricted_since == NOW


async def test_webhooks_and_rules_are_told(daemon):
    db = daemon.database.db
    daemon.feed._noting = True
    Standing(daemon).tell(db, ACCOUNT, NOW)

    (told,) = announcements.next_untold(db, 10)
    heard = events.next_waiting(db, ACCOUNT, ACCOUNT)
    assert (told.event, told.data["restricted"]) == (EVENT, True)
    assert (heard.event.name, heard.event.data["restricted"]) == (EVENT, True)


async def test_rules_that_do_not_listen_are_not_told(daemon):
    daemon.pipeline.book.heard = frozenset()
    Standing(daemon).tell(daemon.database.db, ACCOUNT, None)

    assert events.next_waiting(daemon.database.db, ACCOUNT, ACCOUNT) is None
