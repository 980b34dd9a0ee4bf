import json

import pytest
from click.testing import CliRunner

from bot.cli import main
from bot.cli import setup as fetching


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.setenv("HF_HUB_CACHE", str(tmp_path / "hub"))
    monkeypatch.setattr(fetching, "weights_step", lambda say: "the shipped ones")
    (tmp_path / "config.yaml").write_text(
        "models: {encoder: ./mine, sentiment: {en: owner/tone}}\n", encoding="utf-8"
    )
    return tmp_path


def run(folder, *words):
    return CliRunner().invoke(main, ["models", *words, "--config", str(folder)])


def test_a_chosen_model_that_cannot_be_fetched_is_told_and_the_others_are_fetched(
    folder, monkeypatch
):
    import huggingface_hub

    def offline(*_, **__):
        raise OSError("no network")

    monkeypatch.setattr(huggingface_hub, "snapshot_download", offline)
    done = run(folder, "download")

    assert done.exit_code == 5
    assert "the shipped ones" in done.stdout
    assert "model weights 'owner/tone': the hub gave nothing (no network)" in done.stderr


def test_the_list_tells_which_chosen_models_are_missing(folder):
    rows = json.loads(run(folder, "list", "--json").stdout)
    chosen = [row for row in rows if row["kind"] == "chosen"]

    assert [(row["name"], row["state"]) for row in chosen] == [
        ("./mine", "missing"), ("owner/tone", "missing")
    ]  # fmt: skip
    assert "alexia models download" in chosen[1]["detail"]
