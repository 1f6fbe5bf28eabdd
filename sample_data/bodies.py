"""How a message is written down: plain or HTML, with greeting, signature and the quoted message before."""

import random
from dataclasses import dataclass
from html import escape

from sample_data.chance import pick
from sample_data.people import SamplePerson
from sample_data.topics import Language


@dataclass
class Scene:
    """Who talks, in which language, over which channel, and what fills the slots of the texts."""

    who: SamplePerson
    words: Language
    channel: str
    slots: dict[str, str]
    last_answer: str = ""


def customer_body(rng: random.Random, scene: Scene, text: str, place: int) -> str:
    """Return what the customer wrote: plain text most of the time, HTML from some mail programs."""
    core = text.format_map(scene.slots)
    if scene.channel == "chat":
        return core
    hello = pick(rng, scene.words.hello["c"]).format_map(scene.slots)
    bye = pick(rng, scene.words.bye["c"]).format_map(scene.slots)
    whole = f"{hello}\n\n{core}\n\n{bye}"
    quoted = scene.last_answer.format_map(scene.slots) if place and rng.random() < 0.3 else ""
    html = rng.random() < 0.35
    if not quoted:
        return paragraphs(whole) if html else whole
    wrote = scene.words.wrote.format_map(scene.slots)
    if html:
        before = f"<div>{escape(wrote, False)}</div><blockquote>{paragraphs(quoted)}</blockquote>"
        return paragraphs(whole) + before
    return f"{whole}\n\n{wrote}\n> " + quoted.replace("\n", "\n> ")


def agent_body(rng: random.Random, scene: Scene, text: str) -> str:
    """Return what the agent wrote: HTML with a signature, or a short line in a chat."""
    core = text.format_map(scene.slots)
    if scene.channel == "chat":
        return core
    hello = pick(rng, scene.words.hello["a"]).format_map(scene.slots)
    bye = pick(rng, scene.words.bye["a"]).format_map(scene.slots)
    signature = '<p style="color:#667">Nordlicht Commerce Support<br>support@nordlicht-commerce.example</p>'
    return paragraphs(f"{hello}\n\n{core}\n\n{bye}") + signature


def note_body(rng: random.Random, scene: Scene, text: str) -> str:
    """Return an internal note: plain or one paragraph."""
    core = text.format_map(scene.slots)
    return paragraphs(core) if rng.random() < 0.5 else core


def paragraphs(text: str) -> str:
    """Write plain text as HTML: an empty line ends a paragraph, a line end is a break."""
    return "<p>" + escape(text, False).replace("\n\n", "</p><p>").replace("\n", "<br>") + "</p>"
