"""What is found in the HTML of a feed."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from podfeed.read import html

_ALL = (html.markup, html.escaped_twice, html.unsafe, html.relative, html.unbalanced)


@pytest.mark.parametrize(
    ("find", "text", "found"),
    [
        (html.markup, "Waves <B class='x'>and</B> wind", "<B class='x'>"),
        (html.markup, "a <scriptingNews> b &nbsp; &#x26;", "&nbsp;"),
        (html.markup, "&bogus; &; &#; R&B; <3 <- <>", ""),
        (html.escaped_twice, "<b>a</b> &lt;p&gt; &amp;lt;", "&amp;lt;"),
        (html.escaped_twice, "a &lt;a href='x'&gt;", "&lt;a href='x'&gt;"),
        (html.unsafe, "<p title='>' onload=x>", "onload"),
        (html.unsafe, "<svg/onload=x>", "onload"),
        (html.unsafe, "<br / onload = x>", "onload"),
        (html.unsafe, "<p title='go online = yes' data-on=x> onload=x", ""),
        (html.unsafe, "<a href='java&#115;cript:x'>", "java&#115;cript:x"),
        (html.unsafe, "<!-- <style>p { }</style> --><p onload=x>", "onload"),
        (html.unsafe, "<!--[if mso]><style>p { }</style><![endif]-->", ""),
        (html.unsafe, "a <!-- <script>", ""),
        (html.unsafe, "<p class='a' onload=x>", "onload"),
        (html.unsafe, "<formula> <linked> <metal>", ""),
        (html.unsafe, "<link rel=x>", "<link"),
        (html.unsafe, '<a href="VBScript:x">', "VBScript:x"),
        (html.unbalanced, "<a href='x'>a</A><br><p><li>", ""),
        (html.unbalanced, "<b/><b>a</b>", ""),
        (html.unbalanced, "<!-- <b> -->a", ""),
        (html.unbalanced, "<H2>a", "h2"),
    ],
)
def test_first_words_at_fault_are_found(find: Callable[[str], str], text: str, found: str) -> None:
    """As they are written; nothing where nothing is wrong."""
    assert find(text) == found


def test_relative_addresses_come_once_each() -> None:
    """In their order."""
    text = '<a href="/b">b</a><img alt="href=/x" src=a.jpg><a href="/b">b</a><a href="https://c.example/">c</a>'
    text += "<!-- <a href='/d'>d</a> -->"

    assert html.relative(text) == ("/b", "a.jpg")


@given(st.text(alphabet="<>&;/\"'= abhrefscriptonlg#1\n"))
def test_any_text_gets_an_answer(text: str) -> None:
    """And what is found is there."""
    for find in (html.markup, html.escaped_twice):
        assert find(text) in text
    for find in _ALL:
        find(text)


@pytest.mark.parametrize("find", _ALL, ids=lambda find: find.__name__)
@pytest.mark.parametrize(
    "text",
    [
        "<a ",
        '<a "',
        "<a href=",
        "<a on",
        "<a\n",
        "&lt;p ",
        "&amp;",
        "<a x=' src",
        "</",
        "<!--",
        " on=",
        "&#1",
        "java&#10;script",
    ],
)
def test_no_text_takes_for_ever(find: Callable[[str], object], text: str) -> None:
    """Half a megabyte of the same beginning, and of the same blanks behind it."""
    began = time.monotonic()

    find(text * 100_000)
    find(text + " " * 500_000)

    assert time.monotonic() - began < 2
