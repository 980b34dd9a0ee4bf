import json
import sys
import types

import numpy as np
import pytest
from click.testing import CliRunner

from bot.cli import main
from bot.domain.errors import WeightsMissing
from bot.nlu import hearing
from bot.nlu.choice import ModelChoice
from bot.nlu.hearing import RATE, Recogniser, at_rate, read_sound


def tone(hertz, rate, seconds=0.5):
    return np.sin(2 * np.pi * hertz * np.arange(int(rate * seconds)) / rate).astype(np.float32)


@pytest.mark.parametrize("rate", [8_000, 16_000, 44_100, 48_000])
def test_a_tone_keeps_its_pitch_and_length_at_another_rate(rate):
    heard = at_rate(tone(440, rate), rate)
    loudest = np.abs(np.fft.rfft(heard)).argmax() * RATE / len(heard)

    assert len(heard) == pytest.approx(RATE / 2, abs=2)
    assert loudest == pytest.approx(440, abs=4)


def test_what_lies_above_the_new_range_is_damped():
    assert np.abs(at_rate(tone(15_900, 48_000), 48_000))[9:-9].max() < 0.2


class Sound:
    """Stands for soundfile: a file of half a second on two channels."""

    samplerate = 48_000

    def __init__(self, name):
        if name.endswith("broken"):
            raise RuntimeError("unknown format")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        return None

    def read(self, frames, dtype, always_2d):
        return np.stack([tone(440, 48_000)] * 2, axis=1)


@pytest.fixture
def soundfile(monkeypatch):
    monkeypatch.setitem(sys.modules, "soundfile", types.SimpleNamespace(SoundFile=Sound))


def test_two_channels_become_one(soundfile, tmp_path):
    assert read_sound(tmp_path / "a.ogg").shape == (8_000,)


def test_a_file_that_is_no_sound_is_told(soundfile, tmp_path):
    with pytest.raises(ValueError, match=r"broken cannot be read as sound \(unknown format\)"):
        read_sound(tmp_path / "broken")


def test_without_the_extra_it_says_what_to_install(monkeypatch, tmp_path):
    monkeypatch.setitem(sys.modules, "soundfile", None)

    with pytest.raises(WeightsMissing, match=r"pip install 'alexia-bot\[voice\]'"):
        read_sound(tmp_path / "a.ogg")


def test_the_model_is_read_from_a_verified_folder_without_code(soundfile, tmp_path, monkeypatch):
    (tmp_path / "config.json").write_text("{}", encoding="utf-8")
    (tmp_path / "model.safetensors").write_bytes(b"")
    built = []

    def pipeline(task, **how):
        built.append((task, how))
        return lambda sound: {"text": f" {len(sound['raw'])} at {sound['sampling_rate']} "}

    monkeypatch.setitem(sys.modules, "transformers", types.SimpleNamespace(pipeline=pipeline))
    recogniser = Recogniser(ModelChoice(voice=str(tmp_path)), {})

    assert recogniser.words(tmp_path / "a.ogg") == "8000 at 16000"
    assert recogniser.words(tmp_path / "b.ogg") == "8000 at 16000"
    assert [task for task, _ in built] == ["automatic-speech-recognition"]
    assert built[0][1]["trust_remote_code"] is False
    assert built[0][1]["model"] == str(tmp_path)
    assert built[0][1]["model_kwargs"] == {"use_safetensors": True}


def test_a_model_that_was_not_downloaded_is_told(soundfile, tmp_path, monkeypatch):
    monkeypatch.setenv("HF_HUB_CACHE", str(tmp_path))
    recogniser = Recogniser(ModelChoice(base=tmp_path, voice="owner/speech"), {})

    with pytest.raises(WeightsMissing, match="alexia models download"):
        recogniser.words(tmp_path / "a.ogg")


def test_the_command_writes_a_file_down_and_says_what_is_missing(tmp_path, monkeypatch):
    sound = tmp_path / "a.ogg"
    sound.write_bytes(b"")
    config = tmp_path / "config.yaml"

    def run():
        return CliRunner().invoke(main, ["models", "hear", str(sound), "--config", str(config)])

    config.write_text("language: en\n", encoding="utf-8")
    assert "write one under models.voice" in run().output

    config.write_text("models: {voice: owner/speech}\n", encoding="utf-8")
    monkeypatch.setattr(hearing.Recogniser, "words", lambda self, file: "hello there")
    done = run()

    assert (done.exit_code, done.output) == (0, "hello there\n")


@pytest.mark.weights
def test_a_real_model_in_a_folder_is_loaded_and_asked(tmp_path, monkeypatch):
    from transformers import (
        Wav2Vec2Config,
        Wav2Vec2CTCTokenizer,
        Wav2Vec2FeatureExtractor,
        Wav2Vec2ForCTC,
        Wav2Vec2Processor,
    )

    letters = ["<pad>", "<s>", "</s>", "<unk>", "|", *"abcdefghijk"]
    (tmp_path / "vocab.json").write_text(
        json.dumps({letter: at for at, letter in enumerate(letters)}), encoding="utf-8"
    )
    tokenizer = Wav2Vec2CTCTokenizer(str(tmp_path / "vocab.json"))
    Wav2Vec2Processor(Wav2Vec2FeatureExtractor(), tokenizer).save_pretrained(tmp_path)
    Wav2Vec2ForCTC(
        Wav2Vec2Config(
            vocab_size=len(letters), hidden_size=8, num_hidden_layers=1, num_attention_heads=2,
            intermediate_size=8, conv_dim=(8,), conv_stride=(320,), conv_kernel=(400,),
            num_feat_extract_layers=1, num_conv_pos_embeddings=4, num_conv_pos_embedding_groups=2,
        )
    ).save_pretrained(tmp_path)  # fmt: skip

    monkeypatch.setattr(hearing, "read_sound", lambda file: tone(440, RATE))

    words = Recogniser(ModelChoice(voice=str(tmp_path)), {}).words(tmp_path / "a.ogg")

    assert set(words.casefold()) <= set("abcdefghijk <>/sunkpad")
