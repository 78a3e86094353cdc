"""Countries: ISO 3166 in UNIMARC and IRBIS, the codes of the Library of Congress in MARC 21."""

from __future__ import annotations

from library.domain.errors import N_
from library.marc.worksheets.model import Code, CodeList, Naming

_USUAL = ("UZ", "KG", "KZ", "TJ", "TM", "RU", "TR", "US", "GB", "DE", "CN")
# ISO 3166 and the code of MARC 21, where it has one of its own; SU is the former Soviet Union.
_COUNTRIES = """
    AD:an AE:ts AF:af AG:aq AI:am AL:aa AM:ai AO:ao AQ:ay AR:ag AS:as AT:au AU:at AW:aw AX: AZ:aj BA:bn BB:bb
    BD:bg BE:be BF:uv BG:bu BH:ba BI:bd BJ:dm BL:sc BM:bm BN:bx BO:bo BQ:ca BR:bl BS:bf BT:bt BV:bv BW:bs BY:bw
    BZ:bh CA:xxc CC:xb CD:cg CF:cx CG:cf CH:sz CI:iv CK:cw CL:cl CM:cm CN:cc CO:ck CR:cr CU:cu CV:cv CW:co CX:xa
    CY:cy CZ:xr DE:gw DJ:ft DK:dk DM:dq DO:dr DZ:ae EC:ec EE:er EG:ua EH:ss ER:ea ES:sp ET:et FI:fi FJ:fj FK:fk
    FM:fm FO:fa FR:fr GA:go GB:xxk GD:gd GE:gs GF:fg GG:gg GH:gh GI:gi GL:gl GM:gm GN:gv GP:gp GQ:eg GR:gr GS:xs
    GT:gt GU:gu GW:pg GY:gy HK: HM:hm HN:ho HR:ci HT:ht HU:hu ID:io IE:ie IL:is IM:im IN:ii IO:bi IQ:iq IR:ir
    IS:ic IT:it JE:je JM:jm JO:jo JP:ja KE:ke KG:kg KH:cb KI:gb KM:cq KN:xd KP:kn KR:ko KW:ku KY:cj KZ:kz LA:ls
    LB:le LC:xk LI:lh LK:ce LR:lb LS:lo LT:li LU:lu LV:lv LY:ly MA:mr MC:mc MD:mv ME:mo MF:st MG:mg MH:xe MK:xn
    ML:ml MM:br MN:mp MO: MP:nw MQ:mq MR:mu MS:mj MT:mm MU:mf MV:xc MW:mw MX:mx MY:my MZ:mz NA:sx NC:nl NE:ng
    NF:nx NG:nr NI:nq NL:ne NO:no NP:np NR:nu NU:xh NZ:nz OM:mk PA:pn PE:pe PF:fp PG:pp PH:ph PK:pk PL:pl PM:xl
    PN:pc PR:pr PS:wj PT:po PW:pw PY:py QA:qa RE:re RO:rm RS:rb RU:ru RW:rw SA:su SB:bp SC:se SD:sj SE:sw SG:si
    SH:xj SI:xv SJ: SK:xo SL:sl SM:sm SN:sg SO:so SR:sr SS:sd ST:sf SU:ur SV:es SX:sn SY:sy SZ:sq TC:tc TD:cd
    TF:fs TG:tg TH:th TJ:ta TK:tl TL:em TM:tk TN:ti TO:to TR:tu TT:tr TV:tv TW:ch TZ:tz UA:un UG:ug UM: US:xxu
    UY:uy UZ:uz VA:vc VC:xm VE:ve VG:vb VI:vi VN:vm VU:nn WF:wf WS:ws XK:kv YE:ye YT:ot ZA:sa ZM:za ZW:rh
"""
_LABELS = {"SU": N_("Soviet Union (former)")}
_UNKNOWN = Code("xx ", N_("Not known"))
_MARC21_LENGTH = 3


def _rows() -> list[tuple[str, str]]:
    marc21 = dict(row.split(":") for row in _COUNTRIES.split())
    return [(country, marc21[country]) for country in dict.fromkeys((*_USUAL, *sorted(marc21)))]


ISO = CodeList("countries", tuple(Code(iso, _LABELS.get(iso, ""), iso) for iso, _ in _rows()), Naming.COUNTRIES)
MARC21 = CodeList(
    "marc-countries",
    (*(Code(code.ljust(_MARC21_LENGTH), _LABELS.get(iso, ""), iso) for iso, code in _rows() if code), _UNKNOWN),
    Naming.COUNTRIES,
    is_open=True,
    pattern=r"[a-z]{2}[a-z ]|\|{3}",
)
