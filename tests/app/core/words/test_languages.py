"""What users say in languages other than English: to be read as a list of examples."""
# ruff: noqa: RUF001  (letters and marks of other scripts are meant)

import pytest

from sotto.app.core.words import Action, WordSettings, Writer
from tests.helpers.dictated import Paper, dictated, on_paper

NBSP = "\N{NO-BREAK SPACE}"
EN_DASH, EM_DASH = "\N{EN DASH}", "\N{EM DASH}"

PHRASES = {
    "de": [
        ("Hallo, Komma, Welt.", "Hallo, Welt."),
        ("Hallo. Komma. Die Welt.", "Hallo, die Welt."),
        ("Das geht Punkt weiter so", "Das geht. Weiter so"),
        ("Ist das wahr, Fragezeichen.", "Ist das wahr?"),
        ("Achtung Ausrufezeichen", "Achtung!"),
        ("Zwei Dinge, Doppelpunkt, eins Semikolon zwei Strichpunkt", "Zwei Dinge: eins; zwei;"),
        ("Na ja Punkt Punkt Punkt vielleicht", "Na ja… vielleicht"),
        ("Wir gingen, Gedankenstrich, nach Hause.", f"Wir gingen {EN_DASH} nach Hause."),
        ("Das Bindestrich Wort", "Das Bindestrich Wort"),
        ("Berlin Bindestrich Mitte", "Berlin-Mitte"),
        (
            "Sie sagte, Anführungszeichen auf, hallo, Anführungszeichen zu, und ging.",
            "Sie sagte, „hallo“ und ging.",
        ),
        ("Siehe Klammer auf Seite zwei Klammer zu.", "Siehe (Seite zwei)."),
        ("ein Feld eckige Klammer auf null eckige Klammer zu", "Ein Feld [null]"),
        ("Liebe Anna, Komma, neue Zeile, danke.", "Liebe Anna,\nDanke."),
        ("Ende. Neuer Absatz. Anfang.", "Ende.\n\nAnfang."),
        ("An Bob, streich das, an Alice.", "An Alice."),
        ("Wörtlich Komma.", "Komma."),
        ("Sag Zitat neue Zeile Zitat Ende, dann geh.", "Sag „neue Zeile“, dann geh."),
        ("Der Punkt ist klar.", "Der Punkt ist klar."),
        ("Wir treffen uns um Punkt acht.", "Wir treffen uns um Punkt acht."),
        ("Wir gehen das Punkt für Punkt durch.", "Wir gehen das Punkt für Punkt durch."),
    ],
    "fr": [
        ("Bonjour, virgule, le monde.", "Bonjour, le monde."),
        ("Ça marche point ensuite", "Ça marche. Ensuite"),
        ("Est-ce vrai, point d'interrogation ?", f"Est-ce vrai{NBSP}?"),
        ("Est-ce vrai ? Point d'interrogation. Oui.", f"Est-ce vrai{NBSP}? Oui."),
        ("Attention point d’exclamation !", f"Attention{NBSP}!"),
        (
            "Deux choses, deux points, ceci point-virgule cela",
            f"Deux choses{NBSP}: ceci{NBSP}; cela",
        ),
        ("Eh bien, points de suspension, peut-être", "Eh bien… peut-être"),
        ("Elle, tiret, ma sœur, tiret, part.", f"Elle {EN_DASH} ma sœur {EN_DASH} part."),
        ("Saint trait d'union Malo", "Saint-Malo"),
        (
            "Elle a dit, ouvrez les guillemets, bonjour, fermez les guillemets, et part.",
            f"Elle a dit, «{NBSP}bonjour{NBSP}» et part.",
        ),
        ("Voir ouvrir la parenthèse page deux fermer la parenthèse.", "Voir (page deux)."),
        ("Chère Anne, virgule, à la ligne, merci.", "Chère Anne,\nMerci."),
        ("Fin. Nouveau paragraphe. Début.", "Fin.\n\nDébut."),
        ("Fin point à la ligne début", "Fin.\nDébut"),
        ("À Bob, efface ça, à Alice.", "À Alice."),
        ("Il l'a écrit, elle efface ça.", "Il l'a écrit, elle efface ça."),
        ("Littéral virgule.", "Virgule."),
        ("Mon point de vue est clair.", "Mon point de vue est clair."),
        ("C'est un point important.", "C'est un point important."),
        ("Il va à la pêche à la ligne.", "Il va à la pêche à la ligne."),
        ("Quoi ? « Oui » !", "Quoi ? « Oui » !"),
    ],
    "es": [
        ("Hola, coma, mundo.", "Hola, mundo."),
        ("Funciona punto después", "Funciona. Después"),
        ("Abrir interrogación, qué hora es, cerrar interrogación.", "¿Qué hora es?"),
        ("abre exclamación cuidado cierra exclamación", "¡Cuidado!"),
        ("Dos cosas, dos puntos, esto punto y coma aquello", "Dos cosas: esto; aquello"),
        ("Bueno, puntos suspensivos, quizás", "Bueno… quizás"),
        ("Ella, raya, mi hermana, raya, se va.", f"Ella {EM_DASH} mi hermana {EM_DASH} se va."),
        ("teórico guion práctico", "Teórico-práctico"),
        ("Dijo, abrir comillas, hola, cerrar comillas, y se fue.", "Dijo, “hola” y se fue."),
        ("Véase abrir paréntesis página dos cerrar paréntesis.", "Véase (página dos)."),
        ("Querida Ana, coma, nueva línea, gracias.", "Querida Ana,\nGracias."),
        ("Fin. Nuevo párrafo. Principio.", "Fin.\n\nPrincipio."),
        ("Fin, punto y aparte, principio.", "Fin.\nPrincipio."),
        ("A Bob, borra eso, a Alicia.", "A Alicia."),
        ("Literal coma.", "Coma."),
        ("Desde mi punto de vista.", "Desde mi punto de vista."),
        ("El punto es claro.", "El punto es claro."),
        ("Dile que coma despacio.", "Dile que coma despacio."),
        ("Estaba a punto de salir.", "Estaba a punto de salir."),
    ],
    "it": [
        ("Ciao, virgola, mondo.", "Ciao, mondo."),
        ("Funziona punto poi", "Funziona. Poi"),
        ("È vero, punto interrogativo.", "È vero?"),
        ("Attenzione punto esclamativo", "Attenzione!"),
        (
            "Due cose, due punti, questo punto e virgola quello",
            "Due cose: questo punto e virgola quello",
        ),
        ("Due cose, due punti, pane punto e virgola vino", "Due cose: pane; vino"),
        ("Mah, puntini di sospensione, forse", "Mah… forse"),
        ("italo trattino francese", "Italo-francese"),
        ("Disse, apri virgolette, ciao, chiudi virgolette, e uscì.", "Disse, “ciao” e uscì."),
        ("Vedi aperta parentesi pagina due chiusa parentesi.", "Vedi (pagina due)."),
        ("Cara Anna, virgola, a capo, grazie.", "Cara Anna,\nGrazie."),
        ("Fine punto a capo inizio", "Fine.\nInizio"),
        ("Fine. Nuovo paragrafo. Inizio.", "Fine.\n\nInizio."),
        ("A Bob, cancella questo, ad Alice.", "Ad Alice."),
        ("Letterale virgola.", "Virgola."),
        ("Dal mio punto di vista.", "Dal mio punto di vista."),
        ("È a capo di tutto.", "È a capo di tutto."),
    ],
    "pt": [
        ("Olá, vírgula, mundo.", "Olá, mundo."),
        ("Funciona ponto depois", "Funciona. Depois"),
        ("É verdade, ponto de interrogação.", "É verdade?"),
        ("Cuidado ponto de exclamação", "Cuidado!"),
        ("Coisas, dois pontos, pão ponto e vírgula vinho", "Coisas: pão; vinho"),
        ("Bem, reticências, talvez", "Bem… talvez"),
        (
            "Ela, travessão, a minha irmã, travessão, sai.",
            f"Ela {EM_DASH} a minha irmã {EM_DASH} sai.",
        ),
        ("segunda hífen feira", "Segunda-feira"),
        ("Disse, abrir aspas, olá, fechar aspas, e saiu.", "Disse, “olá” e saiu."),
        ("Ver abrir parênteses página dois fechar parênteses.", "Ver (página dois)."),
        ("Querida Ana, vírgula, nova linha, obrigado.", "Querida Ana,\nObrigado."),
        ("Fim. Novo parágrafo. Começo.", "Fim.\n\nComeço."),
        ("Fim ponto parágrafo começo", "Fim.\nComeço"),
        ("Para o Bob, apaga isso, para a Alice.", "Para a Alice."),
        ("Literal vírgula.", "Vírgula."),
        ("Do meu ponto de vista.", "Do meu ponto de vista."),
        ("O ponto é claro.", "O ponto é claro."),
    ],
    "nl": [
        ("Hallo, komma, wereld.", "Hallo, wereld."),
        ("Het werkt punt verder", "Het werkt. Verder"),
        ("Is het waar, vraagteken.", "Is het waar?"),
        ("Pas op uitroepteken", "Pas op!"),
        ("Twee dingen, dubbele punt, brood puntkomma wijn", "Twee dingen: brood; wijn"),
        ("Nou, puntje puntje puntje, misschien", "Nou… misschien"),
        (
            "Zij, gedachtestreepje, mijn zus, gedachtestreepje, gaat.",
            f"Zij {EN_DASH} mijn zus {EN_DASH} gaat.",
        ),
        ("zwart koppelteken wit", "Zwart-wit"),
        (
            "Ze zei, aanhalingsteken openen, hallo, aanhalingsteken sluiten, en ging.",
            "Ze zei, “hallo” en ging.",
        ),
        ("Zie haakje openen pagina twee haakje sluiten.", "Zie (pagina twee)."),
        ("Beste Anna, komma, nieuwe regel, bedankt.", "Beste Anna,\nBedankt."),
        ("Einde. Nieuwe alinea. Begin.", "Einde.\n\nBegin."),
        ("Naar Bob, schrap dat, naar Alice.", "Naar Alice."),
        ("Letterlijk komma.", "Komma."),
        ("Het punt is duidelijk.", "Het punt is duidelijk."),
    ],
    "ru": [
        ("Привет, запятая, мир.", "Привет, мир."),
        ("Всё работает точка дальше", "Всё работает. Дальше"),
        ("Это правда, вопросительный знак.", "Это правда?"),
        ("Внимание восклицательный знак", "Внимание!"),
        ("Купить, двоеточие, хлеб точка с запятой вино", "Купить: хлеб; вино"),
        ("Ну, многоточие, может быть", "Ну… может быть"),
        ("Москва тире столица", f"Москва {EM_DASH} столица"),
        ("северо дефис запад", "Северо-запад"),
        (
            "Она сказала, открыть кавычки, привет, закрыть кавычки, и ушла.",
            "Она сказала, «привет» и ушла.",
        ),
        ("Смотри открыть скобку страница два закрыть скобку.", "Смотри (страница два)."),
        ("Дорогая Анна, запятая, новая строка, спасибо.", "Дорогая Анна,\nСпасибо."),
        ("Конец. Новый абзац. Начало.", "Конец.\n\nНачало."),
        ("Бобу, удали это, Алисе.", "Алисе."),
        ("Буквально запятая.", "Запятая."),
        ("Такова моя точка зрения.", "Такова моя точка зрения."),
        ("Эта точка важна.", "Эта точка важна."),
    ],
    "ja": [
        ("こんにちは、てん、世界。まる", "こんにちは、世界。"),
        ("こんにちは まる 元気ですか はてな", "こんにちは。元気ですか？"),
        ("今日は天気がいいです句点明日は雨です", "今日は天気がいいです。明日は雨です"),
        ("これは何ですか疑問符", "これは何ですか？"),
        ("すごい感嘆符", "すごい！"),
        ("一行目改行二行目", "一行目\n二行目"),
        ("終わりです。新しい段落。始めます。", "終わりです。\n\n始めます。"),
        ("彼はかぎかっこはいかぎかっこ閉じると言った", "彼は「はい」と言った"),
        ("送ってください。取り消し。待って。", "待って。"),
        ("文字通り、改行。", "改行。"),
        ("まるい形、てんぷら、始まる。", "まるい形、てんぷら、始まる。"),
        ("改行する方法と句読点の打ち方。", "改行する方法と句読点の打ち方。"),
        ("Apple Store に行く。", "Apple Store に行く。"),
    ],
    "zh": [
        ("你好逗号世界句号", "你好，世界。"),
        ("你好,逗号,世界。", "你好，世界。"),
        ("今天天气好吗问号很好感叹号", "今天天气好吗？很好！"),
        ("苹果顿号香蕉冒号好吃分号", "苹果、香蕉：好吃；"),
        ("他说左引号你好右引号", "他说“你好”"),
        ("看左括号第二页右括号", "看（第二页）"),
        ("第一行换行第二行", "第一行\n第二行"),
        ("结束。新段落。开始。", "结束。\n\n开始。"),
        ("給小明逗號謝謝句號", "給小明，謝謝。"),
        ("给小明,撤销,给小红。", "给小红。"),
        ("就此画上句号。", "就此画上句号。"),
        ("一个逗号。", "一个逗号。"),
        ("Hello 世界 逗号 好", "Hello 世界，好"),
    ],
}

