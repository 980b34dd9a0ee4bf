"""How a text is written before its tone is read: emoji and emoticons in words."""

import re
import unicodedata

FACES = (
    (re.compile(r"(?<!\w)[:=;]['’]?-?[)\]D]+(?!\w)|\(:|\bx[dD]\b|\^_?\^"), " smiling face "),
    (re.compile(r"(?<!\w)[:=]['’]?-?[(\[]+(?!\w)|\):|(?<!\w)D:(?!\w)"), " sad crying face "),
    (re.compile(r"(?<!\w)[:=]-?[/\\|](?![\w/])|-_+-"), " annoyed face "),
    (re.compile(r"<3+(?!\d)"), " red love heart "),
    (re.compile(r"</3"), " broken heart "),
    (re.compile(r"(?:[⭐★🌟]\ufe0f?){4,}"), " gold stars "),  # four or five: a rating
)
NAMED = {
    "❤": "red love heart", "♥": "red love heart", "👍": "thumbs up", "👎": "thumbs down",
    "🙏": "please thanks", "😡": "angry furious face", "🤬": "angry swearing face",
    "😂": "laughing with tears", "🤣": "laughing on the floor", "💯": "hundred percent",
    "🙄": "annoyed face rolling eyes", "🤮": "disgusted vomiting face", "😒": "annoyed face",
    "👏": "applause", "🔥": "fire", "😤": "annoyed face", "🫶": "red love heart",
    "🥳": "smiling face",
}  # fmt: skip
ADDRESS = re.compile(r"https?://\S+|www\.\S+")
MENTION = re.compile(r"@\w+")
LETTERS = re.compile(r"([^\W\d_])\1{2,}")
CLIPPED = re.compile(  # "didnt"; "wont" and "cant" are other words too
    r"\b(do|does|did|is|was|are|were|would|could|should|has|have|had)nt\b", re.IGNORECASE
)
SIGNS = re.compile(r"([^\w\s])\1{3,}")


def plain_tone(text: str) -> str:
    """Return the text with faces in English words, links and names hidden, "didnt" as "didn't"."""
    text = MENTION.sub("@user", ADDRESS.sub("http", text))
    for face, words in FACES:
        text = face.sub(words, text)
    text = CLIPPED.sub(r"\1n't", text)
    text = "".join(_spoken(sign) for sign in text)
    text = SIGNS.sub(r"\1\1\1", LETTERS.sub(r"\1\1", text))
    return " ".join(text.split())


def _spoken(sign: str) -> str:
    if sign < "\u2190":
        return sign
    if sign in NAMED:
        return f" {NAMED[sign]} "
    if sign in "\ufe0f\u200d" or "\U0001f3fb" <= sign <= "\U0001f3ff":
        return ""
    if unicodedata.category(sign) == "So":
        return f" {unicodedata.name(sign, '').casefold()} "
    return sign
