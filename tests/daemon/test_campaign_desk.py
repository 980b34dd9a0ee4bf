"""What a person asks of campaigns, and the page that tells how."""

import json
import re
from pathlib import Path
from types import SimpleNamespace

import pytest
from click.testing import CliRunner

from bot.cli import campaigns as command
from bot.cli import main
from bot.daemon import campaign_desk
from bot.daemon.campaign_desk import CampaignDesk
from bot.delivery.pacing import CAREFUL
from bot.domain.campaigns import RunState
from bot.domain.errors import CampaignRefused
from bot.domain.receipts import Standing
from bot.store import campaigns
from bot.testing.memory import finish
from tests.campaigns.conftest import RULES, Firm
from tests.make import ACCOUNT

PAGE = (Path(__file__).parent.parent.parent / "docs" / "howto" / "campaigns.md").read_text("utf-8")


def desk_of(firm, monkeypatch, folder=Path()):
    """Return the desk of an account made of a firm's parts."""
    monkeypatch.setattr(campaign_desk, "now", lambda: firm.now)
    told = []
    own = SimpleNamespace(
        database=firm.database, courier=firm.courier, pipeline=firm.pipeline,
        link=SimpleNamespace(account=ACCOUNT), lanes=SimpleNamespace(wake=told.append),
        config=SimpleNamespace(timezone="UTC", folder=folder), feed=SimpleNamespace(
            note=lambda db, account, event, data: firm.told.append((event, data))
        ),
        session=SimpleNamespace(transport=firm.page),
    )  # fmt: skip
    own.shelf = firm  # it knows the rulebook in force
    desk = CampaignDesk(own)
    desk.woken = told
    return desk


@pytest.fixture
def firm():
    made = []

    def make(rules=RULES, **given):
        made.append(Firm(rules, **given))
        return made[-1]

    yield make
    for one in made:
        one.database.close()


def ask(desk, action, name="spring", **more):
    return finish(desk.answer({"action": action, "name": name, **more}))


PICTURE = RULES.replace('"Spring, $(contact.first_name)!"', "{media: {file: spring.png}}")
BY_NAME = RULES.replace(
    '"Spring, $(contact.first_name)!"', '{media: {file: "$(contact.first_name | lower).png"}}'
)


LATER = RULES.replace(
    'do: {reply: "Spring, $(contact.first_name)!"}',
    "do: [{reply: Hello}, {later: {in: 1d, do: {reply: {media: {file: plans.png}}}}}]",
)


@pytest.mark.parametrize(
    ("rules", "file"),
    [(PICTURE, "spring.png"), (BY_NAME, "ana.png"), (LATER, "plans.png")],
)
def test_a_file_that_changed_since_the_preview_voids_its_token(
    firm, monkeypatch, tmp_path, rules, file
):
    one = firm(rules)
    one.person("Ana Souza")
    desk = desk_of(one, monkeypatch, tmp_path)
    (tmp_path / file).write_bytes(b"a spring")
    token = ask(desk, "preview")["token"]
    (tmp_path / file).write_bytes(b"another")

    with pytest.raises(CampaignRefused, match=f"{file} changed since somebody looked at it"):
        ask(desk, "start", token=token)
    assert ask(desk, "start", token=ask(desk, "preview")["token"])["recipients"] == 1


def test_a_file_that_changes_while_a_campaign_runs_holds_it_until_somebody_looked(
    firm, monkeypatch, tmp_path
):
    one = firm(PICTURE)
    one.people(40)
    desk = desk_of(one, monkeypatch, tmp_path)
    (tmp_path / "spring.png").write_bytes(b"a spring")
    token = ask(desk, "preview")["token"]
    ask(desk, "start", token=token)
    finish(desk._step())
    assert one.run().state is RunState.RUNNING

    (tmp_path / "spring.png").write_bytes(b"another one")
    finish(desk._step())

    assert one.run().state is RunState.PAUSED
    assert "spring.png changed while it runs: 0 have the old version, 40 still" in one.run().detail
    with pytest.raises(CampaignRefused, match="its last preview is used up"):
        ask(desk, "resume", token=token)
    ask(desk, "resume", token=ask(desk, "preview")["token"])
    finish(desk._step())
    assert one.run().state is RunState.RUNNING


def test_from_preview_to_report(firm, monkeypatch):
    one = firm(pacing=CAREFUL)
    one.people(40)
    one.person(consent="unknown")
    desk = desk_of(one, monkeypatch)

    looked = ask(desk, "preview")
    assert looked["preview"]["recipients"] == 40
    assert looked["preview"]["budget_today"] == 20
    started = ask(desk, "start", token=looked["token"])
    assert (started["recipients"], started["waits_until"]) == (40, None)
    finish(desk._step())
    assert len(desk.woken) == 16

    ask(desk, "pause")
    assert one.run().state is RunState.PAUSED
    ask(desk, "resume")
    assert one.run().state is RunState.RUNNING
    assert ask(desk, "stop")["left"] == 40
    assert [told["state"] for _, told in one.told] == ["running", "paused", "running", "stopped"]