NUMBERS = {
    "de": [
        ("Ich habe einundzwanzig Kühe.", "Ich habe 21 Kühe."),
        ("Drei Komma eins vier.", "3,14."),
        ("tausendzweihundertvierunddreißig Komma fünf", "1234,5"),
        ("neunzehnhundertvierundachtzig", "1984"),
        ("fünf Prozent, zwanzig Euro", f"5{NBSP}%, 20{NBSP}€"),
        ("Minus fünf Grad, zehn minus drei", "-5 Grad, 10 minus 3"),
        (
            "fünf Millionen Menschen, drei Komma fünf Milliarden",
            "5 Millionen Menschen, 3,5 Milliarden",
        ),
        ("zwei Millionen dreihunderttausend", "2300000"),
        ("eine Million Menschen", "Eine Million Menschen"),
        ("eins, zwei, drei", "1, 2, 3"),
        ("null eins sieben zwei", "0172"),
        ("Um ein Uhr kam ein Mann.", "Um 1 Uhr kam ein Mann."),
        ("zwei, Komma, drei", "2, 3"),
    ],
    "fr": [
        ("J'ai vingt et un chats.", "J'ai 21 chats."),
        ("quatre-vingt-dix-sept euros", f"97{NBSP}€"),
        ("quatre vingt dix", "90"),
        ("soixante et onze, septante et un, nonante-neuf", "71, 71, 99"),
        ("vingt et trente", "20 et 30"),
        ("trois virgule zéro cinq", "3,05"),
        ("Cinq pour cent.", f"5{NBSP}%."),
        ("deux millions cinq cent mille, trois millions", "2500000, 3 millions"),
        ("mille neuf cent quatre-vingt-quatre", "1984"),
        ("zéro six douze trente-quatre", "06 12 34"),
        ("Un livre neuf.", "Un livre neuf."),
        ("Au vingt et unième siècle.", "Au vingt et unième siècle."),
        ("Le deux cent deuxième, le dix-septième.", "Le deux cent deuxième, le dix-septième."),
        ("Au moins dix.", "Au moins 10."),
    ],
    "es": [
        ("Tengo veintiún gatos.", "Tengo 21 gatos."),
        ("tres coma catorce, tres punto catorce", "3,14, 3.14"),
        ("cinco por ciento", f"5{NBSP}%"),
        ("dos mil millones", "2000 millones"),
        ("mil novecientos ochenta y cuatro", "1984"),
        ("cien y dos", "100 y 2"),
        ("treinta y cuarenta", "30 y 40"),
        ("uno, dos, tres", "1, 2, 3"),
        ("Un gato.", "Un gato."),
        ("Al menos diez.", "Al menos 10."),
    ],
    "it": [
        ("Ho ventuno gatti.", "Ho 21 gatti."),
        ("ventotto, trentatré, centottanta", "28, 33, 180"),
        ("tre virgola quattordici", "3,14"),
        ("cinque per cento", "5%"),
        ("duemilaventisei", "2026"),
        ("due milioni", "2 milioni"),
        ("un milione duecentomila", "1200000"),
        ("Sei bello.", "Sei bello."),
        ("sei euro", f"6{NBSP}€"),
    ],
    "pt": [
        ("Tenho vinte e um gatos.", "Tenho 21 gatos."),
        ("três vírgula catorze", "3,14"),
        ("cinco por cento", "5%"),
        ("dois milhões e quinhentos mil", "2500000"),
        ("vinte e trinta", "20 e 30"),
        ("mil e uma noites", "1001 noites"),
        ("vinte reais", f"R${NBSP}20"),
        ("mil milhões", "1000 milhões"),
        ("Um gato.", "Um gato."),
    ],
    "nl": [
        ("Ik heb eenentwintig katten.", "Ik heb 21 katten."),
        ("drieëntwintig, tweeëntachtig", "23, 82"),
        ("drie komma veertien", "3,14"),
        ("vijf procent, twintig euro", f"5%, €{NBSP}20"),
        ("Het is min vijf graden.", "Het is -5 graden."),
        ("negentienhonderdvierentachtig", "1984"),
        ("vijf miljoen mensen", "5 miljoen mensen"),
        ("Een kat.", "Een kat."),
    ],
    "ru": [
        ("У меня двадцать один кот.", "У меня 21 кот."),
        ("три целых четырнадцать сотых", "3,14"),
        ("пять целых семь сотых", "5,07"),
        ("три запятая пять", "3,5"),
        ("Минус пять градусов.", "-5 градусов."),
        ("около двадцати пяти процентов", "Около 25%"),
        ("в две тысячи двадцать шестом году", "В две тысячи двадцать шестом году"),
        ("Двадцать первого мая.", "Двадцать первого мая."),
        ("пять миллионов человек", "5 миллионов человек"),
        ("сто тысяч двести", "100200"),
        ("Один кот.", "Один кот."),
    ],
    "ja": [
        ("二十三人です。", "23人です。"),
        ("三月十五日です。", "3月15日です。"),
        ("五パーセント", "5%"),
        ("三百六十五日", "365日"),
        ("一万二千円", "12000円"),
        ("五万人", "5万人"),
        ("二〇二四年", "2024年"),
        ("三点一四", "3.14"),
        ("マイナス五度", "-5度"),
        ("一緒に行きます。", "一緒に行きます。"),
        ("十分です。", "十分です。"),
        ("二三日", "二三日"),
    ],
    "zh": [
        ("我有二十三个苹果。", "我有23个苹果。"),
        ("三月十五日", "3月15日"),
        ("百分之五", "5%"),
        ("一百零二", "102"),
        ("一百二", "一百二"),
        ("两百五十", "250"),
        ("一万两千三百", "12300"),
        ("五万人", "5万人"),
        ("二〇二四年", "2024年"),
        ("三点一四", "3.14"),
        ("三点二十五分", "三点二十五分"),
        ("三点一刻", "三点一刻"),
        ("负五度", "-5度"),
        ("一起去,千万不要。", "一起去,千万不要。"),
    ],
}


