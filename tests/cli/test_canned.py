"""`alexia canned list`."""

import json

from click.testing import CliRunner

from bot.cli import main

RULES = """
version: 1
replies: {goodbye: {lang: {en: Goodbye!, es: ¡Adiós!}}}
canned:
  thanks: {lang: {en: "Thank you, $(contact.first_name)!", es: ¡Gracias!}}
  bye: "@goodbye"
  map: {media: {file: media/map.png}, caption: How to find us}
  pin: {location: {lat: 1, lng: 2}}
"""


def run(folder, *words):
    return CliRunner().invoke(main, ["canned", "list", *words, "--config", str(folder)])


def test_ready_made_replies_are_listed_in_each_language(tmp_path):
    (tmp_path / "config.yaml").touch()
    (tmp_path / "rules").mkdir()
    (tmp_path / "rules" / "a.yaml").write_text(RULES, "utf-8")

    rows = json.loads(run(tmp_path, "--json").output)

    assert [(one["name"], one["language"], one["text"]) for one in rows] == [
        ("bye", "", "Goodbye!"),
        ("map", "", "How to find us"),
        ("pin", "", ""),
        ("thanks", "en", "Thank you, $(contact.first_name)!"),
        ("thanks", "es", "¡Gracias!"),
    ]
    assert "¡Gracias!" in run(tmp_path).output


def test_where_there_are_none_it_says_where_to_write_them(tmp_path):
    (tmp_path / "config.yaml").touch()
    (tmp_path / "rules").mkdir()
    (tmp_path / "rules" / "a.yaml").write_text("version: 1\nrules: []\n", "utf-8")

    assert "write them under canned:" in run(tmp_path).output
