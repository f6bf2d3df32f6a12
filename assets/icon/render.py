#!/usr/bin/env python3
"""Renders gigasite-16.png to gigasite-512.png beside gigasite.svg.

Reproduce:
    pip install pillow
    python3 assets/icon/render.py
The shapes are those of the SVG, drawn at eight times the size and reduced.
"""

from pathlib import Path

from PIL import Image, ImageDraw

PLATE = ((0.5, 0.5, 15, 15, 3.75), "#0B63CE")
BARS = [((3.5, 7.5, 2.2, 5, 0.6), "#FFFFFF"), ((6.9, 3.5, 2.2, 9, 0.6), "#FFFFFF"),
        ((10.3, 5.5, 2.2, 7, 0.6), "#FFFFFF")]


def render(side):
    k = side * 8 / 16
    image = Image.new("RGBA", (side * 8, side * 8), (0, 0, 0, 0))
    draw = ImageDraw.Draw(image)
    for (x, y, w, h, r), fill in [PLATE, *BARS]:
        draw.rounded_rectangle((x * k, y * k, (x + w) * k - 1, (y + h) * k - 1), r * k, fill)
    return image.resize((side, side), Image.LANCZOS)


if __name__ == "__main__":
    folder = Path(__file__).parent
    for side in (16, 24, 32, 48, 64, 128, 256, 512):
        render(side).save(folder / f"gigasite-{side}.png", optimize=True)
