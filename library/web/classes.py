"""Names of the classes of UDC and BBK that one can browse by: numbers and short names only.

Uzbek Cyrillic is written from Uzbek Latin. A class without a name here is shown by its number.
"""

# ruff: noqa: E501 - a class is one line, so that its names can be compared

from __future__ import annotations

from collections.abc import Mapping

from indexer.classification import bbk_classes
from indexer.model import Facet
from library.projections.uzbek_cyrillic import to_cyrillic

_COLUMNS = ("en", "uz-Latn", "ky", "ru")
Names = tuple[str, str, str, str]

UDC: Mapping[str, Names] = {
    "0": ("Science and knowledge. Information. Librarianship", "Fan va bilim. Axborot. Kutubxonachilik", "Илим жана билим. Маалымат. Китепкана иши", "Наука и знание. Информация. Библиотечное дело"),
    "00": ("General questions of science and culture", "Fan va madaniyatning umumiy masalalari", "Илим менен маданияттын жалпы маселелери", "Общие вопросы науки и культуры"),
    "004": ("Computing", "Axborot texnologiyalari. Kompyuter texnikasi", "Маалымат технологиялары. Компьютердик техника", "Информационные технологии. Вычислительная техника"),
    "01": ("Bibliography", "Bibliografiya", "Библиография", "Библиография"),
    "02": ("Librarianship", "Kutubxonachilik", "Китепкана иши", "Библиотечное дело"),
    "03": ("Encyclopaedias. Reference works", "Ensiklopediyalar. Maʼlumotnomalar", "Энциклопедиялар. Маалымдамалар", "Энциклопедии. Справочники"),
    "05": ("Periodicals", "Davriy nashrlar", "Мезгилдүү басылмалар", "Периодические издания"),
    "06": ("Organisations. Museums", "Tashkilotlar. Muzeylar", "Уюмдар. Музейлер", "Организации. Музеи"),
    "07": ("The press. Journalism", "Matbuot. Jurnalistika", "Басма сөз. Журналистика", "Пресса. Журналистика"),
    "09": ("Manuscripts. Rare books", "Qoʻlyozmalar. Nodir kitoblar", "Кол жазмалар. Сейрек китептер", "Рукописи. Редкие книги"),
    "1": ("Philosophy. Psychology", "Falsafa. Psixologiya", "Философия. Психология", "Философия. Психология"),
    "11": ("Metaphysics", "Metafizika", "Метафизика", "Метафизика"),
    "14": ("Philosophical systems", "Falsafiy tizimlar", "Философиялык системалар", "Философские системы"),
    "15": ("Psychology", "Psixologiya", "Психология", "Психология"),
    "16": ("Logic", "Mantiq", "Логика", "Логика"),
    "17": ("Ethics", "Etika. Axloq", "Этика. Адеп-ахлак", "Этика. Мораль"),
    "2": ("Religion. Theology", "Din. Ilohiyot", "Дин. Теология", "Религия. Богословие"),
    "24": ("Buddhism", "Buddaviylik", "Буддизм", "Буддизм"),
    "26": ("Judaism", "Yahudiylik", "Иудаизм", "Иудаизм"),
    "27": ("Christianity", "Xristianlik", "Христиандык", "Христианство"),
    "28": ("Islam", "Islom", "Ислам", "Ислам"),
    "3": ("Social sciences", "Ijtimoiy fanlar", "Коомдук илимдер", "Общественные науки"),
    "30": ("Methods of the social sciences", "Ijtimoiy fanlar metodlari", "Коомдук илимдердин методдору", "Методы общественных наук"),
    "31": ("Statistics. Sociology", "Statistika. Jamiyatshunoslik", "Статистика. Социология", "Статистика. Социология"),
    "32": ("Politics", "Siyosat", "Саясат", "Политика"),
    "33": ("Economics", "Iqtisodiyot", "Экономика", "Экономика"),
    "34": ("Law", "Huquq", "Укук", "Право"),
    "35": ("Public administration. Military affairs", "Davlat boshqaruvi. Harbiy ish", "Мамлекеттик башкаруу. Аскер иши", "Государственное управление. Военное дело"),
    "36": ("Social welfare", "Ijtimoiy taʼminot", "Социалдык камсыздоо", "Социальное обеспечение"),
    "37": ("Education", "Taʼlim. Tarbiya", "Билим берүү. Тарбия", "Образование. Воспитание"),
    "39": ("Ethnography. Folklore", "Etnografiya. Xalq ogʻzaki ijodi", "Этнография. Фольклор", "Этнография. Фольклор"),
    "5": ("Mathematics. Natural sciences", "Matematika. Tabiiy fanlar", "Математика. Табигый илимдер", "Математика. Естественные науки"),
    "50": ("Natural sciences in general. Environment", "Umuman tabiiy fanlar. Atrof-muhit", "Жалпы табигый илимдер. Айлана-чөйрө", "Естественные науки в целом. Окружающая среда"),
    "51": ("Mathematics", "Matematika", "Математика", "Математика"),
    "52": ("Astronomy", "Astronomiya", "Астрономия", "Астрономия"),
    "53": ("Physics", "Fizika", "Физика", "Физика"),
    "54": ("Chemistry", "Kimyo", "Химия", "Химия"),
    "55": ("Earth sciences", "Yer haqidagi fanlar", "Жер жөнүндөгү илимдер", "Науки о Земле"),
    "56": ("Palaeontology", "Paleontologiya", "Палеонтология", "Палеонтология"),
    "57": ("Biology", "Biologiya", "Биология", "Биология"),
    "58": ("Botany", "Botanika", "Ботаника", "Ботаника"),
    "59": ("Zoology", "Zoologiya", "Зоология", "Зоология"),
    "6": ("Applied sciences. Medicine. Technology", "Amaliy fanlar. Tibbiyot. Texnika", "Колдонмо илимдер. Медицина. Техника", "Прикладные науки. Медицина. Технология"),
    "60": ("Applied sciences in general. Biotechnology", "Umuman amaliy fanlar. Biotexnologiya", "Жалпы колдонмо илимдер. Биотехнология", "Прикладные науки в целом. Биотехнология"),
    "61": ("Medicine", "Tibbiyot", "Медицина", "Медицина"),
    "62": ("Engineering", "Texnika. Muhandislik", "Техника. Инженердик иш", "Техника. Инженерное дело"),
    "63": ("Agriculture and forestry", "Qishloq va oʻrmon xoʻjaligi", "Айыл жана токой чарбасы", "Сельское и лесное хозяйство"),
    "64": ("Home economics", "Uy xoʻjaligi. Turmush", "Үй чарбасы. Турмуш-тиричилик", "Домоводство. Быт"),
    "65": ("Management. Transport. Communication", "Boshqaruv. Transport. Aloqa", "Башкаруу. Транспорт. Байланыш", "Управление. Транспорт. Связь"),
    "66": ("Chemical technology", "Kimyoviy texnologiya", "Химиялык технология", "Химическая технология"),
    "67": ("Industries and crafts", "Sanoat tarmoqlari", "Өнөр жай тармактары", "Отрасли промышленности"),
    "68": ("Finished products. Precision mechanics", "Tayyor mahsulotlar ishlab chiqarish. Aniq mexanika", "Даяр буюмдарды өндүрүү. Так механика", "Производство готовых изделий. Точная механика"),
    "69": ("Building", "Qurilish", "Курулуш", "Строительство"),
    "7": ("The arts. Entertainment. Sport", "Sanʼat. Oʻyin-kulgi. Sport", "Искусство. Көңүл ачуу. Спорт", "Искусство. Развлечения. Спорт"),
    "71": ("Planning. Landscape", "Shaharsozlik. Landshaft", "Шаар куруу. Ландшафт", "Градостроительство. Ландшафт"),
    "72": ("Architecture", "Meʼmorlik", "Архитектура", "Архитектура"),
    "73": ("Sculpture", "Haykaltaroshlik", "Скульптура", "Скульптура"),
    "74": ("Drawing. Design", "Rasm. Dizayn", "Сүрөт тартуу. Дизайн", "Рисование. Дизайн"),
    "75": ("Painting", "Rangtasvir", "Живопись", "Живопись"),
    "76": ("Graphic art", "Grafika", "Графика", "Графика"),
    "77": ("Photography. Cinema", "Fotografiya. Kino", "Фотография. Кино", "Фотография. Кино"),
    "78": ("Music", "Musiqa", "Музыка", "Музыка"),
    "79": ("Entertainment. Games. Sport", "Tomosha. Oʻyinlar. Sport", "Көңүл ачуу. Оюндар. Спорт", "Зрелища. Игры. Спорт"),
    "8": ("Language. Literature", "Til. Adabiyot", "Тил. Адабият", "Язык. Литература"),
    "80": ("Philology", "Filologiya", "Филология", "Филология"),
    "81": ("Linguistics", "Tilshunoslik", "Тил илими", "Языкознание"),
    "82": ("Literature", "Adabiyot", "Адабият", "Литература"),
    "9": ("Geography. Biography. History", "Geografiya. Biografiya. Tarix", "География. Биография. Тарых", "География. Биография. История"),
    "902": ("Archaeology", "Arxeologiya", "Археология", "Археология"),
    "908": ("Local studies", "Oʻlkashunoslik", "Өлкө таануу", "Краеведение"),
    "91": ("Geography", "Geografiya", "География", "География"),
    "929": ("Biography", "Biografiya", "Өмүр баян", "Биографии"),
    "93": ("History: sources, methods", "Tarix: manbalar, metodlar", "Тарых: булактар, методдор", "История: источники, методы"),
    "94": ("History", "Tarix", "Тарых", "История"),
}  # fmt: skip

