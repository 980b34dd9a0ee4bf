"""What is said to a running daemon, over a real socket."""

import asyncio
import contextlib
import json
import threading

import pytest
from click.testing import CliRunner

from bot.cli import main
from bot.control import SOCKET_NAME, ControlServer
from bot.domain.errors import TransportDown

STATUS = {
    "version": "0.1.0",
    "pid": 7,
    "uptime_s": 3700,
    "ready": False,
    "reasons": ["WhatsApp is qr"],
    "memory_mb": 80.5,
    "rulebook": {
        "hash": "ab",
        "rules": 3,
        "flows": 1,
        "loaded_at": "2026-01-05T09:00:00+00:00",
        "rejected": [
            {"file": "rules/a.yaml", "line": 2, "column": 3, "code": "E101", "message": "no\x1b[m"}
        ],
    },
    "sessions": [{"name": "default", "state": "qr", "account": None}],
    "inbox": {"waiting": 1},
    "outbox": {"reserved": 0},
}
BROKEN = {
    "reloaded": False,
    "said": "the last good rules stay in force",
    "printed": ["a.yaml:1:2: E101 x"],
}


class Pretender:
    """A control server on a thread of its own that answers what a test says."""

    def __init__(self, folder):
        self.folder = folder
        self.asked = []
        self.answers = {}
        self._ready = threading.Event()
        self._thread = threading.Thread(target=lambda: asyncio.run(self._serve()))

    async def _serve(self):
        self._loop, self._end = asyncio.get_running_loop(), asyncio.Event()
        self.folder.mkdir(exist_ok=True)
        verbs = (
            "status",
            "reload",
            "send",
            "resume",
            "handoff",
            "crm",
            "end",
            "logout",
            "stop",
            "migrate",
            "forgive",
            "session_start",
            "session_stop",
            "session_rename",
            "session_remove",
            "import",
            "consent",
        )
        handlers = dict.fromkeys(verbs, self._answer)
        async with ControlServer(self.folder / SOCKET_NAME, handlers, {"login": self._codes}):
            self._ready.set()
            await self._end.wait()

    async def _answer(self, request):
        self.asked.append(request)
        if request["do"] == "stop":
            self._end.set()
        answer = self.answers.get(request["do"], {})
        if isinstance(answer, Exception):
            raise answer
        return answer

    async def _codes(self, request):
        link_code = {"link_code": "ABCD1234"} if request["phone"] else {}
        yield {"state": "qr", "code": "2@abc", "account": None, **link_code}
        yield {"state": "ready", "code": "", "account": "1@c.us"}

    def __enter__(self):
        self._thread.start()
        self._ready.wait(10)
        return self

    def __exit__(self, *_):
        with contextlib.suppress(RuntimeError):  # `stop` has ended it already
            self._loop.call_soon_threadsafe(self._end.set)
        self._thread.join(10)


@pytest.fixture
def daemon(tmp_path):
    (tmp_path / "config.yaml").touch()
    with Pretender(tmp_path / "state") as daemon:
        daemon.config = str(tmp_path)
        yield daemon


def run(daemon, *words):
    return CliRunner().invoke(main, [*words, "--config", daemon.config])


def test_status_is_told_in_words(daemon):
    daemon.answers["status"] = STATUS

    done = run(daemon, "status")

    assert done.output.splitlines() == [
        "not ready (version 0.1.0, pid 7, up 1h01m, 80.5 MB)",
        "  because: WhatsApp is qr",
        "rules: 3 rules, 1 flow, loaded 2026-01-05 09:00:00",
        "  rejected: rules/a.yaml:2:3: E101 no\\x1b[m",
        "session default: qr, account -",
        "inbox: waiting=1",
        "outbox: reserved=0",
    ]


def test_what_a_person_should_look_at_is_named_with_the_command_that_lists_it(daemon):
    boxes = {"inbox": {"quarantined": 1}, "outbox": {"reserved": 2, "stuck": 1, "failed": 3}}
    daemon.answers["status"] = STATUS | boxes

    assert run(daemon, "status").output.splitlines()[-4:] == [
        "inbox: quarantined=1",
        "  `alexia dlq list` names them",
        "outbox: reserved=2, stuck=1, failed=3",
        "  `alexia outbox list` names them",
    ]


def test_status_as_json_is_what_the_daemon_said(daemon):
    daemon.answers["status"] = STATUS

    assert json.loads(run(daemon, "status", "--json").output) == STATUS


def test_a_broken_reload_is_exit_code_1_with_the_places(daemon):
    daemon.answers["reload"] = BROKEN

    done = run(daemon, "reload")

    assert done.exit_code == 1
    assert "a.yaml:1:2: E101 x" in done.stderr
    assert done.stdout == "the last good rules stay in force\n"


def test_stop_waits_until_nobody_answers(daemon):
    done = run(daemon, "stop")

    assert (done.exit_code, done.output) == (0, "stopped\n")
    assert [one["do"] for one in daemon.asked] == ["stop"]  # who ends is asked nothing more


def test_login_shows_the_code_until_it_is_scanned(daemon, tmp_path):
    done = run(daemon, "login", "--png", str(tmp_path / "qr.png"))

    assert done.exit_code == 0
    assert "scan this with the phone" in done.output
    assert "2@abc" not in done.output
    assert done.output.endswith("logged in as 1@c.us\n")
    assert (tmp_path / "qr.png").stat().st_mode & 0o777 == 0o600


def test_send_names_the_reserved_id(daemon):
    daemon.answers["send"] = {"sent": True, "id": "3EB0"}

    done = run(daemon, "send", "5511900000001", "hi")

    assert done.output == "in the outbox as 3EB0\n"
    assert daemon.asked[0]["text"] == "hi"


