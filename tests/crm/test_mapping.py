from datetime import date
from decimal import Decimal

import pytest

from bot.crm.mapping import filled
from bot.domain.contacts import Contact
from bot.domain.leads import Lead

ANA = Contact(
    id=1, number="+5511987654321", name="Ana Maria Souza", language="pt",
    tags=frozenset({"vip", "hot"}), fields={"since": date(2026, 1, 5), "secret": 1},
    sensitive=frozenset({"secret"}),
)  # fmt: skip
LEAD = Lead(
    contact_id=1, stage="new", score=10, owner="Bea",
    fields={"budget": Decimal("12.5"), "ok": True, "areas": ["a", "b"], "pin": 2},
    sensitive=frozenset({"pin"}),
)  # fmt: skip


@pytest.mark.parametrize(
    ("source", "value"),
    [("name", "Ana Maria Souza"), ("first_name", "Ana"), ("last_name", "Maria Souza"),
     ("number", "+5511987654321"), ("language", "pt"), ("tags", "hot;vip"),
     ("consent", "unknown"), ("stage", "new"), ("score", "10"), ("owner", "Bea"),
     ("fields.since", "2026-01-05"), ("lead.budget", "12.5"), ("lead.ok", "true"),
     ("lead.areas", "a;b"), ("lead.none", None), ("fields.secret", None), ("lead.pin", None)],
)  # fmt: skip
def test_a_property_is_filled_from_person_or_lead(source, value):
    assert filled({"x": source}, ANA, LEAD) == ({} if value is None else {"x": value})
