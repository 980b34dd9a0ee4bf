"""The encoders that are there: English, multilingual, and one that needs no weights."""

import logging
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import cache
from typing import Protocol, TypeVar

from bot.domain.data import dataclass
from bot.nlu.chargrams import CharGrams
from bot.nlu.choice import ModelChoice
from bot.nlu.heads import Array
from bot.nlu.hub import find_hub_model
from bot.nlu.hub_models import HubEncoder
from bot.nlu.minilm import MiniLm
from bot.nlu.multilingual import Multilingual
from bot.nlu.registry import Registry
from bot.nlu.weights import find_minilm

logger = logging.getLogger("alexia.models")
Part = TypeVar("Part")


class Encoder(Protocol):
    """Turns texts into numbers."""

    name: str  # which weights: heads learnt over others do not fit
    width: int

    def encode(self, texts: Sequence[str]) -> Array:
        """Return embeddings: (texts, width), float32, unit length."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Encoders:
    """What can be loaded on this machine; None: its weights are missing."""

    english: MiniLm | None = None
    many: Multilingual | None = None
    hub: HubEncoder | None = None  # that the user chose; it reads the intents of every language
    grams: CharGrams

    def by_name(self) -> dict[str, Encoder]:
        """Return the encoders of intents; pieces of words stand in for the multilingual one."""
        found: dict[str, Encoder] = {}
        if self.hub is not None:
            return {"hub": self.hub}
        if self.english is not None:
            found["english"] = self.english
        if self.many is not None:
            found["many"] = self.many
        else:
            found["grams"] = self.grams
        return found


def open_encoders(choice: ModelChoice, registry: Registry) -> Encoders:
    """Load what is there; a part that fails is told in the log and left out."""
    shipped = shipped_encoders(threads=choice.threads)
    if not choice.encoder:
        return shipped
    hub = attempt(
        f"the encoder {choice.encoder}; the shipped ones serve",
        lambda: HubEncoder(
            find_hub_model(choice.encoder, choice.base, registry), threads=choice.threads
        ),
    )
    return replace(shipped, hub=hub)


@cache
def shipped_encoders(*, threads: int = 1) -> Encoders:
    """Load the shipped encoders, once a process.

    Numpy's own threads are held to as many: spinning beside torch they cost a fifth of the rate.
    """
    attempt("a limit to numpy's threads", lambda: _limit(threads))
    return Encoders(
        many=attempt("the multilingual encoder", lambda: Multilingual(threads=threads)),
        english=attempt("the English encoder", lambda: MiniLm(find_minilm(), threads=threads)),
        grams=CharGrams(),
    )


def _limit(threads: int) -> None:
    from threadpoolctl import threadpool_limits

    threadpool_limits(threads, user_api="blas")


def attempt(name: str, build: Callable[[], Part]) -> Part | None:
    """Return a part, or None when it cannot be had: the others must go on without it."""
    try:
        return build()
    except Exception as failure:  # noqa: BLE001 - a broken part must not take the others away
        logger.warning("models: without %s (%s)", name, failure)
        return None
