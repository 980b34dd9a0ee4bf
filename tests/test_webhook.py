"""Calls out go to public addresses only, and are bounded in time and size."""

import asyncio
import socket
from datetime import timedelta

import pytest

from bot import webhook
from bot.domain.effects import CallHttp
from bot.domain.errors import MediumLost
from bot.webhook import MOST_BYTES, HttpWebhook, is_public


@pytest.mark.parametrize(
    "address",
    ["127.0.0.1", "10.0.0.1", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1",
     "100.127.255.255", "0.0.0.0", "0.1.2.3", "192.0.0.8", "198.18.0.1", "224.0.0.1", "240.0.0.1",
     "255.255.255.255", "192.88.99.1",
     "::", "::1", "::7f00:1", "fe80::1", "fe80::1%eth0", "fc00::1", "fd12::1", "fec0::1",
     "64:ff9b::7f00:1", "64:ff9b:1::7f00:1", "2002:7f00:1::", "2001:0:7f00:1::", "2001:db8::1",
     "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:100.64.0.1", "ff02::1", "3fff::1", "5f00::1"],
)  # fmt: skip
def test_an_address_inside_is_not_public(address):
    assert not is_public(address)


@pytest.mark.parametrize("address", ["8.8.8.8", "1.1.1.1", "2606:4700:4700::1111", "2a00:1450::1"])
def test_an_address_outside_is_public(address):
    assert is_public(address)


EVIL = [
    ("http://127.0.0.1/x", "not public"),
    ("http://127.1/x", "not public"),
    ("http://0x7f.1/x", "not public"),
    ("http://0x7f000001/x", "not public"),
    ("http://017700000001/x", "not public"),
    ("http://2130706433/x", "not public"),
    ("http://0/x", "not public"),
    ("http://①②⑦.⓪.⓪.①/", "not public"),
    ("http://localhost/x", "not public"),
    ("http://[::1]/x", "not public"),
    ("http://[::ffff:127.0.0.1]/x", "not public"),
    ("http://[64:ff9b::7f00:1]/x", "not public"),
    ("http://[2002:7f00:1::]/x", "not public"),
    ("http://100.64.0.1/x", "not public"),
    ("http://169.254.169.254/latest/meta-data", "not public"),
    ("http://127.0.0.1\\@good.example/", "backslash"),
    ("http://good.example\t@127.0.0.1/", "blank"),
    ("http://user:pass@8.8.8.8/", "user name"),
    ("http://good.example@127.0.0.1/", "user name"),
    ("http:///x", "only http"),
    ("file:///etc/passwd", "only http"),
    ("ftp://8.8.8.8/", "only http"),
    ("gopher://127.0.0.1/", "only http"),
    ("http://127.0.0.1:99999/", "Port"),
    ("http://[::1/", "IPv6"),
]


@pytest.mark.parametrize(("url", "reason"), EVIL)
async def test_a_call_inside_is_refused_before_it_is_made(url, reason):
    http = HttpWebhook()

    answered = await http.call(CallHttp(key="k", method="GET", url=url))
    posted = await http.post(url, b"{}", {}, 5.0)
    await http.close()

    assert answered.status == 0
    assert reason in answered.error
    assert reason in posted


async def test_the_address_that_was_checked_is_the_one_that_is_called(monkeypatch):
    answers = [[(0, 0, 0, "", ("8.8.8.8", 80))], [(0, 0, 0, "", ("127.0.0.1", 80))]]
    monkeypatch.setattr(webhook.socket, "getaddrinfo", lambda *_, **__: answers.pop(0))
    http = HttpWebhook()

    target = await http._guarded("http://rebinding.example/x?y=1")
    await http.close()

    assert target.url == "http://8.8.8.8:80/x?y=1"
    assert (target.name, target.headers["Host"]) == ("rebinding.example", "rebinding.example")
    assert len(answers) == 1