# By the numbers of the middle tables; the letters of the scientific tables stand in `LETTERS`.
BBK: Mapping[str, Names] = {
    "А": ("Interdisciplinary knowledge", "Fanlararo bilim", "Илимдер аралык билим", "Междисциплинарное знание"),
    "20": ("Natural sciences in general", "Umuman tabiiy fanlar", "Жалпы табигый илимдер", "Естественные науки в целом"),
    "20.1": ("People and environment. Ecology", "Inson va atrof-muhit. Ekologiya", "Адам жана айлана-чөйрө. Экология", "Человек и окружающая среда. Экология"),
    "22": ("Physics and mathematics", "Fizika-matematika fanlari", "Физика-математика илимдери", "Физико-математические науки"),
    "22.1": ("Mathematics", "Matematika", "Математика", "Математика"),
    "22.2": ("Mechanics", "Mexanika", "Механика", "Механика"),
    "22.3": ("Physics", "Fizika", "Физика", "Физика"),
    "22.6": ("Astronomy", "Astronomiya", "Астрономия", "Астрономия"),
    "24": ("Chemistry", "Kimyo fanlari", "Химия илимдери", "Химические науки"),
    "24.1": ("General and inorganic chemistry", "Umumiy va anorganik kimyo", "Жалпы жана органикалык эмес химия", "Общая и неорганическая химия"),
    "24.2": ("Organic chemistry", "Organik kimyo", "Органикалык химия", "Органическая химия"),
    "24.4": ("Analytical chemistry", "Analitik kimyo", "Аналитикалык химия", "Аналитическая химия"),
    "24.5": ("Physical chemistry", "Fizik kimyo", "Физикалык химия", "Физическая химия"),
    "26": ("Earth sciences", "Yer haqidagi fanlar", "Жер жөнүндөгү илимдер", "Науки о Земле"),
    "26.1": ("Geodesy. Cartography", "Geodeziya. Kartografiya", "Геодезия. Картография", "Геодезия. Картография"),
    "26.2": ("Geophysics", "Geofizika", "Геофизика", "Геофизика"),
    "26.3": ("Geology", "Geologiya", "Геология", "Геология"),
    "26.8": ("Geography", "Geografiya", "География", "География"),
    "28": ("Biology", "Biologiya fanlari", "Биология илимдери", "Биологические науки"),
    "28.0": ("General biology", "Umumiy biologiya", "Жалпы биология", "Общая биология"),
    "28.1": ("Palaeontology", "Paleontologiya", "Палеонтология", "Палеонтология"),
    "28.4": ("Microbiology", "Mikrobiologiya", "Микробиология", "Микробиология"),
    "28.5": ("Botany", "Botanika", "Ботаника", "Ботаника"),
    "28.6": ("Zoology", "Zoologiya", "Зоология", "Зоология"),
    "30": ("Technology in general", "Umuman texnika", "Жалпы техника", "Техника в целом"),
    "31": ("Power engineering. Radio electronics", "Energetika. Radioelektronika", "Энергетика. Радиоэлектроника", "Энергетика. Радиоэлектроника"),
    "33": ("Mining", "Konchilik ishi", "Тоо-кен иши", "Горное дело"),
    "34": ("Metal technology. Mechanical engineering", "Metallar texnologiyasi. Mashinasozlik", "Металл технологиясы. Машина куруу", "Технология металлов. Машиностроение"),
    "35": ("Chemical technology. Food production", "Kimyoviy texnologiya. Oziq-ovqat", "Химиялык технология. Тамак-аш өндүрүшү", "Химическая технология. Пищевые производства"),
    "37": ("Wood. Light industry. Printing", "Yogʻoch. Yengil sanoat. Poligrafiya", "Жыгач. Жеңил өнөр жай. Полиграфия", "Технология древесины. Лёгкая промышленность. Полиграфия"),
    "38": ("Building", "Qurilish", "Курулуш", "Строительство"),
    "39": ("Transport", "Transport", "Транспорт", "Транспорт"),
    "4": ("Agriculture and forestry", "Qishloq va oʻrmon xoʻjaligi", "Айыл жана токой чарбасы", "Сельское и лесное хозяйство"),
    "40": ("Foundations of agriculture", "Qishloq xoʻjaligining ilmiy asoslari", "Айыл чарбасынын илимий негиздери", "Научные основы сельского хозяйства"),
    "41": ("Plant growing", "Oʻsimlikshunoslik", "Өсүмдүк өстүрүү", "Растениеводство"),
    "42": ("Particular crops", "Alohida ekinlar", "Айрым өсүмдүктөр", "Частное растениеводство"),
    "43": ("Forestry", "Oʻrmon xoʻjaligi", "Токой чарбасы", "Лесное хозяйство"),
    "44": ("Plant protection", "Oʻsimliklarni himoya qilish", "Өсүмдүктөрдү коргоо", "Защита растений"),
    "45": ("Animal husbandry", "Chorvachilik", "Мал чарбасы", "Общее животноводство"),
    "46": ("Particular livestock", "Alohida chorva turlari", "Малдын айрым түрлөрү", "Частное животноводство"),
    "47": ("Hunting. Fishing", "Ovchilik. Baliqchilik", "Аңчылык. Балык чарбасы", "Охотничье и рыбное хозяйство"),
    "48": ("Veterinary medicine", "Veterinariya", "Ветеринария", "Ветеринария"),
    "5": ("Medicine. Public health", "Tibbiyot. Sogʻliqni saqlash", "Медицина. Саламаттыкты сактоо", "Здравоохранение. Медицина"),
    "51": ("Public health. Hygiene", "Sogʻliqni saqlash. Gigiyena", "Саламаттыкты сактоо. Гигиена", "Организация здравоохранения. Гигиена"),
    "52": ("General pathology", "Umumiy patologiya", "Жалпы патология", "Общая патология"),
    "53": ("Clinical medicine in general", "Umuman klinik tibbiyot", "Жалпы клиникалык медицина", "Клиническая медицина в целом"),
    "54": ("Internal diseases. Surgery", "Ichki kasalliklar. Jarrohlik", "Ички оорулар. Хирургия", "Внутренние болезни. Хирургия"),
    "55": ("Infectious and skin diseases", "Yuqumli va teri kasalliklari", "Жугуштуу жана тери оорулары", "Инфекционные и кожные болезни"),
    "56": ("Neurology. Psychiatry. Dentistry", "Nevrologiya. Psixiatriya. Stomatologiya", "Неврология. Психиатрия. Стоматология", "Неврология. Психиатрия. Стоматология"),
    "57": ("Gynaecology. Paediatrics", "Ginekologiya. Pediatriya", "Гинекология. Педиатрия", "Гинекология. Педиатрия"),
    "58": ("Applied branches of medicine", "Tibbiyotning amaliy tarmoqlari", "Медицинанын колдонмо тармактары", "Прикладные отрасли медицины"),
    "60": ("Social sciences in general", "Umuman ijtimoiy fanlar", "Жалпы коомдук илимдер", "Социальные науки в целом"),
    "63": ("History", "Tarix", "Тарых", "История"),
    "63.3": ("History of countries and peoples", "Mamlakatlar va xalqlar tarixi", "Өлкөлөрдүн жана элдердин тарыхы", "История стран и народов"),
    "63.4": ("Archaeology", "Arxeologiya", "Археология", "Археология"),
    "63.5": ("Ethnography", "Etnografiya", "Этнография", "Этнография"),
    "65": ("Economics", "Iqtisodiyot", "Экономика", "Экономика"),
    "65.0": ("Economic theory", "Iqtisodiy nazariya", "Экономикалык теория", "Экономическая теория"),
    "65.2": ("Finance. Labour. Management", "Moliya. Mehnat. Boshqaruv", "Финансы. Эмгек. Башкаруу", "Финансы. Труд. Управление"),
    "65.3": ("Economics of industries", "Tarmoqlar iqtisodiyoti", "Тармактар экономикасы", "Экономика отраслей"),
    "65.5": ("World economy", "Jahon iqtisodiyoti", "Дүйнөлүк экономика", "Мировая экономика"),
    "66": ("Politics", "Siyosat", "Саясат", "Политика"),
    "66.3": ("Domestic politics", "Ichki siyosat", "Ички саясат", "Внутренняя политика"),
    "66.4": ("International relations", "Xalqaro munosabatlar", "Эл аралык мамилелер", "Международные отношения"),
    "67": ("Law", "Huquq", "Укук", "Право"),
    "67.0": ("Theory of law", "Huquq nazariyasi", "Укук теориясы", "Теория права"),
    "67.4": ("Branches of law", "Huquq tarmoqlari", "Укук тармактары", "Отрасли права"),
    "68": ("Military affairs", "Harbiy ish", "Согуш иши", "Военное дело"),
    "7": ("Culture. Science. Education", "Madaniyat. Fan. Maʼrifat", "Маданият. Илим. Агартуу", "Культура. Наука. Просвещение"),
    "71": ("Culture", "Madaniyat", "Маданият", "Культура"),
    "72": ("Science", "Fan", "Илим", "Наука"),
    "74": ("Education", "Taʼlim", "Билим берүү", "Образование"),
    "75": ("Physical education and sport", "Jismoniy tarbiya va sport", "Дене тарбия жана спорт", "Физическая культура и спорт"),
    "76": ("Mass media. Publishing", "Ommaviy axborot vositalari. Kitob ishi", "Жалпыга маалымдоо каражаттары. Китеп иши", "Средства массовой информации. Книжное дело"),
    "77": ("Cultural and leisure activities", "Madaniy-maʼrifiy faoliyat", "Маданий-агартуу иштери", "Культурно-досуговая деятельность"),
    "78": ("Librarianship", "Kutubxonachilik", "Китепкана иши", "Библиотечное дело"),
    "79": ("Museums. Archives", "Muzeylar. Arxivlar", "Музейлер. Архивдер", "Музейное и архивное дело"),
    "8": ("Philology. Fiction", "Filologiya. Badiiy adabiyot", "Филология. Көркөм адабият", "Филология. Художественная литература"),
    "80": ("Philology in general", "Umuman filologiya", "Жалпы филология", "Филология в целом"),
    "81": ("Linguistics", "Tilshunoslik", "Тил илими", "Языкознание"),
    "82": ("Folklore", "Xalq ogʻzaki ijodi", "Фольклор", "Фольклор"),
    "83": ("Literary studies", "Adabiyotshunoslik", "Адабият таануу", "Литературоведение"),
    "84": ("Fiction", "Badiiy adabiyot", "Көркөм адабият", "Художественная литература"),
    "85": ("Art", "Sanʼat", "Искусство", "Искусство"),
    "85.1": ("Fine arts. Architecture", "Tasviriy sanʼat. Meʼmorlik", "Сүрөт искусствосу. Архитектура", "Изобразительное искусство. Архитектура"),
    "85.3": ("Music. Theatre. Cinema", "Musiqa. Teatr. Kino", "Музыка. Театр. Кино", "Музыка. Театр. Кино"),
    "86": ("Religion", "Din", "Дин", "Религия"),
    "86.3": ("Religions", "Dinlar", "Диндер", "Отдельные религии"),
    "87": ("Philosophy. Psychology", "Falsafa. Psixologiya", "Философия. Психология", "Философия. Психология"),
    "87.3": ("History of philosophy", "Falsafa tarixi", "Философиянын тарыхы", "История философии"),
    "87.4": ("Logic", "Mantiq", "Логика", "Логика"),
    "87.6": ("Social philosophy", "Ijtimoiy falsafa", "Социалдык философия", "Социальная философия"),
    "87.7": ("Ethics", "Etika", "Этика", "Этика"),
    "87.8": ("Aesthetics", "Estetika", "Эстетика", "Эстетика"),
    "9": ("Literature of universal content", "Universal mazmundagi adabiyot", "Универсалдуу мазмундагы адабият", "Литература универсального содержания"),
    "91": ("Bibliographies", "Bibliografik qoʻllanmalar", "Библиографиялык көрсөткүчтөр", "Библиографические пособия"),
    "92": ("Reference works", "Maʼlumotnomalar", "Маалымдамалар", "Справочные издания"),
}  # fmt: skip

