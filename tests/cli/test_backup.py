"""What the bot knows is kept in a file and put back."""

import errno
import io
import json
import os
import shutil
import stat
import tarfile

import pytest
from click.testing import CliRunner

from bot.cli import archive, main
from bot.control import hold_folder
from bot.store import contacts
from bot.store.database import Database
from bot.store.keyring import make_key, read_file, write_file
from tests.make import ANA, NOW

PICTURE = "a" * 64


@pytest.fixture
def shop(tmp_path):
    folder = tmp_path / "shop"
    (folder / "rules").mkdir(parents=True)
    (folder / "rules" / "a.yaml").write_text("version: 1\nrules: []\n")
    (folder / "config.yaml").write_text("language: es\n")
    (folder / "notes.txt").write_text("mine")
    media = folder / "state" / "media"
    media.mkdir(parents=True, mode=0o700)
    (folder / "state").chmod(0o700)
    (media / PICTURE).write_bytes(b"picture")
    (media / "x.part").write_bytes(b"half")
    (folder / "state" / "tokens.json").write_text("{}")
    (folder / "state" / "profile").mkdir()
    (folder / "state" / "profile" / "Login").write_text("login")
    meet(folder, "Ana")
    return folder


def meet(folder, name):
    database = Database(folder / "state" / "alexia.db")
    database.write_now(lambda db: contacts.meet(db, ANA, name, NOW))
    database.close()


def names(folder):
    database = Database(folder / "state" / "alexia.db")
    found = database.read_now(lambda db: db.execute("SELECT name FROM contacts").fetchall())
    database.close()
    return [row["name"] for row in found]


def run(*words):
    return CliRunner().invoke(main, [str(word) for word in words])


def backup(shop, *words, name="kept.tar.gz"):
    file = shop.parent / name
    done = run("backup", file, "--config", shop, *words)
    assert done.exit_code == 0, done.output
    return file, done.output


def held(file):
    return sorted(archive.contents_of(file).files)


def test_a_backup_says_what_is_in_it_and_what_is_not(shop):
    file, said = backup(shop)

    assert held(file) == [
        "data/alexia.db", f"data/media/{PICTURE}", "data/sealing.key", "data/tokens.json",
        "files/config.yaml", "files/rules/a.yaml",
    ]  # fmt: skip
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert "1 database, 2 files of keys, 1 file of customers" in said
    assert "can read all of that" in said
    assert "Not in it: notes.txt" in said
    assert "alexia login" in said
    assert sorted(one.name for one in shop.parent.iterdir()) == ["kept.tar.gz", "shop"]


def test_it_does_not_matter_how_the_folder_is_named(shop, monkeypatch):
    monkeypatch.chdir(shop.parent)
    (shop.parent / "other").mkdir()

    done = run("backup", "kept.tar", "--config", "other/../shop")

    assert done.exit_code == 0, done.output
    assert {"files/config.yaml", "files/rules/a.yaml"} <= set(held(shop.parent / "kept.tar"))


def test_more_and_less_is_taken_when_that_is_said(shop):
    file, _ = backup(shop, "--no-key", "--login", "--also", shop / "notes.txt", name="kept.tar")

    assert "data/sealing.key" not in held(file)
    assert {"data/profile/Login", "files/notes.txt"} <= set(held(file))


def test_rules_that_lie_elsewhere_are_named_and_not_taken(shop):
    (shop.parent / "shared").mkdir()
    (shop.parent / "shared" / "a.yaml").write_text("version: 1\nrules: []\n")
    (shop / "config.yaml").write_text("sessions: [{name: default, rules: ../shared}]\n")

    file, said = backup(shop)

    assert not any("shared" in name for name in held(file))
    assert f"Not in it: notes.txt, {shop.parent / 'shared'};" in said


def test_a_backup_is_made_while_the_bot_runs_but_not_of_its_login(shop):
    with hold_folder(shop / "state"):
        backup(shop)
        done = run("backup", shop.parent / "other.tar", "--login", "--config", shop)

    assert (done.exit_code, "alexia stop" in done.stderr) == (3, True)


