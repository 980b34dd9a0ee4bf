"""A report that is asked for while the bot runs: of one session, and of each."""

import json

import pytest

from bot.config import load_config
from bot.daemon.accounts import Accounts
from bot.daemon.front import Front
from bot.domain.errors import DatabaseRefused, ReportRefused
from bot.store.database import Database

CONFIG = """\
timezone: America/Sao_Paulo
sessions: [{name: default}, {name: north}]
"""


@pytest.fixture
def front(tmp_path):
    (tmp_path / "config.yaml").write_text(CONFIG, "utf-8")
    config = load_config(tmp_path / "config.yaml", {})
    for name in config.names:
        home = config.alone(name).home
        home.mkdir(parents=True, mode=0o700)
        Database(home / "alexia.db").close()
    return Front(Accounts(config))


async def test_it_is_what_the_command_writes(front):
    told = json.loads(await front.report("north", {"since": "3d"}))

    assert (told["session"], told["timezone"]) == ("north", "America/Sao_Paulo")
    assert len(told["volume"]["days"]) == 4


async def test_each_session_has_its_own(front):
    told = json.loads(await front.report("", {}))
    page = await front.report("", {"format": "html"})

    assert list(told["sessions"]) == ["default", "north"]
    assert "Report of default, north" in page
    assert "north: People" in page


@pytest.mark.parametrize(
    ("asked", "says"),
    [
        ({"format": "pdf"}, "format: one of json, html"),
        ({"since": "soon"}, "since: write 12h, 7d or 2026-11-23"),
        ({"until": "soon"}, "until: write 12h, 7d or 2026-11-23"),
        ({"until": "2020-01-01T00:00"}, "until: it lies before --since"),
        ({"tag": "nobody"}, "nobody wears the tag 'nobody'"),
    ],
)
async def test_what_cannot_be_told_is_refused(front, asked, says):
    with pytest.raises(ReportRefused, match=says):
        await front.report("", asked)


async def test_without_a_database_there_is_none(tmp_path):
    (tmp_path / "config.yaml").touch()
    front = Front(Accounts(load_config(tmp_path / "config.yaml", {})))
    with pytest.raises(DatabaseRefused):
        await front.report("default", {"until": "1h"})
