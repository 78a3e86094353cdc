"""Every message in every language: all there, none left over, places and plurals as in the English sentence."""

from __future__ import annotations

import re
from string import Formatter

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.plurals import get_plural

from library.projections.uzbek_cyrillic import to_cyrillic
from library.translations import update

LOCALES = (*update.TRANSLATED, update.GENERATED)
# Names, formats and examples that are the same everywhere.
NAMES = (
    "7z Aegis Atom Authenticator bzip2 cp1251 CSV db dc.title Debian Default DjVu DOCTYPE DOCX DOI Enter EPUB Escape "
    "export FreeOTP Google gzip HEMIS host HTML http HTTP https import index IRBIS irbis IRBIS32 IRBIS64 ISBD ISBN "
    "ISMN ISNI ISSN JSON kutub LDR leader library MARC MARC-8 MARC-in-JSON MARC21 MARCXML marcxml MeSH MFN MP3 MP4 "
    "mst MST name OAI-PMH ORCID oʻzbek path PATH PDF port PostgreSQL QR RAR rebuild SHA-256 SQLite SRU Tab tag TXT "
    "unimarc UNIMARC upgrade usmarc utf-8 value VIAF Windows Word XML xrf XRF xz ZIP özbek "
    "COUNTER DSc PhD oai_dc oai request marc21 header metadata record harvest UTF-8"
)
LATIN_WORDS = re.compile(
    r"\{\w*\}|\bLIBRARY_\w+|\b(?:MARC 21|ISO 2709|"
    + "|".join(map(re.escape, sorted(NAMES.split(), key=len, reverse=True)))
    + r")\b|[#$^]\w+|--[\w-]+"
)


@pytest.fixture(scope="module")
def wanted() -> Catalog:
    return update.messages()


def _texts(message: Message) -> tuple[str, ...]:
    return message.string if isinstance(message.string, tuple) else (str(message.string),)


def _ids(message: Message) -> tuple[str, ...]:
    return tuple(message.id) if isinstance(message.id, list | tuple) else (message.id,)


def _places(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}


@pytest.mark.parametrize("locale", LOCALES)
def test_a_catalogue_has_all_messages_and_no_other(locale: str, wanted: Catalog) -> None:
    known = update.read(locale)
    ids = {message.id for message in known if message.id}
    missing = {message.id for message in wanted if message.id} - ids
    assert not missing, f"run `python library/translations/update.py` and translate: {missing}"
    left_over = ids - {message.id for message in wanted if message.id}
    assert not left_over, f"run `python library/translations/update.py`: {left_over}"
    assert not known.obsolete


@pytest.mark.parametrize("locale", LOCALES)
def test_a_translation_is_whole(locale: str) -> None:
    for message in update.read(locale):
        if not message.id:
            continue
        assert not message.fuzzy, message.id
        assert all(text.strip() for text in _texts(message)), f"{locale}: {message.id} is not translated"
        places = set().union(*map(_places, _ids(message)))
        for text in _texts(message):
            assert _places(text) == places, f"{locale}: {message.id}: {text}"
            assert text[:1].isspace() == _ids(message)[0][:1].isspace()
            assert text[-1:].isspace() == _ids(message)[0][-1:].isspace()


@pytest.mark.parametrize("locale", LOCALES)
def test_a_message_that_counts_has_every_form_of_its_language(locale: str) -> None:
    forms = 3 if locale == "ru" else 1
    assert forms == (get_plural(locale).num_plurals if locale == "ru" else 1)
    counted = [message for message in update.read(locale) if isinstance(message.id, tuple)]
    assert counted
    for message in counted:
        assert len(_texts(message)) == forms, f"{locale}: {message.id}"


@pytest.mark.parametrize("locale", LOCALES)
def test_files_are_written_as_the_command_writes_them(locale: str, wanted: Catalog) -> None:
    assert update.path_of(locale).read_bytes() == update.as_file(update.merged(wanted, locale))


def test_uzbek_cyrillic_is_made_from_uzbek_latin() -> None:
    made = update.in_cyrillic(update.read("uz_Latn"))
    assert update.path_of("uz_Cyrl").read_bytes() == update.as_file(made)


def test_cyrillic_catalogues_have_no_latin_words_but_names() -> None:
    for locale in ("uz_Cyrl", "ky", "ru"):
        for message in filter(lambda message: message.id, update.read(locale)):
            for text in _texts(message):
                rest = LATIN_WORDS.sub("", text)
                assert not re.search("[A-Za-zʻʼ]{2,}", rest), f"{locale}: {text}"


def test_uzbek_latin_writes_its_letters_with_their_own_signs() -> None:
    for message in filter(lambda message: message.id, update.read("uz_Latn")):
        for text in _texts(message):
            assert not set(text) & set("'`‘’"), text
            assert not re.search("[а-яё]{2,}", text.replace("ўзбек", "")), text


def test_russian_writes_yo_and_kyrgyz_its_letters() -> None:
    kyrgyz = "".join(text for message in update.read("ky") for text in _texts(message))
    assert set("ңөү") <= set(kyrgyz)
    for message in update.read("ru"):
        for text in _texts(message):
            assert not re.search(r"\b(еще|ее|все-таки|счет|объем|найден[оа] все)\b", text, re.IGNORECASE), text


@pytest.mark.parametrize(
    ("latin", "cyrillic"),
    [
        ("Elektron kutubxona", "Электрон кутубхона"),
        ("yigʻma elektron katalog", "йиғма электрон каталог"),
        ("toʻliq matnli hujjat", "тўлиқ матнли ҳужжат"),
        ("Masʼul mansabdor shaxs", "Масъул мансабдор шахс"),
        ("Yoʻriqnoma", "Йўриқнома"),
        ("Kirill yozuvida ham topildi", "Кирилл ёзувида ҳам топилди"),
        ("yaqin moslik", "яқин мослик"),
        ("Tanlangan filtrlar", "Танланган фильтрлар"),
        ("kolleksiya", "коллекция"),
        ("dissertatsiya", "диссертация"),
        ("konferensiya materiallari", "конференция материаллари"),
        ("litsenziya", "лицензия"),
        ("ensiklopediya", "энциклопедия"),
        ("inventar raqami", "инвентарь рақами"),
        ("Parolni tiklash", "Паролни тиклаш"),
        ("parol", "пароль"),
        ("rollar", "роллар"),
        ("meʼyoriy hujjat", "меъёрий ҳужжат"),
        ("qoʻlyozma", "қўлёзма"),
        ("moʻjiza", "мўжиза"),
        ("Isʼhoq", "Исҳоқ"),
        ("Eʼlon qilingan", "Эълон қилинган"),
        ("annotatsiya", "аннотация"),
        ("hisobdan chiqarish dalolatnomasi", "ҳисобдан чиқариш далолатномаси"),
        ("HEMIS orqali kirish", "HEMIS орқали кириш"),
        ("{n} ta yozuv topildi", "{n} та ёзув топилди"),
        ("Soʻrovlar juda koʻp. Biroz kuting", "Сўровлар жуда кўп. Бироз кутинг"),
        ("UOʻK · KBK", "УЎК · КБК"),
        ("professor-oʻqituvchi", "профессор-ўқитувчи"),
        ("subyekt", "субъект"),
        ("", ""),
    ],
)
def test_the_words_of_the_glossary_in_both_scripts(latin: str, cyrillic: str) -> None:
    assert to_cyrillic(latin) == cyrillic