def test_nothing_is_written_over(shop):
    file, _ = backup(shop)
    before = file.read_bytes()

    done = run("backup", file, "--config", shop)

    assert (done.exit_code, "name another" in done.stderr) == (1, True)
    assert file.read_bytes() == before


def test_a_full_disk_leaves_nothing_and_is_told_with_what_to_do(shop, monkeypatch):
    def full(*_):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(tarfile.TarFile, "addfile", full)

    done = run("backup", shop.parent / "kept.tar", "--config", shop)

    assert done.exit_code == 1
    assert "No space left on device" in done.stderr
    assert "name a FILE on a disk with room" in done.stderr
    assert [one.name for one in shop.parent.iterdir()] == ["shop"]


def test_without_a_database_there_is_nothing_to_keep(tmp_path):
    (tmp_path / "config.yaml").touch()

    done = run("backup", tmp_path / "kept.tar", "--config", tmp_path)

    assert (done.exit_code, "no database" in done.stderr) == (1, True)
    assert not (tmp_path / "kept.tar").exists()


def test_a_new_machine_gets_all_of_it(shop, tmp_path):
    file, _ = backup(shop)
    new = tmp_path / "new"
    new.mkdir()

    done = run("restore", file, "--config", new)

    assert done.exit_code == 0, done.output
    assert "no database of before here that knows whom you erased" in done.output
    assert names(new) == ["Ana"]
    assert (new / "config.yaml").read_text() == "language: es\n"
    assert (new / "rules" / "a.yaml").exists()
    assert (new / "state" / "media" / PICTURE).read_bytes() == b"picture"
    assert not (new / "state" / "restoring").exists()
    looser = [one for one in (new / "state").rglob("*") if one.stat().st_mode & 0o077]
    assert looser == []


def test_data_that_the_environment_put_elsewhere_lie_where_the_new_machine_looks(
    shop, tmp_path, monkeypatch
):
    (shop / "state").rename(shop / "elsewhere")
    monkeypatch.setenv("ALEXIA_DATA_DIR", "elsewhere")
    kept, _ = backup(shop)
    monkeypatch.delenv("ALEXIA_DATA_DIR")
    there = tmp_path / "there"
    there.mkdir()

    assert run("restore", kept, "--config", there).exit_code == 0

    assert names(there) == ["Ana"]


def test_what_is_there_is_replaced_only_when_that_is_said_and_kept_beside(shop):
    file, _ = backup(shop)
    shutil.rmtree(shop / "state" / "media")
    (shop / "state" / "alexia.db").unlink()
    (shop / "state" / "sealing.key").unlink()
    meet(shop, "Bo")

    no = run("restore", file, "--config", shop)
    assert (no.exit_code, "--replace" in no.stderr, names(shop)) == (1, True, ["Bo"])

    done = run("restore", file, "--replace", "--config", shop)

    assert done.exit_code == 0, done.output
    assert names(shop) == ["Ana"]
    (kept,) = (shop / "state").glob("before-*")
    assert {"alexia.db", "sealing.key", "tokens.json"} <= {one.name for one in kept.iterdir()}
    assert str(kept) in done.output
    assert (shop / "state" / "profile" / "Login").read_text() == "login"


def test_rules_that_differ_stay_unless_that_is_said(shop):
    file, _ = backup(shop)
    rules = shop / "rules" / "a.yaml"
    rules.write_text("mine")

    first = run("restore", file, "--replace", "--config", shop)
    assert "left as they are: rules/a.yaml; `--files`" in first.output
    assert rules.read_text() == "mine"

    done = run("restore", file, "--replace", "--files", "--json", "--config", shop)
    told = json.loads(done.output)
    assert (told["files"], told["left"]) == (["rules/a.yaml"], [])
    assert rules.read_text() == "version: 1\nrules: []\n"
    kept = list((shop / "state").glob("before-*/files/rules/a.yaml"))
    assert [one.read_text() for one in kept] == ["mine"]


def test_nothing_is_put_back_while_the_bot_runs(shop):
    file, _ = backup(shop)

    with hold_folder(shop / "state"):
        done = run("restore", file, "--replace", "--config", shop)

    assert (done.exit_code, "alexia stop" in done.stderr) == (3, True)


