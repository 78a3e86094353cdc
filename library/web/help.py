"""Help with the search and for each role, and the small files that browsers and crawlers ask for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar
from urllib.parse import urlencode

from flask import Blueprint, Response, current_app

from library.domain.errors import N_
from library.web import help_roles
from library.web.help_roles import HelpLink
from library.web.languages import gettext
from library.web.pages import Page, permanent, render

ROBOTS = """\
User-agent: *
Disallow: /search
Disallow: /administration
Disallow: /sign-in
Disallow: /my-list
Disallow: /record/*/card.pdf
Crawl-delay: 2
"""
SPELLINGS = ("oʻzbek", "ўзбек", "özbek", "o'zbek")
SYNTAX = (
    ("kimyo darslik", N_("Records that have all the words, in any order")),
    ("“oliy matematika”", N_("The exact phrase")),
    ("fizika OR физика", N_("Any of the words")),
    ("tarix NOT jahon", N_("Without a word")),
    ("kutub*", N_("Words that begin so")),
    ("(biologiya OR kimyo) darslik", N_("Parentheses keep a choice together")),
    ("title:algebra", N_("Only in the title")),
    ("author:Navoiy", N_("Only among authors")),
    ("subject:ekologiya", N_("Only among subjects")),
    ("udc:51", N_("A class of UDC with all below it")),
    ("9789943190771", N_("An ISBN, with hyphens or without")),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """Something to type, what it finds, and the search itself."""

    query: str
    meaning: str
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HelpPage(Page):
    """How to search."""

    template: ClassVar[str] = "help/help.html"

    spellings: tuple[Example, ...]
    examples: tuple[Example, ...]
    roles: tuple[HelpLink, ...]


def blueprint() -> Blueprint:
    """The routes `/help`, `/help/ROLE`, `/robots.txt` and `/favicon.ico`."""
    routes = Blueprint("help", __name__)
    routes.register_blueprint(help_roles.blueprint())

    @routes.get("/help")
    def guide() -> Response:
        return render(
            HelpPage(
                spellings=tuple(_example(query, "") for query in SPELLINGS),
                examples=tuple(_example(query, gettext(meaning)) for query, meaning in SYNTAX),
                roles=help_roles.links(),
            )
        )

    @routes.get("/robots.txt")
    def robots() -> Response:
        return Response(f"{ROBOTS}Sitemap: {permanent('sitemap.index')}\n", mimetype="text/plain")

    @routes.get("/favicon.ico")
    def favicon() -> Response:
        return current_app.send_static_file("favicon.svg")

    return routes


def _example(query: str, meaning: str) -> Example:
    return Example(query=query, meaning=meaning, url="/search?" + urlencode({"q": query}))
