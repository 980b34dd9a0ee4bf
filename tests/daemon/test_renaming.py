"""An account gets another name: in the file and on the disk, or not at all."""

import json
import stat

import pytest

from bot.config import load_config
from bot.daemon.renaming import JOURNAL, rename, settle_names
from bot.domain.errors import RenameRefused, UnknownSession
from tests.daemon.stage import FakePhone, Office

TWO = """\
# our numbers
sessions:
  - name: north   # the old shop
    url: https://a.example/
  - {name: 'south', url: https://b.example/}
pacing: off
"""


def read(folder, text=None):
    if text is not None:
        (folder / "config.yaml").write_text(text)
    return load_config(folder / "config.yaml", {})


def give_data(home, word="x"):
    (home / "profile").mkdir(parents=True)
    (home / "media").mkdir()
    (home / "alexia.db").write_text(word)
    (home / "alexia.db-wal").write_text(word)


def names_in(home):
    return sorted(one.name for one in home.iterdir())


@pytest.mark.parametrize(
    ("old", "new", "before", "after"),
    [
        ("north", "east", "name: north   # the", "name: east   # the"),
        ("south", "west_2", "{name: 'south', url", "{name: 'west_2', url"),
    ],
)
def test_only_the_name_changes_in_the_file(tmp_path, old, new, before, after):
    config = rename(read(tmp_path, TWO), old, new)

    assert (tmp_path / "config.yaml").read_text() == TWO.replace(before, after)
    assert config.sessions == read(tmp_path).sessions
    assert config.names == tuple(new if name == old else name for name in ("north", "south"))


def test_the_data_go_along(tmp_path):
    config = read(tmp_path, TWO)
    give_data(config.alone("north").home)

    after = rename(config, "north", "east")

    home = after.alone("east").home
    assert home == tmp_path / "state" / "sessions" / "east"
    assert names_in(home) == ["alexia.db", "alexia.db-wal", "media", "profile"]
    assert not config.alone("north").home.exists()
    assert not (tmp_path / "state" / JOURNAL).exists()


def test_two_renames_follow_each_other_on_one_line(tmp_path):
    config = read(tmp_path, "sessions: [{name: a}, {name: b}]\n")

    rename(rename(config, "a", "a_long_one"), "b", "c")

    assert (tmp_path / "config.yaml").read_text() == "sessions: [{name: a_long_one}, {name: c}]\n"


def test_the_account_that_nobody_wrote_down_is_written_down(tmp_path):
    config = read(tmp_path, "pacing: off")
    give_data(config.home)
    (config.data_folder / "tokens.json").touch()

    after = rename(config, "default", "shop")

    assert (tmp_path / "config.yaml").read_text() == "pacing: off\nsessions:\n  - name: shop\n"
    assert (after.home / "alexia.db").read_text() == "x"
    assert names_in(config.data_folder) == ["sessions", "tokens.json"]


def test_an_account_may_become_the_default(tmp_path):
    config = read(tmp_path, TWO)
    give_data(config.alone("north").home)

    assert (rename(config, "north", "default").home / "alexia.db").exists()
    assert (tmp_path / "state" / "alexia.db").exists()


@pytest.mark.parametrize(
    ("new", "told"),
    [
        ("south", "there is a session 'south' already"),
        ("SOUTH", "there is a session 'SOUTH' already"),
        ("../evil", "is not a short name"),
        ("", "is not a short name"),
        ("a: b", "is not a short name"),
        ("v1", "is not a short name"),
        ("default", "somebody's data are in"),
    ],
)
def test_a_name_that_cannot_be_had_changes_nothing(tmp_path, new, told):
    config = read(tmp_path, TWO)
    give_data(config.data_folder)
    give_data(config.alone("north").home)

    with pytest.raises(RenameRefused, match=told):
        rename(config, "north", new)

    assert (tmp_path / "config.yaml").read_text() == TWO
    assert (config.alone("north").home / "alexia.db").exists()