@pytest.mark.parametrize(
    "harm",
    [
        lambda held: held[: len(held) // 2],
        lambda held: held[:5000] + bytes(255 - one for one in held[5000:5004]) + held[5004:],
        lambda _: b"something else",
        lambda _: b"",
    ],
)
@pytest.mark.parametrize("name", ["kept.tar.gz", "kept.tar"])
def test_a_damaged_backup_changes_nothing(shop, harm, name):
    file, _ = backup(shop, name=name)
    file.write_bytes(harm(file.read_bytes()))
    meet(shop, "Ana")

    done = run("restore", file, "--replace", "--config", shop)

    assert done.exit_code == 1
    assert "take another" in done.stderr
    assert names(shop) == ["Ana"]
    assert list((shop / "state").glob("before-*")) == []
    assert not (shop / "state" / "restoring").exists()


def test_what_was_changed_in_a_backup_is_found(shop):
    file, _ = backup(shop, name="kept.tar")
    file.write_bytes(file.read_bytes().replace(b"picture", b"forgery"))

    done = run("restore", file, "--replace", "--config", shop)

    assert (done.exit_code, "take another" in done.stderr) == (1, True)


@pytest.mark.parametrize("name", ["../evil", "/etc/evil", "data/../../evil", "evil", "data"])
def test_no_name_of_a_backup_leads_elsewhere(tmp_path, name):
    with tarfile.open(tmp_path / "evil.tar", "w") as tar:
        entry = tarfile.TarInfo(name)
        entry.size = 4
        tar.addfile(entry, io.BytesIO(b"evil"))

    done = run("restore", tmp_path / "evil.tar", "--config", tmp_path)

    assert (done.exit_code, "take another" in done.stderr) == (1, True)
    assert [one.name for one in tmp_path.rglob("*")] == ["evil.tar"]


def test_a_backup_of_a_newer_version_is_refused(shop, monkeypatch):
    monkeypatch.setattr(archive, "FORMAT", 2)
    file, _ = backup(shop)
    monkeypatch.undo()

    done = run("restore", file, "--replace", "--config", shop)

    assert (done.exit_code, "update Alexia" in done.stderr) == (1, True)


def test_a_key_that_is_not_in_the_backup_is_asked_for(shop, tmp_path):
    file, _ = backup(shop, "--no-key")

    done = run("restore", file, "--config", tmp_path)

    assert done.exit_code == 0
    assert "put its sealing.key beside alexia.db" in done.stderr
    assert "warning" not in run("restore", file, "--replace", "--config", shop).stderr


def test_the_key_of_another_database_is_refused(shop, tmp_path):
    key = shop / "state" / "sealing.key"
    right = read_file(key)
    write_file(key, [make_key()])
    file, _ = backup(shop)
    write_file(key, right.keys)

    done = run("restore", file, "--config", tmp_path)

    assert (done.exit_code, "not the key of its database" in done.stderr) == (1, True)


def test_each_session_is_kept(shop, tmp_path):
    (shop / "config.yaml").write_text("sessions: [{name: north}, {name: media}]\n")
    for name in ("north", "media"):
        home = shop / "state" / "sessions" / name
        home.mkdir(parents=True)
        Database(home / "alexia.db").close()
        (home / "profile").mkdir()
    file, _ = backup(shop)

    done = run("restore", file, "--replace", "--config", shop)

    assert "north, media" in done.output
    assert (shop / "state" / "sessions" / "media" / "profile").is_dir()
    assert len(list((shop / "state").glob("before-*/sessions/*/alexia.db"))) == 2


def test_who_was_erased_since_the_backup_does_not_come_back(shop):
    file, _ = backup(shop)
    assert run("privacy", "erase", "Ana", "--yes", "--config", shop).exit_code == 0

    done = run("restore", file, "--replace", "--config", shop)

    assert "erased again: 1 contact" in done.output
    assert names(shop) == []
    assert b"Ana" not in (shop / "state" / "alexia.db").read_bytes()
