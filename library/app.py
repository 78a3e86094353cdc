"""The application: its parts joined, and nothing else."""

from __future__ import annotations

from flask import Blueprint, Flask

from library import error_responses
from library.api import (
    counter,
    feeds,
    health,
    open_archive,
    openapi,
    opensearch,
    resource_sync,
    sitemap,
    sru,
    statistics_openapi,
)
from library.api import search as api_search
from library.api import statistics as api_statistics
from library.container import Container
from library.web import (
    accounts,
    administration,
    advanced,
    appeals,
    appeals_desk,
    author,
    authorities,
    authorities_review,
    batches,
    browse,
    bulletin,
    cards,
    cataloguing,
    citation_files,
    collection,
    configuration,
    configuration_appeals,
    configuration_deposits,
    configuration_rules,
    copy_cataloguing,
    copy_cataloguing_targets,
    deposit,
    deposit_review,
    deposit_uploads,
    documents,
    documents_uploads,
    embargoes,
    export,
    holdings,
    home,
    journal,
    labels,
    languages,
    limits,
    maintenance,
    my_list,
    noting,
    noting_privacy,
    own_account,
    own_second_factor,
    pages,
    partners,
    partners_form,
    partners_rejects,
    partners_twins,
    quality,
    readers,
    readers_deeds,
    readers_import,
    reading,
    record,
    review,
    search,
    security,
    session,
    session_sign_in,
    statistics,
    statistics_keys,
    statistics_public,
    transfers,
    uploaded_imports,
    uploaded_imports_request,
    viewing,
)
from library.web import counter as counter_files
from library.web import help as help_pages


def create_app(container: Container) -> Flask:
    """The portal over these services."""
    app = pages.Portal(
        "library",
        static_folder=str(pages.STATIC),
        static_url_path="/static",
        template_folder=str(pages.templates_directory()),
    )
    security.install(app, container.settings)
    limits.install(app, container.settings)
    languages.install(app, container.settings)
    pages.install(app, container)
    session.install(app, container)
    uploaded_imports_request.install(app, container.settings.data_dir / "imports")
    maintenance.install(app, container)
    error_responses.install(app)
    noting.install(app, container)
    for blueprints in (_portal, _staff, _settings, _supervision, _machines):
        for blueprint in blueprints(container):
            app.register_blueprint(blueprint)
    return app


def _portal(container: Container) -> tuple[Blueprint, ...]:
    """Pages for everybody."""
    return (
        home.blueprint(container),
        search.blueprint(container),
        advanced.blueprint(container),
        export.blueprint(container),
        record.blueprint(container),
        reading.blueprint(container),
        viewing.blueprint(container),
        citation_files.blueprint(container),
        cards.blueprint(container),
        my_list.blueprint(container),
        browse.blueprint(container),
        author.blueprint(container),
        collection.blueprint(container),
        help_pages.blueprint(),
        noting_privacy.blueprint(),
        bulletin.blueprint(container),
        statistics_public.blueprint(container),
        counter_files.blueprint(container),
        appeals.blueprint(container),
    )


def _staff(container: Container) -> tuple[Blueprint, ...]:
    """Accounts, and the pages of those who have a right to them."""
    return (
        session_sign_in.blueprint(container),
        session_sign_in.first_blueprint(container),
        own_account.blueprint(container),
        own_second_factor.blueprint(container),
        own_account.set_password_blueprint(container),
        accounts.blueprint(container),
        accounts.deeds_blueprint(container),
        readers.blueprint(container),
        readers_deeds.blueprint(container),
        readers_import.blueprint(container),
        batches.blueprint(container),
        cataloguing.blueprint(container),
        review.blueprint(container),
        embargoes.blueprint(container),
        copy_cataloguing.blueprint(container),
        copy_cataloguing_targets.blueprint(container),
        partners.blueprint(container),
        partners.deeds_blueprint(container),
        partners_form.blueprint(container),
        partners_rejects.blueprint(container),
        partners_twins.blueprint(container),
        uploaded_imports.blueprint(container),
        uploaded_imports.deeds_blueprint(container),
        holdings.blueprint(container),
        documents.blueprint(container),
        documents.deeds_blueprint(container),
        documents_uploads.blueprint(container),
        documents_uploads.pieces_blueprint(container),
        transfers.blueprint(container),
        deposit.blueprint(container),
        deposit.deeds_blueprint(container),
        deposit_uploads.blueprint(container),
        deposit_uploads.pieces_blueprint(container),
        deposit_review.blueprint(container),
        appeals_desk.blueprint(container),
        appeals_desk.deeds_blueprint(container),
        appeals_desk.papers_blueprint(container),
        maintenance.blueprint(container),
        maintenance.windows_blueprint(container),
        authorities.blueprint(container),
        authorities_review.blueprint(container),
        quality.blueprint(container),
        labels.blueprint(container),
    )


def _settings(container: Container) -> tuple[Blueprint, ...]:
    """What the head of the library and the administrator set."""
    return (
        administration.blueprint(container),
        configuration.blueprint(container),
        configuration.divisions_blueprint(container),
        configuration.versions_blueprint(container),
        configuration_rules.blueprint(container),
        configuration_deposits.blueprint(container),
        configuration_appeals.blueprint(container),
    )


def _supervision(container: Container) -> tuple[Blueprint, ...]:
    """What the head of the library and the inspector look at."""
    return (
        journal.blueprint(container),
        statistics.blueprint(container),
        statistics_keys.blueprint(container),
        statistics_keys.deeds_blueprint(container),
    )


def _machines(container: Container) -> tuple[Blueprint, ...]:
    """Answers for programs."""
    return (
        health.blueprint(container),
        api_search.blueprint(container),
        openapi.blueprint(container),
        feeds.blueprint(container),
        opensearch.blueprint(container),
        sitemap.blueprint(container),
        resource_sync.blueprint(container),
        sru.blueprint(container),
        open_archive.blueprint(container),
        counter.blueprint(container),
        api_statistics.blueprint(container),
        statistics_openapi.blueprint(container),
    )
