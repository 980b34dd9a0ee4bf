import numpy as np
import pytest

from bot.nlu.chargrams import CharGrams
from bot.nlu.examples import Example, IntentExamples
from bot.nlu.intent_files import KEPT, cached_file, load_heads, save_heads
from bot.nlu.intent_fit import fit_intents
from bot.nlu.out_of_scope import Outside

GRAMS = {"grams": CharGrams()}
HOURS = ("when do you open", "opening hours", "when do you close", "open until when")
PRICES = ("what does it cost", "how much is it", "the price please", "is it expensive")


def written(*more):
    return [
        IntentExamples(name=name, examples=tuple(Example(text=text) for text in texts))
        for name, texts in (("hours", (*HOURS, *more)), ("price", PRICES))
    ]


@pytest.fixture
def file(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    return cached_file(written(), GRAMS, Outside(texts=("a joke",)), "en")


def test_kept_heads_rank_as_the_learnt_ones(file):
    heads = fit_intents(written(), GRAMS, Outside(texts=("a joke", "some music")))
    save_heads(heads, file)
    kept = load_heads(file)
    vectors = {"grams": GRAMS["grams"].encode(["do you open soon", "tell me a joke"])}

    for old, new in zip(heads.guess(vectors, 2), kept.guess(vectors, 2), strict=True):
        assert heads.scores(old) == kept.scores(new)
        assert np.array_equal(old.probabilities, new.probabilities)


def test_what_spelling_was_learnt_is_kept(file):
    spanish = [IntentExamples(name="a", examples=(Example(text="hola", language="es"),))]
    heads = fit_intents(spanish, {"many": CharGrams()}, Outside())
    save_heads(heads, file)
    kept = load_heads(file)

    assert kept.languages == ("es",)
    assert set(kept.views) == {"many", "own"}


def test_other_examples_lie_elsewhere(file):
    assert cached_file(written("at what hour"), GRAMS, Outside(texts=("a joke",)), "en") != file
    assert cached_file(written(), GRAMS, Outside(texts=("a song",)), "en") != file
    assert cached_file(written(), {"many": CharGrams()}, Outside(texts=("a joke",)), "en") != file


def test_what_is_missing_or_broken_is_learnt_anew(file):
    assert load_heads(file) is None
    file.parent.mkdir(parents=True)
    file.write_bytes(b"nonsense")

    assert load_heads(file) is None


def test_only_the_newest_are_kept(file):
    heads = fit_intents(written(), GRAMS, Outside())
    for at in range(KEPT + 3):
        save_heads(heads, file.with_name(f"{at}.safetensors"))

    assert len(list(file.parent.glob("*.safetensors"))) == KEPT
