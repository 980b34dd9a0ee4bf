from pathlib import Path

import pytest

from bot.domain.understanding import Need
from bot.nlu.batches import Asked
from bot.nlu.examples import read_intents
from bot.nlu.reading import TextModels

SHIPPED = Path(__file__).parents[2] / "models"


class Loaded:
    """The real models over the shipped examples."""

    def __init__(self):
        self.models = TextModels(SHIPPED)
        self.models.train(read_intents(SHIPPED)[0], keep=False)

    def read(self, text, language, *needs):
        return self.models.read([Asked(text=text, language=language, needs=frozenset(needs))])[0]

    def best(self, text, language):
        return self.read(text, language, Need.INTENT).intents[0]

    def tone(self, text, language):
        return self.read(text, language, Need.SENTIMENT).sentiment


@pytest.fixture(scope="session")
def models():
    return Loaded()
