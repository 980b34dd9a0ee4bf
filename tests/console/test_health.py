import re

import pytest

from bot.domain.crm import JobKind, Target
from bot.ports import LinkState
from bot.store import crm_jobs
from tests.make import NOW


async def test_ready_is_200_with_every_session(api, bot):
    bot.reasons = ("the rule files are broken; the last good ones are in force",)

    answer = await api.get("/health")

    assert answer.status_code == 200
    assert answer.json() == {
        "status": "ready",
        "sessions": {"default": "WORKING"},
        "reasons": ["the rule files are broken; the last good ones are in force"],
    }


@pytest.mark.parametrize(
    ("state", "status", "shown"),
    [
        (LinkState.STARTING, "starting", "STARTING"),
        (LinkState.QR, "login_required", "SCAN_QR_CODE"),
        (LinkState.OFFLINE, "degraded", "STARTING"),
        (LinkState.CONFLICT, "degraded", "FAILED"),
        (LinkState.FAILED, "failed", "FAILED"),
    ],
)
async def test_anything_else_is_503(api, bot, state, status, shown):
    bot.desk.state = state

    answer = await api.get("/health")

    assert answer.status_code == 503
    assert (answer.json()["status"], answer.json()["sessions"]) == (status, {"default": shown})


async def test_metrics_are_lines_of_prometheus(api, bot):
    text = (await api.get("/metrics")).text

    lines = [line for line in text.splitlines() if not line.startswith("#")]
    assert [
        line
        for line in lines
        if not re.fullmatch(r'alexia_\w+(\{\w+="\w*"(,\w+="\w+")*\})? \d+', line)
    ] == []
    assert 'alexia_turns_total{session="default"} 3' in lines
    assert 'alexia_errors_total{session=""} 1' in lines
    assert 'alexia_inbox_messages{session="default",state="waiting"} 0' in lines
    assert 'alexia_outbox_messages{session="default",state="stuck"} 0' in lines
    assert "alexia_ready 1" in lines
    assert len({line.split("# TYPE ")[1] for line in text.splitlines() if "# TYPE" in line}) == (
        text.count("# TYPE")
    )


async def test_metrics_are_there_before_the_database_is(api, bot):
    bot.desk.is_built = False

    answer = await api.get("/metrics")

    assert answer.status_code == 200
    assert "alexia_ready" in answer.text


async def test_what_needs_the_database_says_that_the_bot_starts(api, bot):
    bot.desk.is_built = False

    answer = await api.get("/api/contacts")

    assert (answer.status_code, answer.json()["error"]) == (503, "the bot is starting")


async def test_what_other_systems_are_still_to_be_told_is_counted(api, bot):
    db = bot.desk.store.db
    for lane in ("1", "2"):
        crm_jobs.note(db, Target.HUBSPOT, lane, JobKind.LEAD)
    crm_jobs.give_up(db, crm_jobs.next_due(db, Target.HUBSPOT, NOW), NOW, "status 400")

    lines = (await api.get("/metrics")).text.splitlines()

    for state in ("waiting", "dead"):
        where = f'session="default",target="hubspot",state="{state}"'
        assert f"alexia_crm_jobs{{{where}}} 1" in lines