def test_a_file_that_was_edited_meanwhile_is_left_alone(tmp_path):
    config = read(tmp_path, TWO)
    edited = "# a new first line\n" + TWO
    (tmp_path / "config.yaml").write_text(edited)

    with pytest.raises(RenameRefused, match="was changed since it was read"):
        rename(config, "north", "east")

    assert (tmp_path / "config.yaml").read_text() == edited


def test_a_name_that_is_not_written_cannot_be_exchanged(tmp_path):
    (tmp_path / "config.yaml").write_text("sessions: [{url: https://a.example/}]\n")

    with pytest.raises(RenameRefused, match="write  name: default  into its entry"):
        rename(read(tmp_path), "default", "shop")


def test_an_account_that_there_is_not_has_no_name(tmp_path):
    with pytest.raises(UnknownSession):
        rename(read(tmp_path, TWO), "east", "west")


@pytest.mark.parametrize("moved", [[], ["profile"], ["profile", "alexia.db-wal", "alexia.db"]])
def test_a_rename_that_was_cut_off_is_finished_at_the_next_start(tmp_path, moved):
    give_data(tmp_path / "state" / "sessions" / "north")
    target = tmp_path / "state" / "sessions" / "east"
    target.mkdir()
    for name in moved:
        (tmp_path / "state" / "sessions" / "north" / name).rename(target / name)
    (tmp_path / "state" / JOURNAL).write_text(json.dumps({"old": "north", "new": "east"}))

    settle_names(read(tmp_path, TWO.replace("north", "east")))

    assert names_in(target) == ["alexia.db", "alexia.db-wal", "media", "profile"]
    assert names_in(tmp_path / "state") == ["sessions"]


def test_a_rename_that_had_not_begun_is_forgotten(tmp_path):
    config = read(tmp_path, TWO)
    give_data(config.alone("north").home)
    (config.data_folder / JOURNAL).write_text(json.dumps({"old": "north", "new": "east"}))

    settle_names(config)

    assert (config.alone("north").home / "alexia.db").exists()
    assert names_in(config.data_folder) == ["sessions"]


def test_an_only_account_that_was_named_by_hand_finds_its_data(tmp_path):
    give_data(tmp_path / "state")

    config = read(tmp_path, "sessions: [{name: shop}]")
    settle_names(config)
    settle_names(config)

    assert (config.home / "alexia.db").read_text() == "x"


def test_among_several_accounts_nobody_takes_what_lay_there(tmp_path):
    give_data(tmp_path / "state")

    settle_names(read(tmp_path, TWO))

    assert (tmp_path / "state" / "alexia.db").exists()


async def test_a_running_account_goes_on_under_its_new_name(tmp_path, monkeypatch):
    monkeypatch.setattr("bot.daemon.parts.WhatsAppSession", FakePhone)
    office = Office(tmp_path, ["north", "south"])
    async with office.running() as accounts:
        south = await office.phone("south")
        await (await office.phone("north")).hear("hi")
        await accounts.rename("north", "east")
        east = await office.phone("east")
        await east.hear("hi", id="A2")

        assert await east.said() == "Hello from north"
        assert [*accounts.keepers] == ["east", "south"]
        assert (await office.phone("south")) is south
        stored = await accounts.find("east").running.database.read(
            lambda db: db.execute("SELECT count(*) FROM inbox").fetchone()[0]
        )
        assert stored == 2


async def test_a_refused_rename_leaves_the_account_running(tmp_path, monkeypatch):
    monkeypatch.setattr("bot.daemon.parts.WhatsAppSession", FakePhone)
    office = Office(tmp_path, ["north", "south"])
    async with office.running() as accounts:
        await office.phone("north")
        with pytest.raises(RenameRefused):
            await accounts.rename("north", "south")
        again = await office.phone("north")
        await again.hear("hi")

        assert await again.said() == "Hello from north"


def test_nobody_else_may_look_into_the_folders_that_a_rename_makes(tmp_path):
    config = read(tmp_path, "pacing: off\n")
    config.data_folder.mkdir(mode=0o700)
    config.database.touch(mode=0o600)

    home = rename(config, "default", "north").alone("north").home

    assert home.parent.parent == config.data_folder
    assert [stat.S_IMODE(one.stat().st_mode) for one in (home.parent, home)] == [0o700, 0o700]
