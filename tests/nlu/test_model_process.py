"""The models' own process: what becomes of texts when it dies or stands still."""

import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from bot.domain.understanding import Mood, Need
from bot.nlu import model_process as module
from bot.nlu.batches import Asked
from bot.nlu.choice import ModelChoice
from bot.nlu.model_process import ModelProcess, ModelsLost

SHIPPED = Path(__file__).parents[2] / "models"
SAD = Asked(text="this is horrible, I hate it", needs=frozenset({Need.SENTIMENT}), language="en")

pytestmark = pytest.mark.weights


@pytest.fixture
def lost():
    return threading.Event()


@pytest.fixture
def process(lost):
    opened = ModelProcess(SHIPPED, "en", ModelChoice())
    opened.load(lost.set)
    yield opened
    opened.close()


def test_it_reads_and_learns_and_ends_with_us(process, lost):
    assert process.read([SAD])[0].sentiment.label is Mood.NEGATIVE
    assert process.train(SHIPPED)["complaint"] == 27

    pid = process.pid
    process.close()

    assert lost.wait(10)
    assert not Path(f"/proc/{pid}").exists()
    with pytest.raises(ModelsLost):
        process.read([SAD])


def test_its_death_is_told_and_another_may_be_loaded(process, lost):
    os.kill(process.pid, signal.SIGKILL)

    assert lost.wait(10)
    with pytest.raises(ModelsLost):
        process.read([SAD])
    process.load(lost.set)
    assert process.read([SAD])[0].sentiment.label is Mood.NEGATIVE


def test_one_that_stands_still_is_ended(process, lost, monkeypatch):
    monkeypatch.setattr(module, "HUNG", 0.2)
    os.kill(process.pid, signal.SIGSTOP)

    with pytest.raises(ModelsLost, match="hung"):
        process.read([SAD])

    assert lost.wait(10)


def test_it_ends_when_we_are_killed(tmp_path):
    code = (
        "import os, signal\nfrom pathlib import Path\n"
        "from bot.nlu.choice import ModelChoice\n"
        "from bot.nlu.model_process import ModelProcess\n"
        f"models = ModelProcess(Path({str(SHIPPED)!r}), 'en', ModelChoice())\n"
        "models.load(lambda: None)\n"
        "print(models.pid, flush=True)\n"
        "os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=False,
        cwd=Path(__file__).parents[2], timeout=120,
    )  # fmt: skip

    # its standard error is ours: `run` has returned, so that is closed and it has ended
    assert done.returncode == -signal.SIGKILL
    assert int(done.stdout)