def test_a_moment_that_comes_begins_a_run(firm, monkeypatch):
    one = firm(RULES + "    at: 2026-01-05 12:00\n")
    one.people(2)
    desk = desk_of(one, monkeypatch)
    looked = ask(desk, "preview")
    assert looked["preview"]["moment"] == "2026-01-05 12:00 (UTC)"
    assert ask(desk, "start", token=looked["token"])["waits_until"] == "2026-01-05T12:00:00+00:00"
    assert list(desk._waiting(one.db, one.office)) == ["spring"]

    one.later(hours=3)
    finish(desk.come("spring"))
    finish(desk.come("spring"))

    assert [run.state for run in campaigns.runs(one.db)] == [RunState.RUNNING]


def test_what_cannot_be_done_is_said(firm, monkeypatch):
    one = firm()
    desk = desk_of(one, monkeypatch)

    with pytest.raises(CampaignRefused, match="there is no such campaign in the rule files; known"):
        ask(desk, "preview", "sprng")
    for action, told in [("pause", "nothing of it runs now"), ("stop", "it is not started"),
                         ("resume", "nothing of it is paused"),
                         ("retry", "there is no message of which nobody can tell"),
                         ("dance", "nobody knows how to 'dance' it")]:  # fmt: skip
        with pytest.raises(CampaignRefused, match=told):
            ask(desk, action)


async def test_receipts_that_nobody_heard_are_read_back(firm, monkeypatch):
    one = firm()
    one.people(3)
    desk = desk_of(one, monkeypatch)
    one.start()
    await one.work(5)
    for number, (_, _, message_id) in enumerate(one.page.sent):
        one.page.held[message_id] = Standing(number + 1)

    await desk.catch_up()

    acks = one.db.execute("SELECT ack FROM outbox WHERE why = 'campaign' ORDER BY ack").fetchall()
    assert [row["ack"] for row in acks] == [1, 2, 3]


# ---------------------------------------------------------------------- the page


def commands():
    return [
        line.split() for block in re.findall(r"^```sh\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)
        for line in block.splitlines()
    ]  # fmt: skip


@pytest.mark.parametrize("words", commands(), ids=" ".join)
def test_every_command_of_the_page_does_what_it_says(words, firm, monkeypatch, tmp_path):
    rules = re.findall(r"^```yaml\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)[0]
    one = firm(rules)
    for number in range(30):
        one.person(f"P{number}", lead=("new", 20))
    desk = desk_of(one, monkeypatch)
    if words[2] not in ("preview", "start", "list"):
        ask(desk, "start", token=ask(desk, "preview")["token"])
    if words[2] == "resume":
        ask(desk, "pause")
    if words[2] == "retry":
        one.db.execute(
            "INSERT INTO outbox (cause, ordinal, account, chat, message_id, text, why, by, quoted,"
            " state, attempts, created_at, due_at, epoch, detail, rulebook, body, mentions,"
            " held_why) VALUES ('campaign|1|1', 0, ?, 'x@c.us', 'X', '', 'campaign',"
            " 'campaign:spring', '', 'stuck', 1, 0, 0, 0, ?, '', '', '', '')",
            (ACCOUNT, "nobody can tell whether it left"),
        )
    token = ask(desk, "preview")["token"] if "TOKEN" in words else ""
    monkeypatch.setattr(command, "ask_daemon", lambda config, do, timeout=0.0, **given:
                        finish(desk.answer(given)))  # fmt: skip
    (tmp_path / "config.yaml").touch()
    (tmp_path / "state").mkdir(mode=0o700)
    one.db.execute("RELEASE SAVEPOINT test")
    one.db.execute("COMMIT")
    one.db.execute("VACUUM INTO ?", (str(tmp_path / "state" / "alexia.db"),))
    one.db.execute("BEGIN")

    given = [token if word == "TOKEN" else word for word in words[1:]]
    done = CliRunner().invoke(main, [*given, "--config", str(tmp_path)])

    assert done.exit_code == 0, done.output
    assert done.output.strip()


def test_a_preview_in_json_is_whole(firm, monkeypatch, tmp_path):
    one = firm()
    one.people(2)
    desk = desk_of(one, monkeypatch)
    monkeypatch.setattr(command, "ask_daemon", lambda config, do, timeout=0.0, **given:
                        finish(desk.answer(given)))  # fmt: skip
    (tmp_path / "config.yaml").touch()

    done = CliRunner().invoke(
        main, ["campaign", "preview", "spring", "--json", "--config", str(tmp_path)]
    )

    assert set(json.loads(done.output)) == {"preview", "token"}