def cases(table: dict[str, list[tuple[str, str]]]) -> list[tuple[str, str, str]]:
    return [(language, *case) for language, cases in table.items() for case in cases]


@pytest.mark.parametrize(("language", "said", "written"), cases(PHRASES))
def test_what_is_said_becomes_what_is_written(language: str, said: str, written: str) -> None:
    assert dictated(said, settings=WordSettings(language=language)) == written


@pytest.mark.parametrize(("language", "said", "written"), cases(NUMBERS))
def test_numbers_become_digits(language: str, said: str, written: str) -> None:
    settings = WordSettings(language=language, digits=True)
    assert dictated(said, settings=settings) == written


@pytest.mark.parametrize(("language", "said", "_written"), cases(NUMBERS))
def test_numbers_stay_words_where_digits_were_not_asked_for(
    language: str, said: str, _written: str
) -> None:
    settings = WordSettings(language=language, commands=False)
    assert dictated(said, settings=settings).casefold() == said.casefold()


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("de", "Danke. Zuhören beenden."),
        ("fr", "Merci. Arrêtez d'écouter !"),
        ("es", "Gracias. Deja de escuchar."),
        ("it", "Grazie. Smetti di ascoltare."),
        ("pt", "Obrigado. Pare de ouvir."),
        ("nl", "Bedankt. Stop met luisteren."),
        ("ru", "Спасибо. Хватит слушать."),
        ("ja", "ありがとう。音声入力終了。"),
        ("zh", "谢谢。停止听写。"),
    ],
)
def test_each_language_can_end_the_dictation(language: str, said: str) -> None:
    assert on_paper(said, settings=WordSettings(language=language)).stopped


