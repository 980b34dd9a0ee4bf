"""The command line as a whole: exit codes, sentences, completion."""

import errno
import os
import sqlite3

import pytest
from click.testing import CliRunner

from bot.cli import commands, main
from bot.domain.errors import (
    BrowserMissing,
    DaemonSilent,
    DataFolderHeld,
    NoDaemon,
    PortInUse,
    SessionDown,
)


def run(*words, **more):
    return CliRunner().invoke(main, list(words), **more)


@pytest.mark.parametrize(
    ("failure", "code"),
    [
        (SessionDown("default", "stopped"), 1),
        (DataFolderHeld("/x", 7), 3),
        (NoDaemon("/x"), 4),
        (DaemonSilent("/x", 30.0), 1),
        (BrowserMissing(("chromium",)), 5),
        (PortInUse(80), 5),
    ],
)
def test_an_error_is_its_sentence_and_its_exit_code(monkeypatch, failure, code):
    import click

    def fail():
        raise failure

    monkeypatch.setattr(
        commands.LazyGroup, "get_command", lambda *_: click.Command("status", callback=fail)
    )

    done = run("status")

    assert done.exit_code == code
    assert done.stderr == f"{failure}\n"


def no_room():
    return OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), "/x/tokens.new")


def no_page():
    failure = sqlite3.OperationalError("database or disk is full")
    failure.sqlite_errorcode = sqlite3.SQLITE_FULL
    return failure


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (no_room, "/x/tokens.new: No space left on device; `alexia doctor` looks at this machine"),
        (no_page, "the database: database or disk is full; `alexia doctor` looks at this machine"),
    ],
)
def test_a_full_disk_is_told_in_a_sentence(monkeypatch, make, said):
    import click

    def fail():
        raise make()

    monkeypatch.setattr(
        commands.LazyGroup, "get_command", lambda *_: click.Command("status", callback=fail)
    )

    done = run("status")

    assert done.exit_code == 1
    assert done.stderr == f"{said}\n"


def test_a_file_of_another_user_is_told_with_its_owner(tmp_path, monkeypatch):
    owner = tmp_path.owner()
    monkeypatch.setattr(os, "geteuid", lambda: 65_000)
    denied = PermissionError(errno.EACCES, "Permission denied", str(tmp_path / "state/alexia.db"))

    assert commands.trouble_here(denied) == (
        f"{tmp_path}/state/alexia.db: Permission denied; it belongs to {owner}: run this as"
        f" {owner}, such as by `sudo -u {owner} …`"
    )


def test_doctor_looks_at_a_machine_whose_data_folder_is_closed(tmp_path, monkeypatch):
    (tmp_path / "config.yaml").touch()
    (tmp_path / "state").mkdir(mode=0o700)
    (tmp_path / "state/alexia.db").touch()
    monkeypatch.setattr(
        os, "access", lambda path, mode: mode == os.F_OK or not str(path).endswith("state")
    )

    done = run("doctor", "--config", str(tmp_path))

    assert done.exit_code == 5
    assert f"BAD  data folder: {tmp_path}/state cannot be read and written by you" in done.output


def test_a_mistake_of_ours_keeps_its_traceback(monkeypatch):
    import click

    def fail():
        raise OSError(errno.EBADF, "bad file descriptor")

    monkeypatch.setattr(
        commands.LazyGroup, "get_command", lambda *_: click.Command("status", callback=fail)
    )

    assert isinstance(run("status").exception, OSError)


def test_an_unknown_command_is_told_with_the_nearest(tmp_path):
    done = run("stauts")

    assert done.exit_code == 2
    assert "No such command 'stauts'. Did you mean 'status'?" in done.stderr


@pytest.mark.parametrize("words", [["status", "--jsn"], ["why"], ["trace", "--last", "0"]])
def test_wrong_usage_is_2(words):
    assert run(*words).exit_code == 2


@pytest.mark.parametrize("verb", ["status", "reload", "stop"])
def test_without_a_daemon_the_exit_code_is_4(tmp_path, verb):
    (tmp_path / "config.yaml").touch()

    done = run(verb, "--config", str(tmp_path))

    assert done.exit_code == 4
    assert "no daemon runs" in done.stderr


@pytest.mark.parametrize("verb", ["status", "run", "contacts list", "send 1 hi"])
def test_without_a_config_the_others_say_so(tmp_path, monkeypatch, verb):
    monkeypatch.chdir(tmp_path)

    done = run(*verb.split())

    assert done.exit_code == 1
    assert "config.yaml: No such file or directory; make one with `alexia init`" in done.stderr


@pytest.mark.parametrize("text", ["", " "])
def test_an_empty_text_is_not_sent(text):
    done = run("send", "+5511987654321", text)

    assert done.exit_code == 2
    assert "the TEXT is empty; write what is to be sent" in done.stderr


def test_a_broken_config_tells_all_its_mistakes(tmp_path):
    (tmp_path / "config.yaml").write_text("pacng: off\nburst: soon\n")

    done = run("status", "--config", str(tmp_path / "config.yaml"))

    assert done.exit_code == 1
    assert "config.yaml:1:1: E101 unknown key 'pacng'" in done.stderr
    assert "config.yaml:2:8: E104 'soon' is not a duration" in done.stderr


def test_the_real_whatsapp_is_not_touched_before_the_risk_is_accepted(tmp_path):
    (tmp_path / "config.yaml").touch()

    done = run("run", "--config", str(tmp_path))

    assert done.exit_code == 1
    assert "accept_risk: true" in done.stderr


def test_completion_offers_commands():
    done = run(env={"_MAIN_COMPLETE": "bash_complete", "COMP_WORDS": "main lo", "COMP_CWORD": "1"})

    assert "login" in done.output
