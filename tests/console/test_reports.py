"""The report over HTTP: of one session or of each, and with words of customers only for some."""

import pytest

from bot.console.keys import Role
from bot.domain.errors import DatabaseRefused, ReportRefused
from tests.console.stage import StageBot, app_of, client


@pytest.fixture
def bot():
    found = StageBot(names=("default", "north"))
    yield found
    found.close()


async def ask(bot, tmp_path, query="", role=Role.VIEWER):
    async with client(app_of(bot, tmp_path), role) as api:
        return await api.get(f"/api/v1/report{query}")


@pytest.mark.parametrize(
    ("query", "asked"),
    [
        ("", ("default", {})),
        ("?session=north&since=7d&tag=vip", ("north", {"since": "7d", "tag": "vip"})),
        ("?session=*", ("", {})),
    ],
)
async def test_it_is_of_the_session_that_is_named_or_of_each(bot, tmp_path, query, asked):
    answer = await ask(bot, tmp_path, query)

    assert (answer.status_code, answer.json()) == (200, {"report": True})
    assert bot.asked == [("report", *asked)]


async def test_a_page_can_fetch_and_run_nothing(bot, tmp_path):
    answer = await ask(bot, tmp_path, "?format=html")

    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert "default-src 'none'" in answer.headers["content-security-policy"]


async def test_words_of_customers_are_for_operators(bot, tmp_path):
    assert (await ask(bot, tmp_path, "?texts=true")).status_code == 403
    answer = await ask(bot, tmp_path, "?texts=true", Role.OPERATOR)
    assert answer.status_code == 200


async def test_nobody_without_a_key_sees_it(bot, tmp_path):
    assert (await ask(bot, tmp_path, role=None)).status_code == 401


@pytest.mark.parametrize(
    ("failure", "status"),
    [
        (ReportRefused("since", "write 12h, 7d or 2026-11-23"), 400),
        (DatabaseRefused("a.db", "is not there"), 503),
    ],
)
async def test_what_cannot_be_told_is_refused_with_the_reason(bot, tmp_path, failure, status):
    bot.failure = failure
    answer = await ask(bot, tmp_path)

    assert (answer.status_code, answer.json()["error"]) == (status, str(failure))


async def test_a_session_that_there_is_not_is_told(bot, tmp_path):
    assert (await ask(bot, tmp_path, "?session=south")).status_code == 404