def heard(*utterances: tuple[str, str], settings: WordSettings | None = None) -> str:
    """Return the text that utterances leave, each with its language."""
    paper, writer = Paper(), Writer.of(settings or WordSettings())
    for text, language in utterances:
        actions, writer = writer.final(text, language)
        paper.carry_out(actions)
    return paper.text


def test_each_utterance_is_understood_in_its_own_language() -> None:
    assert (
        heard(
            ("Hallo Komma Welt Punkt", "de"),
            ("Hello comma world period", "en"),
            ("Bonjour virgule monde point", "fr"),
            ("你好逗号世界句号", "zh"),
            ("こんにちは まる", "ja"),
        )
        == "Hallo, Welt. Hello, world. Bonjour, monde. 你好，世界。こんにちは。"
    )


def test_other_languages_phrases_are_words() -> None:
    assert heard(("Das Wort comma und period", "de")) == "Das Wort comma und period"
    assert heard(("The word Komma", "en")) == "The word Komma"


def test_without_a_language_an_utterance_is_in_that_of_the_settings_or_english() -> None:
    german = WordSettings(language="de")
    assert heard(("Hallo Komma", ""), settings=german) == "Hallo,"
    assert heard(("Hallo comma", "en"), ("Komma", ""), settings=german) == "Hallo,,"
    assert heard(("Hello comma", "")) == "Hello,"
    assert heard(("Hello comma", "en-GB"), ("Komma", "de_AT")) == "Hello,,"


