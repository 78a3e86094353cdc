"""A search in PQF, the notation of YAZ for the queries of Z39.50 (type 1, attribute set Bib-1)."""

from __future__ import annotations

from collections.abc import Mapping

from harvest.errors import N_, NothingToSearch
from harvest.lookup.model import Lookup, SearchField

# Use attributes of Bib-1 (Z39.50, Appendix ATR).
USUAL_ATTRIBUTES = {
    SearchField.TITLE: "4",
    SearchField.AUTHOR: "1003",
    SearchField.ISBN: "7",
    SearchField.YEAR: "31",
    SearchField.WORDS: "1016",
}
# A line of yaz-client may have some ten thousand characters.
_LONGEST_QUERY = 9000


def query(lookup: Lookup, attributes: Mapping[SearchField, str], charset: str) -> str:
    """The query, all of it ASCII: every word must match in its field. Raises `NothingToSearch`.

    Words are operands of their own, because servers differ in what they make of several words in one.
    """
    operands = [
        f"@attr 1={attributes.get(field) or USUAL_ATTRIBUTES[field]} {quoted(word, charset)}"
        for field, words in lookup.terms()
        for word in words
    ]
    written = "@and " * (len(operands) - 1) + " ".join(operands)
    if len(written) > _LONGEST_QUERY:
        raise NothingToSearch(N_("These are too many words for a Z39.50 server. Leave some out."))
    return written


def quoted(word: str, charset: str) -> str:
    r"""A word in quotation marks, in which every byte but letters and digits of ASCII is written as `\xHH`.

    So nothing that is typed can end the word, the line, or the command that it stands in.
    """
    try:
        encoded = word.encode(charset)
    except UnicodeError as error:
        raise NothingToSearch(
            N_("“{word}” can't be written in {charset}, the character set of the partner's server."),
            word=word,
            charset=charset,
        ) from error
    plain = "".join(chr(byte) if chr(byte).isalnum() and byte < 0x80 else f"\\x{byte:02x}" for byte in encoded)  # noqa: PLR2004  (the end of ASCII)
    return f'"{plain}"'
