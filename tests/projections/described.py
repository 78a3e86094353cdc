"""Descriptions to test with."""

from library.domain.description import Creator, CreatorRole, Description, Material

FACTS = {"places": ("Ташкент",), "publishers": ("Фан",), "year": 2021}
UZBEK = {"languages": ("uzb",), "places": ("Toshkent",), "publishers": ("Oʻqituvchi",), "year": 2019}
KYRGYZ = {"languages": ("kir",), "places": ("Бишкек",), "publishers": ("Илим",), "year": 2020}
ENGLISH = {"languages": ("eng",), "places": ("London",), "publishers": ("Example Press",), "year": 2018}


def by(*names, role=CreatorRole.AUTHOR):
    return tuple(Creator(name=name, role=role) for name in names)


def written(title, material=Material.BOOK, **facts):
    return Description(title=title, material=material, **{"languages": ("rus",), **facts})
