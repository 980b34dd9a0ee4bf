"""From a fresh clone to a running command: ``python3 bootstrap.py VERB …``.

Makes ``.venv``, installs the project into it, runs ``alexia setup``, then ``alexia VERB …``.
``python3 bootstrap.py test`` runs all checks of the project. A second run is quick.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import NoReturn

OLDEST = (3, 11)
NEWER = ("python3.14", "python3.13", "python3.12", "python3.11")
HOME = Path(__file__).resolve().parent
VENV = HOME / ".venv"
BIN = VENV / "bin"
STAMP = VENV / "alexia.stamp"
CHECKS = (
    ("format", ["ruff", "format", "--check"]),
    ("lint", ["ruff", "check"]),
    ("types", ["mypy"]),
    ("rooms", ["lint-imports"]),
    ("rules", ["alexia", "check"]),
    ("conversations", ["alexia", "test"]),
    ("tests", ["pytest", "-q", "-m", "not browser"]),
    ("browser tests", ["pytest", "-q", "-m", "browser and not kills"]),
)
BESIDE = ("kills", ["pytest", "-q", "-m", "kills"])
"""Mostly waits for starts, so it runs beside the others; half of the time of all."""


def main(words: list[str]) -> int:
    """Prepare, then do what the words say; return the exit code."""
    if sys.version_info < OLDEST:
        return run_newer_python(words)
    if not words or words[0] in ("-h", "--help"):
        print("usage: python3 bootstrap.py VERB …\n")
        print("VERB is `test` (all checks of the project), `demo`, or any command of alexia.")
        return 0 if words else 2
    if not prepare():
        return 1
    if words == ["setup"]:
        return run(["alexia", "setup"])
    setup = run(["alexia", "setup"])
    if setup:
        print("bootstrap: the set-up is not complete (see above); going on", flush=True)
    if words == ["test"]:
        return run_checks(setup)
    return become([str(BIN / "alexia"), *words])


def become(command: list[str]) -> NoReturn:
    """Give this process to a command, so that Ctrl-C and signals reach it."""
    os.execve(command[0], command, environment())  # noqa: S606


def run_newer_python(words: list[str]) -> int:
    """Start again under a newer Python of this machine; say so when there is none."""
    for name in NEWER:
        found = shutil.which(name)
        if found:
            os.execv(found, [found, str(Path(__file__).resolve()), *words])  # noqa: S606
    have = ".".join(str(part) for part in sys.version_info[:3])
    need = ".".join(str(part) for part in OLDEST)
    print("Alexia needs Python " + need + " or newer; this is " + have + ".", file=sys.stderr)
    print("Install a newer one and run: python3.11 bootstrap.py", file=sys.stderr)
    return 1


def prepare() -> bool:
    """Make ``.venv`` and install the project into it, unless that is done already."""
    wanted = fingerprint()
    if STAMP.is_file() and STAMP.read_text() == wanted and (BIN / "alexia").exists():
        return True
    print("bootstrap: installing into .venv; the first time takes some minutes", flush=True)
    begun = time.monotonic()
    if not (install_with_uv() or install_with_pip()):
        print("bootstrap: the installation failed; the lines above say why", file=sys.stderr)
        return False
    STAMP.write_text(wanted)
    print(f"bootstrap: installed in {time.monotonic() - begun:.0f} s", flush=True)
    return True


def fingerprint() -> str:
    """Return what the installation depends on, as one line."""
    content = (HOME / "pyproject.toml").read_bytes() + f"{sys.version} {HOME}".encode()
    return hashlib.sha256(content).hexdigest()


def install_with_uv(found: str | None = None) -> bool:
    """Install with uv where it is found; False when it is not, or did not work."""
    uv = found or shutil.which("uv")
    if uv is None:
        return False
    env = {**environment(), "UV_LINK_MODE": "copy"}
    links = find_links()
    if links:
        env.setdefault("UV_FIND_LINKS", links)
    venv = [uv, "venv", "--quiet", "--allow-existing", "--python", sys.executable, str(VENV)]
    if call(venv, env):
        return False
    install = [uv, "pip", "install", "-e", ".", "--group", "dev", "--python", str(BIN / "python")]
    if wants_cpu_torch(links):
        if not call([*install, "--torch-backend", "cpu"], env):
            return True
        print("bootstrap: trying again without the CPU build of torch", flush=True)
    return not call(install, env)


def wants_cpu_torch(links: str) -> bool:
    """Tell whether the CPU build must be asked for: elsewhere, or with wheels at hand, it comes."""
    return sys.platform == "linux" and not links


def install_with_pip() -> bool:
    """Install with the pip of a new virtual environment."""
    if call([sys.executable, "-m", "venv", str(VENV)], dict(os.environ)):
        print("bootstrap: on Debian and Ubuntu: apt-get install python3-venv", file=sys.stderr)
        return False
    pip = [str(BIN / "python"), "-m", "pip", "--disable-pip-version-check", "install"]
    if call([*pip, "--quiet", "--upgrade", "pip>=25.1"], environment()):
        return False
    if wants_cpu_torch(find_links()) and not call([*pip, "--quiet", "uv"], environment()):
        return install_with_uv(str(BIN / "uv"))  # pip would take gigabytes for graphics cards
    return not call([*pip, "-e", ".", "--group", "dev"], environment())


def find_links() -> str:
    """Return where pip was told to look for wheels, parted by commas as uv wants it."""
    told = os.environ.get("PIP_FIND_LINKS", "")
    if not told:
        asked = subprocess.run(
            [sys.executable, "-m", "pip", "config", "get", "global.find-links"],
            check=False, capture_output=True, text=True,
        )  # fmt: skip
        told = asked.stdout if asked.returncode == 0 else ""
    return ",".join(told.split())


def run_checks(setup: int) -> int:
    """Run all checks, report all, and return 1 when one failed."""
    results = [("setup", setup, 0.0)]
    with Beside(*BESIDE) as beside:
        for number, (name, command) in enumerate(CHECKS, 1):
            print(f"\n[{number}/{len(CHECKS)}] {name}: {' '.join(command)}", flush=True)
            begun = time.monotonic()
            results.append((name, run(command), time.monotonic() - begun))
        results.append(beside.wait())
    print("\nsummary")
    for name, code, seconds in results:
        print(f"  {'ok    ' if code == 0 else 'FAILED'} {name:<14} {seconds:6.1f} s")
    failed = [name for name, code, _ in results if code]
    print(f"{len(failed)} failed: {', '.join(failed)}" if failed else "all checks passed")
    return 1 if failed else 0


class Beside:
    """A check that runs beside the others, and shows what it said when they are done."""

    def __init__(self, name: str, command: list[str]) -> None:
        self.name = name
        self.command = command

    def __enter__(self) -> Beside:
        """Start it; the terminal's Ctrl-C is not its own."""
        print(f"\n[beside] {self.name}: {' '.join(self.command)}", flush=True)
        self._said = tempfile.TemporaryFile("w+")
        self._begun = time.time()
        self._running = subprocess.Popen(
            [str(BIN / self.command[0]), *self.command[1:]], cwd=HOME, env=environment(),
            stdout=self._said, stderr=subprocess.STDOUT, start_new_session=True,
        )  # fmt: skip
        return self

    def wait(self) -> tuple[str, int, float]:
        """Wait for its end and show what it said; return its name, exit code and seconds."""
        print(f"\n[beside] {self.name}", flush=True)
        code = self._running.wait()
        seconds = max(os.fstat(self._said.fileno()).st_mtime - self._begun, 0.0)  # its last words
        self._said.seek(0)
        shutil.copyfileobj(self._said, sys.stdout)
        return self.name, code, seconds

    def __exit__(self, *_: object) -> None:
        """End it where the others were broken off."""
        if self._running.poll() is None:
            os.killpg(self._running.pid, signal.SIGINT)
            self._running.wait()
        self._said.close()


def run(command: list[str]) -> int:
    """Run a command of the virtual environment here; return its exit code."""
    return call([str(BIN / command[0]), *command[1:]], environment())


def call(command: list[str], env: dict[str, str]) -> int:
    """Run a command in the repository; return its exit code, 127 when there is none."""
    try:
        return subprocess.run(command, check=False, cwd=HOME, env=env).returncode
    except OSError as failure:
        print(f"bootstrap: {failure}", file=sys.stderr)
        return 127


def environment() -> dict[str, str]:
    """Return the environment with the virtual one in front."""
    env = {**os.environ, "VIRTUAL_ENV": str(VENV)}
    env["PATH"] = os.pathsep.join([str(BIN), os.environ.get("PATH", os.defpath)])
    env.pop("PYTHONHOME", None)
    return env


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        sys.exit(130)
