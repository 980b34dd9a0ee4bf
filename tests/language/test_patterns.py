import pytest

from bot.language.folding import fold
from bot.language.patterns import PatternBroken
from bot.language.read_patterns import parse_pattern, spoken_forms

LISTS = {
    "sizes": {"small": ("pequeña",), "large": ("big", "extra large")},
    "colour": {"red": ("أحمر",), "dark red": ("أحمر غامق",)},
    "room": {
        "kitchen": ("Küchen", "مطبخ", "주방"),
        "bath": ("Bad",),
        "living room": ("Wohn zimmer",),
    },
}
PHRASES = {
    "please": "(please|por favor)", "size": "{sizes:size}", "a": "(ا|أ)", "the": "[ال]",
    "room": "<the>{room:room}",
}  # fmt: skip


def captured(pattern, text, substitutions=None):
    return parse_pattern(pattern, LISTS, PHRASES).match(fold(text, substitutions))


@pytest.mark.parametrize(
    ("pattern", "text", "captures"),
    [
        ("hello [there]", "Hello!", {}),
        ("hello [there]", "hello, THERE...", {}),
        ("(hi|hello) bot", "hello bot", {}),
        ("my name is {name}", "My name is Ana-María O'Neill!", {"name": "Ana-María O'Neill"}),
        ("{a} and {b}", "x and y and z", {"a": "x", "b": "y and z"}),
        ("a {sizes:size} one", "a BIG one", {"size": "large"}),
        ("a {sizes:size} one", "a pequena one", {"size": "small"}),
        ("book (for {n:number};{day:word};[please])", "book please tomorrow for 3",
         {"n": 3, "day": "tomorrow"}),
        ("(argi(ak| guztiak)|lampara) {n:number}[e]ko", "argi guztiak 50eko", {"n": 50}),
        ("argi(ak| guztiak) on", "argiak on", {}),
        ("{n:number}[(%|per[ ]cent)] on", "50 per cent on", {"n": 50}),
        ("{n:number}[(%|per[ ]cent)] on", "50% on", {"n": 50}),
        ("(air|heat)[ ](pump|controls) [ ]up", "heat pump up", {}),
        ("(air|heat)[ ](pump|controls) [ ]up", "aircontrols up", {}),
        ("{what}[ ]er", "lights er", {"what": "lights"}),
        ("hello; how are you", "Hello, how are you?", {}),
        ("<size> pizza <please>", "extra large pizza, por favor", {"size": "large"}),
        ("({sizes:size} [{kind}] pizza|[{kind}] {sizes:size} pizza)", "spicy big pizza",
         {"kind": "spicy", "size": "large"}),
        ("{n:number} pizzas", "twenty five pizzas", {"n": 25}),
        ("{n:number} pizzas", "treinta y dos pizzas", {"n": 32}),
        ("{n:1-99} roses", "a dozen roses", {"n": 12}),
        ("{n:1-99} [of] roses", "two dozen of roses", {"n": 24}),
        ("{n:1-99} roses", "half a dozen roses", {"n": 6}),
        ("{n:1-99} rosas", "dos docenas de rosas", {"n": 24}),
        ("{n:1-99} rosas", "meia dúzia de rosas", {"n": 6}),
        ("{n:number} kilos", "two and a half kilos", {"n": 2.5}),
        ("{n:1-99} pizza", "yirmi beş pizza", {"n": 25}),
        ("{n:1-99} pizzaa", "kaksikymmentäyksi pizzaa", {"n": 21}),
        ("{n:1-99} pizza", "huszonöt pizza", {"n": 25}),
        ("{n:1-99} pizza's", "vijfentwintig pizza's", {"n": 25}),
        ("{n:1-99} bánh", "hai mươi lăm bánh", {"n": 25}),
        ("{n:1-999} пицц", "двести двадцать пять пицц", {"n": 225}),
        ("{n:1-99}个比萨", "二十五个比萨", {"n": 25}),
        ("พิซซ่า{n:1-99}ถาด", "พิซซ่ายี่สิบห้าถาด", {"n": 25}),
        ("พิซซ่า{n:1-99}ถาด", "พิซซ่า๒๕ถาด", {"n": 25}),
        ("피자 {n:1-99}판", "피자 스물다섯판", {"n": 25}),
        ("피자 {n:1-99}판", "피자 25판", {"n": 25}),
        ("ل{n:1-99} أشخاص", "لخمسة وعشرين أشخاص", {"n": 25}),
        ("ל{n:1-99} מעלות", "לעשרים וחמש מעלות", {"n": 25}),
        ("ל{n:1-99} מעלות", "ל30 מעלות", {"n": 30}),
        ("{n:1-99} पिज़्ज़ा", "पच्चीस पिज़्ज़ा", {"n": 25}),
        ("set it to {n:-10-30} [degrees]", "set it to -5", {"n": -5}),
        ("set it to {n:1-100} %", "set it to 50%", {"n": 50}),
        ("{_:word} {w:word}", "one café", {"w": "café"}),
        ("* hello [*]", "well hello", {}),
        ("turn (on|off) [the] light[s]", "turn on the lights", {}),
        ("turn on[ the] dim(mer|ming)", "turn on dimming", {}),
        ("{room:room}licht an", "Küchenlicht an", {"room": "kitchen"}),
        ("{room:room}licht an", "kuchen licht an", {"room": "kitchen"}),
        ("{room:room}licht[er] an", "badlichter an", {"room": "bath"}),
        ("decken{room:room} an", "Deckenbad an", {"room": "bath"}),
        ("(decken|steh){room:room}licht an", "stehwohn zimmerlicht an", {"room": "living room"}),
        ("{room:_}licht", "BADLICHT", {}),
        ("order ref{code}", "Order refAB-12", {"code": "AB-12"}),
        ("order ref{code}", "order ref AB-12", {"code": "AB-12"}),
        ("ab{x}cd", "ab123cd", {"x": "123"}),
        ("{what}licht an", "große Küchenlicht an", {"what": "große Küchen"}),
        ("{what}licht an", "das Licht an", {"what": "das"}),
        ("die {what:word}straße", "die Großstrasse", {"what": "Groß"}),
        ("die {_:word}straße {n:number}", "die Hauptstraße 12", {"n": 12}),
        ("{w:number}x{h:number}[ ][cm]", "10x15cm", {"w": 10, "h": 15}),
        ("{w:number}x{h:number}[ ][cm]", "10 x 15 cm", {"w": 10, "h": 15}),
        ("on {day:1-31}/{month:1-12}", "on 24/12", {"day": 24, "month": 12}),
        ("[ال]{name}", "البيت الكبير", {"name": "البيت الكبير"}),
        ("افتح <room>", "افتح المطبخ", {"room": "kitchen"}),
        ("<a>فتح <room>", "أفتح مطبخ", {"room": "kitchen"}),
        ("<room>을 켜", "주방을 켜", {"room": "kitchen"}),
        ("<room>[에|의] {x}을 켜", "주방의 큰 조명을 켜", {"room": "kitchen", "x": "큰 조명"}),
        ("لون <the>{colour:c}[ه]", "لون الأحمر غامقه", {"c": "dark red"}),
        (r"is it \[x\] \<3", "is it [x] <3", {}),
        ("whats up", "What’s up?", {}),
        ("i dont know", "I don't know", {}),
        ("don't stop", "don’t stop", {}),
        ("打开{area}的灯", "打开厨房的灯。", {"area": "厨房"}),
        ("صباح الخير [يا {name}]", "صَباحُ الخير يا أمل؟", {"name": "أمل"}),
        ("मेरा नाम {name} है", "मेरा नाम अमित है।", {"name": "अमित"}),
        ("kapıyı aç", "KAPIYI AÇ", {}),
        ("{room:room}[ room][licht] an", "kuchenlicht an", {"room": "kitchen"}),
        ("{room:room}[ room][licht] an", "bad room an", {"room": "bath"}),
        ("{area}[ room][licht] an", "Büro room an", {"area": "Büro"}),
        ("{area}[ room](licht|lampe) an", "Bürolicht an", {"area": "Büro"}),
        ("on[ the| a][ big]", "on a big", {}),
        ("the day[[ is] today]", "the day today", {}),
        ("light[s in the room]", "lights in the room", {}),
        ("[( the )|a ]light", "the light", {}),
        ("x[the ]er", "xer", {}),
        ("what is up", "What's up?", {}),
        ("what's up", "what is up", {}),
        ("i am {x}", "im here", {"x": "here"}),
        ("i am {x}", "I’m here", {"x": "here"}),
        ("it is not here", "It isn't here", {}),
        ("it is not here", "it's not here", {}),
        ("i would like {x}", "I'd like tea", {"x": "tea"}),
        ("i cannot log in", "I can't log in", {}),
        ("do not {x}", "dont go", {"x": "go"}),
        ("i won't", "I will not", {}),
        ("où est {what}", "Ou est le café ?", {"what": "le café"}),
    ],
)  # fmt: skip
def test_a_pattern_captures_what_was_written(pattern, text, captures):
    assert captured(pattern, text) == captures


