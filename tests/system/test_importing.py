"""People are imported while the bot runs and answers; an import that is killed is repeated."""

import json
import subprocess
import sys

import pytest
from click.testing import CliRunner

from benchmarks.stage import Stage
from bot.cli import main
from bot.store.reading import reading

pytestmark = pytest.mark.browser

ANA = "5511987654321@c.us"
ROWS = 6000
RULES = """\
version: 1
fields: {points: {type: integer}}
rules:
  - {id: points, when: {keyword: points}, do: {reply: "You have $(contact.points)."}}
  - {id: agreed, when: {event: consent.changed}, do: {tag: "agreed $(contact.consent)"}}
"""


@pytest.fixture
def stage(tmp_path):
    stage = Stage(tmp_path, rules=RULES)
    try:
        stage.open_emulator()
        stage.log_in()
        yield stage
    finally:
        stage.close()


def counted(stage, what):
    with reading(stage.bot / "state" / "alexia.db") as db:
        return db.execute(f"SELECT count(*) FROM {what}").fetchone()[0]


def said_to(stage, chat):
    return [one["body"] for one in stage.ledger() if one["direction"] == "out"
            and one["chat"] == chat]  # fmt: skip


def test_an_import_into_a_running_bot_is_killed_and_repeated(stage, tmp_path):
    file = tmp_path / "people.csv"
    rows = "".join(f"+55119{80_000_000 + n},P{n},{n}\n" for n in range(ROWS))
    file.write_text(f"phone,name,points\n{ANA.split('@')[0]},Ana,7\n{rows}", "utf-8")
    words = ("contacts", "import", str(file), "--config", str(stage.bot), "--json",
             "--consent-source", "shop", "--consent-wording", "Offers?")  # fmt: skip

    killed = subprocess.Popen([sys.executable, "-m", "bot.cli", *words])
    stage.wait_for("some of them", lambda: counted(stage, "contacts") > 500, 60)
    killed.kill()
    killed.wait()
    some = counted(stage, "contacts")
    stage.put(ANA, "points")
    done = CliRunner().invoke(main, list(words))
    stage.wait_for("the reply", lambda: said_to(stage, ANA), 30)

    assert done.exit_code == 0, done.output
    told = json.loads(done.output)
    assert some > 500
    assert told["added"] + told["unchanged"] + told["changed"] == ROWS + 1
    assert told["added"] <= ROWS + 1 - some  # the bot may still have had a batch in hand
    assert said_to(stage, ANA) == ["You have 7."]
    for what in ("contacts", "identities", "consents", "(SELECT DISTINCT number FROM contacts)"):
        assert counted(stage, what) == ROWS + 1, what

    consent = ("contacts", "consent", "Ana", "--withdraw", "--config", str(stage.bot))
    assert CliRunner().invoke(main, list(consent)).exit_code == 0
    said_no = "tags WHERE tag = 'agreed no'"
    stage.wait_for("what the rule does", lambda: counted(stage, said_no) == 1, 30)
