"""Files of requests: in JSON, as a form, from the web; stored first, then sent as asked."""

import base64
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.console import files, guard
from bot.console.multipart import read_parts
from tests.console.stage import StageBot, app_of, client
from tests.make import ANA

PNG = b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 20
DATA = base64.b64encode(PNG).decode()
URL = "https://example.com/pictures/menu.png?v=2"


@pytest.fixture
def stored(bot, api):
    return bot.desk


def sent(bot):
    """Return what stands in the outbox: chat, text, kind, name, and the bytes of the file."""
    (row,) = bot.store.db.execute("SELECT chat, text, body FROM outbox")
    body = json.loads(row["body"])
    content = bot.files.path_of(body["kept"]).read_bytes()
    return row["chat"], row["text"], body["kind"], body["name"], content


def kept(bot):
    folder = bot.files.folder
    return sorted(path.name for path in folder.iterdir()) if folder.exists() else []


async def test_base64_in_json_becomes_a_message_with_the_file(api, stored):
    answer = await api.post("/api/sendImage", json={
        "chatId": ANA, "caption": "The menu", "session": "default",
        "file": {"mimetype": "image/png", "filename": "menu.png", "data": DATA},
    })  # fmt: skip

    told = answer.json()
    assert answer.status_code == 201
    assert told["id"].startswith(f"true_{ANA}_3EB0")
    assert (told["hasMedia"], told["media"]["filename"], told["body"]) == (
        True, "menu.png", "The menu",
    )  # fmt: skip
    assert sent(stored) == (ANA, "The menu", "image", "menu.png", PNG)


@pytest.mark.parametrize(
    "data",
    [f"data:image/png;base64,{DATA}", "\n".join(DATA[n : n + 76] for n in range(0, len(DATA), 76))],
)
async def test_base64_is_taken_as_programs_write_it(api, stored, data):
    await api.post("/api/sendImage", json={"chatId": ANA, "file": {"data": data}})

    assert sent(stored)[4] == PNG


async def test_a_file_from_the_web_keeps_its_name_and_type(api, stored):
    stored.web[URL] = (PNG, "image/png")
    answer = await api.post("/api/sendImage", json={"chatId": ANA, "file": {"url": URL}})

    assert answer.status_code == 201
    assert sent(stored) == (ANA, "", "image", "menu.png", PNG)


async def test_a_form_is_taken_too(api, stored):
    answer = await api.post(
        "/api/sendFile",
        data={"chatId": ANA, "caption": "Preços"},
        files={"file": ("preços.pdf", PNG, "application/pdf")},
    )

    assert answer.status_code == 201, answer.text
    assert sent(stored) == (ANA, "Preços", "document", "preços.pdf", PNG)


@pytest.mark.parametrize(
    ("route", "file", "kind", "name"),
    [
        ("sendVoice", {"data": DATA, "mimetype": "audio/ogg; codecs=opus"}, "voice", "voice.oga"),
        ("sendVideo", {"data": DATA, "filename": "a/../b.mp4"}, "video", "b.mp4"),
        ("sendFile", {"data": DATA, "filename": "x"}, "document", "x"),
        ("sendImage", {"data": DATA, "mimetype": "image/png", "filename": "x"}, "image", "x.png"),
    ],
)
async def test_each_route_sends_its_kind_under_a_harmless_name(
    api, stored, route, file, kind, name
):
    answer = await api.post(f"/api/{route}", json={"chatId": ANA, "file": file})

    assert answer.status_code == 201, answer.text
    found = sent(stored)
    assert (found[2], found[3].rpartition(".")[0] or found[3]) == (
        kind, name.rpartition(".")[0] or name,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("route", "body", "status", "reason"),
    [
        ("sendImage", {"chatId": ANA}, 400, "'file' is"),
        ("sendImage", {"chatId": ANA, "file": "x"}, 400, "'file' is"),
        ("sendImage", {"chatId": ANA, "file": {}}, 400, "either a url or base64"),
        ("sendImage", {"chatId": ANA, "file": {"url": URL, "data": DATA}}, 400, "either a url"),
        ("sendImage", {"chatId": ANA, "file": {"data": "%%%"}}, 400, "not base64"),
        ("sendImage", {"chatId": ANA, "file": {"data": ""}}, 400, "the file is empty"),
        ("sendImage", {"chatId": ANA, "file": {"data": 5}}, 400, "either a url"),
        ("sendImage", {"chatId": ANA, "file": {"url": "http://10.0.0.1/"}}, 422, "status 404"),
        (
            "sendImage", {"chatId": ANA, "file": {"data": DATA, "mimetype": "application/pdf"}},
            400, "application/pdf is no image; use sendFile",
        ),
        (
            "sendVoice", {"chatId": ANA, "file": {"data": DATA, "filename": "a.mp4"}},
            400, "no audio",
        ),
        ("sendFile", {"file": {"data": DATA}}, 400, "'chatId'"),
        (
            "sendFile", {"chatId": ANA, "file": {"data": DATA, "filename": 5}},
            400, "must be a text",
        ),
        ("sendFile", {"chatId": ANA, "file": {"data": DATA}, "session": "x"}, 404, "no session"),
    ],
)  # fmt: skip
async def test_what_makes_no_sense_is_refused_with_a_sentence(
    api, stored, route, body, status, reason
):
    answer = await api.post(f"/api/{route}", json=body)

    assert (answer.status_code, reason in answer.json()["error"]) == (status, True), answer.text
    assert stored.store.db.execute("SELECT count(*) FROM outbox").fetchone()[0] == 0