LETTERS: Mapping[str, str] = {
    "20": "Б", "22": "В", "24": "Г", "26": "Д", "28": "Е", "30": "Ж", "31": "З", "33": "И", "34": "К", "35": "Л",
    "37": "М", "38": "Н", "39": "О", "4": "П", "5": "Р", "60": "С", "63": "Т", "65": "У", "66": "Ф", "67": "Х",
    "68": "Ц", "7": "Ч", "8": "Ш", "85": "Щ", "86": "Э", "87": "Ю", "9": "Я",
}  # fmt: skip
# One letter means two numbers in three places.
_WITH: Mapping[str, str] = {"31": "31, 32", "35": "35, 36", "87": "87, 88"}
_TABLES: Mapping[Facet, Mapping[str, Names]] = {Facet.UDC: UDC, Facet.BBK: BBK}


def name(scheme: Facet, number: str, language: str) -> str:
    """What a class is called in a language of the interface; empty where it has no name here."""
    names = _TABLES[scheme].get(number)
    if names is None:
        return ""
    if language == "uz-Cyrl":
        return to_cyrillic(names[_COLUMNS.index("uz-Latn")])
    return names[_COLUMNS.index(language)]


def notation(scheme: Facet, number: str) -> str:
    """How a class is printed: of BBK in letters and in numbers, as far as both divide alike."""
    if scheme is not Facet.BBK:
        return number
    main = main_class(scheme, number)
    letter = LETTERS.get(main, "") + number[len(main) :].lstrip(".")
    if main == number:
        return " · ".join(part for part in (_WITH.get(number, number), letter) if part)
    return f"{number} · {letter}" if bbk_classes(letter)[1:] == (number,) else number


def main_class(scheme: Facet, number: str) -> str:
    """The main class a class belongs to; itself where it is one."""
    if scheme is Facet.UDC:
        return number[:1]
    return bbk_classes(number)[0] if bbk_classes(number) else number


def main_classes(scheme: Facet) -> tuple[str, ...]:
    """The main classes in the order of their table; UDC 4 is vacant."""
    return tuple(number for number in _TABLES[scheme] if main_class(scheme, number) == number)


def numbers(scheme: Facet) -> tuple[str, ...]:
    """All classes that have a name."""
    return tuple(_TABLES[scheme])
