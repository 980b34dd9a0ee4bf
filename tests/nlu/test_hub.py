import hashlib
import json

import numpy as np
import pytest

from bot.domain.errors import WeightsMissing
from bot.nlu.choice import ModelChoice, choice_of
from bot.nlu.hub import download, find_hub_model
from bot.nlu.hub_models import HubEncoder, HubTone, places_of
from bot.nlu.registry import read_registry, shipped_registry

NAME = "owner/tiny"
WORDS = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "query", ":", "good", "bad", "soup"]


@pytest.fixture
def cache(tmp_path, monkeypatch):
    monkeypatch.setenv("HF_HUB_CACHE", str(tmp_path / "hub"))
    return tmp_path / "hub"


@pytest.fixture(scope="module")
def tiny(tmp_path_factory):
    """A small random model as the hub holds one, written by transformers itself."""
    import torch
    from transformers import BertConfig, BertForSequenceClassification, BertTokenizerFast

    folder = tmp_path_factory.mktemp("tiny")
    (folder / "vocab.txt").write_text("\n".join(WORDS), encoding="utf-8")
    torch.manual_seed(0)
    shape = BertConfig(
        vocab_size=len(WORDS), hidden_size=16, num_hidden_layers=1, num_attention_heads=2,
        intermediate_size=32, num_labels=3, id2label={0: "Positive", 1: "Neutral", 2: "Negative"},
    )  # fmt: skip
    BertForSequenceClassification(shape).save_pretrained(folder)
    BertTokenizerFast(vocab={word: at for at, word in enumerate(WORDS)}).save_pretrained(folder)
    return folder


def put(cache, tiny, *, revision="abc", named_by_hash=True):
    """Lay a model into the cache as huggingface_hub does: snapshots of links to blobs."""
    kept = cache / "models--owner--tiny"
    (kept / "blobs").mkdir(parents=True)
    (kept / "refs").mkdir()
    (kept / "refs" / "main").write_text(revision, encoding="utf-8")
    snapshot = kept / "snapshots" / revision
    snapshot.mkdir(parents=True)
    for file in tiny.iterdir():
        raw = file.read_bytes()
        name = hashlib.sha256(raw).hexdigest() if named_by_hash else file.name
        (kept / "blobs" / name).write_bytes(raw)
        (snapshot / file.name).symlink_to(kept / "blobs" / name)
    return snapshot


def test_a_model_of_the_cache_is_found_by_its_id(cache, tiny, tmp_path):
    snapshot = put(cache, tiny)

    assert find_hub_model(NAME, tmp_path, {}).folder == snapshot
    assert find_hub_model(f"{NAME}@abc", tmp_path, {}).folder == snapshot


def test_a_folder_is_a_model_too(tiny):
    assert find_hub_model(tiny.name, tiny.parent, {}).folder == tiny


def test_what_was_not_downloaded_is_told_with_what_to_run(cache, tmp_path):
    with pytest.raises(WeightsMissing, match=r"neither a folder here nor in .*alexia models down"):
        find_hub_model(NAME, tmp_path, {})


def test_weights_that_were_changed_in_the_cache_are_refused(cache, tiny, tmp_path):
    snapshot = put(cache, tiny)
    blob = (snapshot / "model.safetensors").resolve()
    blob.write_bytes(blob.read_bytes()[:-1] + b"x")

    with pytest.raises(WeightsMissing, match=r"model.safetensors is not what the hub gave"):
        find_hub_model(NAME, tmp_path, {})


def test_weights_that_are_not_as_the_registry_pins_them_are_refused(tiny, tmp_path):
    (tmp_path / "registry.yaml").write_text(
        f"encoders: {{mine: {{hub: {NAME}, revision: abc, sha256: '{'0' * 64}'}}}}", "utf-8"
    )
    registry = read_registry(tmp_path)

    assert registry["mine"].hub == NAME
    assert set(shipped_registry()) < set(registry)
    with pytest.raises(WeightsMissing, match="is not as pinned"):
        find_hub_model("mine", tiny.parent, registry | {"mine": _at(registry["mine"], tiny)})


def _at(entry, folder):
    from dataclasses import replace

    return replace(entry, kind="minilm", hub=folder.name)


