"""Codes, numbers and punctuation that MARC 21 and UNIMARC have in common."""

from __future__ import annotations

import re
from collections.abc import Container, Iterable

from library.domain.description import Creator, CreatorRole, HostItem, Link, Material
from library.domain.marc import DataField, Field
from library.marc.dialects.irbis_fields import isbn as whole_isbn
from library.marc.dialects.irbis_fields import issn, language

__all__ = ["issn"]

UNTITLED = "[…]"
LONGEST_TITLE_MADE_UP = 200
_MARKS = " \t\r\n/:;,="
_SHORT_WORD = re.compile(r"(?:^|[\s.\-(\[])\w{1,3}\.$")
_YEAR = re.compile(r"(?<!\d)(1[4-9]\d\d|20\d\d)(?!\d)")
_NUMBER = re.compile(r"[\dXxХх][\dXxХх\-–‑ ]{6,}")
_NO_LANGUAGES = frozenset({"und", "zxx", "mul", "xxx"})
_ISBN10 = 10
_WEB = re.compile(r"https?://\S+", re.IGNORECASE)
_APOSTROPHES = str.maketrans(dict.fromkeys("'‘’ʼ`´ʹʻ", "ʻ"))
_GENRES = (
    (Material.DISSERTATION_ABSTRACT, re.compile(r"\bавтореф|\bavtoref|abstract of (?:the |a )?(?:thesis|diss)")),
    (Material.DISSERTATION, re.compile(r"\bдисс?\.\s|\bdiss\.\s|\bдиссертац|\bdissertat|\bthesis\b|\bth[eè]se\b")),
    (
        Material.STANDARD,
        re.compile(
            r"\bгост(?:\s+р)?\s+\d|\boʻz ?d(?:st|sn)\b|\bкмс\s+\d|\biso(?:/iec)?\s+\d{3,}"
            r"|\bгосударственный стандарт|\bdavlat standarti|\bмамлекеттик стандарт"
        ),
    ),
    (
        Material.TEXTBOOK,
        re.compile(
            r"\bучебник|\bучеб(?:н\w*|\.)[\s-]*(?:метод\w*[\s.]*)?(?:пособ|издан|комплекс)"
            r"|\bdarslik|\boʻquv(?:[\s-]*uslubiy)? (?:qoʻllanma|majmua)"
            r"|\bдарслик|\bўқув(?:[\s-]*услубий)? (?:қўлланма|мажмуа)"
            r"|\bокуу[\s-]*(?:методикалык )?(?:китеб|курал|колдонмо)|\btextbook|\bstudy guide|\bschoolbook"
        ),
    ),
)  # fmt: skip
_STATED_ROLES = (
    (
        re.compile(
            r"\b(?:edited|editors?|eds?\.|ред\.|редактор\w*|redaktor\w*|muharrir\w*|муҳаррир\w*)", re.IGNORECASE
        ),
        CreatorRole.EDITOR,
    ),
    (
        re.compile(
            r"\b(?:compiled|compilers?|comp\.|сост\.|составител\w*|tuzuvchi\w*|тузувчи\w*|түзүүчү\w*)", re.IGNORECASE
        ),
        CreatorRole.COMPILER,
    ),
    (
        re.compile(r"\b(?:translated|translators?|пер\.|перевод\w*|tarjimon\w*|таржимон\w*|которгон)", re.IGNORECASE),
        CreatorRole.TRANSLATOR,
    ),
)
_VOLUME = re.compile(r"(?:\b(?:т|ч|часть|кн|том|vol|v|jild|жилд|ж)\b\.?|^(?=\d+[:(]))\s*(\d+)", re.IGNORECASE)
_ISSUE = re.compile(
    r"(?:№|\b(?:no|nr|n|вып|iss|issue|чыг|сан|выпуск|heft)\b\.?)\s*([\w./–-]*\d[\w./–-]*)|(\d+)-(?:son|сон)\b",
    re.IGNORECASE,
)
_PAGES = re.compile(
    r"(?:\b(?:p|pp|pages|с|s|стр|b|bet|б|бет)\b\.?)\s*(\d+(?:\s*[-–—]\s*\d+)?)"
    r"|(\d+\s*[-–—]\s*\d+)\s*(?:b|bet|б|бет|с|p)\b",
    re.IGNORECASE,
)
LINKED = re.compile(r"([\w.]+)(?::([\w./-]+))?(?:<([\w-]+))?")


def trimmed(text: str) -> str:
    """The text without the signs that announce the next part (ISBD), and without the full stop at its end.

    The stop of an initial or an abbreviation of up to three letters stays.
    """
    text = without_signs(text)
    if "  " in text:
        text = " ".join(text.split())
    if text.endswith(".") and not text.endswith("..") and not _SHORT_WORD.search(text):
        text = text[:-1].rstrip(_MARKS)
    return text


def without_signs(text: str) -> str:
    """The text without the signs that announce the next part (ISBD), its full stop left in place."""
    return text.strip().rstrip(_MARKS)


def without_brackets(text: str) -> str:
    """The text without square brackets at its ends; one that lost its other half is left out too."""
    text = text.removeprefix("[") if "]" not in text or text.endswith("]") else text
    return text.removesuffix("]") if "[" not in text else f"{text}]" if "]" not in text else text


