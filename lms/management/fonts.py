"""Makes the web fonts: packaged TrueType in, WOFF2 with only the letters that European languages need out.

The sheet beside them declares the faces, and fallbacks whose metrics match, so that the text does not jump when a font arrives.
"""

import io
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont
from fontTools.varLib.instancer import instantiateVariableFont

#: Latin with its accents, the punctuation and spaces of French and English, arrows and signs that the pages use.
LETTERS = [
    *range(0x20, 0x7F),
    *range(0xA0, 0x180),
    *(0x2009, 0x2010, 0x2011, 0x2013, 0x2014, 0x2018, 0x2019, 0x201C, 0x201D, 0x201E, 0x2022, 0x2026, 0x202F, 0x20AC),
    *(0x2190, 0x2192, 0x2212, 0x2260, 0x2264, 0x2265),
]
FEATURES = ["kern", "liga", "calt", "ccmp", "locl", "mark", "mkmk", "lnum", "tnum"]
#: Average advance of Arial's Latin letters as a share of its em: the system face that stands in until ours is there.
STAND_IN_ADVANCE = 904 / 2048
STAND_IN = 'local("Arial"), local("Liberation Sans"), local("Helvetica Neue")'
#: How often each character comes in running text, in per mille (English and French alike, rounded).
FREQUENCIES = {
    " ": 170, "e": 110, "a": 65, "s": 60, "t": 62, "i": 60, "n": 60, "r": 52, "o": 52, "u": 40, "l": 40, "d": 32, "c": 26,
    "m": 22, "p": 20, "h": 20, "g": 12, "b": 9, "v": 10, "f": 13, "q": 5, "y": 9, "x": 3, "j": 3, "k": 3, "w": 8, "z": 1,
}  # fmt: skip


@dataclass(frozen=True)
class Face:
    """One file to make. ``pins`` fixes the axes of a variable font."""

    family: str
    package: str
    source: str
    target: str
    weight: str
    style: str = "normal"
    pins: tuple[tuple[str, float], ...] = ()


FACES = (
    Face(
        family="Bricolage Grotesque",
        package="fontpkg_bricolage_grotesque",
        source="BricolageGrotesque[opsz,wdth,wght].ttf",
        target="bricolage-grotesque.woff2",
        weight="600 700",
        pins=(("opsz", 36.0), ("wdth", 100.0), ("wght", 660.0)),
    ),
    *(
        Face(
            family="Atkinson Hyperlegible",
            package="fontpkg_atkinson_hyperlegible",
            source=f"AtkinsonHyperlegible-{cut}.ttf",
            target=f"atkinson-hyperlegible-{cut.lower()}.woff2",
            weight=weight,
            style=style,
        )
        for cut, weight, style in [("Regular", "400", "normal"), ("Bold", "700", "normal"), ("Italic", "400", "italic")]
    ),
)


@dataclass(frozen=True)
class Made:
    name: str
    content: bytes


def make_fonts() -> Iterator[Made]:
    """Every face as WOFF2, then the sheet ``fonts.css`` that declares them."""
    rules: list[str] = []
    fallbacks: dict[str, str] = {}
    for face in FACES:
        font = _subset(face)
        buffer = io.BytesIO()
        font.flavor = "woff2"
        font.save(buffer)
        rules.append(
            f'@font-face {{ font-family: "{face.family}"; src: url("{face.target}") format("woff2"); '
            f"font-weight: {face.weight}; font-style: {face.style}; font-display: swap; }}"
        )
        fallbacks.setdefault(face.family, _fallback(face, font))
        yield Made(face.target, buffer.getvalue())
    sheet = "/* Made by manage.py build_assets. */\n" + "\n".join([*rules, *fallbacks.values()]) + "\n"
    yield Made("fonts.css", sheet.encode())


def write_fonts(folder: Path) -> list[Made]:
    """Write everything into the folder; what is there already is replaced, the sheet last."""
    folder.mkdir(parents=True, exist_ok=True)
    made = list(make_fonts())
    for one in made:
        temporary = folder / f".{one.name}.part"
        temporary.write_bytes(one.content)
        temporary.replace(folder / one.name)
    return made


def _subset(face: Face) -> TTFont:
    with files(face.package).joinpath("files", face.source).open("rb") as handle:
        font = TTFont(io.BytesIO(handle.read()), recalcTimestamp=False)
    if face.pins:
        font = instantiateVariableFont(font, dict(face.pins))
    options = Options()
    options.layout_features = FEATURES
    options.hinting = False
    subsetter = Subsetter(options)
    subsetter.populate(unicodes=LETTERS)
    subsetter.subset(font)
    return font


def _fallback(face: Face, font: TTFont) -> str:
    """A face of the system, stretched to the width and height of ours."""
    em = font["head"].unitsPerEm
    names, advances = font.getBestCmap(), font["hmtx"].metrics
    total = sum(FREQUENCIES.values())
    advance = sum(advances[names[ord(letter)]][0] * often for letter, often in FREQUENCIES.items()) / total / em
    adjust = advance / STAND_IN_ADVANCE
    ascent, descent, gap = (abs(value) / em / adjust for value in _line(font))
    return (
        f'@font-face {{ font-family: "{face.family.split()[0]} Fallback"; src: {STAND_IN}; size-adjust: {adjust:.2%}; '
        f"ascent-override: {ascent:.2%}; descent-override: {descent:.2%}; line-gap-override: {gap:.2%}; }}"
    )


def _line(font: TTFont) -> tuple[int, int, int]:
    head = font["hhea"]
    return head.ascent, head.descent, head.lineGap
