"""Connecting words of a description in the language of the item (GOST 7.1-2003, 4; terms as librarians use them).

`{}` stands for the number. No standard lists Uzbek and Kyrgyz words; the marks of what is unknown are the Russian ones
in Cyrillic and the Latin ones in Latin script, as in the standard.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum, auto
from types import MappingProxyType

from library.domain.description import CreatorRole, Description, Material
from library.projections.item_language import ItemLanguage


class Form(Enum):
    """The form of the content, as far as a designation names it."""

    TEXT = auto()
    MANUSCRIPT = auto()
    MAP = auto()
    SCORE = auto()
    SOUND = auto()
    VIDEO = auto()
    IMAGE = auto()


_FORMS = MappingProxyType(
    {
        Material.MANUSCRIPT: Form.MANUSCRIPT,
        Material.MAP: Form.MAP,
        Material.SCORE: Form.SCORE,
        Material.AUDIO: Form.SOUND,
        Material.VIDEO: Form.VIDEO,
        Material.IMAGE: Form.IMAGE,
    }
)
_FORM_ORDER = (Form.TEXT, Form.MANUSCRIPT, Form.MAP, Form.SCORE, Form.SOUND, Form.VIDEO, Form.IMAGE)
_ROLE_ORDER = (
    CreatorRole.EDITOR,
    CreatorRole.COMPILER,
    CreatorRole.TRANSLATOR,
    CreatorRole.ILLUSTRATOR,
    CreatorRole.SUPERVISOR,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """The words of one language.

    `designations` are in brackets after the title (2003); `direct` and `electronic` name content and medium (2018);
    `roles` hold the short word and the whole word, `before_names` the sign between them and several
    names; `title_tracing` names an added entry under the title.
    """

    volume: str
    issue: str
    issue_first: str
    pages: str
    page_count: str
    others: str
    access_mode: str
    accessed: str
    no_place: str
    no_publisher: str
    no_year: str
    electronic_resource: str
    designations: Mapping[Form, str]
    direct: Mapping[Form, str]
    electronic: Mapping[Form, str]
    roles: Mapping[CreatorRole, tuple[str, str]]
    title_tracing: str
    before_names: str = ":"


def form_of(description: Description) -> Form:
    """The form of the content."""
    return _FORMS.get(description.material, Form.TEXT)


def words_of(language: ItemLanguage) -> Words:
    """The words of a language."""
    return _WORDS[language]


def _forms(*names: str) -> Mapping[Form, str]:
    return MappingProxyType(dict(zip(_FORM_ORDER, names, strict=True)))


def _roles(*names: tuple[str, str]) -> Mapping[CreatorRole, tuple[str, str]]:
    return MappingProxyType(dict(zip(_ROLE_ORDER, names, strict=True)))


_RUSSIAN = Words(
    volume="Т. {}",
    issue="№ {}",
    issue_first="№ {}",
    pages="С. {}",
    page_count="{} с.",
    others="[и др.]",
    access_mode="Режим доступа",
    accessed="дата обращения",
    no_place="Б. м.",
    no_publisher="б. и.",
    no_year="б. г.",
    electronic_resource="Электронный ресурс",
    title_tracing="Загл.",
    designations=_forms("Текст", "Рукопись", "Карты", "Ноты", "Звукозапись", "Видеозапись", "Изоматериал"),
    direct=_forms(
        "Текст : непосредственный",
        "Текст : непосредственный",
        "Изображение (картографическое) : непосредственное",
        "Музыка (знаковая) : непосредственная",
        "Звуки : аудио",
        "Изображение (движущееся) : видео",
        "Изображение (неподвижное) : непосредственное",
    ),
    electronic=_forms(
        "Текст : электронный",
        "Текст : электронный",
        "Изображение (картографическое) : электронное",
        "Музыка (знаковая) : электронная",
        "Звуки : электронные",
        "Изображение (движущееся) : электронное",
        "Изображение (неподвижное) : электронное",
    ),
    roles=_roles(
        ("ред.", "редактор"),
        ("сост.", "составитель"),
        ("пер.", "переводчик"),
        ("худож.", "художник"),
        ("науч. рук.", "научный руководитель"),
    ),
)
_UZBEK_LATIN = Words(
    volume="{}-jild",
    issue="№ {}",
    issue_first="№ {}",
    pages="B. {}",
    page_count="{} b.",
    others="[va boshq.]",
    access_mode="Kirish rejimi",
    accessed="murojaat sanasi",
    no_place="S. l.",
    no_publisher="s. n.",
    no_year="s. a.",
    electronic_resource="Elektron resurs",
    title_tracing="Sarl.",
    designations=_forms("Matn", "Qoʻlyozma", "Xaritalar", "Notalar", "Audioyozuv", "Videoyozuv", "Tasviriy material"),
    direct=_forms(
        "Matn : bevosita",
        "Matn : bevosita",
        "Tasvir (kartografik) : bevosita",
        "Musiqa (belgili) : bevosita",
        "Tovushlar : audio",
        "Tasvir (harakatli) : video",
        "Tasvir (harakatsiz) : bevosita",
    ),
    electronic=_forms(
        "Matn : elektron",
        "Matn : elektron",
        "Tasvir (kartografik) : elektron",
        "Musiqa (belgili) : elektron",
        "Tovushlar : elektron",
        "Tasvir (harakatli) : elektron",
        "Tasvir (harakatsiz) : elektron",
    ),
    roles=_roles(
        ("muharrir", "muharrir"),
        ("tuzuvchi", "tuzuvchi"),
        ("tarj.", "tarjimon"),
        ("rassom", "rassom"),
        ("ilmiy rahbar", "ilmiy rahbar"),
    ),
)
_UZBEK_CYRILLIC = Words(
    volume="{}-жилд",
    issue="№ {}",
    issue_first="№ {}",
    pages="Б. {}",
    page_count="{} б.",
    others="[ва бошқ.]",
    access_mode="Кириш режими",
    accessed="мурожаат санаси",
    no_place="Б. м.",
    no_publisher="б. и.",
    no_year="б. г.",
    electronic_resource="Электрон ресурс",
    title_tracing="Сарл.",
    designations=_forms("Матн", "Қўлёзма", "Хариталар", "Ноталар", "Аудиоёзув", "Видеоёзув", "Тасвирий материал"),
    direct=_forms(
        "Матн : бевосита",
        "Матн : бевосита",
        "Тасвир (картографик) : бевосита",
        "Мусиқа (белгили) : бевосита",
        "Товушлар : аудио",
        "Тасвир (ҳаракатли) : видео",
        "Тасвир (ҳаракатсиз) : бевосита",
    ),
    electronic=_forms(
        "Матн : электрон",
        "Матн : электрон",
        "Тасвир (картографик) : электрон",
        "Мусиқа (белгили) : электрон",
        "Товушлар : электрон",
        "Тасвир (ҳаракатли) : электрон",
        "Тасвир (ҳаракатсиз) : электрон",
    ),
    roles=_roles(
        ("муҳаррир", "муҳаррир"),
        ("тузувчи", "тузувчи"),
        ("тарж.", "таржимон"),
        ("рассом", "рассом"),
        ("илмий раҳбар", "илмий раҳбар"),
    ),
)
_KYRGYZ = Words(
    volume="{}-том",
    issue="№ {}",
    issue_first="№ {}",
    pages="Б. {}",
    page_count="{} б.",
    others="[ж. б.]",
    access_mode="Кирүү режими",
    accessed="кайрылган күнү",
    no_place="Б. м.",
    no_publisher="б. и.",
    no_year="б. г.",
    electronic_resource="Электрондук ресурс",
    title_tracing="Аталышы",
    designations=_forms("Текст", "Кол жазма", "Карталар", "Ноталар", "Аудиожазуу", "Видеожазуу", "Сүрөт материалы"),
    direct=_forms(
        "Текст : түз",
        "Текст : түз",
        "Сүрөттөлүш (картографиялык) : түз",
        "Музыка (белгилүү) : түз",
        "Үндөр : аудио",
        "Сүрөттөлүш (кыймылдуу) : видео",
        "Сүрөттөлүш (кыймылсыз) : түз",
    ),
    electronic=_forms(
        "Текст : электрондук",
        "Текст : электрондук",
        "Сүрөттөлүш (картографиялык) : электрондук",
        "Музыка (белгилүү) : электрондук",
        "Үндөр : электрондук",
        "Сүрөттөлүш (кыймылдуу) : электрондук",
        "Сүрөттөлүш (кыймылсыз) : электрондук",
    ),
    roles=_roles(
        ("ред.", "редактор"),
        ("түз.", "түзүүчү"),
        ("кот.", "котормочу"),
        ("сүрөтчү", "сүрөтчү"),
        ("ил. жет.", "илимий жетекчи"),
    ),
)
_ENGLISH = Words(
    volume="Vol. {}",
    issue="no. {}",
    issue_first="No. {}",
    pages="P. {}",
    page_count="{} p.",
    others="[et al.]",
    access_mode="Mode of access",
    accessed="date of access",
    no_place="S. l.",
    no_publisher="s. n.",
    no_year="s. a.",
    electronic_resource="Electronic resource",
    title_tracing="Title",
    designations=_forms("Text", "Manuscript", "Maps", "Music", "Sound recording", "Videorecording", "Graphic"),
    direct=_forms(
        "Text : unmediated",
        "Text : unmediated",
        "Image (cartographic) : unmediated",
        "Music (notated) : unmediated",
        "Sounds : audio",
        "Image (moving) : video",
        "Image (still) : unmediated",
    ),
    electronic=_forms(
        "Text : electronic",
        "Text : electronic",
        "Image (cartographic) : electronic",
        "Music (notated) : electronic",
        "Sounds : electronic",
        "Image (moving) : electronic",
        "Image (still) : electronic",
    ),
    roles=_roles(
        ("ed. by", "edited by"),
        ("comp. by", "compiled by"),
        ("transl. by", "translated by"),
        ("ill. by", "illustrated by"),
        ("supervised by", "supervised by"),
    ),
    before_names="",
)
_WORDS: Mapping[ItemLanguage, Words] = MappingProxyType(
    {
        ItemLanguage.RUSSIAN: _RUSSIAN,
        ItemLanguage.UZBEK_LATIN: _UZBEK_LATIN,
        ItemLanguage.UZBEK_CYRILLIC: _UZBEK_CYRILLIC,
        ItemLanguage.KYRGYZ: _KYRGYZ,
        ItemLanguage.ENGLISH: _ENGLISH,
    }
)
