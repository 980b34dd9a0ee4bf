"""What WhatsApp shows of people: their names, what they say of themselves, who is blocked."""

from bot.domain.data import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """The names of a person, as WhatsApp shows them to the account.

    Attributes:
        address: `…@c.us` where the number is known, else `…@lid`.
        alias: The hidden address behind a known number, "" when there is none.
        saved_name: In the address book of the account's phone.
        push_name: That the person chose.
        verified_name: Of a business, confirmed by WhatsApp.
        username: That the person may be found by, without a number.
        is_saved: Stands in the address book of the account's phone.
    """

    address: str
    alias: str = ""
    saved_name: str = ""
    push_name: str = ""
    verified_name: str = ""
    username: str = ""
    is_business: bool = False
    is_saved: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Portrait:
    """What must be asked for one by one: about text and picture.

    Attributes:
        about: None where it could not be asked for.
        tag: Which picture the person has now, "" for none that is shown to us.
        picture: Its bytes; None when it is the one whose tag we named, or there is none.
    """

    about: str | None = None
    tag: str = ""
    picture: bytes | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PeopleNews:
    """What a page tells of people.

    Attributes:
        profiles: Whose names are known, or another.
        portraits: Addresses whose about text or picture is another.
        blocked: Everybody who is blocked now; None when nothing is told of that.
    """

    profiles: tuple[Profile, ...] = ()
    portraits: tuple[str, ...] = ()
    blocked: frozenset[str] | None = None
