"""Where a record that others made came from: the provenance container of the implementation guidelines."""

from __future__ import annotations

from harvest.model import NAMESPACE, Origin, write_datestamp
from harvest.provider.characters import attribute, content

_NAMESPACE = f"{NAMESPACE}provenance"


def provenance(origin: Origin) -> bytes:
    """The way of a record, last station first, as one of `OaiRecord.abouts`."""
    return (
        f'<provenance xmlns="{_NAMESPACE}" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
        f' xsi:schemaLocation="{_NAMESPACE} {_NAMESPACE}.xsd">{_station(origin)}</provenance>'
    ).encode()


def _station(origin: Origin) -> str:
    earlier = _station(origin.earlier) if origin.earlier else ""
    return (
        f"<originDescription harvestDate={attribute(write_datestamp(origin.harvested_at))}"
        f' altered="{"true" if origin.altered else "false"}">'
        f"<baseURL>{content(origin.base_url)}</baseURL><identifier>{content(origin.identifier)}</identifier>"
        f"<datestamp>{content(origin.datestamp)}</datestamp>"
        f"<metadataNamespace>{content(origin.namespace)}</metadataNamespace>{earlier}</originDescription>"
    )