async def test_a_file_that_was_refused_leaves_nothing_unfinished(api, stored):
    await api.post("/api/sendImage", json={"chatId": ANA, "file": {"data": "%%%"}})

    assert kept(stored) == []


async def test_the_same_key_sends_once_and_not_another_file(api, stored):
    once = {"Idempotency-Key": "order-7"}
    body = {"chatId": ANA, "file": {"data": DATA, "filename": "a.png"}}
    other = {"chatId": ANA, "file": {"data": base64.b64encode(b"else").decode()}}
    first = await api.post("/api/sendFile", json=body, headers=once)
    again = await api.post("/api/sendFile", json=body, headers=once)
    another = await api.post("/api/sendFile", json=other, headers=once)

    assert first.json()["id"] == again.json()["id"]
    assert another.status_code == 409


async def test_a_file_that_is_too_large_is_refused(api, stored, monkeypatch):
    monkeypatch.setattr("bot.store.media_files.LARGEST", 1000)
    answer = await api.post("/api/sendFile", json={"chatId": ANA, "file": {"data": DATA}})

    assert answer.status_code == 413
    assert kept(stored) == []


async def test_a_form_is_cut_off_while_it_comes(api, stored, monkeypatch):
    monkeypatch.setattr(guard, "MOST_FORM", 10_000)

    async def endless():
        yield b'--x\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\n'
        while True:
            yield b"x" * 1000

    kind = {"Content-Type": "multipart/form-data; boundary=x"}
    answer = await api.post("/api/sendFile", content=endless(), headers=kind)

    assert answer.status_code == 413
    assert kept(stored) == []


@pytest.mark.parametrize(
    "raw",
    [
        b"", b"--x--", b"--x\r\n", b"nothing", b"--x\r\nno: name\r\n\r\nabc\r\n--x--",
        b'--x\r\nContent-Disposition: form-data; name="chatId"\r\n\r\n551199\r\n--x--',
        b'--x\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\nabc',
        b"--x\r\n" + b"a: b\r\n" * 3000,
    ],
)  # fmt: skip
async def test_a_form_that_is_none_is_refused(api, stored, raw):
    kind = {"Content-Type": "multipart/form-data; boundary=x"}
    answer = await api.post("/api/sendFile", content=raw, headers=kind)

    assert answer.status_code == 400, answer.text
    assert kept(stored) == []


async def test_other_routes_take_no_forms(api):
    answer = await api.post("/api/sendText", files={"file": ("a", b"b")})

    assert answer.status_code == 415


async def form_of(raw, size):
    written = []

    async def stream():
        for start in range(0, len(raw), size):
            yield raw[start : start + size]

    async def write(part):
        written.append(part)

    async def begin(fields):
        return write

    found = await read_parts("multipart/form-data; boundary=mark", stream(), begin)
    return found, b"".join(written)


@settings(deadline=None)
@given(
    content=st.binary(max_size=300) | st.lists(
        st.sampled_from([b"\r\n", b"--", b"mark", b"\r\n--mar", b"x"]), max_size=30
    ).map(b"".join).filter(lambda one: b"\r\n--mark" not in b"\r\n" + one),
    value=st.text(st.characters(codec="utf-8", exclude_characters="\r\n-\0"), max_size=50),
    size=st.integers(1, 64),
)  # fmt: skip
async def test_a_form_is_read_byte_for_byte_however_it_is_cut(content, value, size):
    raw = (
        b'--mark\r\nContent-Disposition: form-data; name="caption"\r\n\r\n' + value.encode()
        + b'\r\n--mark\r\nContent-Disposition: form-data; name="file"; filename="a.bin"\r\n'
        b"Content-Type: image/png\r\n\r\n" + content + b"\r\n--mark--\r\n"
    )  # fmt: skip
    found, written = await form_of(raw, size)

    assert written == content
    assert (found.fields, found.filename, found.mimetype) == (
        {"caption": value}, "a.bin", "image/png",
    )  # fmt: skip


def test_a_block_of_base64_is_whole():
    assert files.BLOCK % 4 == 0


async def test_a_form_says_of_which_session_it_is_before_the_file(tmp_path):
    bot = StageBot(names=("default", "other"))
    async with client(app_of(bot, tmp_path)) as api:
        head = b"--x\r\nContent-Disposition: form-data; name="
        chat = head + b'"chatId"\r\n\r\n551198765432\r\n'
        named = head + b'"session"\r\n\r\nother\r\n'
        file = head + b'"file"; filename="a.txt"\r\n\r\nabc\r\n'
        kind = {"Content-Type": "multipart/form-data; boundary=x"}
        before = await api.post(
            "/api/sendFile", content=chat + named + file + b"--x--", headers=kind
        )  # fmt: skip
        after = await api.post(
            "/api/sendFile", content=chat + file + named + b"--x--", headers=kind
        )  # fmt: skip

    assert (before.status_code, after.status_code) == (201, 400)
    assert "before the file" in after.json()["error"]
    assert sent(bot.sessions["other"])[4] == b"abc"
    assert [len(kept(one)) for one in bot.sessions.values()] == [0, 1]
    bot.close()
