"""What HTML says without words: raised figures, struck text, numbers of lists, ticked boxes, images loaded late."""

import pytest

from migration_assets.objects.conversation.shape.html import body_html, body_text
from migration_assets.objects.conversation.shape.numbering import label
from migration_assets.objects.conversation.words import missing_words

X = "https://x.example"


def arrives(source, html, text=None):
    found = body_html(source), body_text(source)
    assert " ".join(found[0].split()) == html
    assert text is None or " ".join(found[1].split()) == text
    assert missing_words(source, found[0]) == missing_words(source, found[1], markup=False) == []


@pytest.mark.parametrize(
    ("source", "html"),
    [
        ("<p>10<sup>3</sup> kg</p>", "<p>10³ kg</p>"),
        ("10<SUP>-3</SUP> kg", "<p>10⁻³ kg</p>"),
        ("<p>2<sup>n</sup> und 2<sup>x</sup></p>", "<p>2ⁿ und 2^x</p>"),
        ("<p>5<sup>1,5</sup></p>", "<p>5^(1,5)</p>"),
        ("<p>H<sub>2</sub>O, x<sub>max</sub></p>", "<p>H₂O, xmax</p>"),
        ("<p>the 1<sup>st</sup>, le 2<sup>e</sup>, 5 m<sup>&sup2;</sup></p>", "<p>the 1st, le 2e, 5 m²</p>"),
        ("<p>Preis 40<sup><b>1)</b></sup> <sup>*</sup></p>", "<p>Preis 40<strong>¹⁾</strong> *</p>"),
        (f'<p>5<sup><a href="{X}/n">1</a></sup></p>', f'<p>5<a href="{X}/n">¹</a></p>'),
        ('<p>7<span style="font-size:9px; vertical-align: super">2</span></p>', "<p>7²</p>"),
    ],
)
def test_raised_and_lowered_figures_are_told_from_those_beside_them(source, html):
    arrives(source, html.replace("strong", "b"))


@pytest.mark.parametrize(
    ("source", "shown"), [("<p>10<sup>3</sup> kg</p>", "<p>103 kg</p>"), ("<p>H<sub>2</sub>5</p>", "<p>H25</p>")]
)
def test_a_figure_that_lost_its_place_is_missing(source, shown):
    assert missing_words(source, shown) != []


@pytest.mark.parametrize(
    ("source", "html"),
    [
        ("<p>Preis <s>50 EUR</s> 40 EUR</p>", "<p>Preis [struck: 50 EUR] 40 EUR</p>"),
        ("Preis <del>50 EUR</del> 40 EUR", "<p>Preis [struck: 50 EUR] 40 EUR</p>"),
        ('<p><span style="text-decoration: line-through"><strike>a</strike> b</span> c</p>', "<p>[struck: a b] c</p>"),
        ("<p>a<s> </s>b</p>", "<p>a b</p>"),
        ("<del><p>a</p><p>b</p></del><p>c</p>", "<p>[struck: a]</p><p>[struck: b]</p><p>c</p>"),
        ("<s>a<p>b</p></s>", "<p>[struck: a</p><p>b</p><p>]</p>"),
        ('<p style="text-decoration:line-through">a</p>', "<p>[struck: a]</p>"),
        (
            '<table><tr style="text-decoration:line-through"><td>B</td><td>C</td></tr></table>',
            "<table><tbody><tr><td>[struck: B]</td><td>[struck: C]</td></tr></tbody></table>",
        ),
    ],
)
def test_what_was_struck_out_is_said_to_be(source, html):
    arrives(source, html)


@pytest.mark.parametrize(
    ("source", "html"),
    [
        ("<ol><li>a</li><li value=5>b</li><li>c</li></ol>", "<ul><li>1. a</li><li>5. b</li><li>6. c</li></ul>"),
        ("<ol reversed><li>a<li>b</ol>", "<ul><li>2. a</li><li>1. b</li></ul>"),
        ("<ol start=3><li>x</li></ol>", "<ul><li>3. x</li></ul>"),
        ("<ol type=a start=3><li>x</li></ol>", "<ul><li>c. x</li></ul>"),
        ("<ol><li>a<ol type='i'><li>b</ol></ol>", "<ol><li>a<ul><li>i. b</li></ul></li></ol>"),
        ("<ol><li value=1>a</li><li>b</li></ol>", "<ol><li>a</li><li>b</li></ol>"),
        ("<ul><li value=5>a</li></ul>", "<ul><li>a</li></ul>"),
    ],
)
def test_numbers_of_lists_that_intercom_would_count_otherwise_are_words(source, html):
    arrives(source, html)


def test_numbers_are_shown_as_a_list_of_their_kind_shows_them():
    assert [label(number, "a") for number in (1, 26, 27, 703)] == ["a", "z", "aa", "aaa"]
    assert [label(number, "I") for number in (4, 9, 1994)] == ["IV", "IX", "MCMXCIV"]
    assert [label(0, "a"), label(-2, "i"), label(7, "1")] == ["0", "-2", "7"]


@pytest.mark.parametrize(
    ("source", "html"),
    [
        (f'<p><img srcset="{X}/a.png 1x, {X}/b.png 2x" alt="A"></p>', f'<p><img src="{X}/a.png" alt="A"></p>'),
        (f'<p><img src="data:image/gif;base64,AA" data-src="{X}/a.png"></p>', f'<p><img src="{X}/a.png"></p>'),
        (f'<p><img src="{X}/blank.gif" data-src="{X}/a.png"></p>', f'<p><img src="{X}/a.png"></p>'),
        (f'<div><picture><source srcset="{X}/w"><img src="{X}/a"></picture></div>', f'<p><img src="{X}/a"></p>'),
        (f'<div>x <picture><source srcset="{X}/w"></picture></div>', f"<p>x [embedded: {X}/w] </p>"),
        (
            '<p>x</p><iframe srcdoc="&lt;p&gt;Hallo &amp;amp; Welt&lt;/p&gt;"></iframe>',
            "<p>x</p><p> Hallo &amp; Welt </p>",
        ),
        ("<p><input type=checkbox checked> Ja <input type=radio> Nein</p>", "<p> [x] Ja [ ] Nein</p>"),
        (
            '<p>x</p><select><optgroup label="G"><option selected>A</option><option>B</option></optgroup></select>',
            "<p>x</p><p> G </p><p> [x] A</p><p>B</p>",
        ),
        (
            "<p>x</p><details><summary>Mehr</summary>Text</details><noscript>ohne</noscript><textarea>a\nb</textarea>",
            "<p>x</p><p>Mehr</p><p>Text</p><p>ohne</p><p>a<br>b</p>",
        ),
    ],
)
def test_what_forms_and_late_images_show_arrives(source, html):
    arrives(source, html)
