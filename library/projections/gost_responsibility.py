"""Who answers for the item: heading and statement of responsibility (GOST 7.80-2000; 7.1-2003 and R 7.0.100-2018, 5.2).

The statement of the record is transcribed from the title page and wins; where there is none it is made of the headings.
"""

from __future__ import annotations

import re

from library.domain.description import Creator, CreatorRole, Description, Material
from library.projections.gost_style import Rules
from library.projections.gost_words import Words, words_of
from library.projections.item_language import ItemLanguage, item_language
from library.projections.name_forms import authors, by_role, full_form, heading_form, statement_form
from library.projections.plain_text import clean, element

MOST_AUTHORS_IN_HEADING = 3
_THESES = frozenset({Material.DISSERTATION, Material.DISSERTATION_ABSTRACT})
_GROUPS = re.compile(r"\s*;\s+|\s+;\s*")
# IRBIS worksheets and older cards bring the mark ready, with and without brackets.
_OTHERS = re.compile(
    r",?\s*[\[(]?\b(?:и др(?:угие|уг)?|va boshq(?:alar)?|ва бошқ(?:алар)?|ж\. ?б|жана башкалар|et al|and others)"
    r"\.?[\])]?\.?$",
    re.IGNORECASE,
)
_INITIALS_FIRST = re.compile(r"(?:[^\W\d_][\wʻʼ'‘’`]{0,2}\.[ -]?)+[^\W\d_]\S*(?: [^\W\d_]\S*)?")
_CAPITAL_WORDS = re.compile(r"[^\W\d_]\S*(?: [^\W\d_]\S*){1,2}")


def heading(description: Description) -> str:
    """The first author of at most three (GOST 7.80-2000); a work of more stands under its title."""
    first = authors(description)
    if not first or author_count(description) > MOST_AUTHORS_IN_HEADING:
        return ""
    return heading_form(first[0].name, item_language(description))


def author_count(description: Description) -> int:
    """How many authors there are as far as the headings and the statement tell; "[и др.]" tells of four or more."""
    names, others = _first_names(description.responsibility)
    of_statement = max(len(names) + 1, MOST_AUTHORS_IN_HEADING + 1) if others else len(names)
    return max(of_statement, len(authors(description)))


def statement(description: Description, rules: Rules) -> str:
    """The statement without its sign, with as many names as the rules allow; empty if nothing is known."""
    language = item_language(description)
    transcribed = element(description.responsibility)
    if not transcribed:
        return _composed(description, rules, language)
    first, *further = _GROUPS.split(transcribed)
    names, others = _first_names(transcribed)
    if names:
        first = _limited(_completed(names, description, language, others=others), rules, language, others=others)
    return " ; ".join((first, *further))


def _first_names(responsibility: str) -> tuple[tuple[str, ...], bool]:
    """The persons of the first group, and whether it says there are others; nothing if it is no list of names."""
    first = _GROUPS.split(element(responsibility))[0]
    marked = _OTHERS.search(first)
    names = tuple(name.strip() for name in (first[: marked.start()] if marked else first).split(","))
    if all(_is_person(name) for name in names):
        return names, marked is not None
    return (), False


def _is_person(name: str) -> bool:
    if _INITIALS_FIRST.fullmatch(name):
        return True
    return _CAPITAL_WORDS.fullmatch(name) is not None and all(word[0].isupper() for word in name.split())


def _completed(
    names: tuple[str, ...], description: Description, language: ItemLanguage, *, others: bool
) -> tuple[str, ...]:
    """The names, or those of the headings where the statement was cut and the headings are more."""
    known = authors(description)
    if others and len(known) > max(len(names), MOST_AUTHORS_IN_HEADING):
        return tuple(statement_form(creator.name, language) for creator in known)
    return names


def _limited(names: tuple[str, ...], rules: Rules, language: ItemLanguage, *, others: bool = False) -> str:
    cut_before = others and len(names) <= MOST_AUTHORS_IN_HEADING
    if len(names) <= rules.all_named and not cut_before:
        return ", ".join(names)
    return f"{', '.join(names[: rules.named_of_more])} {words_of(language).others}"


def _composed(description: Description, rules: Rules, language: ItemLanguage) -> str:
    """Authors first, then those who edited, compiled or translated, then bodies; bodies first where no author is."""
    words = words_of(language)
    written_by = _authors_group(description, rules, language)
    bodies = tuple(clean(creator.name) for creator in by_role(description, CreatorRole.BODY))
    others = (_role_group(description, role, rules, words, language) for role in words.roles)
    persons = tuple(group for group in others if group)
    groups = (written_by, *persons, *bodies) if written_by else (*bodies, *persons)
    return " ; ".join(group for group in groups if group)


def _authors_group(description: Description, rules: Rules, language: ItemLanguage) -> str:
    """The authors; of a thesis only a name in full, since with initials it would but repeat the heading."""
    known = authors(description)
    if description.material in _THESES and len(known) == 1:
        return full_form(known[0].name)
    return _named(known, rules, language)


def _role_group(description: Description, role: CreatorRole, rules: Rules, words: Words, language: ItemLanguage) -> str:
    people = by_role(description, role)
    if not people or (role is CreatorRole.SUPERVISOR and description.material not in _THESES):
        return ""
    word = words.roles[role][1 if rules.words_in_full else 0]
    sign = words.before_names if len(people) > 1 else ""
    return f"{word}{sign} {_named(people, rules, language)}"


def _named(people: tuple[Creator, ...], rules: Rules, language: ItemLanguage) -> str:
    return _limited(tuple(statement_form(person.name, language) for person in people), rules, language)
