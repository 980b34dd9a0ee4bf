"""The name that an answer says, without the words that lead to it and that end it."""

import re

from bot.language.introduced import person_of

MOST_NAME = 80  # characters

_NAMED = re.compile(
    r"^\s*(?:(?:my|her|his|its|their) name(?: is|['’]?s)|i am|i'm|this is|me llamo|mi nombre es|"
    r"soy(?: (?:el|la))?|meu nome [eé]|me chamo|sou(?: [oa])?|"
    r"(?:s?he|it|they|s?he['’]s|it['’]s|they['’]re)(?: is| are)? (?:called|named)|"
    r"(?:(?:el|ella) )?se llama|su nombre es|(?:(?:el[ae]) )?se chama|chama-se|"
    r"(?:o )?(?:nome del[ae]|seu nome) [eé])\s+",
    re.IGNORECASE,
)
_LED = re.compile(
    r"^\s*(?:it'?s|it is|that'?s|that is|call me|to|for|para|pra|es|[eé] [oa]|é|pour|c'est|für|an|"
    r"(?:the |my )?name is|(?:under|in|on) (?:the |my )?name(?: of)?|under|"
    r"(?:el|mi) nombre es|(?:o|meu) nome é|(?:a|al|en|em|no) (?:nombre|nome) de)\s+(?=\S)",
    re.IGNORECASE,
)
_LED_TO = re.compile(r"^\s*(?:al?|ao|à|pr[oa])\s+(?=\S)", re.IGNORECASE)
_LED_BY_ARTICLE = re.compile(r"^\s*(?:para|pra|por) [oa]\s+(?=\S)", re.IGNORECASE)
_POLITE = re.compile(
    r"(?<=\w)[\s,.!]+(?:please|pls|thanks|thank you|por favor|gracias|obrigad[oa]|bitte|danke|"
    r"s'il vous pla[iî]t|merci|per favore|grazie)[\s,.!]*$",
    re.IGNORECASE,
)


def name_in(text: str, language: str) -> str | None:
    """Return the name: "to Joe, please" is Joe, "a Juan" is Juan; None where it cannot be one."""
    if language == "pt":
        text = _LED_BY_ARTICLE.sub("", text)
    name = person_of(_LED.sub("", _NAMED.sub("", person_of(text))))
    if language in ("es", "pt"):
        name = _LED_TO.sub("", name)
    name = _POLITE.sub("", name).strip(" .,!")
    return name if len(name) <= MOST_NAME and any(map(str.isalpha, name)) else None
