"""Words that carry a full stop inside a sentence, and words that open one, by language."""

from __future__ import annotations


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# Never the end of a sentence: something always follows (a name, an example).
TITLES: dict[str, frozenset[str]] = {
    "en": _words(
        "mr mrs ms messrs dr drs prof rev fr hon mt mts gen lt lieut col maj capt cpt cmdr sgt cpl pvt adm brig "
        "gov sen rep pres amb supt e.g i.e viz vs cf h.e h.m h.h ft pt approx resp assoc dept "
        "ya yu ye ch kh sh zh ts"  # initials of names from Cyrillic
    ),
    "de": _words("hr fr dr prof dipl ing st z.b d.h u.a bzw ca vgl sog geb gen evtl nr abs art bd"),
    "fr": _words("m mm mme mmes mlle mlles dr pr st ste mgr cf env av no p.ex c.-à-d"),
    "es": _words("sr sra sres srta dr dra d dña prof gral cnel ing lic av núm pág p.ej excmo"),
    "pt": _words("sr sra srs dr dra prof profa eng gen av pág p.ex exmo"),
    "it": _words("sig sigg dott prof avv ing on gen col mons pag p.es ecc.mo"),
    "ru": _words("им тов г-н г-жа гр проф акад доц ген полк т.е т.к т.н т ул пр пл св см ср стр рис напр о род"),
    "uk": _words("ім тов проф акад т.з т.к вул пл св див ст напр"),
    "pl": _words("dr prof inż mgr gen płk np tzn tj im ul al św ks por"),
    "cs": _words("dr prof ing mgr gen např tzv tj sv ul č str"),
    "nl": _words("dr prof mr ir ing drs dhr mevr bijv d.w.z nl ca st"),
    "sv": _words("dr prof t.ex bl.a d.v.s ca s.k st"),
    "tr": _words("dr prof doç av sn bkz örn no cad sok"),
}
# Carry a number: no end before a digit, an end before a capital.
NUMBERED: dict[str, frozenset[str]] = {
    "en": _words(
        "no nos vol vols fig figs art arts sec sect ch para pp p jan feb mar apr jun jul aug sep sept oct nov "
        "dec nr"
    ),
    "de": _words("nr nrn no bd abb kap s jan feb aug sept okt nov dez"),
    "fr": _words("no nos vol fig art chap p pp janv févr avr juil sept oct nov déc"),
    "es": _words("no nos núm vol fig art cap p pág ene feb abr ago sept oct nov dic"),
    "pt": _words("no vol fig art cap p pág jan fev abr ago set out nov dez"),
    "it": _words("n no vol fig art cap p pag gen feb apr ago sett ott nov dic"),
    "ru": _words("с стр гл рис табл ст п вып т янв февр апр авг сент окт нояб дек"),
}
# May stand at the end or inside: the next word tells.
EITHER: dict[str, frozenset[str]] = {
    "en": _words("u.s u.n u.s.a u.k e.u d.p.r.k r.o.k c.c w.p.k k.p.a a.m p.m b.c a.d st jr sr ph.d m.d"),
    "de": _words("u.s u.n v.chr n.chr jr jh str"),
    "fr": _words("u.s j.-c ap av jr boul"),
    "es": _words("ee.uu u.s a.c d.c jr ud uds vd vds a.m p.m cía"),
    "pt": _words("e.u.a u.s a.c d.c jr cia"),
    "it": _words("u.s a.c d.c jr"),
    "ru": _words("г гг в вв млн млрд тыс н.э до.н.э др пр"),
    "pl": _words("r w n.e p.n.e tys zł"),
}
# Ends a sentence wherever a capital follows.
FINAL: dict[str, frozenset[str]] = {
    "en": _words("etc co ltd inc corp bros"),
    "de": _words("usw etc u.s.w"),
    "fr": frozenset(["etc"]),
    "es": frozenset(["etc"]),
    "pt": frozenset(["etc"]),
    "it": frozenset(["ecc"]),
    "ru": frozenset(["т.д", "т.п", "руб", "коп"]),
}
# After "Co." these go on with the name.
COMPANY_TAILS = frozenset(["No", "Ltd", "Inc", "Co", "Corp", "LLC", "Limited", "KG", "AG", "GmbH"])

