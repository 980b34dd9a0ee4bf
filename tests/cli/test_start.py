"""How a user begins: init, config show, the services of the demo."""

import http.client
import json

import pytest
from click.testing import CliRunner

from bot.cli import main
from bot.cli.shipped import shipped_folder
from bot.cli.shop_stub import ShopStub
from bot.config import Config
from bot.config.keys import readers


def run(*words):
    return CliRunner().invoke(main, list(words))


def test_a_blank_folder_can_be_started_from(tmp_path):
    done = run("init", str(tmp_path / "mine"), "--template", "blank")

    assert done.exit_code == 0
    assert (tmp_path / "mine/rules/hello.yaml").exists()
    assert run("config", "show", "--config", str(tmp_path / "mine")).exit_code == 0


def test_the_shop_is_the_example_that_ships(tmp_path):
    run("init", str(tmp_path))

    shipped = {file.name for file in (shipped_folder() / "rules").glob("*.yaml")}
    assert {file.name for file in (tmp_path / "rules").glob("*.yaml")} == shipped


def test_init_leaves_what_is_there(tmp_path):
    (tmp_path / "config.yaml").write_text("burst: 2s\n")

    run("init", str(tmp_path))

    assert (tmp_path / "config.yaml").read_text() == "burst: 2s\n"


def test_the_configuration_in_force_is_shown_with_its_origin(tmp_path, monkeypatch):
    monkeypatch.setenv("ALEXIA_PACING", "off")
    (tmp_path / "config.yaml").write_text("burst: 1h30m\nstorage: {key: hunter2}\n")

    done = run("config", "show", "--origin", "--config", str(tmp_path))

    lines = done.stdout.splitlines()
    assert "burst: 1h30m  (config.yaml:1:8)" in lines
    assert "pacing.preset: off  (ALEXIA_PACING)" in lines
    assert "storage.key: •••  (config.yaml:2:16)" in lines
    assert "retention.messages: forever  (default)" in lines
    assert "hunter2" not in done.output


def test_the_configuration_as_json_holds_every_key(tmp_path):
    (tmp_path / "config.yaml").touch()

    shown = json.loads(run("config", "show", "--json", "--config", str(tmp_path)).stdout)

    tops = {name.split(".")[0].split("[")[0] for name in shown}
    assert set(readers(Config)) - tops <= {"webhooks"}


@pytest.mark.parametrize(
    ("method", "path", "body", "status", "answer"),
    [
        ("POST", "/price", '{"size": "large", "count": 2}', 200, {"total": 48, "eta_minutes": 30}),
        ("POST", "/orders", '{"kind": "diavola"}', 200, {"id": 20481}),
        ("GET", "/orders/1", None, 404, {"error": "not found"}),
        ("POST", "/price", "no json", 400, {"error": "not JSON that is understood here"}),
    ],
)
def test_the_demo_has_services_for_the_rules(method, path, body, status, answer):
    with ShopStub() as shop:
        line = http.client.HTTPConnection(shop.url.removeprefix("http://"), timeout=5)
        line.request(method, path, body)
        got = line.getresponse()
        said = json.loads(got.read())
        line.close()

    assert (got.status, said) == (status, answer)


def test_an_order_can_be_asked_for_later():
    shop = ShopStub()
    shop.post("/orders", b'{"kind": "diavola"}')

    assert shop.get("/orders/20481")[1]["state"] == "in the oven"
    shop._server.server_close()
