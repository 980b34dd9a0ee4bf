"""Everything that a rule may send, through the real page, as the phone sees it."""

import hashlib
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from benchmarks.stage import Stage

pytestmark = pytest.mark.browser

CHAT = "5511987654321@c.us"
PICTURE = Path(__file__).parents[2] / "docs" / "pictures" / "phone.png"
RULES = """\
version: 1
rules:
  - id: picture
    when: {keyword: picture}
    do: {reply: {media: {kind: image, file: media/phone.png}, caption: our phone page}}
  - id: paper
    when: {keyword: paper}
    do: {reply: {media: {kind: document, file: media/prices.pdf}, caption: prices}}
  - id: voice
    when: {keyword: voice}
    do: {reply: {media: {kind: audio, file: media/note.ogg, voice: true}}}
  - id: poll
    when: {keyword: vote}
    do: {reply: {poll: {question: Which pizza?, options: [margherita, funghi]}}}
  - id: place
    when: {keyword: where}
    do: {reply: {location: {lat: -23.5, lng: -46.6, text: The shop}}}
  - id: thumb
    when: {keyword: thanks}
    do: [{react: "👍"}, {reply: You are welcome}]
  - id: loved
    when: {reaction: ["❤️"]}
    do: {reply: We love you too}
  - id: voted
    when: {media: poll}
    do: {reply: "You chose $(message.votes | join(' and '))"}
  - id: there
    when: {media: location}
    do: {reply: "I find $(message.location)"}
  - id: card
    when: {media: contact}
    do: {reply: Thank you for the card}
  - id: mend
    when: {keyword: mend}
    do: [{edit: {last: It is mended}}]
  - id: catalogue
    when: {keyword: catalogue}
    do: {reply: {media: {kind: image, url: "http://127.0.0.1:PORT/shop.png"}, caption: from afar}}
  - id: lost
    when: {keyword: lost}
    do: [{reply: {media: {kind: document, file: media/nowhere.pdf}, caption: gone}}]
"""


@pytest.fixture(scope="module")
def stage(tmp_path_factory):
    shop = ThreadingHTTPServer(("127.0.0.1", 0), Shop)
    threading.Thread(target=shop.serve_forever, daemon=True).start()
    rules = RULES.replace("PORT", str(shop.server_port))
    stage = Stage(tmp_path_factory.mktemp("bodies"), rules=rules)
    with (stage.bot / "config.yaml").open("a") as config:
        config.write("http: {allow_local: true}\n")
    media = stage.bot / "media"
    media.mkdir()
    (media / "phone.png").write_bytes(PICTURE.read_bytes())
    (media / "prices.pdf").write_bytes(b"%PDF-1.4 a small price list")
    (media / "note.ogg").write_bytes(b"OggS" + bytes(64))
    try:
        stage.open_emulator()
        stage.log_in()
        yield stage
    finally:
        stage.close()
        shop.shutdown()
        shop.server_close()


class Shop(BaseHTTPRequestHandler):
    """Shows one picture."""

    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "image/png")
        self.end_headers()
        self.wfile.write(PICTURE.read_bytes())

    def log_message(self, *_: object) -> None:
        pass


def answer(stage: Stage, text: str) -> dict:
    after = max((line["n"] for line in stage.ledger()), default=0)
    stage.put(CHAT, text)
    found: list[dict] = []

    def answered() -> bool:
        found[:] = [line for line in stage.ledger(after) if line["direction"] == "out"]
        return bool(found)

    stage.wait_for(f"the answer to {text}", answered, 30)
    return found[0]


def act(stage: Stage, call: str, fields: dict) -> dict:
    """Do something on the phone; return the bot's answer."""
    after = max(line["n"] for line in stage.ledger())
    stage.post(f"/control/{call}", fields)
    stage.wait_for(f"the answer to {call}", lambda: bool(stage.ledger(after)), 20)
    return stage.ledger(after)[0]


def sha256(stage: Stage, name: str) -> str:
    return hashlib.sha256((stage.bot / "media" / name).read_bytes()).hexdigest()


@pytest.mark.parametrize(
    ("text", "kind", "body", "file"),
    [
        ("picture", "image", "our phone page", "phone.png"),
        ("paper", "document", "prices", "prices.pdf"),
        ("voice", "ptt", "", "note.ogg"),
        ("catalogue", "image", "from afar", "phone.png"),
    ],
)
def test_a_file_reaches_the_phone_byte_for_byte(stage, text, kind, body, file):
    line = answer(stage, text)

    assert (line["type"], line["body"]) == (kind, body)
    assert line["media_sha256"] == sha256(stage, file)


@pytest.mark.parametrize(("text", "kind"), [("vote", "poll_creation"), ("where", "location")])
def test_polls_and_places_reach_the_phone(stage, text, kind):
    assert answer(stage, text)["type"] == kind


def test_a_reaction_stands_on_the_message_and_an_edit_changes_our_last(stage):
    assert answer(stage, "thanks")["body"] == "You are welcome"
    stage.put(CHAT, "mend")

    def kinds() -> list[str]:
        with_lines = stage.lines("/control/events")
        return [line["kind"] for line in with_lines]

    stage.wait_for("the changes", lambda: {"react", "edited"} <= set(kinds()), 20)


def test_a_reaction_to_ours_and_a_vote_are_heard(stage):
    line = answer(stage, "vote")
    voted = act(stage, "vote", {"id": line["id"], "from": CHAT, "options": ["funghi"]})
    assert voted["body"] == "You chose funghi"

    loved = act(stage, "react", {"id": line["id"], "from": CHAT, "emoji": "❤️"})
    assert loved["body"] == "We love you too"


def test_a_place_that_a_contact_sends_is_heard(stage):
    place = {"lat": -23.56, "lng": -46.65, "name": "My house"}
    line = act(stage, "messages", {"chat": CHAT, "location": place})

    assert stage.wait_quiet(1, 20)[-1]["body"] == "I find My house"
    assert line["location"] == place


def test_a_file_that_is_not_there_is_named_and_the_chat_goes_on(stage):
    stage.put(CHAT, "lost")
    stage.wait_for("the failure", lambda: stage.status()["outbox"]["failed"] == 1, 20)

    assert answer(stage, "thanks")["body"] == "You are welcome"
    time.sleep(0.1)
    assert stage.status()["outbox"]["failed"] == 1
