"""The English encoder: six BERT layers, the first three shared by intents and sentiment."""

from __future__ import annotations

import time
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    import torch
    from torch import nn

SHARED = 3  # layers below this one serve every head
LONGEST = 96  # word pieces of a text that are read
WIDTH = 384
HEADS = 12
Vectors = NDArray[np.float32]


class MiniLm:
    """all-MiniLM-L6-v2, read from a folder of verified weights."""

    name = "all-MiniLM-L6-v2"
    width = WIDTH

    def __init__(self, folder: Path, *, threads: int = 1, dtype: torch.dtype | None = None) -> None:
        import torch
        from safetensors.torch import load_file
        from tokenizers import Tokenizer

        from bot.nlu.bert import Bert

        torch.set_num_threads(threads)
        bert = Bert(load_file(folder / "model.safetensors"), HEADS)
        self.dtype = dtype or fastest_dtype()
        self.bert: Any = bert.to(self.dtype).eval()
        self.tokens = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self.tokens.enable_truncation(LONGEST)
        self.tokens.no_padding()

    def batch(self, texts: Sequence[str]) -> tuple[torch.Tensor, torch.Tensor]:
        """Return word pieces and their mask: (texts, longest), int64."""
        import torch

        found = [encoding.ids for encoding in self.tokens.encode_batch(list(texts))]
        longest = max(len(ids) for ids in found)
        ids = torch.zeros((len(found), longest), dtype=torch.long)
        mask = torch.zeros((len(found), longest), dtype=torch.long)
        for at, pieces in enumerate(found):
            ids[at, : len(pieces)] = torch.tensor(pieces)
            mask[at, : len(pieces)] = 1
        return ids, mask

    def shared(self, ids: torch.Tensor, mask: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        """Return what the shared layers make of a batch, and the mask for the layers above."""
        hidden = self.bert.embeddings(ids)
        above = _additive(mask, hidden.dtype)
        return run_layers(self.bert.encoder["layer"][:SHARED], hidden, above), above

    def upper(self) -> nn.ModuleList:
        """Return the layers above the shared ones, as the encoder came."""
        layers: nn.ModuleList = self.bert.encoder["layer"][SHARED:]
        return layers

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Return embeddings: (texts, 384), float32, unit length."""
        import torch

        with torch.inference_mode():
            ids, mask = self.batch(texts)
            hidden, above = self.shared(ids, mask)
            return self.embed(hidden, above, mask)

    def embed(self, hidden: torch.Tensor, above: torch.Tensor, mask: torch.Tensor) -> Vectors:
        """Return embeddings of a batch that went through the shared layers."""
        import torch

        pooled = mean_pool(run_layers(self.upper(), hidden, above), mask)
        vectors: Vectors = torch.nn.functional.normalize(pooled, dim=-1).numpy()
        return vectors


def run_layers(layers: Any, hidden: torch.Tensor, above: torch.Tensor) -> torch.Tensor:  # noqa: ANN401
    """Return what a list of BERT layers makes of hidden states."""
    for layer in layers:
        hidden = layer(hidden, above)
    return hidden


def mean_pool(hidden: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
    """Return the mean over a text's word pieces: (texts, 384), float32."""
    weights = mask.unsqueeze(-1).float()
    return (hidden.float() * weights).sum(1) / weights.sum(1)


def fastest_dtype() -> torch.dtype:
    """Return bfloat16 where the processor has it and one try shows it to be faster."""
    import torch

    if not torch.cpu._is_avx512_bf16_supported():
        return torch.float32
    return min((torch.float32, torch.bfloat16), key=_seconds)


def _seconds(dtype: torch.dtype) -> float:
    import torch

    rows, weights = torch.ones(96, WIDTH, dtype=dtype), torch.ones(WIDTH, 1536, dtype=dtype)
    best = float("inf")
    for _ in range(8):
        begun = time.perf_counter()
        _ = rows @ weights
        best = min(best, time.perf_counter() - begun)
    return best


def _additive(mask: torch.Tensor, dtype: torch.dtype) -> torch.Tensor:
    import torch

    return (1 - mask[:, None, None, :]).to(dtype) * torch.finfo(dtype).min
