"""The control socket and the lock on the data folder."""

import asyncio
import errno
import multiprocessing
import os
import stat

import pytest

from bot import control
from bot.control import SOCKET_NAME, ControlServer, ask, hold_folder, listen
from bot.domain.errors import DaemonSilent, DataFolderHeld, NoDaemon, SessionDown


async def status(request):
    return {"ready": True, "asked": request.get("what")}


async def fail(request):
    raise SessionDown("default", "stopped")


async def stumble(request):
    raise RuntimeError("oops")


async def run_out(request):
    raise OSError(28, "No space left on device")


async def ponder(request):
    await asyncio.Event().wait()


async def codes(request):
    yield {"code": "a"}
    yield {"code": "b"}


def server(folder):
    handlers = {
        "status": status, "fail": fail, "stumble": stumble, "run_out": run_out, "ponder": ponder
    }  # fmt: skip
    return ControlServer(folder / SOCKET_NAME, handlers, {"login": codes})


async def test_a_question_gets_its_answer(tmp_path):
    async with server(tmp_path):
        answer = await asyncio.to_thread(ask, tmp_path, "status", 5, what="all")

    assert answer == {"ok": True, "ready": True, "asked": "all"}


async def test_a_stream_ends_with_done(tmp_path):
    async with server(tmp_path):
        answers = await asyncio.to_thread(lambda: list(listen(tmp_path, "login", 5)))

    assert [answer.get("code") for answer in answers] == ["a", "b", None]
    assert answers[-1]["done"]


@pytest.mark.parametrize(
    ("verb", "error"),
    [
        ("fail", "the session 'default' is stopped; `alexia sessions start default`"),
        ("stumble", "RuntimeError: oops"),
        ("run_out", "run_out: [Errno 28] No space left on device"),
        ("dance", "unknown verb 'dance'; known: fail, login, ponder, run_out, status, stumble"),
    ],
)
async def test_a_failure_is_told(tmp_path, verb, error):
    async with server(tmp_path):
        answer = await asyncio.to_thread(ask, tmp_path, verb, 5)

    assert not answer["ok"]
    assert answer["error"] == error


async def test_a_daemon_that_does_not_answer_is_no_missing_one(tmp_path):
    async with server(tmp_path):
        with pytest.raises(DaemonSilent, match="may still do what was asked"):
            await asyncio.to_thread(ask, tmp_path, "ponder", 0.05)


async def test_only_the_owner_may_open_the_socket(tmp_path):
    async with server(tmp_path):
        mode = (tmp_path / SOCKET_NAME).stat().st_mode

    assert stat.S_IMODE(mode) == 0o600


async def test_a_deep_folder_is_no_obstacle(tmp_path):
    deep = tmp_path / ("d" * 80) / ("e" * 80)
    deep.mkdir(parents=True)

    async with server(deep):
        answer = await asyncio.to_thread(ask, deep, "status", 5)

    assert answer["ok"]


async def test_a_socket_left_by_a_killed_daemon_is_replaced(tmp_path):
    (tmp_path / SOCKET_NAME).touch()

    async with server(tmp_path):
        assert (await asyncio.to_thread(ask, tmp_path, "status", 5))["ok"]

    assert not (tmp_path / SOCKET_NAME).exists()


async def test_nonsense_is_refused_and_the_server_lives_on(tmp_path):
    async with server(tmp_path):
        reader, writer = await asyncio.open_unix_connection(str(tmp_path / SOCKET_NAME))
        writer.write(b"no json\n[]\n")
        lines = [await reader.readline(), await reader.readline()]
        writer.close()
        answer = await asyncio.to_thread(ask, tmp_path, "status", 5)

    assert all(b'"ok": false' in line for line in lines)
    assert answer["ok"]


def test_without_a_daemon_the_error_says_so(tmp_path):
    with pytest.raises(NoDaemon, match="start it with `alexia run`"):
        ask(tmp_path, "status")


def test_a_folder_of_another_user_is_no_missing_daemon(tmp_path, monkeypatch):
    def closed(_path):
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))

    monkeypatch.setattr(control, "_short", closed)

    with pytest.raises(PermissionError, match=r"control\.sock"):
        ask(tmp_path, "status")


def _hold(folder, held, go):
    with hold_folder(folder):
        held.set()
        go.wait(10)


def test_a_second_daemon_is_told_who_holds_the_folder(tmp_path):
    spawn = multiprocessing.get_context("spawn")
    held, go = spawn.Event(), spawn.Event()
    other = spawn.Process(target=_hold, args=(tmp_path, held, go))
    other.start()
    assert held.wait(20)

    with pytest.raises(DataFolderHeld) as refused:
        hold_folder(tmp_path)
    go.set()
    other.join(10)

    assert refused.value.pid == other.pid
    hold_folder(tmp_path).release()


def test_a_folder_that_others_may_read_is_mended_with_a_warning(tmp_path, caplog):
    folder = tmp_path / "state"
    folder.mkdir(mode=0o755)
    (folder / "alexia.db").touch(0o644)

    with hold_folder(folder) as lock:
        assert (folder / "alexia.lock").read_text() == f"{os.getpid()}\n"

    assert lock.folder == folder
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert stat.S_IMODE((folder / "alexia.db").stat().st_mode) == 0o600
    assert "mended: state, alexia.db" in caplog.text
