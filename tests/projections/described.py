"""Descriptions to test with."""

from library.domain.description import Creator, CreatorRole, Description, Material


def by(*names, role=CreatorRole.AUTHOR):
    return tuple(Creator(name=name, role=role) for name in names)


def written(title, material=Material.BOOK, **facts):
    return Description(title=title, material=material, **{"languages": ("rus",), **facts})
