"""The metadata formats of the open archive, and how a record is written in each."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

from harvest.model import MetadataFormat
from library.domain.marc import Dialect, MarcRecord
from library.domain.open_archive import Format
from library.projections import oai_dublin_core as dublin_core
from library.projections import oai_marc as marc
from library.projections import oai_mods as mods
from library.projections import oai_openaire as openaire
from library.projections.oai_item import Work

_SCHEMAS = (
    (Format.OAI_DC, dublin_core.OAI_DC_SCHEMA, dublin_core.OAI_DC),
    (Format.QDC, dublin_core.QDC_SCHEMA, dublin_core.QDC),
    (Format.MARC21, marc.SLIM_SCHEMA, marc.SLIM),
    (Format.MODS, mods.MODS_SCHEMA, mods.MODS),
    (Format.OAI_OPENAIRE, openaire.OPENAIRE_SCHEMA, openaire.OPENAIRE),
    (Format.ETDMS, mods.ETDMS_SCHEMA, mods.ETDMS),
    (Format.DATACITE, openaire.DATACITE_SCHEMA, openaire.DATACITE),
    (Format.UNIMARC, marc.MARCXCHANGE_SCHEMA, marc.MARCXCHANGE),
    (Format.IRBIS, marc.MARCXCHANGE_SCHEMA, marc.MARCXCHANGE),
)

OFFERED: Mapping[Format, MetadataFormat] = MappingProxyType(
    {form: MetadataFormat(prefix=form.prefix, schema=schema, namespace=space) for form, schema, space in _SCHEMAS}
)
"""All formats, in the order in which they are told."""

BY_PREFIX: Mapping[str, Format] = MappingProxyType({form.prefix: form for form in OFFERED})

FROM_DESCRIPTION: Mapping[Format, Callable[[Work], bytes]] = MappingProxyType(
    {
        Format.OAI_DC: dublin_core.oai_dc,
        Format.QDC: dublin_core.qdc,
        Format.MODS: mods.mods,
        Format.OAI_OPENAIRE: openaire.oai_openaire,
        Format.ETDMS: mods.etdms,
        Format.DATACITE: openaire.datacite,
    }
)
"""Those that are made of the description and the files."""

FROM_MARC: Mapping[Format, Callable[[Dialect, MarcRecord], bytes]] = MappingProxyType(
    {
        Format.MARC21: marc.in_marc21,
        Format.UNIMARC: marc.in_own_dialect,
        Format.IRBIS: marc.in_own_dialect,
    }
)
"""Those that are made of the record itself."""
