"""Who is meant by a campaign; how it is asked is told in `store.sieve`."""

from collections.abc import Mapping, Sequence

from bot.language import conditions as c
from bot.language.segments import Segment


def without_consent(
    conditions: Sequence[c.Condition], segments: Mapping[str, Segment]
) -> tuple[c.Condition, ...]:
    """Return conditions without ``consent: true``, in what they are made of too.

    All recipients must have agreed anyhow; who is meant and did not is counted apart.
    """
    found = list[c.Condition]()
    for one in conditions:
        match one:
            case c.ConsentIs(value=True):
                pass
            case c.All(parts=parts):
                found += without_consent(parts, segments)
            case c.InSegment(names=(name,)) if name in segments:
                found += without_consent(segments[name].conditions, segments)
            case _:
                found.append(one)
    return tuple(found)
