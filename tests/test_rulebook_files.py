"""Changed files are seen, also in folders that are made while the bot runs."""

import asyncio
from contextlib import asynccontextmanager

import pytest

from bot.rulebook_files import watch_rulebook

SOON = 10  # seconds, on a busy machine; a change is told within one


@asynccontextmanager
async def watching(folder):
    stop, seen = asyncio.Event(), asyncio.Queue()

    async def watch():
        async for names in watch_rulebook(folder, stop):
            seen.put_nowait(names)

    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(watch())
        await asyncio.sleep(0)
        yield seen
        stop.set()


async def told(seen, wanted):
    """Return once a file was told of; fails when it is not."""
    async with asyncio.timeout(SOON):
        while wanted not in await seen.get():
            pass
    return True


@pytest.mark.parametrize("present", [("rules",), ()])
async def test_a_folder_that_is_made_later_is_noticed(tmp_path, present):
    for name in present:
        (tmp_path / name).mkdir()
    async with watching(tmp_path) as seen:
        (tmp_path / "extensions").mkdir()
        (tmp_path / "extensions" / "crm.py").write_text("x = 1\n")
        assert await told(seen, "extensions/crm.py")
        (tmp_path / "extensions" / "more.py").write_text("x = 2\n")
        assert await told(seen, "extensions/more.py")


async def test_a_folder_that_is_put_in_place_of_another_is_noticed(tmp_path):
    (tmp_path / "rules").mkdir()
    (tmp_path / "new").mkdir()
    (tmp_path / "new" / "a.yaml").write_text("version: 1\n")
    async with watching(tmp_path) as seen:
        (tmp_path / "rules").rename(tmp_path / "old")
        (tmp_path / "new").rename(tmp_path / "rules")
        assert await told(seen, "rules/a.yaml")
        (tmp_path / "rules" / "b.yaml").write_text("version: 1\n")
        assert await told(seen, "rules/b.yaml")


async def test_a_folder_that_is_removed_is_noticed(tmp_path):
    (tmp_path / "rules").mkdir()
    (tmp_path / "flows").mkdir()
    async with watching(tmp_path) as seen:
        (tmp_path / "flows").rmdir()
        assert await told(seen, "flows")
