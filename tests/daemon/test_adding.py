"""Another account is made while the others run: in the file and in the daemon, or not at all."""

import pytest

from bot.config import load_config
from bot.daemon.adding import add, remove
from bot.domain.errors import AddRefused, RemoveRefused, UnknownSession
from bot.ports import LinkState
from tests.daemon.stage import FakePhone, Office

NESTED = """\
sessions:
    - name: north   # the old shop
      pacing: normal
    # the last one
    - {name: south}

pacing: off
"""


@pytest.fixture(autouse=True)
def fake_phone(monkeypatch):
    monkeypatch.setattr("bot.daemon.parts.WhatsAppSession", FakePhone)
    FakePhone.opened.clear()


def read(folder, text=None):
    if text is not None:
        (folder / "config.yaml").write_text(text)
    return load_config(folder / "config.yaml", {})


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("pacing: off\n", "pacing: off\nsessions:\n  - name: default\n  - name: east\n"),
        ("sessions:\n- name: a", "sessions:\n- name: a\n- name: east\n"),
        (NESTED, NESTED.replace("{name: south}\n", "{name: south}\n    - name: east\n")),
    ],
)
def test_an_entry_is_added_and_all_else_stays_as_it_was_written(tmp_path, before, after):
    config = add(read(tmp_path, before), "east")

    assert (tmp_path / "config.yaml").read_text() == after
    assert config.sessions == read(tmp_path).sessions
    assert config.names[-1] == "east"


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("pacing: off\n", "Default"),
        ("pacing: off\n", "../x"),
        ("pacing: off\n", "contacts"),
        ("sessions: [{name: a}]\n", "east"),
        ("whatsapp: {profile: ./own}\n", "east"),
    ],
)
def test_a_name_or_file_that_will_not_do_changes_nothing(tmp_path, text, name):
    with pytest.raises(AddRefused):
        add(read(tmp_path, text), name)
    assert (tmp_path / "config.yaml").read_text() == text


async def test_an_account_is_added_while_the_others_run(tmp_path):
    office = Office(tmp_path, ["default", "north"])
    office.write(".", "version: 1\nrules:\n  - {id: a, when: {keyword: hi}, do: {reply: Hey}}\n")
    async with office.running() as accounts:
        north = await office.phone("north")
        await accounts.add("east")
        east = await office.phone("east")
        await east.hear("hi")
        assert await east.said() == "Hey"
        await north.hear("hi")
        assert await north.said() == "Hello from north"
        with pytest.raises(AddRefused):
            await accounts.add("east")


async def test_a_reload_begins_and_ends_the_accounts_that_the_file_names(tmp_path):
    office = Office(tmp_path, ["default", "north", "south"])
    async with office.running() as accounts:
        for name in ("default", "north"):
            await office.phone(name)
        text = office.config_file.read_text()
        entry = "  - name: north\n    rules: north/rules\n    flows: north/flows\n"
        office.config_file.write_text(
            text.replace(entry, entry.replace("name: north", "name: west"))
        )

        done = await accounts.reload()
        assert tuple(accounts.keepers) == ("default", "west", "south")
        assert {name for name, one in done.items() if one.ok} == {
            "default", "west", "south", "north"
        }  # fmt: skip
        west = await office.phone("west")
        await west.hear("hi")
        assert await west.said() == "Hello from north"

        office.config_file.write_text("sessions: 5\n")
        done = await accounts.reload()
        assert not done["config.yaml"].ok
        assert accounts.find("west").visible.link.state is LinkState.READY


THREE = """\
sessions:
  # the oldest
  - name: north
    pacing: normal

  # the last one
  - {name: south}
  - name: east
    rules: ./east
pacing: off
"""


@pytest.mark.parametrize(
    ("name", "after"),
    [
        ("north", THREE.replace("  - name: north\n    pacing: normal\n", "")),
        ("south", THREE.replace("  - {name: south}\n", "")),
        ("east", THREE.replace("  - name: east\n    rules: ./east\n", "")),
    ],
)
def test_an_entry_is_taken_out_and_all_else_stays_as_it_was_written(tmp_path, name, after):
    config = remove(read(tmp_path, THREE), name)

    assert (tmp_path / "config.yaml").read_text() == after
    assert config.sessions == read(tmp_path).sessions
    assert name not in config.names


@pytest.mark.parametrize(
    ("text", "name", "says"),
    [
        ("pacing: off\n", "default", "it is the only one"),
        ("sessions: [{name: a}, {name: b}]\n", "b", "take its entry out of config.yaml yourself"),
        ("sessions:\n  [{name: a},\n  {name: b}]\n", "b", "yourself"),
    ],
)
def test_what_cannot_be_taken_out_stays(tmp_path, text, name, says):
    with pytest.raises(RemoveRefused, match=says):
        remove(read(tmp_path, text), name)
    assert (tmp_path / "config.yaml").read_text() == text


def test_a_file_that_cannot_be_written_keeps_its_sessions(tmp_path, monkeypatch):
    def fails(file, text):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("bot.daemon.adding.put_text", fails)
    with pytest.raises(RemoveRefused, match="cannot be written: Permission denied"):
        remove(read(tmp_path, THREE), "south")


async def test_an_account_is_ended_while_the_others_run(tmp_path):
    office = Office(tmp_path, ["default", "north"])
    async with office.running() as accounts:
        await office.phone("north")
        home = accounts.find("north").config.home
        await accounts.remove("north")

        assert tuple(accounts.keepers) == ("default",)
        assert (home / "alexia.db").exists()
        with pytest.raises(UnknownSession):
            accounts.find("north")
        with pytest.raises(RemoveRefused):
            await accounts.remove("default")
        await office.phone("default")
