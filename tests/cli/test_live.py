"""What `alexia test --e2e` refuses before any process is started."""

from click.testing import CliRunner

from bot.cli import main
from bot.cli.live_stage import _meant
from tests.testing.folders import make_folder, write_test


def test_rules_that_call_a_fixed_address_are_refused(tmp_path, monkeypatch):
    monkeypatch.setattr("bot.cli.setup.require_browser", lambda say: None)
    (tmp_path / "config.yaml").touch()
    rules = 'rules: [{id: a, when: {keyword: hi}, do: {http: {url: "https://x.example/a"}}}]'
    write_test(make_folder(tmp_path, rules), "version: 1\ntests: []\n")

    done = CliRunner().invoke(main, ["test", "--e2e", "--config", str(tmp_path)])

    assert done.exit_code == 1
    assert "rules/a.yaml:2:" in done.stderr
    assert "this address cannot be moved to this machine" in done.stderr


def test_a_call_to_this_machine_is_known_by_what_the_test_calls_it():
    env = {"SHOP": "https://shop.example"}

    assert _meant("/env/SHOP/orders/7?x=1", env) == "https://shop.example/orders/7?x=1"
    assert _meant("/env/CAL/free", env) == "CAL/free"
