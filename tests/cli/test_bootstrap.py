"""bootstrap.py: from a fresh clone to a running command."""

import importlib.util
import subprocess
import sys
from pathlib import Path

import pytest

FILE = Path(__file__).parent.parent.parent / "bootstrap.py"


@pytest.fixture
def bootstrap():
    spec = importlib.util.spec_from_file_location("bootstrap", FILE)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_without_a_verb_the_usage_is_told():
    told = subprocess.run([sys.executable, FILE], capture_output=True, text=True, check=False)

    assert told.returncode == 2
    assert "usage: python3 bootstrap.py VERB" in told.stdout


def test_an_old_python_is_told_what_is_needed(bootstrap, monkeypatch, capsys):
    monkeypatch.setattr(bootstrap.sys, "version_info", (3, 9, 2))
    monkeypatch.setattr(bootstrap.shutil, "which", lambda _: None)

    assert bootstrap.main(["test"]) == 1
    assert "Alexia needs Python 3.11 or newer; this is 3.9.2." in capsys.readouterr().err


def test_all_checks_run_and_one_failure_is_enough(bootstrap, monkeypatch, capsys):
    codes = {"ruff": 0, "mypy": 1}
    monkeypatch.setattr(bootstrap, "run", lambda command: codes.get(command[0], 0))

    assert bootstrap.run_checks(0) == 1
    told = capsys.readouterr().out
    assert "[8/8] conversations: alexia test" in told
    assert told.endswith("1 failed: types\n")


def test_when_all_pass_the_exit_code_is_0(bootstrap, monkeypatch):
    monkeypatch.setattr(bootstrap, "run", lambda _: 0)

    assert bootstrap.run_checks(0) == 0


def test_a_second_run_installs_nothing(bootstrap, monkeypatch, tmp_path):
    (tmp_path / "alexia").touch()
    monkeypatch.setattr(bootstrap, "STAMP", tmp_path / "stamp")
    monkeypatch.setattr(bootstrap, "BIN", tmp_path)
    monkeypatch.setattr(bootstrap, "install_with_uv", lambda: pytest.fail("installs again"))
    (tmp_path / "stamp").write_text(bootstrap.fingerprint())

    assert bootstrap.prepare()


def test_where_uv_does_not_work_pip_does(bootstrap, monkeypatch, tmp_path):
    monkeypatch.setattr(bootstrap, "STAMP", tmp_path / "stamp")
    monkeypatch.setattr(bootstrap, "install_with_uv", lambda: False)
    monkeypatch.setattr(bootstrap, "install_with_pip", lambda: True)

    assert bootstrap.prepare()
    assert (tmp_path / "stamp").read_text() == bootstrap.fingerprint()


def test_wheels_that_pip_finds_are_found_by_uv(bootstrap, monkeypatch):
    monkeypatch.setenv("PIP_FIND_LINKS", "/a /b")

    assert bootstrap.find_links() == "/a,/b"
