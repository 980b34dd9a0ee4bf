"""Numbers said in words of languages that join them in their own ways: "yirmi beş", 二十五."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import product

from bot.domain.data import dataclass
from bot.language.folding import fold

Spoken = dict[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Tongue:
    """How one language says numbers; words are folded and joined without blanks.

    Attributes:
        below: What lies below a hundred.
        hundreds: Whole hundreds with words of their own.
        hundred, thousand: Words that multiply what stands before them.
        ands: What may stand between a hundred or thousand and the rest.
    """

    below: Mapping[str, int]
    hundreds: Mapping[str, int]
    hundred: tuple[str, ...] = ()
    thousand: tuple[str, ...] = ()
    ands: tuple[str, ...] = ()

    def value(self, said: str) -> int | None:
        """Return the number that joined words say, None when they say none."""
        known = self._below_thousand(said)
        if known is not None:
            return known
        for word in self.thousand:
            before, found, after = said.partition(word)
            if found:
                many = self._below_thousand(before) if before else 1
                rest = self._rest(after, self._below_thousand)
                if many and rest is not None:
                    return many * 1000 + rest
        return None

    def _below_thousand(self, said: str) -> int | None:
        if said in self.below:
            return self.below[said]
        for word, value in self.hundreds.items():
            if said.startswith(word):
                rest = self._rest(said[len(word) :], self.below.get)
                if rest is not None:
                    return value + rest
        for word in self.hundred:
            before, found, after = said.partition(word)
            if found:
                many = self.below.get(before, 0) if before else 1
                rest = self._rest(after, self.below.get)
                if 0 < many < 10 and rest is not None:
                    return many * 100 + rest
        return None

    def _rest(self, said: str, read: Callable[[str], int | None]) -> int | None:
        """Return what follows a hundred or thousand: nothing is 0."""
        if not said:
            return 0
        bare = next((said.removeprefix(one) for one in self.ands if said.startswith(one)), said)
        found = read(said)
        return read(bare) if found is None else found


def _joined(text: str) -> str:
    return "".join(fold(text).words)


def _counted(written: str, start: int = 0, step: int = 1) -> Spoken:
    """Return words in their order as numbers; those with a bar between them are one number."""
    return {
        _joined(form): start + step * place
        for place, word in enumerate(written.split())
        for form in word.split("|")
    }


def _tongue(  # noqa: PLR0913 - so many ways have languages
    ones: str, tens: str, *, joint: str = "", turned: bool = False, stem: str = "", more: str = "",
    hundreds: str = "", hundred: str = "", thousand: str = "", ands: str = "",
) -> Tongue:  # fmt: skip
    """Return a language by its words.

    Args:
        ones: From zero on, in order, as far as they are words of their own.
        tens: From twenty on, or from ten where ``ones`` end at nine.
        joint: Stands between tens and ones.
        turned: Ones come first.
        stem: Ones that stand behind tens only, written ``word=5``.
        more: Further words, written so too.
        hundreds: Whole hundreds from one on.
    """
    small = _counted(ones)
    first = 10 if max(small.values()) < 10 else 20
    round_ = _counted(tens, first, 10)
    units = {word: value for word, value in small.items() if 0 < value < 10} | _said(stem)
    below = small | round_ | _said(more)
    for (ten, value), (one, unit) in product(round_.items(), units.items()):
        joined = one + _joined(joint) + ten if turned else ten + _joined(joint) + one
        below.setdefault(joined, value + unit)
    return Tongue(
        below=below, hundreds=_counted(hundreds, 100, 100), hundred=_words(hundred),
        thousand=_words(thousand), ands=_words(ands),
    )  # fmt: skip


def _said(written: str) -> Spoken:
    pairs = (one.partition("=") for one in written.split())
    return {_joined(word): int(value) for word, _, value in pairs}


def _words(written: str) -> tuple[str, ...]:
    found = {_joined(one) for one in written.split()}
    return tuple(sorted(found, key=len, reverse=True))


def _all_of(forms: Iterable[str], ending: str, start: int) -> str:
    """Return words with one ending as ``word=number``."""
    return " ".join(f"{form}{ending}={start + place}" for place, form in enumerate(forms))


_FI = ["yksi", "kaksi", "kolme", "neljä", "viisi", "kuusi", "seitsemän", "kahdeksan", "yhdeksän"]
_ID = ["satu", "dua", "tiga", "empat", "lima", "enam", "tujuh", "delapan", "sembilan"]
_HU = ["egy", "kettő", "három", "négy", "öt", "hat", "hét", "nyolc", "kilenc"]
_VI = ["một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín"]
_TH = ["หนึ่ง", "สอง", "สาม", "สี่", "ห้า", "หก", "เจ็ด", "แปด", "เก้า"]
_HAN = "一 二|两|兩 三 四 五 六 七 八 九"
_KO = "일 이 삼 사 오 육 칠 팔 구"
_TENS = "십 이십 삼십 사십 오십 육십 칠십 팔십 구십"

HINDI = """
    शून्य एक दो तीन चार पांच|पाँच छह|छः|छे सात आठ नौ दस ग्यारह
    बारह तेरह चौदह पंद्रह|पन्द्रह सोलह सत्रह अठारह उन्नीस बीस
    इक्कीस बाईस तेईस चौबीस पच्चीस छब्बीस सत्ताईस अट्ठाईस|अठाईस
    उनतीस तीस इकतीस बत्तीस तैंतीस चौंतीस पैंतीस छत्तीस सैंतीस
    अड़तीस उनतालीस चालीस इकतालीस बयालीस तैंतालीस चौवालीस पैंतालीस
    छियालीस सैंतालीस अड़तालीस उनचास पचास इक्यावन बावन तिरपन चौवन
    पचपन छप्पन सत्तावन अट्ठावन उनसठ साठ इकसठ बासठ तिरसठ चौंसठ
    पैंसठ छियासठ सड़सठ अड़सठ उनहत्तर सत्तर इकहत्तर बहत्तर तिहत्तर
    चौहत्तर पचहत्तर छिहत्तर सतहत्तर अठहत्तर उन्यासी अस्सी इक्यासी
    बयासी तिरासी चौरासी पचासी छियासी सत्तासी अट्ठासी नवासी नब्बे
    इक्यानवे बानवे तिरानवे चौरानवे पंचानवे छियानवे सत्तानवे
    अट्ठानवे निन्यानवे