# Words that open a sentence and are rarely part of a name: after an abbreviation they tell of an end.
STARTERS: dict[str, frozenset[str]] = {
    "en": _words(
        "The A An This That These Those It Its He His She Her They Their We Our You Your I My There Here In On "
        "At By For From To With Without Within Under Over Since After Before During Until Till As If When While "
        "Where Why How What Who Which Whose But And Or Yet So Thus Hence Then Now Today Yesterday Such Some Any "
        "All Both Each Every Many Most More Much No None Nobody Nothing Not Never Even Only Also Still Although "
        "Though Because However Moreover Furthermore Therefore Meanwhile Nevertheless Besides Instead According "
        "Among Amid Against Despite Due Following Let Is Are Was Were Do Does Did Has Have Had Can Could Will "
        "Would Shall Should May Must Later Earlier Soon Once Recently Last Next Another Other Others One Two "
        "Three Present Attending Speaking Asked"
    ),
    "de": _words(
        "Der Die Das Den Dem Des Ein Eine Einer Er Sie Es Wir Ihr Ich Man Sein Seine Ihre Dieser Diese Dieses In "
        "Im An Am Auf Aus Bei Mit Nach Von Vor Zu Zum Zur Für Über Unter Und Aber Oder Denn Doch So Da Dann "
        "Dort Hier Jetzt Nun Wenn Als Weil Obwohl Auch Nur Noch Schon Alle Viele Was Wer Wie Wo Warum Nicht"
    ),
    "fr": _words(
        "Le La Les Un Une Des Du Ce Cet Cette Ces Il Elle Ils Elles On Nous Vous Je Son Sa Ses Leur Leurs Mais Et "
        "Ou Or Donc Car En Dans Sur Sous Avec Pour Par À Au Aux Après Avant Depuis Quand Si Comme Ainsi Alors "
        "Puis Ensuite Tout Tous Toute Toutes Chaque Plusieurs Qui Que Quoi Pourquoi Comment C'est"
    ),
    "es": _words(
        "El La Los Las Un Una Unos Unas Este Esta Estos Estas Ese Esa Esto Eso Él Ella Ellos Ellas Nosotros Se Su "
        "Sus Es Son Fue Era Ha Han No Ni Y O Pero Mas Sin En Con Por Para De Del Al A Ante Desde Hasta Según "
        "Sobre Tras Cuando Como Si Aunque Porque Así Entonces Luego También Todo Todos Toda Todas Cada Nadie "
        "Nada Hoy Ayer Ahora Además Asimismo"
    ),
    "pt": _words(
        "O A Os As Um Uma Este Esta Esse Essa Isto Isso Ele Ela Eles Elas Nós Se Seu Sua É São Foi Não E Ou Mas "
        "Em No Na Com Por Para De Do Da Ao Quando Como Assim Então Também Todo Todos Cada Hoje Agora"
    ),
    "it": _words(
        "Il Lo La I Gli Le Un Uno Una Questo Questa Quello Quella Egli Ella Esso Essi Noi Si Suo Sua È Sono Non E "
        "O Ma In Nel Nella Con Per Da Dal Di Del A Al Quando Come Così Allora Anche Tutto Tutti Ogni Oggi"
    ),
    "ru": _words(
        "В Во На Но И А Или С Со К По От До Из За О Об У При Он Она Оно Они Мы Вы Я Его Её Ее Их Это Этот Эта Эти "
        "Тот Та Те Так Такой Там Тут Здесь Тогда Теперь Сегодня Вчера Когда Если Хотя Как Что Кто Где Почему Не "
        "Ни Все Всё Каждый Многие После Перед Однако Поэтому Затем Потом Также Для Без Под Над"
    ),
}
# Words that, with a number, head a part of a document.
HEADINGS = _words(
    "article chapter section part artículo articulo capítulo capitulo artigo articolo capitolo chapitre "
    "artikel kapitel abschnitt статья глава раздел"
)
# Languages that write an ordinal number as a digit with a full stop.
ORDINALS = _words("cs da de et fi hr hu is lv no pl sk sl sr sq tr")


def of(table: dict[str, frozenset[str]], lang: str) -> frozenset[str]:
    """The words of a table for a language; the empty set where it has none."""
    return table.get(lang, frozenset())
