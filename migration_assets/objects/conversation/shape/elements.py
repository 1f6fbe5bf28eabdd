"""The elements of HTML, by what becomes of them in Intercom, and which of them prose may mean by `<word>`."""

BLOCKS = ("p", "ul", "ol", "blockquote", "pre", "h1", "h2", "table")
"""The elements that may stand at the top of a body."""

NEEDS_A_CELL = frozenset(["table", "b", "strong", "i", "em", "u", "a", "code", "img"])
"""Elements that are moved above a table where they stand in it and in no cell."""

IN_TABLES = frozenset(["thead", "tbody", "tfoot", "tr", "th", "td"])
"""Elements that are text of no element outside of a table: there a cell is a paragraph."""

KEPT = {*BLOCKS, *IN_TABLES, "br", "b", "strong", "i", "em", "u", "a", "li", "code", "img"}
"""What Intercom has."""

# Boxes that break the line but are nothing to Intercom, and headings that it does not have. Of the elements whose text
# HTML reads in a way of its own (frames, forms, drawings), only the text is taken.
_BOXES = (
    "address article aside caption center dd details dialog dir div dl dt fieldset figcaption figure footer form "
    "header hgroup iframe legend listing main menu nav noembed noframes noscript object optgroup option plaintext "
    "search section select summary textarea xmp"
)
RENAMED = dict.fromkeys(_BOXES.split(), "p") | dict.fromkeys(("h3", "h4", "h5", "h6"), "h2") | {"hr": "br"}
"""What stands for an element that Intercom does not have."""

_DROPPED = (
    "abbr acronym applet area audio base basefont bdi bdo bgsound big blink body button canvas cite col colgroup data "
    "datalist del desc dfn embed font frame frameset g head html image input ins kbd keygen label link map mark "
    "marquee math meta meter nobr output param path picture progress q rb rp rt rtc ruby s samp script slot small "
    "source span strike style sub sup svg template text time title track tt tspan use var video wbr xml"
)
ELEMENTS = KEPT | RENAMED.keys() | frozenset(_DROPPED.split())
"""Elements of HTML, present and past, and of drawings; `<` before anything else (an address, a placeholder) is text."""

OFFICE = ("o:", "v:", "w:", "m:", "x:", "st1:")
"""What office programs put before the names of their own elements."""

VOID = frozenset(
    [
        "area",
        "base",
        "basefont",
        "br",
        "col",
        "embed",
        "frame",
        "hr",
        "img",
        "input",
        "keygen",
        "link",
        "meta",
        "param",
        "source",
        "track",
        "wbr",
    ]
)
"""Elements that have no end."""

_FORMATS = "b strong i em u s strike del ins small big sub sup tt code pre font span a center q nobr kbd samp var cite"
_STRUCTURE = (
    "html head body div p ul ol li dl dt dd table thead tbody tfoot tr td th blockquote h1 h2 h3 h4 h5 h6 br hr"
)
STRUCTURE = frozenset(_STRUCTURE.split())
"""Elements that make a text HTML where one begins, ends and has something in it."""
PAIRS = STRUCTURE | frozenset(_FORMATS.split())
"""Elements that are markup in any text where one begins and ends: the others are words as well."""
ALONE = frozenset(("br", "hr", "p", "li"))
"""Elements that are markup wherever they stand: people and programs put them into plain text, without an end."""
TAKEN_FOR_TAGS = PAIRS | {"img", "wbr", "col", "colgroup", "caption", "noscript", "meta"}
"""In HTML, all others that have no attributes and no counterpart are what was written: `<address>`, `<summary>`."""
_FLAGS = (
    "allowfullscreen async autofocus autoplay border checked compact contenteditable controls declare defer disabled "
    "download formnovalidate hidden inert ismap itemscope loop multiple muted nohref noresize noshade novalidate "
    "nowrap open playsinline readonly required reversed selected"
)
FLAGS = frozenset(_FLAGS.split())
"""Attributes that have no value; `<b and c>` has none of them, and is prose."""
_ATTRIBUTES = (
    "abbr accept accesskey action align alink allow alt archive autocapitalize autocomplete axis background bgcolor "
    "border bordercolor cellpadding cellspacing char charoff charset cite class classid clear code codebase codetype "
    "color cols colspan content coords data datetime decoding dir dirname draggable enctype face fetchpriority for "
    "form formaction formmethod formtarget frame frameborder headers height high href hreflang hspace id imagesizes "
    "imagesrcset inputmode integrity is itemid itemprop itemref itemtype kind label lang language leftmargin link list "
    "loading longdesc low marginheight marginwidth max maxlength media method min minlength name nonce object optimum "
    "pattern ping placeholder poster preload profile prompt property referrerpolicy rel rev role rows rowspan rules "
    "sandbox scheme scope scrolling shape size sizes slot span spellcheck src srcdoc srclang srcset standby start step "
    "style summary tabindex target text title topmargin translate type typeof usemap valign value valuetype version "
    "vlink vspace width wrap xmlns"
)
ATTRIBUTES = frozenset(_ATTRIBUTES.split()) | FLAGS
"""Attributes of HTML, present and past: `<label Nr=40 EUR offen>` has none of them, and is prose."""
WITHIN = dict.fromkeys(("td", "th", "tr"), "table") | {"option": "select", "input": "form"}
"""Where elements stand that have no end and only such attributes: `<td nowrap>` anywhere else is prose."""
CONTAINERS = RENAMED.keys() - {"hr", "option"} | set(BLOCKS) | IN_TABLES | {"html", "body", "li"}
"""Elements in which a line end of the text is a space; outside of all of them the text was plain, and it is a break."""
