import pytest

from benchmarks.oracle import judge

ANA, BO = "ana@c.us", "bo@c.us"


def out(chat, body, **more):
    return {"direction": "out", "chat": chat, "body": body, **more}


@pytest.mark.parametrize(
    ("ledger", "lost", "duplicate", "disordered", "unexpected"),
    [
        ([out(ANA, "1"), out(ANA, "2"), out(BO, "3")], 0, 0, 0, 0),
        ([out(ANA, "1"), out(BO, "3")], 1, 0, 0, 0),
        ([out(ANA, "1"), out(ANA, "1"), out(ANA, "2"), out(BO, "3")], 0, 1, 0, 0),
        ([out(ANA, "1"), out(ANA, "1", dropped=True), out(ANA, "2"), out(BO, "3")], 0, 0, 0, 0),
        ([out(ANA, "2"), out(ANA, "1"), out(BO, "3")], 0, 0, 2, 0),
        ([out(ANA, "1"), out(ANA, "2"), out(BO, "3"), out(BO, "sorry?")], 0, 0, 0, 1),
    ],
)
def test_the_oracle_sees_what_went_wrong(ledger, lost, duplicate, disordered, unexpected):
    verdict = judge({ANA: ["1", "2"], BO: ["3"]}, ledger)

    assert (verdict.lost, verdict.duplicate) == (lost, duplicate)
    assert (verdict.disordered, verdict.unexpected) == (disordered, unexpected)
