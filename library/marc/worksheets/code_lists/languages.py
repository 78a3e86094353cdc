"""Languages: the codes of three letters that all dialects use (ISO 639-2/B), with the tags that CLDR names them by."""

from __future__ import annotations

from library.domain.errors import N_
from library.marc.worksheets.model import Code, CodeList, Naming

_USUAL = (
    "uzb", "rus", "kir", "eng", "kaa", "kaz", "tgk", "tuk", "tat", "uig", "tur", "aze", "per", "ara", "ger", "fre",
)  # fmt: skip
# Those that have a tag of two letters.
_WITH_TAGS = """
    aar:aa abk:ab afr:af aka:ak alb:sq amh:am ara:ar arg:an arm:hy asm:as ava:av ave:ae aym:ay aze:az bak:ba
    bam:bm baq:eu bel:be ben:bn bih:bh bis:bi bos:bs bre:br bul:bg bur:my cat:ca cha:ch che:ce chi:zh chu:cu
    chv:cv cor:kw cos:co cre:cr cze:cs dan:da div:dv dut:nl dzo:dz eng:en epo:eo est:et ewe:ee fao:fo fij:fj
    fin:fi fre:fr fry:fy ful:ff geo:ka ger:de gla:gd gle:ga glg:gl glv:gv gre:el grn:gn guj:gu hat:ht hau:ha
    heb:he her:hz hin:hi hmo:ho hrv:hr hun:hu ibo:ig ice:is ido:io iii:ii iku:iu ile:ie ina:ia ind:id ipk:ik
    ita:it jav:jv jpn:ja kal:kl kan:kn kas:ks kau:kr kaz:kk khm:km kik:ki kin:rw kir:ky kom:kv kon:kg kor:ko
    kua:kj kur:ku lao:lo lat:la lav:lv lim:li lin:ln lit:lt ltz:lb lub:lu lug:lg mac:mk mah:mh mal:ml mao:mi
    mar:mr may:ms mlg:mg mlt:mt mon:mn nau:na nav:nv nbl:nr nde:nd ndo:ng nep:ne nno:nn nob:nb nor:no nya:ny
    oci:oc oji:oj ori:or orm:om oss:os pan:pa per:fa pli:pi pol:pl por:pt pus:ps que:qu roh:rm rum:ro run:rn
    rus:ru sag:sg san:sa sin:si slo:sk slv:sl sme:se smo:sm sna:sn snd:sd som:so sot:st spa:es srd:sc srp:sr
    ssw:ss sun:su swa:sw swe:sv tah:ty tam:ta tat:tt tel:te tgk:tg tgl:tl tha:th tib:bo tir:ti ton:to tsn:tn
    tso:ts tuk:tk tur:tr twi:tw uig:ug ukr:uk urd:ur uzb:uz ven:ve vie:vi vol:vo wel:cy wln:wa wol:wo xho:xh
    yid:yi yor:yo zha:za zul:zu
"""
_WITHOUT_TAGS = """
    ace ach ada ady afa afh ain akk ale alg alt ang anp apa arc arn arp art arw ast ath aus awa bad bai bal ban
    bas bat bej bem ber bho bik bin bla bnt bra btk bua bug byn cad cai car cau ceb cel chb chg chk chm chn cho
    chp chr chy cmc cnr cop cpe cpf cpp crh crp csb cus dak dar day del den dgr din doi dra dsb dua dum dyu efi
    egy eka elx enm ewo fan fat fil fiu fon frm fro frr frs fur gaa gay gba gem gez gil gmh goh gon gor got grb
    grc gsw gwi hai haw hil him hit hmn hsb hup iba ijo ilo inc ine inh ira iro jbo jpr jrb kaa kab kac kam kar
    kaw kbd kha khi kho kmb kok kos kpe krc krl kro kru kum kut lad lah lam lez lol loz lua lui lun luo lus mad
    mag mai mak man map mas mdf mdr men mga mic min mis mkh mnc mni mno moh mos mul mun mus mwl mwr myn myv nah
    nai nap nds new nia nic niu nog non nqo nso nub nwc nym nyn nyo nzi osa ota oto paa pag pal pam pap pau peo
    phi phn pon pra pro raj rap rar roa rom rup sad sah sai sal sam sas sat scn sco sel sem sga sgn shn sid sio
    sit sla sma smi smj smn sms snk sog son srn srr ssa suk sus sux syc syr tai tem ter tet tig tiv tkl tlh tli
    tmh tog tpi tsi tum tup tut tvl tyv udm uga umb und vai vot wak wal war was wen xal yao yap ypk zap zbl zen
    zgh znd zun zxx zza
"""
# CLDR does not name them in all languages of the interface.
_LABELS = {"kaa": N_("Karakalpak"), "mul": N_("Several languages")}


def _codes() -> tuple[Code, ...]:
    tags = dict(pair.split(":") for pair in _WITH_TAGS.split())
    tags.update((code, code) for code in _WITHOUT_TAGS.split())
    ordered = dict.fromkeys((*_USUAL, *sorted(tags)))
    return tuple(Code(code, _LABELS.get(code, ""), tags[code]) for code in ordered)


LANGUAGES = CodeList("languages", _codes(), Naming.LANGUAGES)