@pytest.mark.parametrize(
    ("file", "body", "said"),
    [("config.json", {"auto_map": {"AutoModel": "code.py"}}, "code of its own"),
     ("config.json", {}, "no .safetensors file")],
)  # fmt: skip
def test_code_and_pickles_are_refused(tmp_path, file, body, said):
    (tmp_path / file).write_text(json.dumps(body), encoding="utf-8")

    with pytest.raises(WeightsMissing, match=said):
        find_hub_model(str(tmp_path), tmp_path, {})


def test_without_a_network_a_download_says_so(cache, tmp_path, monkeypatch):
    import huggingface_hub

    def offline(*_, **__):
        raise OSError("no route to host")

    monkeypatch.setattr(huggingface_hub, "snapshot_download", offline)
    with pytest.raises(WeightsMissing, match=r"the hub gave nothing \(no route to host\)"):
        download(NAME, tmp_path, {})


def test_a_download_asks_for_no_code_and_no_pickles(cache, tiny, tmp_path, monkeypatch):
    import huggingface_hub

    asked = {}

    def fetch(name, **how):
        asked.update(how, name=name)
        put(cache, tiny)

    monkeypatch.setattr(huggingface_hub, "snapshot_download", fetch)
    found = download(NAME, tmp_path, {})

    assert asked["name"] == NAME
    assert not [one for one in asked["allow_patterns"] if one.endswith((".py", ".bin", ".pt"))]
    assert (found.folder / "model.safetensors").exists()


def test_an_encoder_of_the_hub_gives_unit_vectors_each_text_alone(tiny):
    encoder = HubEncoder(find_hub_model(str(tiny), tiny, {}))
    together = encoder.encode(["good soup", "bad"])
    alone = encoder.encode(["bad"])

    assert together.shape == (2, encoder.width) == (2, 16)
    assert np.linalg.norm(together, axis=1) == pytest.approx([1, 1], abs=1e-5)
    assert together[1] == pytest.approx(alone[0], abs=1e-5)


def test_a_tone_model_of_the_hub_tells_our_labels_in_our_order(tiny):
    import torch

    model = find_hub_model(str(tiny), tiny, {})
    tone = HubTone(model)
    found = tone.probabilities(["good soup"])
    with torch.inference_mode():
        batch = tone._tokens(["good soup"], return_tensors="pt")
        theirs = torch.softmax(tone._model(**batch).logits, -1)[0].tolist()

    assert found[0].sum() == pytest.approx(1)
    assert found[0].tolist() == pytest.approx(theirs[::-1], abs=1e-5)


@pytest.mark.parametrize(
    ("labels", "places"),
    [({0: "negative", 1: "neutral", 2: "positive"}, [0, 1, 2]), ({0: "NEG", 1: "POS"}, [0, 2]),
     ({"0": "LABEL_0", "1": "LABEL_1"}, [0, 2]),
     ({at: f"{at + 1} star{'s' if at else ''}" for at in range(5)}, [0, 0, 1, 2, 2])],
)  # fmt: skip
def test_the_labels_of_many_models_are_known(labels, places):
    assert places_of("x", labels) == places


def test_labels_that_are_no_tones_are_refused():
    with pytest.raises(WeightsMissing, match=r"its labels \(joy, anger\) are no tones"):
        places_of("x", {0: "joy", 1: "anger"})


@pytest.mark.weights
def test_the_shipped_encoder_read_by_transformers_agrees_with_ours(models):
    from bot.nlu.weights import find_minilm

    texts = ["where is my order", "the soup was not tasty"]
    theirs = HubEncoder(find_hub_model(str(find_minilm()), find_minilm(), {})).encode(texts)
    ours = models.models.encoders.english.encode(texts)

    assert (theirs * ours).sum(axis=1) == pytest.approx([1, 1], abs=0.01)


def test_one_line_of_the_configuration_chooses_a_model(tmp_path):
    from bot.config import read_config

    told = b"models: {encoder: intfloat/multilingual-e5-small, threads: 2,\n sentiment: {en: a/b}}"
    choice = choice_of(read_config(told, tmp_path / "config.yaml", {}))

    assert choice == ModelChoice(
        base=tmp_path, encoder="intfloat/multilingual-e5-small", sentiment={"en": "a/b"}, threads=2
    )
    assert choice.wanted() == ("intfloat/multilingual-e5-small", "a/b")


def test_one_tone_model_for_all_languages(tmp_path):
    from bot.config import read_config

    told = b"models: {sentiment: a/b}"

    assert choice_of(read_config(told, tmp_path / "config.yaml", {})).sentiment == {"*": "a/b"}
