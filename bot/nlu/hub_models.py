"""What is read through transformers: an encoder or a tone model that the user chose."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from bot.domain.errors import WeightsMissing
from bot.domain.understanding import Mood
from bot.nlu.heads import Array, unit
from bot.nlu.hub import HubModel

LONGEST = 128  # word pieces of a text that are read
ORDER = (Mood.NEGATIVE, Mood.NEUTRAL, Mood.POSITIVE)
NAMES = {
    "negative": 0, "neg": 0, "label_0": 0, "1 star": 0, "2 stars": 0, "very negative": 0,
    "neutral": 1, "neu": 1, "label_1": 1, "3 stars": 1,
    "positive": 2, "pos": 2, "label_2": 2, "4 stars": 2, "5 stars": 2, "very positive": 2,
}  # fmt: skip


class HubEncoder:
    """Any encoder of the hub, its word pieces' mean (or first) as the embedding."""

    def __init__(self, model: HubModel, *, threads: int = 1) -> None:
        from transformers import AutoModel

        self.name = model.name
        self._prefix = model.prefix
        self._tokens, self._model = _load(model, AutoModel, threads)
        self._first = _takes_first(model.folder)
        self.width = int(self._model.config.hidden_size)

    def encode(self, texts: Sequence[str]) -> Array:
        """Return embeddings: (texts, width), float32, unit length."""
        import torch

        with torch.inference_mode():
            batch = _batch(self._tokens, [self._prefix + text for text in texts])
            hidden = self._model(**batch).last_hidden_state.float()
            if self._first:
                pooled = hidden[:, 0]
            else:
                weights = batch["attention_mask"].unsqueeze(-1).float()
                pooled = (hidden * weights).sum(1) / weights.sum(1)
            return unit(pooled.numpy())


class HubTone:
    """Any sentiment model of the hub whose labels say negative, (neutral,) positive."""

    def __init__(self, model: HubModel, *, threads: int = 1) -> None:
        from transformers import AutoModelForSequenceClassification

        self._prefix = model.prefix
        self._tokens, self._model = _load(model, AutoModelForSequenceClassification, threads)
        self._places = places_of(model.name, self._model.config.id2label)

    def probabilities(self, texts: Sequence[str]) -> Array:
        """Return (texts, labels), in the order negative, neutral, positive."""
        import torch

        with torch.inference_mode():
            logits = self._model(**_batch(self._tokens, [self._prefix + one for one in texts]))
            told: Array = torch.softmax(logits.logits.float(), dim=-1).numpy()
        found = np.zeros((len(texts), len(ORDER)), dtype=np.float32)
        for at, place in enumerate(self._places):
            found[:, place] += told[:, at]
        return found


def places_of(name: str, labels: Mapping[Any, str]) -> list[int]:
    """Return where each of a model's labels belongs among ours. Raises WeightsMissing."""
    told = [str(labels[at]).casefold() for at in sorted(labels, key=int)]
    found = [NAMES.get(label) for label in told]
    if len(told) == 2 and told == ["label_0", "label_1"]:
        found = [0, 2]
    places = [place for place in found if place is not None]
    if len(places) != len(told) or not {0, 2} <= set(places):
        raise WeightsMissing(
            name, f"its labels ({', '.join(told)}) are no tones", "choose a sentiment model"
        )
    return places


def _load(model: HubModel, kind: Any, threads: int) -> tuple[Any, Any]:  # noqa: ANN401 - untyped
    import torch
    from transformers import AutoTokenizer

    torch.set_num_threads(threads)
    local = {"local_files_only": True, "trust_remote_code": False}
    try:
        tokens = AutoTokenizer.from_pretrained(str(model.folder), **local)
        loaded = kind.from_pretrained(str(model.folder), use_safetensors=True, **local)
    except (OSError, ValueError, KeyError) as reason:
        told = str(reason).partition("\n")[0][:200]
        raise WeightsMissing(
            model.name, f"transformers cannot read them ({told})", "choose another"
        ) from reason
    return tokens, loaded.eval()


def _batch(tokens: Any, texts: Sequence[str]) -> Any:  # noqa: ANN401
    return tokens(
        list(texts), padding=True, truncation=True, max_length=LONGEST, return_tensors="pt"
    )


def _takes_first(folder: Path) -> bool:
    """Tell whether the first word piece is the embedding, as sentence-transformers notes it."""
    try:
        told = json.loads((folder / "1_Pooling" / "config.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return False
    return bool(told.get("pooling_mode_cls_token"))
