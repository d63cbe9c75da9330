"""The Japanese the corpus speaks: words, sentence patterns and how they become Markdown."""

from random import Random


def listed(text: str) -> tuple[str, ...]:
    return tuple(text.split())


#: id, title, tag, actor, category (of Apple's list)
SHOWS = (
    ("kotoba", "朝のことば研究室", "ことば", "水瀬あかり", "Education"),
    ("shiokaze", "潮風ラジオ便り", "潮風", "磯部わたる", "Leisure"),
    ("hoshizora", "星空観測クラブ", "星空", "天野すばる", "Science"),
    ("daidokoro", "台所の小さな科学", "台所", "米田みのり", "Arts"),
    ("kikai", "機械と暮らす技術室", "機械", "鉄井しんじ", "Technology"),
    ("rekishi", "路地裏の歴史散歩", "歴史", "古川ふみ", "History"),
    ("ongaku", "真夜中の音楽談義", "音楽", "響谷かなで", "Music"),
    ("shigoto", "はたらく人の相談所", "仕事", "大槻まこと", "Business"),
    ("ikimono", "庭先のいきもの図鑑", "生物", "小鳥遊みどり", "Kids & Family"),
    ("honya", "町の本屋の読書会", "読書", "頁山しおり", "Fiction"),
)

TOPICS = listed(
    "潮の満ち引き 古い時計 雨の匂い 方言の地図 発酵の温度 夜行列車 活版印刷 流れ星 手紙の作法 石垣の積み方 "
    "電波塔 渡り鳥 木造校舎 海図の記号 和紙の繊維 風鈴の音色 味噌の色 暗号の歴史 灯台の灯り 郵便番号 "
    "苔の庭 落語の間 歯車の比率 地下水の旅 楽譜の余白 天気予報 棚田の水路 万年筆 自転車の変速 図書館の分類 "
    "港の倉庫 星座の名前 炭火の火加減 路面電車 蝉の周期 鉛筆の硬さ 蔵の扉 鍵盤の重さ 山小屋の水 切符の穴"
)
THINGS = listed(
    "観察ノート 小さな実験 失敗の記録 職人の知恵 祖母の習慣 町の記憶 子どもの質問 数字の読み方 道具の選び方 "
    "季節の変わり目 新しい規格 測定の誤差 休日の過ごし方 夜の散歩 昔の新聞 忘れられた言葉 手入れの順番 音の記憶 "
    "地図の読み方 朝の支度 台所の計量 旅先の発見 名前の由来 設計の余裕 待つ時間 記録の残し方 比べる楽しみ "
    "繰り返す理由 静かな工夫 続けるこつ"
)
ANGLES = listed(
    "をめぐる話 を考える をたずねて のひみつ をやさしく知る の今と昔 をもう一度 を聞く夜 から学ぶこと のある暮らし "
    "を確かめる のつづき"
)
PEOPLE = listed(
    "町工場の技術者 図書館の司書 若い研究者 港の案内人 番組の聞き手 三代目の店主 地元の高校生 元気象予報士 "
    "楽器の調律師 博物館の学芸員 鉄道の整備士 隣町の農家 独学の開発者 引退した船長 理科の先生"
)
ADJECTIVES = listed(
    "丁寧な 意外な 素朴な 静かな 大胆な 身近な 緻密な 懐かしい 新しい 地道な 鮮やかな 柔らかい 確かな 複雑な "
    "思いがけない"
)
VERBS = listed(
    "調べました 試しました 記録しました 比べました 聞き取りました 読み返しました 作り直しました 測りました "
    "話し合いました 書き留めました 持ち帰りました 見直しました"
)
PATTERNS = (
    "今回は{a}について、{person}といっしょに{adjective}視点から{verb}。",
    "この話題は、{a}と{b}の関係を知るうえで{adjective}手がかりになります。",
    "{person}によると、{a}では毎年およそ{n}件の{adjective}例が見つかるそうです。",
    "なぜ**{a}**が大切なのでしょうか？それは{b}が{adjective}役割を持つからです。",
    "これは**「{a}」**です、と{person}は{adjective}声で話してくれました。",
    "収録の前日に{b}を{n}回{verb}が、{a}との違いはわずかでした。",
    "例えば{n}年前の{a}では、{b}を`level {n}`と呼んで区別していました。",
    "一方で、{a}だけでは説明できない{adjective}部分もあり、{b}に頼る場面も多くあります。",
    "詳しくは[{a}の資料](https://archive.example/docs/{n})に{adjective}図とともにまとめられています。",
    "聞いてくださった方から「{b}も*ぜひ*取り上げてほしい」という{adjective}お便りが{n}通届きました。",
    "このように、{a}と{b}を並べてみると、{person}の{adjective}工夫がよく見えてきます。",
    "次に、{a}を続けるための{adjective}方法を、{person}の経験をもとに{verb}。",
)


def title(number: int) -> str:
    """A title that comes back only after 14,400 others."""
    rest, topic = divmod(number, len(TOPICS))
    rest, thing = divmod(rest, len(THINGS))
    return f"{TOPICS[topic]}と{THINGS[thing]}{ANGLES[rest % len(ANGLES)]}"


def headline(chance: Random) -> str:
    return f"{chance.choice(TOPICS)}と{chance.choice(THINGS)}{chance.choice(ANGLES)}"


def sentence(chance: Random) -> str:
    return chance.choice(PATTERNS).format(
        a=chance.choice(TOPICS),
        b=chance.choice(THINGS),
        person=chance.choice(PEOPLE),
        adjective=chance.choice(ADJECTIVES),
        verb=chance.choice(VERBS),
        n=chance.randrange(2, 3000),
    )


def paragraph(chance: Random) -> str:
    return "".join(sentence(chance) for _ in range(chance.randint(3, 5)))


def subject(chance: Random) -> str:
    """A link, what it is about, and where it comes from: one part of an episode's notes."""
    url = f"https://news.example/articles/{chance.randrange(10**6):06}"
    middle = chance.choice((bullets, numbers, table, quotation))
    return "\n\n".join(
        (
            f"### {headline(chance)}",
            f"- [{headline(chance)}]({url})  ",
            paragraph(chance),
            paragraph(chance),
            middle(chance),
            paragraph(chance),
            f"引用元: {url}",
        )
    )


def bullets(chance: Random) -> str:
    return "\n".join(f"- {sentence(chance)}" for _ in range(chance.randint(2, 4)))


def numbers(chance: Random) -> str:
    return "\n".join(f"{n}.  **{chance.choice(THINGS)}:** {sentence(chance)}" for n in range(1, chance.randint(3, 5)))


def table(chance: Random) -> str:
    rows = (f"| {chance.choice(TOPICS)} | {chance.randrange(100)} | {headline(chance)} |" for _ in range(3))
    return "\n".join(("| 項目 | 回数 | 内容 |", "| --- | ---: | --- |", *rows))


def quotation(chance: Random) -> str:
    return f"> {sentence(chance)}\n> {sentence(chance)}"
