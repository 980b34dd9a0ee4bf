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


@pytest.fixture
def beside(bootstrap, monkeypatch, tmp_path):
    """Make the check that runs beside the others a script of ours."""

    def is_script(text: str) -> None:
        script = tmp_path / "script"
        script.write_text(f"#!{sys.executable}\n{text}\n")
        script.chmod(0o700)
        monkeypatch.setattr(bootstrap, "BIN", tmp_path)
        monkeypatch.setattr(bootstrap, "BESIDE", ("kills", ["script"]))

    return is_script


def test_all_checks_run_and_one_failure_is_enough(bootstrap, beside, monkeypatch, capsys):
    codes = {"ruff": 0, "mypy": 1}
    monkeypatch.setattr(bootstrap, "run", lambda command: codes.get(command[0], 0))
    beside("print('fifty kills')")

    assert bootstrap.run_checks(0) == 1
    told = capsys.readouterr().out
    assert "[8/8] browser tests: pytest" in told
    assert "fifty kills" in told
    assert told.endswith("1 failed: types\n")


@pytest.mark.parametrize("code", [0, 1])
def test_what_runs_beside_counts_as_well(bootstrap, beside, monkeypatch, code):
    monkeypatch.setattr(bootstrap, "run", lambda _: 0)
    beside(f"raise SystemExit({code})")

    assert bootstrap.run_checks(0) == code


def test_what_runs_beside_ends_where_the_others_are_broken_off(
    bootstrap, beside, monkeypatch, tmp_path
):
    there = tmp_path / "there"

    def break_off(_: list[str]) -> int:
        while not there.exists():
            pass
        raise KeyboardInterrupt

    monkeypatch.setattr(bootstrap, "run", break_off)
    beside(
        "import pathlib, time\n"
        f"there = pathlib.Path({str(there)!r})\n"
        "try:\n    there.touch()\n    time.sleep(60)\n"
        "finally:\n    there.unlink()"
    )

    with pytest.raises(KeyboardInterrupt):
        bootstrap.run_checks(0)
    assert not there.exists()


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
