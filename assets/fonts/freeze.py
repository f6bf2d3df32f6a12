#!/usr/bin/env python3
"""Makes GigasiteSans.ttf from the packaged variable Inter.

The window's text shaper has no switch for the OpenType feature `tnum`, so the
tabular figures become the default digits here: the character map points each
digit at its tabular glyph. The result keeps the weight axis between 400 and
600 and the characters that the interface uses, and carries a name of its own,
as the Open Font License asks of modified versions of a font with a reserved
name.

Reproduce:
    apt-get install fonts-inter-variable      # Debian 12: 4.0~beta7+ds-1
    pip install fonttools==4.68.0
    SOURCE_DATE_EPOCH=0 python3 assets/fonts/freeze.py \
        /usr/share/fonts/truetype/inter-vf/Inter-roman.var.ttf assets/fonts/GigasiteSans.ttf
"""

import sys

from fontTools import subset
from fontTools.ttLib import TTFont
from fontTools.varLib import hvar, instancer

NAME = "Gigasite Sans"
# Latin, Latin-1, Latin Extended-A, Greek, and the signs of numbers and keys.
RANGES = [(0x20, 0x7E), (0xA0, 0x17F), (0x391, 0x3C9), (0x2010, 0x2027), (0x2030, 0x203A)]
SIGNS = "₀₁₂₃₄₅₆₇₈₉⁰¹²³⁴⁵⁶⁷⁸⁹€−∞≈≠≤≥√∑Δ→←↑↓↗↘▲▼■□●○◆◇✓✗⌘⇧⌥⌃⏎⎋"


def tabular_digits(font):
    """Maps each default digit's glyph to its glyph under `tnum`."""
    gsub = font["GSUB"].table
    for record in gsub.FeatureList.FeatureRecord:
        if record.FeatureTag != "tnum":
            continue
        mapping = {}
        for index in record.Feature.LookupListIndex:
            for sub in gsub.LookupList.Lookup[index].SubTable:
                sub = getattr(sub, "ExtSubTable", sub)
                mapping.update(getattr(sub, "mapping", {}))
        return mapping
    raise SystemExit("the font has no feature tnum")


def freeze(font):
    mapping = tabular_digits(font)
    for table in font["cmap"].tables:
        for digit in "0123456789":
            glyph = table.cmap.get(ord(digit))
            if glyph is not None:
                # Subtables may share one dictionary: map once.
                table.cmap[ord(digit)] = mapping.get(glyph, glyph)


def level(font):
    """Gives every digit the advance of the zero along the weight axis too.

    In the packaged font the bold tabular four is a little narrower than the rest.
    """
    cmap = font.getBestCmap()
    zero = font["gvar"].variations[cmap[ord("0")]]
    for digit in "123456789":
        for own, model in zip(font["gvar"].variations[cmap[ord(digit)]], zero, strict=True):
            if own.axes != model.axes:
                raise SystemExit(f"digit {digit} varies over other regions than zero")
            # The last four points are the metrics: left, right, top, bottom.
            own.coordinates[-3] = model.coordinates[-3]
    del font["HVAR"]
    hvar.add_HVAR(font)


def rename(font):
    names = font["name"]
    keep = {
        0: str(names.getDebugName(0)),
        1: NAME,
        2: "Regular",
        3: NAME + " 1.0; modified from Inter 4.0",
        4: NAME,
        5: "Version 1.0",
        6: NAME.replace(" ", ""),
        10: "Modified from Inter: tabular figures as default digits, subset, weights 400 to 600.",
        13: str(names.getDebugName(13)),
        14: str(names.getDebugName(14)),
    }
    axis_names = {axis.axisNameID for axis in font["fvar"].axes}
    names.names = [n for n in names.names if n.nameID in axis_names]
    for name_id, text in keep.items():
        names.setName(text, name_id, 3, 1, 0x409)
    font["fvar"].instances = []
    if "STAT" in font:
        del font["STAT"]


def main(source, target):
    font = TTFont(source, recalcTimestamp=False)
    freeze(font)
    options = subset.Options()
    options.layout_features = ["kern", "ccmp", "mark", "mkmk"]
    options.name_IDs = ["*"]
    options.notdef_outline = True
    options.hinting = False
    subsetter = subset.Subsetter(options)
    wanted = {c for low, high in RANGES for c in range(low, high + 1)}
    wanted.update(ord(c) for c in SIGNS)
    subsetter.populate(unicodes=wanted)
    subsetter.subset(font)
    font = instancer.instantiateVariableFont(font, {"wght": (400, 400, 600)})
    level(font)
    rename(font)
    font.save(target)
    for weight in (400, 500, 600):
        one = instancer.instantiateVariableFont(TTFont(target), {"wght": weight})
        widths = {one["hmtx"][one.getBestCmap()[ord(d)]][0] for d in "0123456789"}
        if len(widths) != 1:
            raise SystemExit(f"at weight {weight} digits have widths {sorted(widths)}")
    print(f"{target}: {len(font.getGlyphOrder())} glyphs")


if __name__ == "__main__":
    if len(sys.argv) != 3:
        raise SystemExit(__doc__)
    main(sys.argv[1], sys.argv[2])
