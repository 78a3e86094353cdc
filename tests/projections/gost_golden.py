"""Records and their descriptions by both standards, written by hand from the rules."""

from library.domain.description import CreatorRole, HostItem, Link, Material
from tests.projections.described import ENGLISH, FACTS, KYRGYZ, UZBEK, by, written

GOLDEN = {
    "three authors: heading and all names": (
        written("Сети", creators=by("Аминов, А. А.", "Боев, Б. Б.", "Валиев, В. В."), **FACTS),
        "Аминов, А. А. Сети [Текст] / А. А. Аминов, Б. Б. Боев, В. В. Валиев. — Ташкент : Фан, 2021.",
        "Аминов, А. А. Сети / А. А. Аминов, Б. Б. Боев, В. В. Валиев. — Ташкент : Фан, 2021. — "
        "Текст : непосредственный.",
    ),
    "five authors: three named in 2018": (
        written("Сети", creators=by("А, А. А.", "Б, Б. Б.", "В, В. В.", "Г, Г. Г.", "Д, Д. Д."), **FACTS),
        "Сети [Текст] / А. А. А [и др.]. — Ташкент : Фан, 2021.",
        "Сети / А. А. А, Б. Б. Б, В. В. В [и др.]. — Ташкент : Фан, 2021. — Текст : непосредственный.",
    ),
    "names in full become initials in the heading and stay in the statement": (
        written(
            "Алгебра",
            creators=by("Каримов, Анвар Бахтиёрович"),
            responsibility="Анвар Бахтиёрович Каримов",
            extent="100",
            **FACTS,
        ),
        "Каримов, А. Б. Алгебра [Текст] / Анвар Бахтиёрович Каримов. — Ташкент : Фан, 2021. — 100 с.",
        "Каримов, А. Б. Алгебра / Анвар Бахтиёрович Каримов. — Ташкент : Фан, 2021. — 100 с. — "
        "Текст : непосредственный.",
    ),
    "the mark of other authors is not written twice": (
        written("Физика", responsibility="А. А. Аминов [и др.]", creators=by("Аминов, А. А."), **FACTS),
        "Физика [Текст] / А. А. Аминов [и др.]. — Ташкент : Фан, 2021.",
        "Физика / А. А. Аминов [и др.]. — Ташкент : Фан, 2021. — Текст : непосредственный.",
    ),
    "a statement cut by the rule of 2003 is completed from the headings": (
        written(
            "Физика",
            responsibility="А. А. Аминов и др. ; под ред. Н. Т. Алиевой",
            creators=by("Аминов, А. А.", "Боев, Б. Б.", "Валиев, В. В.", "Гуляев, Г. Г."),
            **FACTS,
        ),
        "Физика [Текст] / А. А. Аминов [и др.] ; под ред. Н. Т. Алиевой. — Ташкент : Фан, 2021.",
        "Физика / А. А. Аминов, Б. Б. Боев, В. В. Валиев, Г. Г. Гуляев ; под ред. Н. Т. Алиевой. — "
        "Ташкент : Фан, 2021. — Текст : непосредственный.",
    ),
    "editors, compiler and translator where no statement was transcribed": (
        written(
            "Хрестоматия",
            creators=(
                *by("Алиева, Н. Т.", "Боев, Б. Б.", role=CreatorRole.EDITOR),
                *by("Валиев, В. В.", role=CreatorRole.COMPILER),
                *by("Гуляев, Г. Г.", role=CreatorRole.TRANSLATOR),
            ),
            **FACTS,
        ),
        "Хрестоматия [Текст] / ред.: Н. Т. Алиева, Б. Б. Боев ; сост. В. В. Валиев ; пер. Г. Г. Гуляев. — "
        "Ташкент : Фан, 2021.",
        "Хрестоматия / редактор: Н. Т. Алиева, Б. Б. Боев ; составитель В. В. Валиев ; переводчик Г. Г. Гуляев. — "
        "Ташкент : Фан, 2021. — Текст : непосредственный.",
    ),
    "a body comes first where there is no author and last where there is one": (
        written(
            "Отчет",
            creators=(
                *by("Министерство культуры", role=CreatorRole.BODY),
                *by("Алиева, Н. Т.", role=CreatorRole.EDITOR),
            ),
            **FACTS,
        ),
        "Отчет [Текст] / М-во культуры ; ред. Н. Т. Алиева. — Ташкент : Фан, 2021.",
        "Отчет / Министерство культуры ; редактор Н. Т. Алиева. — Ташкент : Фан, 2021. — Текст : непосредственный.",
    ),
    "two places with their publishers": (
        written("Химия", places=("Москва", "Санкт-Петербург"), publishers=("Наука", "Лань"), year=2010),
        "Химия [Текст]. — М. : Наука ; СПб. : Лань, 2010.",
        "Химия. — Москва : Наука ; Санкт-Петербург : Лань, 2010. — Текст : непосредственный.",
    ),
    "two places of one publisher; short names of cities in full": (
        written("Химия", places=("М.", "СПб"), publishers=("Наука",), year=2010),
        "Химия [Текст]. — М. ; СПб. : Наука, 2010.",
        "Химия. — Москва ; Санкт-Петербург : Наука, 2010. — Текст : непосредственный.",
    ),
    "no publisher": (
        written("Память", places=("Ош",), year=1995, extent="30 с."),
        "Память [Текст]. — Ош : [б. и.], 1995. — 30 с.",
        "Память. — Ош, 1995. — 30 с. — Текст : непосредственный.",
    ),
    "neither place nor publisher": (
        written("Память", year=1995),
        "Память [Текст]. — [Б. м. : б. и.], 1995.",
        "Память. — 1995. — Текст : непосредственный.",
    ),
    "no place": (
        written("Память", publishers=("Илим",), year=1995),
        "Память [Текст]. — [Б. м.] : Илим, 1995.",
        "Память. — Илим, 1995. — Текст : непосредственный.",
    ),
    "no year": (
        written("Память", places=("Ош",), publishers=("Илим",)),
        "Память [Текст]. — Ош : Илим, [б. г.].",
        "Память. — Ош : Илим. — Текст : непосредственный.",
    ),
    "neither publisher nor year": (
        written("Память", places=("Ош",)),
        "Память [Текст]. — Ош : [б. и., б. г.].",
        "Память. — Ош. — Текст : непосредственный.",
    ),
    "a title alone": (
        written("Память"),
        "Память [Текст].",
        "Память. — Текст : непосредственный.",
    ),
    "a question keeps its sign beside the stop, an ellipsis takes none": (
        written("Что делать?", edition="И все-таки...", **FACTS),
        "Что делать? [Текст]. — И все-таки... — Ташкент : Фан, 2021.",
        "Что делать?. — И все-таки... — Ташкент : Фан, 2021. — Текст : непосредственный.",
    ),
    "signs that came with the data": (
        written(
            "Основы поиска [Текст] :",
            remainder="учебное пособие /",
            responsibility="А. Б. Каримов.",
            places=("Ташкент :",),
            publishers=("Издатель,",),
            year=2021,
            extent="256 с. :",
            series=("(Наука)",),
            notes=("Библиогр.: с. 250.",),
        ),
        "Основы поиска [Текст] : учеб. пособие / А. Б. Каримов. — Ташкент : Издатель, 2021. — 256 с. — (Наука). — "
        "Библиогр.: с. 250.",
        "Основы поиска : учебное пособие / А. Б. Каримов. — Ташкент : Издатель, 2021. — 256 с. — (Наука). — "
        "Библиогр.: с. 250. — Текст : непосредственный.",
    ),
    "no-break spaces and soft hyphens are left out": (
        written("Осно\u00adвы\u00a0поиска", edition="2-е\u202fизд.", **FACTS),
        "Основы поиска [Текст]. — 2-е изд. — Ташкент : Фан, 2021.",
        "Основы поиска. — 2-е изд. — Ташкент : Фан, 2021. — Текст : непосредственный.",
    ),
    "words in quotes are names and stay; contractions keep the ending": (
        written(
            "Труды",
            responsibility="Институт истории Национального университета «Государственный институт»",
            **FACTS,
        ),
        "Труды [Текст] / Ин-т истории Нац. ун-та «Государственный институт». — Ташкент : Фан, 2021.",
        "Труды / Институт истории Национального университета «Государственный институт». — Ташкент : Фан, 2021. — "
        "Текст : непосредственный.",
    ),
    "several series and several numbers": (
        written("Закон", series=("Право ; вып. 3", "Учебник"), isbns=("9789967123458", "5020000000"), year=2001),
        "Закон [Текст]. — [Б. м. : б. и.], 2001. — (Право ; вып. 3) (Учебник). — ISBN 978-9967-12-345-8. — "
        "ISBN 5-02-000000-0.",
        "Закон. — 2001. — (Право ; вып. 3) (Учебник). — ISBN 978-9967-12-345-8. — ISBN 5-02-000000-0. — "
        "Текст : непосредственный.",
    ),
    "a parallel title in another script; a variant title in the same one is none": (
        written("Иконы", parallel_titles=("Icons", "Образы"), **FACTS),
        "Иконы [Текст] = Icons. — Ташкент : Фан, 2021.",
        "Иконы = Icons. — Ташкент : Фан, 2021. — Текст : непосредственный.",
    ),
    "a volume with a title of its own": (
        written(
            "Новое время",
            Material.VOLUME,
            creators=by("Каримов, А. Б."),
            host=HostItem(title="История", volume="2"),
            **FACTS,
        ),
        "Каримов, А. Б. История [Текст]. Т. 2. Новое время / А. Б. Каримов. — Ташкент : Фан, 2021.",
        "Каримов, А. Б. История. Том 2. Новое время / А. Б. Каримов. — Ташкент : Фан, 2021. — "
        "Текст : непосредственный.",
    ),
    "a volume whose title repeats the set and the number": (
        written("История. Т.2, Новое время", Material.VOLUME, host=HostItem(title="История", volume="Т.2"), **FACTS),
        "История [Текст]. Т. 2. Новое время. — Ташкент : Фан, 2021.",
        "История. Том 2. Новое время. — Ташкент : Фан, 2021. — Текст : непосредственный.",
    ),
    "a volume whose number has a word in the title only": (
        written("Вып. 17", Material.VOLUME, host=HostItem(title="Задачи", volume="17"), **FACTS),
        "Задачи [Текст]. Вып. 17. — Ташкент : Фан, 2021.",
        "Задачи. Выпуск 17. — Ташкент : Фан, 2021. — Текст : непосредственный.",
    ),
    "an article in a collection": (
        written(
            "Слово",
            Material.ARTICLE,
            creators=by("Алиева, Н. Т."),
            host=HostItem(title="Язык : сборник статей", pages="с.15-20"),
            **FACTS,
        ),
        "Алиева, Н. Т. Слово [Текст] / Н. Т. Алиева // Язык : сб. ст. — Ташкент, 2021. — С. 15—20.",
        "Алиева, Н. Т. Слово / Н. Т. Алиева. — Текст : непосредственный // Язык : сборник статей. — "
        "Ташкент : Фан, 2021. — С. 15–20.",
    ),
    "an article in a newspaper, on one page": (
        written("Весть", Material.ARTICLE, host=HostItem(title="Правда", year=1942, issue="14 (17 янв.)", pages="2")),
        "Весть [Текст] // Правда. — 1942. — № 14 (17 янв.). — С. 2.",
        "Весть. — Текст : непосредственный // Правда. — 1942. — № 14 (17 янв.). — С. 2.",
    ),
    "an article with a DOI and without ISSN of its host": (
        written(
            "Весть",
            Material.ARTICLE,
            issns=("1234-5679",),
            host=HostItem(title="Наука", issn="1234-5679", year=2020, issue="2", pages="7-9"),
            links=(Link(url="https://doi.org/10.1234/abc.5"),),
        ),
        "Весть [Текст] // Наука. — 2020. — № 2. — С. 7—9. — DOI 10.1234/abc.5.",
        "Весть. — Текст : непосредственный // Наука. — 2020. — № 2. — С. 7–9. — DOI 10.1234/abc.5.",
    ),
    "a dissertation with supervisor and author in full": (
        written(
            "Методы",
            Material.DISSERTATION,
            remainder="05.13.10 : диссертация на соискание учёной степени доктора технических наук",
            creators=(*by("Боев, Борис Ильич"), *by("Алиева, Н. Т.", role=CreatorRole.SUPERVISOR)),
            places=("Бишкек",),
            year=2015,
            extent="300 с.",
        ),
        "Боев, Б. И. Методы [Текст] : дис. … д-ра техн. наук : 05.13.10 / Боев Борис Ильич ; науч. рук. Н. Т. Алиева. "
        "— Бишкек, 2015. — 300 с.",
        "Боев, Б. И. Методы : 05.13.10 : диссертация на соискание учёной степени доктора технических наук / "
        "Боев Борис Ильич ; научный руководитель Н. Т. Алиева. — Бишкек, 2015. — 300 с. — Текст : непосредственный.",
    ),
    "a serial": (
        written(
            "Вестник информатики",
            Material.SERIAL,
            remainder="научный журнал",
            creators=by("Институт информатики", role=CreatorRole.BODY),
            places=("Ташкент",),
            year=1995,
            issns=("1234-5679",),
        ),
        "Вестник информатики [Текст] : науч. журн. / Ин-т информатики. — Ташкент, 1995. — ISSN 1234-5679.",
        "Вестник информатики : научный журнал / Институт информатики. — Ташкент, 1995. — ISSN 1234-5679. — "
        "Текст : непосредственный.",
    ),
    "an issue of a serial": (
        written(
            "Вестник",
            Material.ISSUE,
            host=HostItem(title="Вестник", volume="5", issue="3"),
            places=("Ташкент",),
            year=2022,
            extent="120",
        ),
        "Вестник [Текст]. — Т. 5, № 3. — Ташкент, 2022. — 120 с.",
        "Вестник. — Т. 5, № 3. — Ташкент, 2022. — 120 с. — Текст : непосредственный.",
    ),
    "a standard": (
        written(
            "ГОСТ 7.1–2003. Библиографическая запись",
            Material.STANDARD,
            remainder="общие требования",
            places=("Минск",),
            publishers=("Стандарты",),
            year=2004,
            extent="47 с.",
        ),
        "ГОСТ 7.1–2003. Библиографическая запись [Текст] : общ. требования. — Минск : Стандарты, 2004. — 47 с.",
        "ГОСТ 7.1–2003. Библиографическая запись : общие требования. — Минск : Стандарты, 2004. — 47 с. — "
        "Текст : непосредственный.",
    ),
    "a map": (
        written("Памир", Material.MAP, notes=("1:500 000",), places=("Москва",), year=1985, extent="1 к."),
        "Памир [Карты]. — М., 1985. — 1 к. — 1:500 000.",
        "Памир. — Москва, 1985. — 1 к. — 1:500 000. — Изображение (картографическое) : непосредственное.",
    ),
    "a score": (
        written("Соната", Material.SCORE, creators=by("Ашрафи, М. А."), **FACTS),
        "Ашрафи, М. А. Соната [Ноты] / М. А. Ашрафи. — Ташкент : Фан, 2021.",
        "Ашрафи, М. А. Соната / М. А. Ашрафи. — Ташкент : Фан, 2021. — Музыка (знаковая) : непосредственная.",
    ),
    "a sound recording": (
        written("Шашмаком", Material.AUDIO, extent="1 электрон. опт. диск", **FACTS),
        "Шашмаком [Звукозапись]. — Ташкент : Фан, 2021. — 1 электрон. опт. диск.",
        "Шашмаком. — Ташкент : Фан, 2021. — 1 электрон. опт. диск. — Звуки : аудио.",
    ),
    "a video": (
        written("Манас", Material.VIDEO, **FACTS),
        "Манас [Видеозапись]. — Ташкент : Фан, 2021.",
        "Манас. — Ташкент : Фан, 2021. — Изображение (движущееся) : видео.",
    ),
    "a picture": (
        written("Регистан", Material.IMAGE, remainder="плакат", **FACTS),
        "Регистан [Изоматериал] : плакат. — Ташкент : Фан, 2021.",
        "Регистан : плакат. — Ташкент : Фан, 2021. — Изображение (неподвижное) : непосредственное.",
    ),
    "a manuscript": (
        written("Диван", Material.MANUSCRIPT, creators=by("Навои, Алишер"), year=1890),
        "Навои, А. Диван [Рукопись] / А. Навои. — 1890.",
        "Навои, А. Диван / А. Навои. — 1890. — Текст : непосредственный.",
    ),
    "Uzbek in Latin letters": (
        written(
            "Oliy matematika",
            Material.TEXTBOOK,
            remainder="darslik",
            creators=by("Soatov, Yoqub Umar oʻgʻli", "Shodiyev, Sherzod"),
            extent="312",
            **UZBEK,
        ),
        "Soatov, Y. U. Oliy matematika [Matn] : darslik / Y. U. Soatov, Sh. Shodiyev. — Toshkent : Oʻqituvchi, 2019. "
        "— 312 b.",
        "Soatov, Y. U. Oliy matematika : darslik / Y. U. Soatov, Sh. Shodiyev. — Toshkent : Oʻqituvchi, 2019. — "
        "312 b. — Matn : bevosita.",
    ),
    "Uzbek in Latin letters, many authors, a short name of the city": (
        written(
            "Fizika",
            creators=by("A, A. A.", "B, B. B.", "C, Ch. C.", "D, D. D.", "E, E. E."),
            languages=("uzb",),
            places=("T.",),
            publishers=("Fan",),
            year=2001,
        ),
        "Fizika [Matn] / A. A. A [va boshq.]. — T. : Fan, 2001.",
        "Fizika / A. A. A, B. B. B, Ch. C. C [va boshq.]. — Toshkent : Fan, 2001. — Matn : bevosita.",
    ),
    "an Uzbek volume": (
        written("Nazm", Material.VOLUME, host=HostItem(title="Asarlar", volume="2"), **UZBEK),
        "Asarlar [Matn]. 2-jild. Nazm. — Toshkent : Oʻqituvchi, 2019.",
        "Asarlar. 2-jild. Nazm. — Toshkent : Oʻqituvchi, 2019. — Matn : bevosita.",
    ),
    "an Uzbek article, its volume in Roman figures": (
        written(
            "Soʻz",
            Material.ARTICLE,
            creators=by("Gʻulomov, Oʻktam"),
            languages=("uzb",),
            host=HostItem(title="Til", year=2020, volume="IV", issue="2", pages="5-9"),
        ),
        "Gʻulomov, Oʻ. Soʻz [Matn] / Oʻ. Gʻulomov // Til. — 2020. — IV jild, № 2. — B. 5—9.",
        "Gʻulomov, Oʻ. Soʻz / Oʻ. Gʻulomov. — Matn : bevosita // Til. — 2020. — IV jild, № 2. — B. 5–9.",
    ),
    "Uzbek in Cyrillic letters": (
        written(
            "Ўзбек тили",
            languages=("uzb",),
            creators=(*by("Ғуломов, А."), *by("Қодиров, Қ.", role=CreatorRole.EDITOR)),
            places=("Тошкент",),
            year=1990,
            extent="200",
        ),
        "Ғуломов, А. Ўзбек тили [Матн] / А. Ғуломов ; муҳаррир Қ. Қодиров. — Тошкент : [б. и.], 1990. — 200 б.",
        "Ғуломов, А. Ўзбек тили / А. Ғуломов ; муҳаррир Қ. Қодиров. — Тошкент, 1990. — 200 б. — Матн : бевосита.",
    ),
    "Kyrgyz": (
        written(
            "Кыргыз тили",
            creators=(*by("Айтматов, Чыңгыз Төрөкул уулу"), *by("Асанова, Ө. Ү.", role=CreatorRole.COMPILER)),
            extent="150",
            **KYRGYZ,
        ),
        "Айтматов, Ч. Т. Кыргыз тили [Текст] / Ч. Т. Айтматов ; түз. Ө. Ү. Асанова. — Бишкек : Илим, 2020. — 150 б.",
        "Айтматов, Ч. Т. Кыргыз тили / Ч. Т. Айтматов ; түзүүчү Ө. Ү. Асанова. — Бишкек : Илим, 2020. — 150 б. — "
        "Текст : түз.",
    ),
    "a Kyrgyz article": (
        written(
            "Сөз",
            Material.ARTICLE,
            languages=("kir",),
            host=HostItem(title="Ала-Тоо", year=1999, volume="3", issue="№1", pages="7"),
        ),
        "Сөз [Текст] // Ала-Тоо. — 1999. — 3-том, № 1. — Б. 7.",
        "Сөз. — Текст : түз // Ала-Тоо. — 1999. — 3-том, № 1. — Б. 7.",
    ),
    "English, with editors": (
        written(
            "Library networks",
            creators=by("Smith, John Paul", "Brown, A.", role=CreatorRole.EDITOR),
            extent="210",
            **ENGLISH,
        ),
        "Library networks [Text] / ed. by J. P. Smith, A. Brown. — London : Example Press, 2018. — 210 p.",
        "Library networks / edited by J. P. Smith, A. Brown. — London : Example Press, 2018. — 210 p. — "
        "Text : unmediated.",
    ),
    "English, without a place": (
        written("Networks", languages=("eng",), year=2001),
        "Networks [Text]. — [S. l. : s. n.], 2001.",
        "Networks. — 2001. — Text : unmediated.",
    ),
    "an English article": (
        written(
            "On search",
            Material.ARTICLE,
            languages=("eng",),
            creators=by("Lee, Ann-Marie"),
            host=HostItem(title="Journal of Search", year=2020, volume="12", issue="4", pages="pp. 100-110"),
        ),
        "Lee, A.-M. On search [Text] / A.-M. Lee // Journal of Search. — 2020. — Vol. 12, no. 4. — P. 100—110.",
        "Lee, A.-M. On search / A.-M. Lee. — Text : unmediated // Journal of Search. — 2020. — Vol. 12, no. 4. — "
        "P. 100–110.",
    ),
}
