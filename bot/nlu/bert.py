"""BERT's embeddings and layers in torch alone: importing transformers would cost two seconds.

Parameters have the names of the published weights, so that those load as they are.
"""

from collections.abc import Mapping

import torch
from torch import nn
from torch.nn import functional

EPSILON = 1e-12
DROPPED = 0.1  # while training


class Dense(nn.Linear):  # type: ignore[misc]
    """A linear layer whose weights are read, never drawn.

    Drawing them on the meta device would load torch's compiler and sympy: 78 MB for nothing.
    """

    def reset_parameters(self) -> None:
        """Leave the weights as they are."""


class Table(nn.Embedding):  # type: ignore[misc]
    """A table of vectors that are read, never drawn, as those of `Dense`."""

    def reset_parameters(self) -> None:
        """Leave the vectors as they are."""


class Embeddings(nn.Module):  # type: ignore[misc]
    """Word pieces and their places as vectors."""

    def __init__(self, words: int, places: int, width: int) -> None:
        super().__init__()
        self.word_embeddings = Table(words, width)
        self.position_embeddings = Table(places, width)
        self.token_type_embeddings = Table(2, width)
        self.LayerNorm = nn.LayerNorm(width, eps=EPSILON)

    def forward(self, ids: torch.Tensor) -> torch.Tensor:
        """Return (texts, pieces, width)."""
        found = self.word_embeddings(ids) + self.token_type_embeddings.weight[0]
        return self.LayerNorm(found + self.position_embeddings.weight[: ids.shape[1]])


class Layer(nn.Module):  # type: ignore[misc]
    """One layer: every piece looks at every other, then at itself."""

    def __init__(self, width: int, heads: int, inner: int) -> None:
        super().__init__()
        self.heads = heads
        self.attention = nn.ModuleDict(
            {
                "self": nn.ModuleDict(
                    {name: Dense(width, width) for name in ("query", "key", "value")}
                ),
                "output": _output(width, width),
            }
        )
        self.intermediate = nn.ModuleDict({"dense": Dense(width, inner)})
        self.output = _output(inner, width)

    def forward(self, hidden: torch.Tensor, above: torch.Tensor) -> torch.Tensor:
        """Return (texts, pieces, width). ``above``: added to the attention, -inf at padding."""
        texts, pieces, width = hidden.shape
        own = self.attention["self"]
        query, key, value = (
            own[name](hidden).view(texts, pieces, self.heads, -1).transpose(1, 2)
            for name in ("query", "key", "value")
        )
        seen = functional.scaled_dot_product_attention(
            query, key, value, attn_mask=above, dropout_p=DROPPED if self.training else 0.0
        )
        seen = seen.transpose(1, 2).reshape(texts, pieces, width)
        hidden = self._added(self.attention["output"], seen, hidden)
        inner = functional.gelu(self.intermediate["dense"](hidden))
        return self._added(self.output, inner, hidden)

    def _added(self, part: nn.ModuleDict, new: torch.Tensor, old: torch.Tensor) -> torch.Tensor:
        dropped = functional.dropout(part["dense"](new), DROPPED, self.training)
        return part["LayerNorm"](dropped + old)


class Bert(nn.Module):  # type: ignore[misc]
    """The embeddings and the layers of one set of weights."""

    def __init__(self, weights: Mapping[str, torch.Tensor], heads: int) -> None:
        super().__init__()
        words, width = weights["embeddings.word_embeddings.weight"].shape
        places = len(weights["embeddings.position_embeddings.weight"])
        inner = len(weights["encoder.layer.0.intermediate.dense.bias"])
        count = sum(name.endswith(".attention.self.query.bias") for name in weights)
        with torch.device("meta"):
            self.embeddings = Embeddings(words, places, width)
            self.encoder = nn.ModuleDict(
                {"layer": nn.ModuleList(Layer(width, heads, inner) for _ in range(count))}
            )
        kept = {name: weights[name] for name in self.state_dict()}
        self.load_state_dict(kept, assign=True)


def _output(wide: int, width: int) -> nn.ModuleDict:
    return nn.ModuleDict(
        {"dense": Dense(wide, width), "LayerNorm": nn.LayerNorm(width, eps=EPSILON)}
    )