async def test_one_private_address_among_public_ones_is_enough(monkeypatch):
    both = [(0, 0, 0, "", ("8.8.8.8", 80)), (0, 0, 0, "", ("10.0.0.1", 80))]
    monkeypatch.setattr(webhook.socket, "getaddrinfo", lambda *_, **__: both)
    http = HttpWebhook()

    assert "10.0.0.1, which is not public" in await http.post("http://two.example/", b"", {}, 5.0)
    await http.close()


class Service:
    """A service on this machine that says the same to everybody."""

    def __init__(self, said, *, hangs=False):
        self.said = said
        self.hangs = hangs
        self.heard = []

    async def __aenter__(self):
        self.server = await asyncio.start_server(self._serve, "127.0.0.1", 0, family=socket.AF_INET)
        self.url = f"http://127.0.0.1:{self.server.sockets[0].getsockname()[1]}/hook"
        return self

    async def __aexit__(self, *_):
        self.server.close()

    async def _serve(self, reader, writer):
        head = await reader.readuntil(b"\r\n\r\n")
        length = next((int(line.split(b":")[1]) for line in head.split(b"\r\n")
                       if line.lower().startswith(b"content-length")), 0)  # fmt: skip
        self.heard.append((head.decode(), await reader.readexactly(length)))
        if self.hangs:
            await reader.read()
        try:
            writer.write(self.said)
            await writer.drain()
        except OSError:
            pass
        finally:
            writer.close()


def said(status, body=b"ok", *headers):
    lines = [f"HTTP/1.1 {status} x", "Connection: close", f"Content-Length: {len(body)}", *headers]
    return "\r\n".join([*lines, "", ""]).encode() + body


@pytest.fixture
async def http():
    http = HttpWebhook(allow_local=True)
    yield http
    await http.close()


@pytest.mark.parametrize(
    ("status", "failure"),
    [(200, ""), (204, ""), (500, "status 500"), (301, "status 301"), (404, "status 404")],
)
async def test_a_post_is_taken_by_any_2xx(http, status, failure):
    async with Service(said(status)) as service:
        assert await http.post(service.url, b'{"a":1}', {"X-Y": "z"}, 5.0) == failure

    head, body = service.heard[0]
    assert body == b'{"a":1}'
    assert "x-y: z" in head.lower()


async def test_a_redirect_is_not_followed(http):
    async with Service(said(200)) as inner:
        moved = said(302, b"", f"Location: {inner.url}")
        async with Service(moved) as service:
            assert await http.post(service.url, b"", {}, 5.0) == "status 302"

    assert inner.heard == []


async def test_a_service_that_hangs_is_left(http):
    async with Service(b"", hangs=True) as service:
        assert "no answer within" in await http.post(service.url, b"", {}, 0.2)
        call = CallHttp(key="k", method="GET", url=service.url, timeout=timedelta(seconds=0.2))
        assert "no answer within" in (await http.call(call)).error


async def test_a_long_answer_is_cut_off(http):
    async with Service(said(200, b"x" * (MOST_BYTES * 100))) as service:
        assert await http.post(service.url, b"", {}, 5.0) == ""
        answered = await http.call(CallHttp(key="k", method="GET", url=service.url))

    assert answered.error == f"the answer is over {MOST_BYTES} bytes"


async def test_a_dead_port_is_told(http):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{free.getsockname()[1]}/"
        assert "ConnectError" in await http.post(url, b"", {}, 5.0)


@pytest.mark.parametrize(
    ("body", "value"),
    [
        (b'{"$": "decimal", "v": "abc"}', {"$": "decimal", "v": "abc"}),
        (b'{"a": "x\\ud800\\u0000"}', {"a": "x\ufffd\ufffd"}),
        (b'{"a": 1e999, "b": NaN}', {"a": None, "b": None}),
        (b"[" * 50_000, "[" * 50_000),
        (b"\xff\x00", "\ufffd\ufffd"),
    ],
)
async def test_an_answer_is_data_whatever_it_holds(http, body, value):
    async with Service(said(200, body)) as service:
        answered = await http.call(CallHttp(key="k", method="GET", url=service.url))

    assert (answered.error, answered.body) == ("", value)


