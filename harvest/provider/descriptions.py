"""What a repository says of itself and of its sets, in the containers that the implementation guidelines define."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from harvest.provider.characters import content

_OAI = "http://www.openarchives.org/OAI"


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """A policy: in words, at an address, or both; one of them must be there."""

    text: str = ""
    url: str = ""


def oai_identifier(domain: str, sample: str) -> bytes:
    """That identifiers have the form `oai:domain:name`, of which `sample` is one."""
    return _container(
        "oai-identifier",
        f"{_OAI}/2.0/oai-identifier",
        f"{_OAI}/2.0/oai-identifier.xsd",
        _leaf("scheme", "oai"),
        _leaf("repositoryIdentifier", domain),
        _leaf("delimiter", ":"),
        _leaf("sampleIdentifier", sample),
    )


def friends(base_urls: Sequence[str]) -> bytes:
    """Other repositories that a harvester may like to know."""
    return _container(
        "friends", f"{_OAI}/2.0/friends/", f"{_OAI}/2.0/friends.xsd", *(_leaf("baseURL", url) for url in base_urls)
    )


def eprints(*, about: Policy, metadata: Policy, data: Policy, submission: Policy) -> bytes:
    """What an archive of texts holds, and what may be done with its metadata and its files."""
    return _container(
        "eprints",
        f"{_OAI}/1.1/eprints",
        f"{_OAI}/1.1/eprints.xsd",
        _policy("content", about),
        _policy("metadataPolicy", metadata),
        _policy("dataPolicy", data),
        _policy("submissionPolicy", submission),
    )


def branding(*, icon: str, link: str, title: str) -> bytes:
    """The picture by which a harvester can show where records come from, and where a click on it leads."""
    picture = f"{_leaf('url', icon)}{_leaf('link', link)}{_leaf('title', title)}"
    return _container(
        "branding",
        f"{_OAI}/2.0/branding/",
        f"{_OAI}/2.0/branding.xsd",
        f"<collectionIcon>{picture}</collectionIcon>",
    )


def set_description(text: str) -> bytes:
    """What a set contains, in words."""
    dublin_core = "http://purl.org/dc/elements/1.1/"
    return (
        f'<oai_dc:dc xmlns:oai_dc="{_OAI}/2.0/oai_dc/" xmlns:dc="{dublin_core}"'
        ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
        f' xsi:schemaLocation="{_OAI}/2.0/oai_dc/ {_OAI}/2.0/oai_dc.xsd">'
        f"<dc:description>{content(text)}</dc:description></oai_dc:dc>"
    ).encode()


def _container(name: str, namespace: str, schema: str, *parts: str) -> bytes:
    return (
        f'<{name} xmlns="{namespace}" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
        f' xsi:schemaLocation="{namespace} {schema}">{"".join(parts)}</{name}>'
    ).encode()


def _policy(name: str, policy: Policy) -> str:
    url = _leaf("URL", policy.url) if policy.url else ""
    text = _leaf("text", policy.text) if policy.text else ""
    return f"<{name}>{url}{text}</{name}>"


def _leaf(name: str, text: str) -> str:
    return f"<{name}>{content(text)}</{name}>"
