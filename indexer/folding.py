"""One search key for every spelling of a word: Uzbek Cyrillic, Latin of 1995 and of 2026, Karakalpak, Kyrgyz, Russian.

The key is never shown. It is written in the letters of the newest Uzbek Latin (ö ğ ş ç) with ü, ñ and ä for the Kyrgyz
and Karakalpak letters that Uzbek lacks; ö stands for Uzbek ў and Kyrgyz ө alike, which are the same sound in the words
the languages share. The order of the steps matters and is explained where it does.
"""

from __future__ import annotations

import re
import unicodedata

APOSTROPHES = "'\u2018\u2019\u02bb\u02bc`\u00b4\u02b9\u2032\u02bf\u02be\uff07"

# Soft hyphens, joiners, and what NFC could not compose: stress marks over Cyrillic vowels.
_IGNORED = "\u00ad\u200b\u200c\u200d\u2060\ufeff" + "".join(map(chr, range(0x300, 0x370)))
_SAME_SIGN = str.maketrans(dict.fromkeys(APOSTROPHES, "'") | dict.fromkeys(_IGNORED))

_CYRILLIC = {
    **dict(zip("абвгдзийклмнопрстуфхы", "abvgdziyklmnoprstufxi", strict=True)),
    "ж": "j", "ц": "ts", "ч": "ç", "ш": "ş", "щ": "şç", "ъ": "", "ь": "", "э": "e", "е": "e",
    "ё": "yo", "ю": "yu", "я": "ya",
    "ў": "ö", "қ": "q", "ғ": "ğ", "ҳ": "h",
    "ң": "ñ", "ө": "ö", "ү": "ü", "ә": "ä", "җ": "j",
    "і": "i", "ї": "yi", "є": "ye", "ґ": "g", "ұ": "u", "һ": "h",
    "ӯ": "ö", "ӣ": "i", "ҷ": "j", "ѝ": "i",
}  # fmt: skip
# Karakalpak writes w for ў, as in аўыл; Uzbek has no w.
_LATIN = {
    "õ": "ö", "ó": "ö", "ő": "ö", "ø": "ö", "œ": "ö", "w": "ö",
    "ǵ": "ğ", "ģ": "ğ", "ǧ": "ğ",
    "ș": "ş", "š": "ş", "ś": "ş", "č": "ç", "ć": "ç", "ž": "j", "ż": "j",
    "ń": "ñ", "ŋ": "ñ", "ň": "ñ", "ú": "ü", "ű": "ü", "á": "ä", "ə": "ä", "æ": "ä",
    "ı": "i", "í": "i", "ß": "ss", "ł": "l", "đ": "d", "ð": "d", "þ": "t",
}  # fmt: skip
_KEPT = "öğşçüñä"


def _accents_dropped() -> dict[str, str]:
    """Letters of Western Europe with a mark that means nothing here, as in kâmil."""
    dropped = {}
    for code in (*range(0xE0, 0x250), *range(0x1E00, 0x1F00)):
        letter = chr(code)
        plain = unicodedata.normalize("NFD", letter)[0]
        if plain.isascii() and letter not in _KEPT:
            dropped[letter] = plain
    return dropped


_TO_KEY = str.maketrans(_accents_dropped() | _LATIN | _CYRILLIC | {"'": ""})
_LOOSER = str.maketrans("öğşçüñäxq", "ogscunahk")

_MIXED = re.compile(r"[a-z\u00df-\u024f].*[\u0400-\u04ff]|[\u0400-\u04ff].*[a-z\u00df-\u024f]")
_CYRILLIC_LETTER = re.compile(r"[\u0400-\u04ff]")
_LOOKALIKE_LATIN = "aeopcyxikmt"
_LOOKALIKE_CYRILLIC = "аеорсухікмт"
_TO_CYRILLIC = str.maketrans(_LOOKALIKE_LATIN, _LOOKALIKE_CYRILLIC)
_TO_LATIN = str.maketrans(_LOOKALIKE_CYRILLIC, _LOOKALIKE_LATIN)

