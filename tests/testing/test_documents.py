"""The conversation tests that the documents show can be read."""

import re
from pathlib import Path

import pytest

from bot.testing.reading import Broken, read_tests

HOME = Path(__file__).parents[2]
BLOCK = re.compile(r"^```yaml\n(.*?)^```", re.MULTILINE | re.DOTALL)
BLOCKS = [
    pytest.param(found[1], id=f"{file.name}:{number}")
    for file in sorted((HOME / "docs").rglob("*.md"))
    for number, found in enumerate(BLOCK.finditer(file.read_text("utf-8")))
    if re.search("^tests:", found[1], re.MULTILINE)
]


@pytest.mark.parametrize("block", BLOCKS)
def test_a_test_in_the_documents_is_whole(block):
    found = read_tests("docs.test.yaml", block)

    assert found
    assert [one.message for one in found if isinstance(one, Broken)] == []
