"""The themes: every pair of colours that meets is told apart by eyes of every kind; the system's choice is followed."""

from __future__ import annotations

import dataclasses
import itertools
import re

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QGuiApplication, QPalette
from pytestqt.qtbot import QtBot

from designer import motion
from designer.app import make_window
from designer.document import Document
from designer.preferences import Preferences, store
from designer.style import whole_stylesheet
from designer.theme import DARK, FAMILY_COLOURS, LIGHT, Theme, qpalette
from designer.window import Window

THEMES = pytest.mark.parametrize("theme", [DARK, LIGHT], ids=lambda each: each.name)


@pytest.fixture
def window(qtbot: QtBot) -> Window:
    made = make_window(Document())
    qtbot.addWidget(made)
    made.show()
    return made


def luminance(colour: QColor) -> float:
    """WCAG 2.2, relative luminance."""
    parts = (colour.redF(), colour.greenF(), colour.blueF())
    red, green, blue = (each / 12.92 if each <= 0.04045 else ((each + 0.055) / 1.055) ** 2.4 for each in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str | QColor, other: str | QColor) -> float:
    """WCAG 2.2, contrast ratio: 1 to 21."""
    light, dark = sorted((luminance(QColor(one)), luminance(QColor(other))), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_that_contrast_is_measured_as_the_standard_says():
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


@THEMES
def test_that_words_stand_out_from_every_surface(theme: Theme):
    surfaces = (theme.canvas, theme.panel, theme.raised, theme.hover)
    words = (theme.text, theme.dim, theme.accent, theme.warn, theme.bad)
    low = {(word, ground): contrast(word, ground) for word in words for ground in surfaces}
    assert {pair: round(value, 2) for pair, value in low.items() if value < 4.5} == {}


@THEMES
def test_that_words_on_filled_buttons_stand_out(theme: Theme):
    assert contrast(theme.on_accent, theme.accent) >= 4.5
    assert contrast("#ffffff", theme.good_fill) >= 4.5


@pytest.mark.parametrize("family", list(FAMILY_COLOURS))
def test_that_white_stands_out_from_the_header_of_a_family(family: str):
    assert contrast("#ffffff", FAMILY_COLOURS[family]) >= 4.5


@THEMES
def test_that_the_ring_of_the_focus_and_marks_stand_out_from_what_is_beside_them(theme: Theme):
    # WCAG 2.2, 1.4.11: parts that are no words need 3:1.
    for ground in (theme.canvas, theme.panel, theme.raised, theme.hover):
        for mark in (theme.accent, theme.good, theme.warn, theme.bad, theme.dim):
            assert contrast(mark, ground) >= 3, (mark, ground)


@THEMES
@pytest.mark.parametrize("state", [QPalette.ColorGroup.Active, QPalette.ColorGroup.Disabled])
def test_that_the_palette_for_what_no_style_names_stands_out_too(theme: Theme, state: QPalette.ColorGroup):
    palette, roles = qpalette(theme), QPalette.ColorRole
    pairs = (
        (roles.WindowText, roles.Window), (roles.Text, roles.Base), (roles.ButtonText, roles.Button),
        (roles.ToolTipText, roles.ToolTipBase), (roles.HighlightedText, roles.Highlight), (roles.Link, roles.Base),
        (roles.PlaceholderText, roles.Base),
    )  # fmt: skip
    low = {
        (words.name, ground.name): round(contrast(palette.color(state, words), palette.color(state, ground)), 2)
        for words, ground in pairs
    }
    assert {pair: value for pair, value in low.items() if value < 4.5} == {}


@THEMES
def test_that_every_rule_that_names_words_and_ground_keeps_the_contrast(theme: Theme):
    low = []
    for rule in re.findall(r"([^{}]+)\{([^{}]*)\}", whole_stylesheet(theme)):
        words = re.search(r"(?<![-\w])color:\s*(#\w+|white)", rule[1])
        ground = re.search(r"background(?:-color)?:\s*(#\w+)", rule[1])
        if words and ground and contrast(words[1], ground[1]) < 4.5:
            low.append(rule[0].strip())
    assert low == []


PROTAN = ((0.152286, 1.052583, -0.204868), (0.114503, 0.786281, 0.099216), (-0.003882, -0.048116, 1.051998))
DEUTAN = ((0.367322, 0.860646, -0.227968), (0.280085, 0.672501, 0.047413), (-0.011820, 0.042940, 0.968881))
TRITAN = ((1.255528, -0.076749, -0.178779), (-0.078411, 0.930809, 0.147602), (0.004733, 0.691367, 0.303900))
"""Machado, Oliveira and Fernandes 2009, severity 1, on linear RGB."""


def seen_with(kind: tuple[tuple[float, ...], ...], colour: str) -> QColor:
    """A colour as someone with a colour vision deficiency sees it."""
    made = QColor(colour)
    linear = [each / 12.92 if each <= 0.04045 else ((each + 0.055) / 1.055) ** 2.4
              for each in (made.redF(), made.greenF(), made.blueF())]  # fmt: skip
    mixed_ones = [sum(part * value for part, value in zip(row, linear, strict=True)) for row in kind]
    back = [min(max(each, 0.0), 1.0) for each in mixed_ones]
    return QColor.fromRgbF(*(each * 12.92 if each <= 0.0031308 else 1.055 * each ** (1 / 2.4) - 0.055 for each in back))


def apart(one: QColor, other: QColor) -> float:
    """How far apart two colours are in CIELAB (CIE76); about 10 is told apart at a glance."""
    return sum((a - b) ** 2 for a, b in zip(_lab(one), _lab(other), strict=True)) ** 0.5


def _lab(colour: QColor) -> tuple[float, float, float]:
    red, green, blue = (each / 12.92 if each <= 0.04045 else ((each + 0.055) / 1.055) ** 2.4
                        for each in (colour.redF(), colour.greenF(), colour.blueF()))  # fmt: skip
    x = (0.4124 * red + 0.3576 * green + 0.1805 * blue) / 0.9505
    y = 0.2126 * red + 0.7152 * green + 0.0722 * blue
    z = (0.0193 * red + 0.1192 * green + 0.9505 * blue) / 1.089
    fx, fy, fz = (each ** (1 / 3) if each > 0.008856 else 7.787 * each + 16 / 116 for each in (x, y, z))
    return 116 * fy - 16, 500 * (fx - fy), 200 * (fy - fz)


@THEMES
@pytest.mark.parametrize("kind", [PROTAN, DEUTAN, TRITAN], ids=["protan", "deutan", "tritan"])
def test_that_good_warning_problem_and_accent_are_told_apart_by_every_eye(theme: Theme, kind):
    tones = {name: seen_with(kind, getattr(theme, name)) for name in ("accent", "good", "warn", "bad")}
    near = {(one, other): round(apart(tones[one], tones[other]), 1) for one, other in itertools.combinations(tones, 2)}
    assert {pair: value for pair, value in near.items() if value < 10} == {}


# ---- following


def test_that_the_system_is_followed_while_it_changes(window: Window):
    tell = QGuiApplication.styleHints().colorSchemeChanged.emit  # what Qt says when the system changes
    window.actions_of["theme_system"].trigger()
    for scheme, name in (
        (Qt.ColorScheme.Light, "light"),
        (Qt.ColorScheme.Dark, "dark"),
        (Qt.ColorScheme.Light, "light"),
    ):
        tell(scheme)
        assert window.theme.name == name
        assert window.centre.start.theme.name == name
    window.actions_of["theme_dark"].trigger()
    tell(Qt.ColorScheme.Light)
    assert window.theme.name == "dark"


def test_that_motion_is_as_the_person_prefers(qtbot: QtBot):
    assert motion.is_reduced() is False  # offscreen has no wish of its own
    store(dataclasses.replace(Preferences(), motion="reduced"))
    assert motion.is_reduced()
    store(dataclasses.replace(Preferences(), motion="full"))
    assert not motion.is_reduced()
