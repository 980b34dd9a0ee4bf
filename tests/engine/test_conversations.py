from pathlib import Path

import pytest

from bot.testing import run_tests

HERE = Path(__file__).parent / "conversations"
CONSTRUCTS = sorted(folder.name for folder in HERE.iterdir() if folder.is_dir())


@pytest.mark.parametrize("construct", CONSTRUCTS)
def test_a_construct_does_what_the_language_says(construct):
    results = run_tests(HERE / construct, [HERE / construct])
    told = [f"{t.file}:{t.line} {t.name}: {t.message}" for t in results.tests if t.message]

    assert told == []
    assert results.passed > 0
