"""People through the real page: names, about texts, pictures, the block list, number checks."""

import base64
import io
import json

import pytest
from click.testing import CliRunner
from PIL import Image

from benchmarks.stage import Stage
from bot.cli import main

pytestmark = pytest.mark.browser

ANA, BIA, CLEO = (f"55119{n}0000000@c.us" for n in range(1, 4))
RULES = """\
version: 1
rules:
  - id: hours
    when: {keyword: hours}
    do: {reply: "We are open from 9 to 18."}
"""


def picture(colour: str) -> dict[str, str]:
    drawn = io.BytesIO()
    Image.new("RGB", (640, 640), colour).save(drawn, "JPEG")
    return {"mimetype": "image/jpeg", "base64": base64.b64encode(drawn.getvalue()).decode()}


@pytest.fixture(scope="module")
def stage(tmp_path_factory):
    stage = Stage(tmp_path_factory.mktemp("people"), rules=RULES)
    try:
        stage.open_emulator()
        people = [
            {"id": ANA, "name": "Ana Lima", "push_name": "aninha", "about": "At the beach",
             "picture": picture("red")},
            {"id": BIA, "push_name": "Bia", "business": True, "verified_name": "Bia's Bakery"},
            {"id": CLEO, "name": "Cleo"},
        ]  # fmt: skip
        stage.post("/control/contacts", people)
        stage.log_in()
        yield stage
    finally:
        stage.close()


def read(stage: Stage, *words: str) -> object:
    run = CliRunner().invoke(main, [*words, "--config", str(stage.bot), "--json"])
    assert run.exit_code == 0, run.output
    return json.loads(run.output)


def tell(stage: Stage, *words: str):
    return CliRunner().invoke(main, [*words, "--config", str(stage.bot)])


def show(stage: Stage, who: str) -> dict:
    run = CliRunner().invoke(main, ["contacts", "show", who, "--config", str(stage.bot), "--json"])
    return json.loads(run.output) if run.exit_code == 0 else {}


def said_to(stage: Stage, chat: str) -> int:
    return sum(one["direction"] == "out" and one["chat"] == chat for one in stage.ledger())


def test_names_about_and_picture_of_who_wrote_are_kept(stage):
    stage.put(ANA, "hours")
    stage.put(BIA, "hours")
    stage.wait_for("the replies", lambda: said_to(stage, ANA) and said_to(stage, BIA), 30)
    stage.wait_for("the picture", lambda: show(stage, ANA).get("picture"), 30)

    ana = show(stage, ANA)
    names = (ana["saved_name"], ana["push_name"], ana["about"])
    assert names == ("Ana Lima", "aninha", "At the beach")
    media = stage.bot / "state" / "media"
    first = base64.b64decode(picture("red")["base64"])
    assert (media / ana["picture"]).read_bytes() == first
    assert (media / f"{ana['picture']}.small").stat().st_size < len(first)
    stage.wait_for("the bakery", lambda: show(stage, BIA).get("verified_name"), 30)
    assert [one["number"] for one in read(stage, "contacts", "list", "bakery", "--business")] == [
        "+5511920000000"
    ]
    assert CLEO not in json.dumps(read(stage, "contacts", "list"))


def test_a_change_on_the_phone_is_followed(stage):
    before = show(stage, ANA)["picture"]
    told = {"id": ANA, "name": "Ana Lima Souza", "about": "Back", "picture": picture("blue")}
    stage.post("/control/contacts", [told])

    stage.wait_for("the name", lambda: show(stage, ANA)["saved_name"] == "Ana Lima Souza", 20)
    stage.wait_for("the about", lambda: show(stage, ANA)["about"] == "Back", 30)
    stage.wait_for("the picture", lambda: show(stage, ANA)["picture"] != before, 30)


def test_who_is_blocked_is_not_written_to_by_the_bot(stage):
    assert tell(stage, "contacts", "block", BIA).output == "blocked\n"
    events = stage.lines("/control/events")
    assert [one["chat"] for one in events if one["kind"] == "blocked"] == [BIA]
    assert [one["number"] for one in read(stage, "contacts", "list", "--blocked")] == [
        "+5511920000000"
    ]
    before = said_to(stage, BIA)
    stage.put(BIA, "hours")
    stage.put(ANA, "hours")
    stage.wait_for("ana", lambda: said_to(stage, ANA) == 2, 20)
    assert said_to(stage, BIA) == before
    assert tell(stage, "send", BIA, "It is a person who writes").exit_code == 0
    stage.wait_for("the person's text", lambda: said_to(stage, BIA) == before + 1, 20)

    stage.post("/control/block", {"id": BIA, "on": False})
    stage.wait_for("her", lambda: show(stage, BIA)["blocked"] is False, 20)
    stage.put(BIA, "hours")
    stage.wait_for("the reply", lambda: said_to(stage, BIA) == before + 2, 20)


def test_a_number_is_checked_before_anything_is_sent(stage):
    nobody = tell(stage, "contacts", "check", "+683 4000")
    assert (nobody.exit_code, nobody.output) == (1, "+683 4000 is not on WhatsApp\n")
    found = read(stage, "contacts", "check", "+55 11 95000-0000")
    assert found == {"exists": True, "chat": "5511950000000@c.us"}
