import json
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from bot.domain.messages import Location
from bot.domain.values import from_json, to_json

plain = st.none() | st.booleans() | st.integers(-(10**9), 10**9) | st.text()
typed = (
    plain
    | st.decimals(allow_nan=False, allow_infinity=False)
    | st.dates()
    | st.times()
    | st.datetimes(timezones=st.just(UTC))
    | st.integers(0, 10**6).map(lambda seconds: timedelta(seconds=seconds))
)
values = st.recursive(
    typed, lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner), max_leaves=8
)


@given(value=values)
def test_what_was_put_to_rest_comes_back_with_its_type(value):
    assert from_json(json.loads(json.dumps(to_json(value)))) == value


def test_a_location_comes_back():
    place = Location(latitude=-23.5, longitude=-46.6, text="home")

    assert from_json(to_json(place)) == place
    assert from_json(to_json(Decimal("1.50"))) == Decimal("1.50")
    assert from_json(to_json([date(2026, 1, 5), time(9)])) == [date(2026, 1, 5), time(9)]
    assert from_json(to_json(datetime(2026, 1, 5, tzinfo=UTC))) == datetime(2026, 1, 5, tzinfo=UTC)
