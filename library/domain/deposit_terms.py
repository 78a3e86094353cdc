"""What the library agrees on with those who give their works to the open archive."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from library.domain.errors import N_, InvalidConfiguration

LONGEST_AGREEMENT = 10_000

STANDARD_AGREEMENT: Mapping[str, str] = {
    "uz-Latn": (
        "Men ushbu asarning muallifiman yoki uni topshirishga huquqim bor. Asar boshqa shaxslarning huquqlarini "
        "buzmaydi.\n"
        "Kutubxonaga quyidagilarga bepul va nomutlaq ruxsat beraman: asarni muddatsiz saqlash, uni saqlash uchun "
        "boshqa formatga oʻtkazish, tavsifini hammaga, matnini esa men tanlagan kundan boshlab oʻquvchilarga "
        "koʻrsatish.\n"
        "Mualliflik huquqi menda qoladi. Sababini aytib, asarni qaytarib olishni soʻrashim mumkin; uning oʻrnida "
        "tavsifi qoladi."
    ),
    "uz-Cyrl": (
        "Мен ушбу асарнинг муаллифиман ёки уни топширишга ҳуқуқим бор. Асар бошқа шахсларнинг ҳуқуқларини бузмайди.\n"
        "Кутубхонага қуйидагиларга бепул ва номутлақ рухсат бераман: асарни муддатсиз сақлаш, уни сақлаш учун бошқа "
        "форматга ўтказиш, тавсифини ҳаммага, матнини эса мен танлаган кундан бошлаб ўқувчиларга кўрсатиш.\n"
        "Муаллифлик ҳуқуқи менда қолади. Сабабини айтиб, асарни қайтариб олишни сўрашим мумкин; унинг ўрнида тавсифи "
        "қолади."
    ),
    "ky": (
        "Мен бул эмгектин авторумун же аны тапшырууга укугум бар. Эмгек башка адамдардын укуктарын бузбайт.\n"
        "Китепканага акысыз жана айрыкча эмес уруксат берем: эмгекти мөөнөтсүз сактоого, сактоо үчүн башка форматка "
        "которууга, анын баяндамасын баарына, ал эми текстин мен тандаган күндөн тартып окурмандарга көрсөтүүгө.\n"
        "Автордук укук менде калат. Себебин айтып, эмгекти кайтарып алууну сурана алам; анын ордунда баяндамасы калат."
    ),
    "ru": (
        "Я автор этого произведения или имею право его передать. Произведение не нарушает прав других лиц.\n"
        "Безвозмездно и на неисключительной основе разрешаю библиотеке: бессрочно хранить произведение, переводить его "
        "для хранения в другие форматы, показывать его описание всем, а текст — читателям с выбранного мною дня.\n"
        "Авторское право остаётся у меня. Я могу попросить отозвать произведение, назвав причину; на его месте "
        "останется описание."
    ),
    "en": (
        "I am the author of this work, or have the right to give it. The work does not infringe the rights of others.\n"
        "I permit the library, free of charge and not exclusively, to keep the work without limit of time, to convert "
        "it into other formats in order to keep it, to show its description to everybody, and its text to readers from "
        "the day that I chose.\n"
        "The copyright remains mine. I may ask for the work to be withdrawn, with a reason; its description stays in "
        "its place."
    ),
}
"""The agreement until the library writes its own, by the tag of the language."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DepositTerms:
    """The agreement in some languages; where the library wrote none, the standard one stands."""

    agreement: Mapping[str, str] = field(default_factory=dict)

    def text(self, language: str, default: str) -> tuple[str, str]:
        """The words and their language: the library's own in this language or another, else the standard ones."""
        for tag in (language, default, *self.agreement):
            if self.agreement.get(tag):
                return self.agreement[tag], tag
        tag = language if language in STANDARD_AGREEMENT else "en"
        return STANDARD_AGREEMENT[tag], tag


def require_sound_terms(terms: DepositTerms) -> None:
    """Raise `InvalidConfiguration` for an agreement that nobody would read."""
    if any(len(text) > LONGEST_AGREEMENT for text in terms.agreement.values()):
        raise InvalidConfiguration(N_("A text has {most} characters at most."), most=LONGEST_AGREEMENT)


def terms_from(facts: Mapping[str, Any]) -> DepositTerms:
    """The terms out of JSON."""
    return DepositTerms(agreement={str(tag): str(text) for tag, text in facts.get("agreement", {}).items()})


def flat_terms(terms: DepositTerms) -> dict[str, str]:
    """`agreement (ru)` with its words."""
    return {f"agreement ({tag})": text for tag, text in terms.agreement.items()}
