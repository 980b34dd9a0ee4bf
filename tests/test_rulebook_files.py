"""What rule files say of other files, and changes, also in folders made while the bot runs."""

import asyncio
from contextlib import asynccontextmanager

import pytest

from bot.rulebook_files import load_rulebook, watch_rulebook

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


@pytest.mark.parametrize(
    ("file", "told"),
    [
        ("media/menu.pdf", ""),
        ("media/$(contact.name).pdf", ""),
        ("media/gone.pdf", "'media/gone.pdf' cannot be sent: there is no such file"),
        ("media", "'media' cannot be sent: there is no such file"),
        ("../x.pdf", "'../x.pdf' cannot be sent: it lies outside of the bot's folder"),
        ("a" * 999, "cannot be sent: File name too long"),
    ],
)
def test_a_file_that_cannot_be_sent_is_told_when_the_rules_are_read(tmp_path, file, told):
    (tmp_path / "rules").mkdir()
    (tmp_path / "media").mkdir()
    (tmp_path / "media" / "menu.pdf").touch()
    rule = f"{{id: a, when: {{keyword: hi}}, do: {{reply: {{media: {{file: '{file}'}}}}}}}}"
    (tmp_path / "rules" / "a.yaml").write_text(f"version: 1\nrules: [{rule}]\n")

    loaded = load_rulebook(tmp_path)

    assert loaded.rulebook is not None
    assert [one.code for one in loaded.problems] == (["W309"] if told else [])
    assert all(told in one.message for one in loaded.problems)


RULE = "version: 1\nrules: [{id: a, when: {keyword: hi}, do: {reply: Hello}}]\n"


@pytest.mark.parametrize(
    ("name", "called"),
    [("a.yaml.txt", "a.yaml"), ("a.YAML", "a.yaml"), ("a.yml.txt", "a.yaml")],
)
def test_a_rule_file_whose_name_ends_otherwise_is_told_and_not_read(tmp_path, name, called):
    (tmp_path / "rules").mkdir()
    (tmp_path / "rules" / name).write_text(RULE)

    loaded = load_rulebook(tmp_path)

    assert loaded.rulebook is not None
    assert not loaded.rulebook.rules
    assert [str(one) for one in loaded.problems] == [
        f"rules/{name}:1:1: W103 this file is not read: its name does not end in .yaml\n"
        f"    = help: call it {called}, or move it out of here"
    ]


@pytest.mark.parametrize("name", ["a.yaml~", "a.yaml.bak", ".a.yaml.swp", "notes.txt"])
def test_what_editors_and_people_put_beside_rule_files_is_none(tmp_path, name):
    (tmp_path / "rules").mkdir()
    (tmp_path / "rules" / name).write_text(RULE)

    assert load_rulebook(tmp_path).problems == ()


def test_a_link_to_nothing_is_told_as_one(tmp_path):
    (tmp_path / "rules").mkdir()
    (tmp_path / "rules" / "a.yaml").symlink_to(tmp_path / "gone.yaml")

    (problem,) = load_rulebook(tmp_path).problems

    assert problem.message == "cannot be read: No such file or directory"
    assert problem.help == "mend the link, or put the file itself in its place"
