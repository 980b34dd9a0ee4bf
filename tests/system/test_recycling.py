"""Browser and daemon opened anew while they run: nothing is lost, and nothing is left over."""

from pathlib import Path

import pytest

from benchmarks.stage import Stage

pytestmark = pytest.mark.browser

ANA = "5511987654321@c.us"


@pytest.fixture
def stage(tmp_path):
    opened = Stage(tmp_path)
    yield opened
    opened.close()


def begin(stage, recycle):
    config = stage.bot / "config.yaml"
    config.write_text(config.read_text() + f"recycle: {recycle}\n")
    stage.open_emulator()
    stage.log_in()


def answers(stage):
    return [line["body"] for line in stage.ledger() if line["direction"] == "out"]


def test_the_browser_is_opened_anew_at_a_quiet_moment(stage):
    begin(stage, "{every: 6s, idle: 1s}")
    browser = stage.status()["sessions"][0]["browser_pid"]
    stage.put(ANA, "ping 1")
    stage.wait_for("the reply", lambda: "pong 1" in answers(stage), 30)

    def is_another():
        return stage.status().get("sessions", [{}])[0].get("browser_pid") not in (None, browser)

    stage.wait_for("another browser", is_another, 60)
    stage.wait_ready()
    stage.put(ANA, "ping 2")
    stage.wait_for("the reply", lambda: "pong 2" in answers(stage), 60)

    assert answers(stage) == ["pong 1", "pong 2"]
    assert "it has run for" in stage.status()["resources"]["recycled"]["default"]["why"]
    assert not Path(f"/proc/{browser}").exists()


def test_a_daemon_over_its_cap_starts_anew_in_place(stage):
    begin(stage, "{daemon_mb: 1, least_life: 45s, idle: 2s}")
    daemon = stage.daemon.pid
    stage.wait_for("the end of a life", lambda: "started anew" in stage.tail(200), 120)
    stage.wait_for("another life", lambda: 0 < stage.status().get("uptime_s", 0) < 30, 60)
    stage.wait_ready(90)
    stage.put(ANA, "ping 1")
    stage.wait_for("the reply", lambda: "pong 1" in answers(stage), 60)

    assert (stage.status()["pid"], answers(stage)) == (daemon, ["pong 1"])
