"""The application: its parts joined, and nothing else."""

from __future__ import annotations

from flask import Flask

from library import error_responses
from library.api import feeds, health, openapi, opensearch, sitemap
from library.api import search as api_search
from library.container import Container
from library.web import (
    accounts,
    administration,
    advanced,
    authorities,
    authorities_review,
    batches,
    browse,
    bulletin,
    cards,
    cataloguing,
    citation_files,
    configuration,
    copy_cataloguing,
    copy_cataloguing_targets,
    export,
    holdings,
    home,
    journal,
    labels,
    languages,
    limits,
    maintenance,
    my_list,
    own_account,
    pages,
    quality,
    readers,
    readers_deeds,
    record,
    review,
    search,
    security,
    session,
    session_sign_in,
)
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
    maintenance.install(app, container)
    error_responses.install(app)
    app.register_blueprint(home.blueprint(container))
    app.register_blueprint(search.blueprint(container))
    app.register_blueprint(advanced.blueprint(container))
    app.register_blueprint(export.blueprint(container))
    app.register_blueprint(record.blueprint(container))
    app.register_blueprint(citation_files.blueprint(container))
    app.register_blueprint(cards.blueprint(container))
    app.register_blueprint(my_list.blueprint(container))
    app.register_blueprint(browse.blueprint(container))
    app.register_blueprint(help_pages.blueprint())
    app.register_blueprint(session_sign_in.blueprint(container))
    app.register_blueprint(session_sign_in.first_blueprint(container))
    app.register_blueprint(own_account.blueprint(container))
    app.register_blueprint(own_account.set_password_blueprint(container))
    app.register_blueprint(accounts.blueprint(container))
    app.register_blueprint(accounts.deeds_blueprint(container))
    app.register_blueprint(readers.blueprint(container))
    app.register_blueprint(readers_deeds.blueprint(container))
    app.register_blueprint(administration.blueprint(container))
    app.register_blueprint(batches.blueprint(container))
    app.register_blueprint(cataloguing.blueprint(container))
    app.register_blueprint(review.blueprint(container))
    app.register_blueprint(copy_cataloguing.blueprint(container))
    app.register_blueprint(copy_cataloguing_targets.blueprint(container))
    app.register_blueprint(holdings.blueprint(container))
    app.register_blueprint(configuration.blueprint(container))
    app.register_blueprint(configuration.divisions_blueprint(container))
    app.register_blueprint(configuration.versions_blueprint(container))
    app.register_blueprint(maintenance.blueprint(container))
    app.register_blueprint(maintenance.windows_blueprint(container))
    app.register_blueprint(journal.blueprint(container))
    app.register_blueprint(authorities.blueprint(container))
    app.register_blueprint(authorities_review.blueprint(container))
    app.register_blueprint(quality.blueprint(container))
    app.register_blueprint(bulletin.blueprint(container))
    app.register_blueprint(labels.blueprint(container))
    app.register_blueprint(health.blueprint(container))
    app.register_blueprint(api_search.blueprint(container))
    app.register_blueprint(openapi.blueprint(container))
    app.register_blueprint(feeds.blueprint(container))
    app.register_blueprint(opensearch.blueprint(container))
    app.register_blueprint(sitemap.blueprint(container))
    return app