_APOSTROPHE_RUN = re.compile(r"''+")
_YE = re.compile(r"(?:(?<=^)|(?<=[аеёиоуыэюяўөүәіъь]))е")

# The Latin spelling drops a letter that the Cyrillic one keeps; derived words follow.
_EXCEPTIONS = (("oktyabr", "oktabr"), ("sentyabr", "sentabr"), ("byudjet", "budjet"), ("jyuri", "juri"))
_EXCEPTION = re.compile("|".join(before for before, _ in _EXCEPTIONS))


def surface(word: str) -> str:
    """The word as it is spelled: small letters, one kind of apostrophe, nothing invisible."""
    if word.isascii():
        return word.lower().replace("`", "'")
    if not unicodedata.is_normalized("NFC", word):
        word = unicodedata.normalize("NFC", word)
    # Before lower(): it turns İ into i and a combining dot.
    return word.replace("İ", "i").lower().translate(_SAME_SIGN)


def fold(word: str) -> str:
    """The strict key of one word: equal for all spellings of it. May be empty for a word of signs only."""
    return fold_surface(surface(word))


def fold_surface(word: str) -> str:
    """The strict key of a word that `surface` has already been over."""
    ascii_only = word.isascii()
    if not ascii_only and _MIXED.search(word):
        word = _one_script(word)
    if "'" in word:
        word = _APOSTROPHE_RUN.sub("'", word)
        # Before sh, ch and anything about ng: in yong'in the g belongs to the apostrophe.
        word = word.replace("o'", "ö").replace("õ'", "ö").replace("g'", "ğ")
    if "h" in word:
        # Before Cyrillic is converted, so that с + ҳ stays two letters, and while the sign in s'h still stands.
        word = word.replace("sh", "ş").replace("ch", "ç")
    if not ascii_only:
        word = _YE.sub("йэ", word.replace("ьо", "ё"))
    word = word.translate(_TO_KEY)
    if "ts" in word:
        word = word.replace("ts", "s")
    if ("y" in word) and _EXCEPTION.search(word):
        for before, after in _EXCEPTIONS:
            word = word.replace(before, after)
    return word


def loosened(key: str) -> tuple[str, ...]:
    """The loose keys of a strict key: what is left of it on a plain keyboard. For a second look only.

    ö is typed as o, or as у where there is no ў on the keyboard; a word with ö has both keys.
    """
    loose = key.translate(_LOOSER)
    return (loose, key.replace("ö", "u").translate(_LOOSER)) if "ö" in key else (loose,)


def _one_script(word: str) -> str:
    """Look-alike letters go to the script of the majority, as the о in tоng."""
    cyrillic = len(_CYRILLIC_LETTER.findall(word))
    latin = sum(map(str.isalpha, word)) - cyrillic
    return word.translate(_TO_CYRILLIC if cyrillic > latin else _TO_LATIN)


def _initials() -> dict[str, frozenset[str]]:
    """Each letter is tried at the beginning of words of either script, before an apostrophe and in digraphs."""
    found: dict[str, set[str]] = {}
    for letter in {*"abcdefghijklmnopqrstuvwxyz", *map(chr, _TO_KEY)}:
        for rest in ("a", "'a", "ha", "sa", "bbbb", "бббб"):
            for form in (fold_surface(letter + rest), *loosened(fold_surface(letter + rest))):
                found.setdefault(form[:1], set()).add(letter)
    return {initial: frozenset(letters) for initial, letters in found.items()}


_INITIALS = _initials()
_DIGITS = frozenset("0123456789")


def initials(form: str) -> frozenset[str]:
    """The letters that a surface may begin with whose key or loose key is this one."""
    first = form[:1]
    return _DIGITS if first.isdigit() else _INITIALS.get(first, frozenset()) | {first}
