"""Logistic regression in torch, for a few thousand examples in seconds."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from bot.domain.data import dataclass
from bot.nlu.heads import Array, softmax

if TYPE_CHECKING:
    import torch

STEPS = 60  # of L-BFGS; converged long before on a few hundred examples


@dataclass(frozen=True, slots=True, kw_only=True)
class Logistic:
    """One row of weights and one bias a label."""

    weights: Array  # (labels, width)
    biases: Array  # (labels,)

    def probabilities(self, vectors: Array) -> Array:
        """Return (texts, labels), each row summing to one."""
        return softmax(vectors @ self.weights.T + self.biases)


def fit_logistic(
    vectors: Array, labels: NDArray[np.int64], count: int, strength: float
) -> Logistic:
    """Return weights that tell ``count`` labels apart.

    Args:
        strength: C, the inverse of the penalty on large weights.
    """
    import torch

    inputs, wanted = torch.from_numpy(vectors), torch.from_numpy(labels)
    weights = torch.zeros(count, vectors.shape[1], requires_grad=True)
    biases = torch.zeros(count, requires_grad=True)
    optimizer = torch.optim.LBFGS(
        [weights, biases], max_iter=STEPS, history_size=10, line_search_fn="strong_wolfe"
    )
    penalty = 1 / (2 * strength * len(labels))

    def loss() -> torch.Tensor:
        optimizer.zero_grad()
        logits = inputs @ weights.T + biases
        found = torch.nn.functional.cross_entropy(logits, wanted) + penalty * (weights**2).sum()
        found.backward()
        return found

    optimizer.step(loss)
    return Logistic(weights=weights.detach().numpy(), biases=biases.detach().numpy())
