"""XML from strangers: what is refused, and what is not."""

import resource
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harvest.errors import PartnerError, TooLarge, UnexpectedAnswer
from harvest.xml_reader import DEEPEST, MOST_NODES, parse, without_controls


def _laughs(reference: bytes) -> bytes:
    lines = (b'<!ENTITY e%d "%s">' % (level, b"&e%d;" % (level - 1) * 10) for level in range(1, 10))
    return b'<!DOCTYPE a [<!ENTITY e0 "ha">' + b"".join(lines) + b"]>" + reference


BOMBS = {
    "bare doctype": b"<!DOCTYPE a><a/>",
    "doctype in utf-16": '<?xml version="1.0" encoding="utf-16"?><!DOCTYPE a><a/>'.encode("utf-16"),
    "doctype after comments": b"<!-- x -->" * 10_000 + b"<!DOCTYPE a><a/>",
    "file": b'<!DOCTYPE a [<!ENTITY e SYSTEM "file:///etc/passwd">]><a>&e;</a>',
    "address": b'<!DOCTYPE a [<!ENTITY e SYSTEM "http://127.0.0.1:9/">]><a b="&e;"/>',
    "parameter": b'<!DOCTYPE a [<!ENTITY % e SYSTEM "http://127.0.0.1:9/"> %e;]><a/>',
    "laughs in text": _laughs(b"<a>&e9;</a>"),
    "laughs in an attribute": _laughs(b'<a b="&e9;"/>'),
    "quadratic": b'<!DOCTYPE a [<!ENTITY e "' + b"A" * 100_000 + b'">]><a b="' + b"&e;" * 10_000 + b'"/>',
    "deep": b"<a>" * (DEEPEST + 1) + b"</a>" * (DEEPEST + 1),
    "many elements": b"<a>" + b"<b/>" * MOST_NODES + b"</a>",
    "many attributes": b"<a " + b" ".join(b'a%d=""' % number for number in range(MOST_NODES)) + b"/>",
    "long attribute": b'<a b="' + b"x" * (11 << 20) + b'"/>',
    "long text": b"<a>" + b"x" * (11 << 20) + b"</a>",
    "large": b"<a>" + b"<b>xxxxxxxxxxxxx</b>" * (1 << 20) + b"</a>",
    "unknown encoding": b"<?xml version='1.0' encoding='klingon'?><a/>",
    "not utf-8": "<a>Ўзбек</a>".encode("cp1251"),
    "control character": b"<a>\x0b</a>",
    "unknown entity": b"<a>&nbsp;</a>",
    "text": b"Fatal error: Call to undefined function mysql_connect()",
    "html": b"<html><body><p>Busy<br></body></html>",
    "nothing": b"",
    "two roots": b"<a/><a/>",
    "packed": b"\x1f\x8b\x08\x00",
}


@pytest.mark.parametrize("body", BOMBS.values(), ids=BOMBS.keys())
def test_what_is_refused_is_refused_fast_and_in_little_memory(body: bytes) -> None:
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    start = time.process_time()
    with pytest.raises((UnexpectedAnswer, TooLarge)) as caught:
        parse(body)
    assert time.process_time() - start < 30
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 200 << 10
    assert "root:" not in str(caught.value)


@pytest.mark.parametrize("cut", [1, 5, 20, 40])
def test_a_document_without_its_end_is_no_document(cut: int) -> None:
    whole = "<list><record>Ўзбек</record><record/></list>".encode()
    assert len(parse(whole)) == 2
    with pytest.raises(UnexpectedAnswer, match="cut off"):
        parse(whole[:-cut])


def test_what_is_lawful_is_read() -> None:
    assert parse(b"<a>" * DEEPEST + b"</a>" * DEEPEST).tag == "a"
    assert parse('<?xml version="1.0" encoding="windows-1251"?><a>Ўзбек</a>'.encode("cp1251")).text == "Ўзбек"
    root = parse(b'\xef\xbb\xbf<?xml version="1.0"?><?style x?><!-- x --><a b="&lt;&#1118;">&amp;<!-- x -->&quot;</a>')
    assert (root.text, root.get("b")) == ('&"', "<ў")
    with pytest.raises(TooLarge, match="1 megabytes"):
        parse(b"<a>" + b"x" * (1 << 20) + b"</a>", limit=1 << 20)


@pytest.mark.parametrize(
    ("body", "text"),
    [
        (b"<a>b\x0bc</a>", "bc"),
        (b"<a>b\x00c</a>", "bc"),
        (b"<a>b&#11;c&#x0B;&#xFFFE;&#xD800;&#1114112;</a>", "bc"),
        (b"<a>b&#9;c&#10;&#x20;&#128512;</a>", "b\tc\n 😀"),
        ("<a>Ў\x1fз</a>".encode(), "Ўз"),
        ("<a>Ўз</a>".encode("utf-16"), "Ўз"),
    ],
)
def test_one_control_character_does_not_cost_a_page(body: bytes, text: str) -> None:
    assert parse(without_controls(body)).text == text


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=80), st.binary(max_size=80))
def test_any_bytes_are_a_document_or_refused(first: bytes, second: bytes) -> None:
    for body in (
        first,
        b"<a>" + first + b"</a>",
        b"<?xml version='1.0' encoding='" + first + b"'?><a>" + second + b"</a>",
    ):
        for candidate in (body, without_controls(body)):
            try:
                root = parse(candidate)
            except PartnerError:
                continue
            assert root.getroottree().docinfo.doctype == ""