@pytest.mark.parametrize(
    ("pattern", "text"),
    [("hello", "hello there"), ("hello *", "hello"), ("{n:1-100}", "101"), ("light[s]", "lighting"),
     ("{room:room}licht", "garagenlicht"), ("{room:room} licht", "badlicht"),
     ("ab{x} cd", "ab123cd"), ("ab {x}", "ab123"), ("ab{x}", "ab"), ("[*]refund", "norefund"),
     ("{x},{y}", "xy"), ("die {what:word}straße", "die große Hauptstraße"),
     ("on {day:1-31}/{month:1-12}", "on 24/13"), ("{room:room}{sizes:size}", "badpizza"),
     ("a [b|c] d", "a b c d"), ("{_:word}", "two words"), ("<size>", "medium")],
)  # fmt: skip
def test_a_pattern_wants_the_whole_message(pattern, text):
    assert captured(pattern, text) is None


def test_what_is_matched_literally_is_counted_with_list_items_and_accents():
    pattern = parse_pattern("[quero] uma pizza {sizes:size} {x}", LISTS, PHRASES)
    exact = pattern.fit(fold("quero uma pizza pequeña já"))
    folded = pattern.fit(fold("uma pizza pequena já"))

    assert (exact.words, exact.letters, exact.accents) == (4, 20, 4)
    assert (folded.words, folded.letters, folded.accents) == (3, 15, 2)


