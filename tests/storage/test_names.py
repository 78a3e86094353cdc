import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from storage.names import NAMELESS, extension_of, fit_name


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("Oʻzbek tili.pdf", "Oʻzbek tili.pdf"),
        ("../../etc/passwd", "passwd"),
        ("..\\..\\windows\\system32\\a.dll", "a.dll"),
        ("C:\\kitob.pdf", "kitob.pdf"),
        ("C:kitob.pdf", "C_kitob.pdf"),
        ("/etc/shadow", "shadow"),
        ("a\0b.pdf", "ab.pdf"),
        ("a\r\nSet-Cookie: x.pdf", "aSet-Cookie_ x.pdf"),
        ("kitob\u202efdp.exe", "kitobfdp.exe"),
        ("\u2067kitob\u2069.pdf", "kitob.pdf"),
        ("كتاب.pdf", "كتاب.pdf"),
        ("  ikki   boʻsh joy .pdf ", "ikki boʻsh joy.pdf"),
        ('a<b>"c"|d?e*.pdf', "a_b__c__d_e_.pdf"),
        ("...", NAMELESS),
        ("", NAMELESS),
        (".pdf", "pdf"),
        ("\ud800.pdf", "pdf"),
        ("i\u0306.pdf", "ĭ.pdf"),
        ("con.", "con"),
        ("a.verylongextension", "a.verylongextension"),
    ],
)
def test_a_name_is_made_fit(sent, kept):
    assert fit_name(sent) == kept


@pytest.mark.parametrize("letter", ["k", "ў", "書", "😀"])
def test_a_long_name_keeps_its_extension(letter):
    name = fit_name(letter * 300 + ".pdf")
    assert name.endswith(f"{letter}.pdf")
    assert 190 <= len(name.encode()) <= 200


@given(st.text(alphabet=st.characters(), max_size=400))
@settings(max_examples=300, deadline=None)
def test_no_name_can_do_harm(sent):
    name = fit_name(sent)
    assert 0 < len(name.encode()) <= 200
    assert name == fit_name(name)
    assert not set(name) & set('/\\\0\r\n<>:"|?*\u202e')
    assert not name.startswith((".", " "))
    assert not name.endswith((".", " "))
    assert extension_of(name) == extension_of(name).lower()