def joined(parts: Iterable[str], separator: str) -> str:
    """The parts that say anything."""
    return separator.join([part for part in parts if part])


def unique(texts: Iterable[str]) -> tuple[str, ...]:
    """The texts that say anything, each once."""
    return tuple(dict.fromkeys([text for text in texts if text]))


def year_in(text: str) -> int | None:
    """The first year that the text names, from 1400 to 2099; "199-?" names none."""
    match = _YEAR.search(text)
    return int(match[1]) if match else None


def coded_year(digits: str) -> int | None:
    """The year in four digits of coded data; "19uu", "9999" and blanks are none."""
    if len(digits) == len("2000") and digits.isascii() and digits.isdigit():
        return year_in(digits)
    return None


def languages(codes: Iterable[str]) -> tuple[str, ...]:
    """The languages of these codes, which may be written in one ("engrus"), each once."""
    found: list[str] = []
    for code in codes:
        clean = code.strip().lower()
        pieces = [clean[place : place + 3] for place in range(0, len(clean), 3)] if len(clean) % 3 == 0 else [clean]
        found += [known for piece in pieces if (known := language(piece)) and known not in _NO_LANGUAGES]
    return unique(found)


def is_language(code: str) -> bool:
    """Whether this is a code of three letters for a language, or several of them written in one."""
    clean = code.strip()
    return len(clean) % 3 == 0 and clean.isascii() and clean.isalpha() and clean.islower()


def isbn(text: str) -> str:
    """The first ISBN in the text, in digits and X; empty where there is none."""
    match = _NUMBER.search(text)
    return (whole_isbn(match[0].upper()) or whole_isbn(match[0].upper().split()[0])) if match else ""


def isbn_agrees(number: str) -> bool:
    """Whether the check digit is right (ISO 2108)."""
    digits = [10 if digit == "X" else int(digit) for digit in number]
    if len(digits) == _ISBN10:
        return sum(weight * digit for weight, digit in zip(range(10, 0, -1), digits, strict=True)) % 11 == 0
    return bool(digits) and sum(digits[::2] + [3 * digit for digit in digits[1::2]]) % 10 == 0


def issn_agrees(number: str) -> bool:
    """Whether the check digit is right (ISO 3297)."""
    digits = [10 if digit == "X" else int(digit) for digit in number.replace("-", "")]
    return bool(digits) and sum(weight * digit for weight, digit in zip(range(8, 0, -1), digits, strict=True)) % 11 == 0


def link(address: str, label: str) -> Link | None:
    """The web address in the text, if there is one of http or https."""
    match = _WEB.search(address)
    return Link(url=match[0], label=label.strip()) if match else None


def genre(words: str) -> Material | None:
    """The genre that a title and its other information name: thesis, standard, textbook."""
    text = words.lower().translate(_APOSTROPHES)
    for material, pattern in _GENRES:
        if pattern.search(text):
            return material
    return None


def host_parts(text: str) -> tuple[str, str, str]:
    """Volume, issue and pages that a remark on the place in a host names ("Т. 5, № 3. - С. 12-20")."""
    found = []
    for pattern in (_VOLUME, _ISSUE, _PAGES):
        match = pattern.search(text)
        found.append(next((group for group in match.groups() if group), "") if match else "")
    volume, issue, pages = found
    return volume, issue.rstrip(".,/-–"), re.sub(r"\s*[-–—]\s*", "-", pages)


def host_item(title: str, *, place: str, year: int | None, issn_text: str, isbn_text: str) -> HostItem:
    """The host of a part, from its title and the remark on the place in it."""
    volume, issue, pages = host_parts(place)
    return HostItem(
        title=trimmed(title) or UNTITLED,
        issn=issn(issn_text),
        isbn=isbn(isbn_text),
        year=year if year is not None else year_in(place),
        volume=volume,
        issue=issue,
        pages=pages,
    )


def in_words(fields: Iterable[Field], not_titles: Container[str]) -> str:
    """A title for a record that has none: the first words that it says outside of the tags that begin so."""
    for field in fields:
        if isinstance(field, DataField) and field.tag >= "200" and field.tag[:2] not in not_titles:
            words = " ".join([subfield.value for subfield in field.subfields if subfield.code.isalpha()])
            if sum(map(str.isalpha, words)) > len("abc"):
                return trimmed(words[:LONGEST_TITLE_MADE_UP]) or UNTITLED
    return UNTITLED


def stated_role(text: str) -> CreatorRole | None:
    """The role that a word names ("edited by", "redaktor"), in the languages of our catalogues."""
    for pattern, role in _STATED_ROLES:
        if pattern.search(text):
            return role
    return None


def role_in_statement(name: str, responsibility: str) -> CreatorRole:
    """What the statement of responsibility says that a person did; who is named first, without a role, is an author."""
    surname = name.partition(",")[0].strip()
    first = responsibility.partition(";")[0]
    if not surname or surname not in first:
        return CreatorRole.OTHER
    before = first.partition(surname)[0]
    return stated_role(before) or CreatorRole.AUTHOR


def creator(name: str, role: CreatorRole, dates: str = "", orcid: str = "") -> list[Creator]:
    """The creator, if there is a name."""
    return [Creator(name=name, role=role, dates=dates, orcid=orcid)] if name else []