"""

TONGUES: Mapping[str, Tongue] = {
    "tr": _tongue("sıfır bir iki üç dört beş altı yedi sekiz dokuz",
                  "on yirmi otuz kırk elli altmış yetmiş seksen doksan",
                  hundred="yüz", thousand="bin"),
    "fi": _tongue("nolla " + " ".join(_FI) + " kymmenen",
                  " ".join(f"{one}kymmentä" for one in _FI[1:]),
                  more=_all_of(_FI, "toista", 11), hundred="sata sataa", thousand="tuhat tuhatta"),
    "hu": _tongue("nulla egy kettő|két három négy öt hat hét nyolc kilenc tíz",
                  "húsz harminc negyven ötven hatvan hetven nyolcvan kilencven",
                  more=" ".join((_all_of([f"tizen{one}" for one in _HU], "", 11), "tizenkét=12",
                                 _all_of([f"huszon{one}" for one in _HU], "", 21),
                                 "huszonkét=22")),
                  hundred="száz", thousand="ezer"),
    "nl": _tongue("nul een|één twee drie vier vijf zes zeven acht negen tien elf twaalf dertien"
                  " veertien vijftien zestien zeventien achttien negentien",
                  "twintig dertig veertig vijftig zestig zeventig tachtig negentig",
                  joint="en", turned=True, hundred="honderd", thousand="duizend", ands="en"),
    "sv": _tongue("noll en|ett två tre fyra fem sex sju åtta nio tio elva tolv tretton fjorton"
                  " femton sexton sjutton arton nitton",
                  "tjugo trettio fyrtio femtio sextio sjuttio åttio nittio",
                  hundred="hundra", thousand="tusen"),
    "nb": _tongue("null en|ett to tre fire fem seks sju|syv åtte ni ti elleve tolv tretten fjorten"
                  " femten seksten sytten atten nitten",
                  "tjue tretti|tredve førti femti seksti sytti åtti nitti",
                  hundred="hundre", thousand="tusen", ands="og"),
    "da": _tongue("nul en|et to tre fire fem seks syv otte ni ti elleve tolv tretten fjorten"
                  " femten seksten sytten atten nitten",
                  "tyve tredive fyrre halvtreds tres halvfjerds firs halvfems",
                  joint="og", turned=True, hundred="hundrede hundred", thousand="tusind",
                  ands="og"),
    "pl": _tongue("zero jeden|jedna|jedno dwa|dwie trzy cztery pięć sześć siedem osiem dziewięć"
                  " dziesięć jedenaście dwanaście trzynaście czternaście piętnaście szesnaście"
                  " siedemnaście osiemnaście dziewiętnaście",
                  "dwadzieścia trzydzieści czterdzieści pięćdziesiąt sześćdziesiąt"
                  " siedemdziesiąt osiemdziesiąt dziewięćdziesiąt",
                  hundreds="sto dwieście trzysta czterysta pięćset sześćset siedemset osiemset"
                  " dziewięćset", thousand="tysiąc tysiące tysięcy"),
    "ro": _tongue("zero unu|una doi|două trei patru cinci șase șapte opt nouă zece unsprezece"
                  " doisprezece|douăsprezece treisprezece paisprezece cincisprezece șaisprezece"
                  " șaptesprezece optsprezece nouăsprezece",
                  "douăzeci treizeci patruzeci cincizeci șaizeci șaptezeci optzeci nouăzeci",
                  joint="și", hundred="sută sute", thousand="mie mii"),
    "id": _tongue("nol|kosong " + " ".join(_ID) + " sepuluh sebelas",
                  " ".join(f"{one}puluh" for one in _ID[1:]),
                  more=_all_of(_ID[1:], "belas", 12), hundreds="seratus", hundred="ratus",
                  thousand="ribu"),
    "vi": _tongue("không " + " ".join(_VI) + " mười",
                  " ".join(f"{one}mươi" for one in _VI[1:]),
                  stem="mốt=1 tư=4 lăm=5 nhăm=5",
                  more=_all_of([f"mười{one}" for one in _VI], "", 11) + " mườilăm=15",
                  hundred="trăm", thousand="nghìn ngàn", ands="linh lẻ"),
    "ru": _tongue("ноль|нуль один|одна|одну|одно два|две три четыре пять шесть семь восемь девять"
                  " десять одиннадцать двенадцать тринадцать четырнадцать пятнадцать шестнадцать"
                  " семнадцать восемнадцать девятнадцать",
                  "двадцать тридцать сорок пятьдесят шестьдесят семьдесят восемьдесят девяносто",
                  hundreds="сто двести триста четыреста пятьсот шестьсот семьсот восемьсот"
                  " девятьсот", thousand="тысяча тысячи тысяч тысячу"),
    "uk": _tongue("нуль один|одна|одну|одне два|дві три чотири п'ять шість сім вісім дев'ять"
                  " десять одинадцять дванадцять тринадцять чотирнадцять п'ятнадцять шістнадцять"
                  " сімнадцять вісімнадцять дев'ятнадцять",
                  "двадцять тридцять сорок п'ятдесят шістдесят сімдесят вісімдесят дев'яносто",
                  hundreds="сто двісті триста чотириста п'ятсот шістсот сімсот вісімсот"
                  " дев'ятсот", thousand="тисяча тисячі тисяч тисячу"),
    "el": _tongue("μηδέν ένα|έναν|μία|μια δύο|δυο τρία|τρεις τέσσερα|τέσσερις πέντε έξι επτά|εφτά"
                  " οκτώ|οχτώ εννέα|εννιά δέκα έντεκα δώδεκα δεκατρία|δεκατρείς"
                  " δεκατέσσερα|δεκατέσσερις δεκαπέντε δεκαέξι|δεκάξι δεκαεπτά|δεκαεφτά"
                  " δεκαοκτώ|δεκαοχτώ δεκαεννέα|δεκαεννιά",
                  "είκοσι τριάντα σαράντα πενήντα εξήντα εβδομήντα ογδόντα ενενήντα",
                  hundreds="εκατό|εκατόν διακόσια|διακόσιες τριακόσια|τριακόσιες"
                  " τετρακόσια|τετρακόσιες πεντακόσια εξακόσια επτακόσια|εφτακόσια"
                  " οκτακόσια|οχτακόσια εννιακόσια", thousand="χίλια χιλιάδες"),
    "ar": _tongue("صفر واحد|واحدة اثنان|اثنين|اثنتان|اثنتين ثلاثة|ثلاث أربعة|أربع خمسة|خمس ستة|ست"
                  " سبعة|سبع ثمانية|ثماني|ثمان تسعة|تسع عشرة|عشر"
                  " أحدعشر|إحدىعشرة|حداشر اثناعشر|اثنيعشر|اثنتاعشرة|اطناشر"
                  " ثلاثةعشر|ثلاثعشرة أربعةعشر|أربععشرة خمسةعشر|خمسعشرة ستةعشر|ستعشرة"
                  " سبعةعشر|سبععشرة ثمانيةعشر|ثمانيعشرة تسعةعشر|تسععشرة",
                  "عشرون|عشرين ثلاثون|ثلاثين أربعون|أربعين خمسون|خمسين ستون|ستين سبعون|سبعين"
                  " ثمانون|ثمانين تسعون|تسعين", joint="و", turned=True,
                  hundreds="مئة|مائة|مية مئتان|مئتين|مائتان|مائتين|ميتين", hundred="مئة مائة مية",
                  thousand="ألف آلاف", ands="و"),
    "fa": _tongue("صفر یک دو سه چهار پنج شش هفت هشت نه ده یازده دوازده سیزده چهارده پانزده شانزده"
                  " هفده هجده نوزده", "بیست سی چهل پنجاه شصت هفتاد هشتاد نود", joint="و",
                  hundreds="صد دویست سیصد چهارصد پانصد ششصد هفتصد هشتصد نهصد", thousand="هزار",
                  ands="و"),
    "he": _tongue("אפס אחת|אחד שתיים|שתי|שניים|שני שלוש|שלושה ארבע|ארבעה חמש|חמישה שש|שישה"
                  " שבע|שבעה שמונה תשע|תשעה עשר|עשרה אחתעשרה|אחדעשר שתיםעשרה|שתייםעשרה|שניםעשר"
                  "|שנייםעשר שלושעשרה|שלושהעשר ארבעעשרה|ארבעהעשר חמשעשרה|חמישהעשר ששעשרה|שישהעשר"
                  " שבעעשרה|שבעהעשר שמונהעשרה|שמונהעשר תשעעשרה|תשעהעשר",
                  "עשרים שלושים ארבעים חמישים שישים שבעים שמונים תשעים", joint="ו",
                  hundreds="מאה מאתיים", hundred="מאות", thousand="אלף אלפים", ands="ו"),
    "hi": _tongue(HINDI, "", hundred="सौ", thousand="हज़ार हजार"),
    "th": _tongue("ศูนย์ " + " ".join(_TH) + " สิบ",
                  "ยี่สิบ " + " ".join(f"{one}สิบ" for one in _TH[2:]), stem="เอ็ด=1",
                  more=_all_of([f"สิบ{one}" for one in _TH], "", 11) + " สิบเอ็ด=11",
                  hundred="ร้อย", thousand="พัน"),
    "ko": _tongue(f"영|공 {_KO}", _TENS, hundred="백", thousand="천"),
    "ko-counts": _tongue("없음 하나|한 둘|두 셋|세 넷|네 다섯 여섯 일곱 여덟 아홉",
                         "열 스물|스무 서른 마흔 쉰 예순 일흔 여든 아흔"),
    "zh": _tongue(f"零|〇 {_HAN}", "十|一十 " + " ".join(f"{one}十" for one in "二三四五六七八九"),
                  hundred="百", thousand="千", ands="零"),
}  # fmt: skip
"""By language; Japanese counts as Chinese does. Twice Korean, which counts things in own words."""

_ELSEWHERE_LIST = """
    on hat to en een et sex fire lima ba bon nam sau bay tam chin mot sto ti ni tio nio het ot bin
    doi opt mie mii hai sata tri tres ket nul tu le si elf null tre una nol hundred
    이 일 사 오 구 공 한 두 세 네