def test_an_utterance_keeps_the_language_in_which_its_words_were_acted_on() -> None:
    writer = Writer.of(WordSettings())
    early, writer = writer.committed("Hallo Komma Welt Komma ", "de")
    late, writer = writer.final("Hallo Komma Welt Komma so Punkt", "en")
    paper = Paper()
    paper.carry_out([*early, *late])
    assert paper.text == "Hallo, Welt, so."
    actions, _ = writer.final("End period", "en")
    paper.carry_out(actions)
    assert paper.text == "Hallo, Welt, so. End."


def test_a_language_that_is_told_late_counts_as_long_as_nothing_was_acted_on() -> None:
    writer = Writer.of(WordSettings())
    nothing: tuple[Action, ...]
    nothing, writer = writer.committed("Komma", "")
    actions, _ = writer.final("Komma so", "de")
    paper = Paper()
    paper.carry_out([*nothing, *actions])
    assert paper.text == ", so"


def test_the_users_phrases_go_before_those_of_all_languages() -> None:
    settings = WordSettings(phrases={"Komma": " Komma", "smiley": ":-)"}, language="de")
    assert dictated("Hallo Komma Punkt Smiley", settings=settings) == "Hallo Komma. :-)"
    chinese = WordSettings(phrases={"笑脸": ":-)"}, replacements={"小名": "小明"}, language="zh")
    assert dictated("你好小名笑脸", settings=chinese) == "你好小明:-)"
