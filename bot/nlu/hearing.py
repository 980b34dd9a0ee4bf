"""Writes down voice notes: a speech model of the hub, read through transformers."""

import threading
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from bot.domain.errors import WeightsMissing
from bot.nlu.choice import ModelChoice, choice_of
from bot.nlu.heads import Array
from bot.nlu.hub import find_hub_model
from bot.nlu.registry import Registry, read_registry

if TYPE_CHECKING:
    from bot.config import Config

RATE = 16_000  # samples a second, as Whisper and its like were trained on
LONGEST = 300  # seconds of a voice note that are listened to
EXTRA = "pip install 'alexia-bot[voice]'"


class Recogniser:
    """Turns a sound file into words. Loads its model when the first one comes."""

    def __init__(self, choice: ModelChoice, registry: Registry) -> None:
        self._choice = choice
        self._registry = registry
        self._lock = threading.Lock()
        self._pipeline: Callable[..., Any] | None = None

    def words(self, file: Path) -> str:
        """Return what is said in a file.

        Raises:
            WeightsMissing: The model or the extra is not installed.
            ValueError: The file holds no sound that can be read.
        """
        samples = read_sound(file)
        if not len(samples):
            return ""
        with self._lock:
            if self._pipeline is None:
                self._pipeline = self._load()
            told = self._pipeline({"raw": samples, "sampling_rate": RATE})
        return str(told["text"]).strip()

    def _load(self) -> Callable[..., Any]:
        model = find_hub_model(self._choice.voice, self._choice.base, self._registry)
        import torch
        from transformers import pipeline

        torch.set_num_threads(self._choice.threads)
        loaded: Callable[..., Any] = pipeline(
            "automatic-speech-recognition",
            model=str(model.folder),
            chunk_length_s=30,
            trust_remote_code=False,
            model_kwargs={"use_safetensors": True},
        )
        return loaded


def hearing_of(config: "Config") -> Callable[[Path], str]:
    """Return what writes voice notes down; all accounts share one model, loaded when needed."""
    choice = choice_of(config)
    key = choice.base, choice.voice, config.models_folder
    if key not in _OPENED:
        _OPENED[key] = Recogniser(choice, read_registry(config.models_folder))
    return _OPENED[key].words


_OPENED: dict[tuple[Path, str, Path], Recogniser] = {}


def read_sound(file: Path) -> Array:
    """Return a file's samples: (samples,), float32, one channel, 16,000 a second.

    Raises:
        WeightsMissing: The extra that reads sound files is not installed.
        ValueError: The file holds no sound that can be read.
    """
    try:
        import soundfile
    except ImportError as missing:
        raise WeightsMissing("voice", "soundfile is not installed", f"run `{EXTRA}`") from missing
    try:
        with soundfile.SoundFile(str(file)) as opened:
            rate = int(opened.samplerate)
            samples = opened.read(frames=LONGEST * rate, dtype="float32", always_2d=True)
    except (RuntimeError, OSError) as reason:
        raise ValueError(f"{file.name} cannot be read as sound ({reason})") from reason
    return at_rate(samples.mean(axis=1), rate)


def at_rate(samples: Array, rate: int) -> Array:
    """Return samples at 16,000 a second; what is above the new range is smoothed away first."""
    if rate == RATE or not len(samples):
        return samples.astype(np.float32)
    if rate > RATE:
        width = round(rate / RATE)
        even = np.full(width, 1 / width, dtype=np.float32)
        samples = np.convolve(samples, even, mode="same").astype(np.float32)
    moments = np.arange(int(len(samples) * RATE / rate)) * (rate / RATE)
    found: Array = np.interp(moments, np.arange(len(samples)), samples).astype(np.float32)
    return found