"""
ELSEWHERE = frozenset(_ELSEWHERE_LIST.split())
"""Words that mean something else in other languages, or other things too: alone they count only
where the customer's language is known to be theirs."""

_BELOW: Mapping[str, tuple[str, ...]] = {
    word: tuple(name for name, tongue in TONGUES.items() if word in tongue.below)
    for tongue in TONGUES.values()
    for word in tongue.below
}
_GREAT = re.compile("|".join(
    word
    for tongue in TONGUES.values()
    for word in (*tongue.hundreds, *tongue.hundred, *tongue.thousand)
))  # fmt: skip
_BEGIN = 3  # letters by which a word is known as none of a number
_KNOWN = frozenset(
    word
    for tongue in TONGUES.values()
    for word in (*tongue.below, *tongue.hundreds, *tongue.hundred, *tongue.thousand)
)
_STARTS = frozenset(word[:size] for word in _KNOWN for size in range(1, _BEGIN + 1))
_SHORT = frozenset(word for word in _KNOWN if len(word) < _BEGIN)
_ROMAN = frozenset(("tr", "fi", "hu", "nl", "sv", "nb", "da", "pl", "ro", "id", "vi"))
_SAME = {"no": "nb", "nn": "nb", "ms": "id", "ja": "zh"}


def numeral_of(words: Sequence[str], language: str | None = None) -> int | None:
    """Return the number that folded words say in one of these languages, None when in none.

    Args:
        language: The customer's; then Latin letters are read in this language only. None where
            the words around are fixed, so that any language will do.
    """
    if not words or not _may_begin(words[0]):
        return None
    said = "".join(words)
    own = _SAME.get(language or "", language)
    if said in ELSEWHERE and own not in TONGUES:
        return None
    for name in TONGUES if _GREAT.search(said) else _BELOW.get(said, ()):
        if language is None or name not in _ROMAN or name == own:
            value = TONGUES[name].value(said)
            if value is not None:
                return value
    return None


def _may_begin(word: str) -> bool:
    return word[:_BEGIN] in _STARTS or word[:1] in _SHORT or word[: _BEGIN - 1] in _SHORT
