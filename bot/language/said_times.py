"""Where times of day stand in a text: "at 8 pm", "a las 7 y media"."""

import re

_PART = (
    r"(?:\s+(?:in the|at|de la|da|de)\s+"
    r"(?:morning|afternoon|evening|night|ma[nñ]ana|tarde|noche|manh[aã]|noite))"
)
_AT = r"(?:at|(?:a|para|sobre|hacia|tipo|de) las|a la|às|as|pras|pelas)"
_AND_PART = r"(?:\.5|\s+(?:y|e)\s+(?:media|cuarto|quarto|meia|pico|[0-5]\d)\b|\s+menos\s+cuarto\b)?"
CLOCK = re.compile(
    rf"(?<![.,])\b(?:{_AT}\s+)?\d{{1,2}}"
    r"(?:[:.]\d{2}\s*[ap]\.?m\b|:\d{2}|\s*[ap]\.?m\b|h(?:\d{0,2}|r?s)\b|\s?-?ish\b)"
    rf"|\b{_AT}\s+\d{{1,2}}(?:\s[0-5]\d{_PART}|{_AND_PART}\b{_PART}?)(?![.,]\d)"
    rf"|(?<![.,])\b\d{{1,2}}(?::\d{{2}}|\s[0-5]\d|\.5|\s+(?:y|e)\s+[a-z\d]+)?{_PART}"
    r"|(?<![\d$€£.,/])\b(?:[01]?\d|2[0-3])\.[0-5][05]"
    r"(?=\s*(?:[?!;]|,\s|\.?\s*$|h\b|(?:para|pra|for|de la|da|y|e|and|please|por favor)\s))"
    r"|\b(?:tipo|umas|unas)\s+\d{1,2}(?=\s*(?:[,.!?;]|$|(?:mas|mais|por|ou|o|ta|esta)\b))"
    r"|\bhalf\s+(?:[1-9]|1[0-2])\b(?![.:%/]|\s?[hk])"
    r"|\b\d{1,2}\s[0-5]\d\s*[ap]\.?m\b|\b(?:morning|afternoon|evening)\s+\d{1,2}\b(?::\d{2})?"
    rf"|\b\d{{1,2}}\s+o['’ ]?clock\b{_PART}?"
    rf"|\b(?:(?:a\s+)?quarter|half)\s+(?:past|to)\s+\d{{1,2}}\b(?:\s*[ap]m\b|{_PART})?"
    r"|\b(?:noon|midnight|mediod[ií]a|medianoche|meio[- ]dia|meia[- ]noite)\b",
    re.IGNORECASE,
)
HOUR = re.compile(
    rf"\b\d{{1,2}}(?::\d{{2}}(?:\s*[ap]\.?m\b)?|\s*[ap]\.?m\b|\s+o['’ ]?clock\b|{_PART})"
    r"|\b(?:at|a las|às)\s+\d{1,2}(?:h\d{0,2})?\b",
    re.IGNORECASE,
)
"""What is surely a time of day; "2h" may be how long something lasts."""
LATE = re.compile(
    r"\b(?:tonight|(?:this|in the|tomorrow|day) (?:afternoon|evening)|(?:esta|la) (?:tarde|noche)|"
    r"[àa] (?:tarde|noite))\b",
    re.IGNORECASE,
)
HALF_DAY = re.compile(rf"[ap]\.?m\b|\b0\d|{_PART}", re.IGNORECASE)