async def fetched(http, url, **limits):
    parts = []

    async def keep(part):
        parts.append(part)

    kind = await http.fetch(url, keep, **{"within": 5.0, "most": 1000, **limits})
    return kind, b"".join(parts)


async def test_a_file_is_fetched_with_its_type(http):
    async with Service(said(200, b"bytes", "Content-Type: image/png")) as service:
        assert await fetched(http, service.url) == ("image/png", b"bytes")


@pytest.mark.parametrize(
    ("answer", "limits", "reason"),
    [
        (said(404), {}, "status 404"),
        (said(302, b"", "Location: http://127.0.0.1/"), {}, "status 302"),
        (said(200, b"x" * 2000), {}, "too large"),
        (b"nonsense", {}, "RemoteProtocolError"),
    ],
)
async def test_a_file_that_is_not_to_be_had_is_told(http, answer, limits, reason):
    async with Service(answer) as service:
        with pytest.raises(MediumLost, match=reason):
            await fetched(http, service.url, **limits)


async def test_a_file_that_does_not_come_is_left(http):
    async with Service(b"", hangs=True) as service:
        with pytest.raises(MediumLost, match="within"):
            await fetched(http, service.url, within=0.2)


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1/x", "http://localhost/x", "http://169.254.169.254/latest", "ftp://x.org/",
        "http://2130706433/", "http://0x7f.1/", "http://127.0.0.1\\@good.com/", "file:///etc/passwd",
        "http://user@example.com/", "http://[::1]/",
    ],
)  # fmt: skip
async def test_a_file_inside_is_not_fetched(url):
    http = HttpWebhook()
    try:
        with pytest.raises(MediumLost):
            await fetched(http, url)
    finally:
        await http.close()


async def test_a_request_to_an_api_gives_status_body_and_how_long_to_wait(http):
    async with Service(said(429, b'{"a": [1]}', "Retry-After: 7")) as service:
        answer = await http.ask(
            "PATCH", service.url, {"X-Key": "k"}, {"n": 1}, within=5.0, most=100
        )

    assert (answer.status, answer.body, answer.retry_after) == (429, {"a": [1]}, 7.0)
    head, body = service.heard[0]
    assert head.startswith("PATCH /hook ")
    assert "x-key: k" in head.lower()
    assert body == b'{"n":1}'


async def test_a_request_without_a_body_and_a_date_to_wait_for(http):
    async with Service(said(200, b"", "Retry-After: Mon, 05 Jan 2026 09:00:00 GMT")) as service:
        answer = await http.ask("GET", service.url, {}, None, within=5.0, most=100)

    assert (answer.status, answer.retry_after) == (200, None)
    assert "content-length" not in service.heard[0][0].lower()


async def test_an_api_that_fails_is_told_never_raised(http):
    async with Service(said(200, b"x" * 200)) as service:
        long = await http.ask("GET", service.url, {}, None, within=5.0, most=100)
    async with Service(b"", hangs=True) as service:
        slow = await http.ask("GET", service.url, {}, None, within=0.2, most=100)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{free.getsockname()[1]}/"
        dead = await http.ask("GET", url, {}, None, within=5.0, most=100)

    assert (long.status, long.error) == (0, "the answer is over 100 bytes")
    assert slow.error == "no answer within 0 s"
    assert "ConnectError" in dead.error


async def test_a_file_may_lie_behind_some_redirects_and_each_is_guarded(http):
    parts = []

    async def write(part):
        parts.append(part)

    async def fetched(url, hops):
        parts.clear()
        return await http.fetch(url, write, within=5.0, most=100, hops=hops)

    file = Service(said(200, b"abc", "Content-Type: image/png"))
    async with file, Service(said(302, b"", f"Location: {file.url}")) as first:
        assert await fetched(first.url, 1) == "image/png"
        assert b"".join(parts) == b"abc"
        with pytest.raises(MediumLost, match="status 302"):
            await fetched(first.url, 0)
    async with Service(said(302, b"", "Location: file:///etc/passwd")) as astray:
        with pytest.raises(MediumLost, match="only http"):
            await fetched(astray.url, 1)
