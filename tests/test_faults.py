"""Each fault has a remedy that stands where the list says, and a test that exists."""

import re
from pathlib import Path

import pytest

from benchmarks.faults import BITES

HOME = Path(__file__).parent.parent
TABLE = re.compile(r"^\| (.+?) \| (.+?) \| (.+?) \|$", re.MULTILINE)


@pytest.mark.parametrize("bite", BITES, ids=lambda one: one.test.rpartition("::")[2])
def test_a_remedy_stands_once_and_its_test_exists(bite):
    source = (HOME / bite.file).read_text("utf-8")
    file, _, name = bite.test.partition("::")

    assert source.count(bite.remedy) == 1
    assert bite.remedy != bite.taken_out
    assert re.search(rf"def {name}\b", (HOME / file).read_text("utf-8"))


def test_the_document_names_each_fault_with_its_tests():
    text = (HOME / "docs" / "delivery.md").read_text("utf-8")
    rows = {fault: tests for fault, _, tests in TABLE.findall(text)}

    assert {one.fault for one in BITES} - set(rows) == set()
    for one in BITES:
        assert one.test.partition("::")[0] in rows[one.fault]
