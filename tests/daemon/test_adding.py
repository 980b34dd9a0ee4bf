"""Another account is made while the others run: in the file and in the daemon, or not at all."""

import pytest

from bot.config import load_config
from bot.daemon.adding import add
from bot.domain.errors import AddRefused
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
    monkeypatch.setattr("bot.daemon.account.WhatsAppSession", FakePhone)
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