def test_substitutions_hold_for_several_words_and_keep_what_was_written():
    meant = {"what s": "what is", "vc": "você"}

    assert captured("what is {it}", "What's vc?", meant) == {"it": "vc"}
    assert captured("what is voce", "What's vc?", meant) == {}


def test_a_synonym_with_marks_is_its_wordings():
    assert spoken_forms("[the] (big|large) one[s]") == (
        "the big ones", "the big one", "the large ones", "the large one",
        "big ones", "big one", "large ones", "large one",
    )  # fmt: skip
    assert spoken_forms("[a]") == ("a",)
    assert set(spoken_forms("(updat(ed now|ing))")) >= {"updated now", "updating"}
    assert set(spoken_forms("gara[(ova|ovu) bran(a|u)]")) >= {"gara", "garaova brana"}
    assert spoken_forms("<please> now", PHRASES) == ("please now", "por favor now")


@pytest.mark.parametrize(
    ("source", "told"),
    [
        ("a {x}", "no more"),
        ("[a", "missing"),
        ("[a] [b] [c] [d] [e] [f] [g] [h] [i]", "more than 256"),
        ("(a|b|c) x " + "y[a|b|c]" * 5, "more than 256"),
    ],
)
def test_a_synonym_that_is_no_list_of_wordings_is_refused(source, told):
    with pytest.raises(PatternBroken, match=told):
        spoken_forms(source)


def test_looking_into_words_takes_bounded_time():
    long = " ".join(["lichterloh"] * 200)

    assert captured("{a}licht{b}licht{c}!licht", long) is None


def test_pieces_within_a_word_are_counted_as_matched_literally():
    fit = parse_pattern("ref{code}", LISTS, PHRASES).fit(fold("refAB12"))

    assert (fit.words, fit.letters, fit.accents) == (1, 3, 1)


def test_too_many_parts_in_any_order_are_refused():
    with pytest.raises(PatternBroken, match="more than 5 parts in any order"):
        parse_pattern("(a;b;c;d;e;f)", LISTS, PHRASES)
