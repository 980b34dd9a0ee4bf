"""Who is meant by a campaign; how it is asked is told in `store.sieve`."""

from collections.abc import Sequence

from bot.language import conditions as c


def without_consent(conditions: Sequence[c.Condition]) -> tuple[c.Condition, ...]:
    """Return conditions without the one that all recipients must meet anyhow."""
    return tuple(one for one in conditions if not (isinstance(one, c.ConsentIs) and one.value))
