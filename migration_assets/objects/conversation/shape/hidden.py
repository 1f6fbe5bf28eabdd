"""What no reader of a message sees: comments, styles, scripts, the page's title, what draws in a drawing.

What nobody ended hides nothing, and what somebody wrote between such words in angle brackets stays. Works on one text.
What belongs elsewhere: the tags that are left (`tags`), and writing them (`markup`).
"""

import re

from migration_assets.objects.conversation.shape import elements
from migration_assets.objects.conversation.shape.tags import DOCTYPE, TAG

_DECLARATION = re.compile(
    r"<!doctype[^<>]*>(?=\s*<(?:!--|html|head|body|meta|style))|<!\[(?:if|endif)[^<>]*>|<\?xml[^<>]*>", re.IGNORECASE
)
_OFFICE_DECLARATION = re.compile(r"<!\[(?:if|endif)[^<>]*>|<\?xml:namespace[^<>]*>", re.IGNORECASE)
_CDATA = re.compile(r"<!\[CDATA\[(.*?)\]\]>", re.DOTALL)
# One that holds the beginning of another was never ended; for the comments of office programs that is usual.
_COMMENT = re.compile(r"<!--(?:-?>|\[if(?:(?!-->).)*-->|(?:(?!<!--).)*?--!?>)", re.DOTALL | re.IGNORECASE)
_MACHINE_COMMENT = re.compile(
    r"<!--(?:-?>|\[if(?:(?!-->).)*-->|\s*(?:<!\[endif\]|(?:Start|End)Fragment)?\s*--!?>)", re.DOTALL | re.IGNORECASE
)
_HIDING = re.compile(
    r"<(script|style|title)(?=[\s/>])([^<>]*)>((?:(?!<\1[\s/>]).)*?)</\1\s*>", re.DOTALL | re.IGNORECASE
)
_AT_THE_TOP = re.compile(
    r"\s*(?=<(?:script|style)[\s>])<(script|style)(?=[\s/>])([^<>]*)>((?:(?!<\1[\s/>]).)*?)</\1\s*>",
    re.DOTALL | re.IGNORECASE,
)
_OPEN_STYLE = re.compile(r"<style(?=[\s/>])[^<>]*>(?:[^<>{}]*\{[^<>{}:]*:[^<>{}]*\})+", re.IGNORECASE)
_RULES = re.compile(r"\{|@import|<!--|^\s*$")
_CODE = re.compile(r"\w\(|^\s*$")
_SIGN = re.compile(r"[;=]")
_SAID = re.compile(
    r"\b(?!(?:var|let|const|function|return|new|else|if|typeof|in|of|instanceof|case|throw|void|delete|async|await|"
    r"import|from|export|default|class|extends|static|get|set|do|try|while|for)\b)"
    r"[^\W\d_]{2,}[,.:;]?[ \t]+(?!(?:in|of|instanceof|from|extends|as)\b)[^\W\d_]{2,}"
)
"""Two words one after the other, as no program has them."""
_QUOTES = re.compile(r"""'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"|`[^`]*`|/\*.*?\*/|//[^\n]*""", re.DOTALL)
_DRAWING = re.compile(r"<(svg|math)(?=[\s>])[^<>]*>.*?</\1\s*>", re.DOTALL | re.IGNORECASE)
_ANY_TAG = re.compile(r"</?[A-Za-z][^<>]*>")

_BREAKS = (
    r"white-space\s*:\s*(?:-\w+-|-)?(?:pre|break-spaces)|white-space-collapse\s*:\s*(?:preserve(?!-spaces)|break-)"
)
PRESERVED = re.compile(_BREAKS, re.IGNORECASE)
"""What says that line ends are seen."""
_PRESERVING_RULE = re.compile(rf"([^{{}}<>;]+)\{{[^{{}}]*(?:{_BREAKS})", re.IGNORECASE)
_SELECTED = re.compile(r"([\w-]*)((?:[.#][\w-]+)*)[^.#]*$")


def preserving(text: str) -> frozenset[str]:
    """Return what a style sheet in the text keeps line ends in: `p`, `.class`, `#id`."""
    if "white-space" not in text:
        return frozenset()
    found = set()
    for selectors in _PRESERVING_RULE.findall(re.sub(r"/\*.*?\*/|<!--", " ", text, flags=re.DOTALL)):
        for selector in selectors.split(","):
            # The last part of `.msg > p.k` is what the rule is about; the parts before it only say where.
            last = _SELECTED.match(re.split(r"[\s>+~]+", re.sub(r":+[\w-]+(?:\([^)]*\))?", "", selector).strip())[-1])
            if last is not None:
                found.update(re.findall(r"[.#][\w-]+", last[2]) or [last[1].lower()])
    return frozenset(found) - {""}


def without_hidden(text: str) -> str:
    """Return HTML without what no reader sees."""
    shown = _DRAWING.sub(_drawn, _HIDING.sub(_hiding, _CDATA.sub(r"\1", text)))
    return _COMMENT.sub("", _OPEN_STYLE.sub("", shown))


def without_declarations(text: str, *, html: bool) -> str:
    """Return the text with blanks for what only programs read; its places stay."""
    if not html:
        return _OFFICE_DECLARATION.sub(_blank, text)
    return _DECLARATION.sub(_blank, DOCTYPE.sub(_blank, text))


def without_programs_own(text: str) -> str:
    """Return somebody's words without what programs alone write: office comments, styles and scripts at the top."""
    text = _MACHINE_COMMENT.sub("", text)
    while (top := _AT_THE_TOP.match(text)) is not None and _hiding(top) == "":
        text = text[top.end() :]
    return text


def _hiding(match: re.Match[str]) -> str:
    """Drop a script, style or title if it is one; leave what somebody wrote between such words in angle brackets."""
    name, content = match[1].lower(), match[3]
    if name == "title":
        before = match.string[: match.start()].lower()
        hidden = ("<head" in before or not before.strip()) and "<" not in content
    elif name == "style":
        hidden = _RULES.search(content) is not None
    else:
        content = _QUOTES.sub("", content)
        # One word without blanks around it is code as well; " and " is not.
        short = _SIGN.search(content) is not None or (content == content.strip() and "<" not in content)
        hidden = "{" in content or ((short or _CODE.search(content) is not None) and _SAID.search(content) is None)
    hidden = hidden and not any(tag[2].lower() in elements.STRUCTURE for tag in TAG.finditer(content))
    return "" if hidden else f"&lt;{match[1]}{match[2]}>{match[3]}&lt;/{match[1]}>"


def _drawn(match: re.Match[str]) -> str:
    """Return the words of a drawing or a formula; its own elements are many, and none is shown."""
    return " " + _ANY_TAG.sub(" ", match[0]) + " "


def _blank(match: re.Match[str]) -> str:
    return " " * len(match[0])
