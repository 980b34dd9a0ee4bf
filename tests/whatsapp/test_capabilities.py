"""The list of capabilities, against our page scripts, the driver, the docs and the real bundle."""

import ast
import inspect
import re
from pathlib import Path

import pytest

from bot.whatsapp.capabilities import CAPABILITIES, EVENTS, FUNCS, NEEDS, WELCOME, table
from bot.whatsapp.driver import Driver
from bot.whatsapp.injected import HERE, OURS
from bot.whatsapp.wajs import SHA256, Pin, bundle_path, cache_folder, read_bundle

ROOT = Path(__file__).parents[2]
SOURCE = "\n".join((HERE / name).read_text(encoding="utf-8") for name in OURS)
BUNDLE = bundle_path(cache_folder())
OF_THE_LIBRARY = {"isFullReady", "on", "version"}


def test_our_scripts_use_what_is_listed_and_nothing_else():
    named = {one.removeprefix("WPP.") for one in re.findall(r"\bWPP(?:\.\w+)+", SOURCE)}
    calls = {one for one in named if one.split(".")[0] not in ("whatsapp", *OF_THE_LIBRARY)}
    inside = {one.removeprefix("whatsapp.") for one in named if one.startswith("whatsapp.")}

    assert {".".join(one.split(".")[:2]) for one in calls} == set(FUNCS)
    listed = {*NEEDS, *WELCOME}
    assert {one for one in inside if not {one, one.split(".")[0]} & listed} == set()
    assert set(re.findall(r"WPP\.on\('([^']+)'", SOURCE)) == set(EVENTS)


def test_each_method_of_the_driver_that_is_named_is_there():
    methods = {name for name, _ in inspect.getmembers(Driver, inspect.isfunction)}

    assert {method for one in CAPABILITIES for method in one.methods} <= methods


@pytest.mark.parametrize("proof", sorted({one.proof for one in CAPABILITIES}))
def test_each_proof_is_a_test_of_ours(proof):
    file, _, name = proof.partition("::")
    tree = ast.parse((ROOT / file).read_text(encoding="utf-8"))

    tests = {node.name for node in ast.walk(tree) if hasattr(node, "name")}
    assert name in tests


def test_the_table_in_the_docs_is_the_one_of_the_list():
    told = (ROOT / "docs" / "whatsapp.md").read_text(encoding="utf-8")

    assert table() in told, "write it anew: python -m bot.whatsapp.capabilities docs/whatsapp.md"


@pytest.mark.skipif(not BUNDLE.exists(), reason=f"no wa-js at {BUNDLE}")
def test_everything_in_use_stands_in_the_real_bundle():
    bundle = read_bundle(Pin(BUNDLE, SHA256))
    words = set(re.findall(r"\w+", bundle))
    raised = set(re.findall(r'"((?:blocklist|chat|conn|group|call)\.\w+)"', bundle))

    assert {part for name in (*FUNCS, *NEEDS, *WELCOME) for part in name.split(".")} <= words
    assert set(EVENTS) <= raised
