"""Which models a user wants in place of the shipped ones."""

from collections.abc import Mapping
from dataclasses import field
from pathlib import Path
from typing import TYPE_CHECKING

from bot.domain.data import dataclass

if TYPE_CHECKING:
    from bot.config import Config

EVERY = "*"  # stands for all languages that are not named


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelChoice:
    """What the configuration says of the models. Empty: what is shipped."""

    base: Path = Path()  # that relative folders count from
    encoder: str = ""  # of intents, in every language: a hub id, a name of the registry, a folder
    sentiment: Mapping[str, str] = field(default_factory=dict)  # by language
    voice: str = ""  # a speech model that writes voice notes down; empty: none is listened to
    threads: int = 1  # of torch

    def wanted(self) -> tuple[str, ...]:
        """Return the models that are to be downloaded, each once."""
        names = (self.encoder, *self.sentiment.values(), self.voice)
        return tuple(dict.fromkeys(name for name in names if name))


def choice_of(config: "Config") -> ModelChoice:
    """Return what a configuration says of the models."""
    told = config.models
    return ModelChoice(
        base=config.folder,
        encoder=told.encoder,
        sentiment={language or EVERY: name for language, name in told.sentiment.items()},
        voice=told.voice,
        threads=told.threads,
    )
