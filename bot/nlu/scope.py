"""How much speaks for the best intent of a text being meant at all."""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from bot.domain.data import dataclass
from bot.nlu.heads import Array, softmax

SAME = 0.75  # likeness to a generic text from which on a text counts as the same
STEEP = 8.0  # trust lost for each unit by which such a text is nearer to it than to an example
PLENTY = 10  # examples of an intent with which the odds were learnt
FEWER = 1.2  # by so much the level falls for each time that they are fewer by a factor of e
TIMID = 1e-9


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """What each sign is worth; together they are the log odds that the best intent is meant.

    Learnt by logistic regression on 129 small sets of eight to ten intents with ten examples,
    drawn from Banking77, Bitext, CLINC150, HINT3, HWU64 and xSID, half of their messages with
    slips and short forms, a fourth meant for no intent, near ones and far ones. Each source was
    judged with the weights of the others: MCC .854 in the mean, .841 with a threshold found on a
    set's own examples alone. With fewer examples all logits are smaller, and so the odds from
    which on most were told rightly.

    The view of examples' own languages goes by the multilingual one's weights: where spelling
    stands beside the meaning they told the same sets better, MCC .840 instead of .829 in the mean.

    Attributes:
        near: Of the nearness beyond what held-out examples usually have.
        foreign: Of being nearer to an example than to a generic text.
        usual: Nearness of held-out examples, where too few were held out to tell.
        steady: So many held-out examples count for as much as these odds, for the threshold.
    """

    logit: float = 0.6
    share: float = 1.9
    near: float = 4.1
    foreign: float = 1.75
    bias: float = 1.0
    usual: float = 0.6
    steady: float = 0.0

    def level(self, examples: float) -> float:
        """Return the odds from which on an intent is meant, given the examples of an intent."""
        return min(0.0, FEWER * float(np.log(max(examples, 1) / PLENTY)))

    def trust(self, signs: "Signs", usual: float) -> Array:
        """Return the log odds of each text."""
        near = signs.near
        found = self.logit * signs.logit + self.share * signs.share + self.near * (near - usual)
        found += self.foreign * (near - signs.foreign) + self.bias
        closer = np.maximum(signs.foreign - near, 0)
        told: Array = found - STEEP * np.where(signs.foreign >= SAME, closer, 0)
        return told


OTHER = Scope()  # encoders whose likeness is of another size: examples alone tell the threshold
SCOPES: Mapping[str, Scope] = {
    "english": Scope(steady=150),
    "many": Scope(share=1.5, near=4.3, foreign=3.4, bias=0.85, steady=150),
    "own": Scope(share=1.5, near=4.3, foreign=3.4, bias=0.85, steady=150),
}


def scope_of(name: str) -> Scope:
    """Return what the signs of a view are worth."""
    return SCOPES.get(name, OTHER)


@dataclass(frozen=True, slots=True, kw_only=True)
class Signs:
    """What speaks for the best intent of each text, and against it: (texts,) each."""

    logit: Array
    share: Array  # log of its share of the logits
    near: Array
    foreign: Array  # likeness to the generic text that is most alike

    def of(self, rows: NDArray[np.bool_]) -> "Signs":
        """Return those of some texts."""
        return Signs(
            logit=self.logit[rows],
            share=self.share[rows],
            near=self.near[rows],
            foreign=self.foreign[rows],
        )


def signs_of(linear: Array, near: Array, best: NDArray[np.int64], foreign: Array) -> Signs:
    """Return the signs of texts, given logits and nearness, each (texts, intents)."""
    rows = np.arange(len(best))
    return Signs(
        logit=linear[rows, best],
        share=np.log(softmax(linear)[rows, best] + TIMID),
        near=near[rows, best],
        foreign=foreign,
    )


def joined(parts: list[Signs]) -> Signs:
    """Return the signs of all texts of several lots."""
    none = np.zeros(0, dtype=np.float32)
    return Signs(
        logit=np.concatenate([none, *(part.logit for part in parts)]),
        share=np.concatenate([none, *(part.share for part in parts)]),
        near=np.concatenate([none, *(part.near for part in parts)]),
        foreign=np.concatenate([none, *(part.foreign for part in parts)]),
    )


def foreign_to(queries: Array, outside: Array | None) -> Array:
    """Return how alike each text is to the most alike generic one; 0 without any."""
    if outside is None or not len(outside):
        return np.zeros(len(queries), dtype=np.float32)
    found: Array = (queries @ outside.T).max(axis=1)
    return found


def among_themselves(outside: Array) -> Array:
    """Return how alike each generic text is to the most alike other one."""
    alike = outside @ outside.T
    np.fill_diagonal(alike, 0)
    found: Array = alike.max(axis=1, initial=0)
    return found
