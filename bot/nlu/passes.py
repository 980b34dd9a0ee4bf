"""What the encoders make of one batch of texts, each pass made once, when it is first wanted."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import TYPE_CHECKING

from bot.nlu.encoder import Encoders
from bot.nlu.heads import Array

if TYPE_CHECKING:
    import torch


class Passes:
    """The texts of a batch on their way through the encoders."""

    def __init__(self, encoders: Encoders, texts: Sequence[str]) -> None:
        self._encoders = encoders
        self.texts = texts

    @cached_property
    def shared(self) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
        """Hidden states after the English encoder's shared layers, the layers' mask, the texts'."""
        import torch

        english = self._encoders.english
        assert english is not None
        with torch.inference_mode():
            ids, mask = english.batch(self.texts)
            return *english.shared(ids, mask), mask

    @cached_property
    def many(self) -> Array:
        """Multilingual embeddings: (texts, 512)."""
        assert self._encoders.many is not None
        return self._encoders.many.encode(self.texts)

    def of_intents(self, *, in_english: bool) -> dict[str, Array]:
        """Return the embeddings that intents of such texts are told by."""
        if self._encoders.hub is not None:
            return {"hub": self._encoders.hub.encode(self.texts)}
        found: dict[str, Array] = {}
        if in_english and self._encoders.english is not None:
            found["english"] = self._english()
        if self._encoders.many is not None:
            found["many"] = self.many
        elif not found:
            found["grams"] = self._encoders.grams.encode(self.texts)
        return found

    def _english(self) -> Array:
        import torch

        assert self._encoders.english is not None
        with torch.inference_mode():
            return self._encoders.english.embed(*self.shared)