def test_a_ready_made_reply_is_sent_by_its_name(daemon):
    daemon.answers["send"] = {"sent": True, "canned": "thanks"}

    done = run(daemon, "send", "5511900000001", "--canned", "thanks")

    assert done.output == "thanks is said in the chat\n"
    assert daemon.asked[0]["canned"] == "thanks"
    assert run(daemon, "send", "1", "hi", "--canned", "thanks").exit_code == 2


@pytest.mark.parametrize("verb", ["resume", "handoff", "end"])
def test_an_unknown_contact_is_told(daemon, verb):
    daemon.answers[verb] = {"done": False, "reason": "nobody known is 'x'"}

    done = run(daemon, verb, "x")

    assert (done.exit_code, done.stderr) == (1, "nobody known is 'x'\n")


def test_a_refusal_of_the_daemon_is_its_sentence(daemon):
    daemon.answers["logout"] = TransportDown("no page")

    done = run(daemon, "logout", "--yes")

    assert done.exit_code == 1
    assert "WhatsApp Web is not ready (no page)" in done.stderr


def test_a_rollback_is_asked_for_and_told_by_status(daemon):
    daemon.answers["reload"] = {"reloaded": True, "said": "rolled back: -1 rule"}
    rolled = {**STATUS, "rulebook": {**STATUS["rulebook"], "rolled_back": True}}
    daemon.answers["status"] = rolled

    assert run(daemon, "reload", "--rollback").output == "rolled back: -1 rule\n"
    assert daemon.asked[0]["rollback"] is True
    assert "rolled back until the files change" in run(daemon, "status").output


def test_migrate_tells_what_becomes_of_those_inside(daemon):
    daemon.answers["migrate"] = {"live": 12, "moved": 10, "restarted": 2, "left": 0}

    done = run(daemon, "migrate", "pizza", "--force-restart")

    assert done.output == "pizza: 12 live, 10 moved, 2 begin again\n"
    assert (daemon.asked[0]["flow"], daemon.asked[0]["force"]) == ("pizza", True)


def test_migrate_of_a_flow_that_is_not_there_is_told(daemon):
    daemon.answers["migrate"] = {"done": False, "reason": "there is no flow 'x'"}

    done = run(daemon, "migrate", "x")

    assert (done.exit_code, done.stderr) == (1, "there is no flow 'x'\n")


PACED = {
    "budgets": {"minute": {"used": 20, "limit": 20, "next_at": "2026-01-05T09:00:30+00:00"}},
    "waiting": [
        {
            "why": "started", "reason": "quiet hours at the contact", "messages": 3,
            "since": "2026-01-05T09:00:00+00:00", "until": "2026-01-06T08:00:00+00:00",
        },
    ],
    "halted": "halted: WhatsApp shows a warning",
    "restricted": {
        "since": "2026-01-05T08:00:00+00:00", "refusals": 1,
        "next_try_at": "2026-01-05T09:30:00+00:00",
    },
}  # fmt: skip


def test_what_waits_is_told_with_its_reason(daemon):
    daemon.answers["status"] = {**STATUS, **PACED}

    done = run(daemon, "pacing")

    assert done.output.splitlines() == [
        "budget minute: 20 of 20, the next at 2026-01-05 09:00:30",
        "waits: 3 (started): quiet hours at the contact until 2026-01-06 08:00:00",
        "campaigns: halted: WhatsApp shows a warning",
        "WhatsApp restricts new chats since 2026-01-05 08:00:00;"
        " the next try at 2026-01-05 09:30:00",
    ]
    assert json.loads(run(daemon, "pacing", "--json").output) == PACED
    assert "waits: 3 (started)" in run(daemon, "status").output


def test_a_person_may_have_it_tried_again(daemon):
    daemon.answers["forgive"] = {"done": True}
    daemon.answers["status"] = STATUS

    done = run(daemon, "pacing", "--retry")

    assert [one["do"] for one in daemon.asked] == ["forgive", "status"]
    assert done.output == "nothing is limited, and nothing waits\n"


def test_an_import_goes_through_the_daemon_batch_by_batch(daemon, tmp_path):
    counts = {"added": 500, "changed": 0, "unchanged": 0, "still_withdrawn": 0}
    daemon.answers["import"] = {"counts": counts}
    rows = "".join(f"1198000{n:04},Ana {n}\n" for n in range(700))
    (tmp_path / "a.csv").write_text(f"phone,name\n{rows}", "utf-8")

    done = run(daemon, "contacts", "import", str(tmp_path / "a.csv"), "--country", "BR")

    assert done.exit_code == 0, done.output
    assert "imported: 1,000 new" in done.output
    assert [len(one["people"]) for one in daemon.asked] == [0, 500, 200]
    assert not (tmp_path / "state" / "alexia.db").exists()


def test_a_consent_is_written_by_the_daemon(daemon):
    daemon.answers["consent"] = {"name": "Ana", "number": "+1", "consent": "given", "entries": []}

    done = run(daemon, "contacts", "consent", "Ana", "--grant", "--source", "x", "--wording", "y")

    assert "consent given" in done.output
    (asked,) = daemon.asked
    assert (asked["contact"], asked["state"], asked["source"]) == ("Ana", "granted", "x")
    assert asked["who"].startswith("command")


def test_a_handoff_lasts_as_long_as_it_is_told(daemon):
    done = run(daemon, "handoff", "Ana Souza", "--for", "2h")

    assert done.output == ("the bot is quiet there for 2h; `alexia resume 'Ana Souza'` ends it\n")
    assert daemon.asked[-1]["mute"] == 7200
    assert run(daemon, "handoff", "Ana", "--for", "soon").exit_code == 2
