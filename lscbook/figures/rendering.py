"""Pictures made once: what the same renderer made of the same specification is the same picture.

Starting the renderer takes longer than drawing, and most pictures of a build are those of the last.
"""

import hashlib
import json
import os
from collections.abc import Callable
from importlib.metadata import version
from typing import Any

import altair as alt
import vl_convert
from jsonschema import ValidationError

from lscbook import paths
from lscbook.errors import ChartInvalid

SCALE = 2  # dots of a PNG for one of the picture, sharp enough for a slide
KEPT = paths.CACHE / "rendered"


def svg(specification: dict[str, Any]) -> str:
    """A Vega-Lite chart as SVG; nothing is fetched for it.

    Raises:
        ChartInvalid: it is no Vega-Lite chart.
    """

    def make() -> bytes:
        _hold(specification)
        return str(vl_convert.vegalite_to_svg(specification, allowed_base_urls=[])).encode()

    return _once(f"{_name(specification)}.svg", make).decode()


def vega(specification: dict[str, Any]) -> dict[str, Any]:
    """A Vega-Lite chart as the Vega chart that a browser draws.

    Raises:
        ChartInvalid: it is no Vega-Lite chart.
    """

    def make() -> bytes:
        _hold(specification)
        return json.dumps(vl_convert.vegalite_to_vega(specification)).encode()

    chart: dict[str, Any] = json.loads(_once(f"{_name(specification)}.vega.json", make))
    return chart


def png(picture: str) -> bytes:
    """An SVG as PNG."""
    name = hashlib.sha256(picture.encode()).hexdigest()
    return _once(f"{name}.png", lambda: bytes(vl_convert.svg_to_png(picture, scale=SCALE)))


def bundle() -> bytes:
    """The renderer's own bundle for a browser, with its names kept to itself.

    It runs without eval where it is asked to interpret (`ast`).
    """

    def make() -> bytes:
        made = vl_convert.javascript_bundle("window.vegaEmbed = vegaEmbed;")
        return f"(() => {{\n{made}\n}})();\n".encode()

    return _once("vega.js", make)


def _hold(specification: dict[str, Any]) -> None:
    """Hold a chart against the schema, all but its configuration: that is our own, and of no other chart's making."""
    try:
        alt.Root.validate({name: part for name, part in specification.items() if name != "config"})
    except ValidationError as error:
        raise ChartInvalid(f"{error.json_path}: {error.message[:500]}") from None


def _name(specification: dict[str, Any]) -> str:
    return hashlib.sha256(json.dumps(specification, sort_keys=True).encode()).hexdigest()


def _once(name: str, make: Callable[[], bytes]) -> bytes:
    """What was made before under this name, with the same renderer, or else what is made now."""
    file = KEPT / version("vl-convert-python") / name
    if not file.exists():
        file.parent.mkdir(parents=True, exist_ok=True)
        partial = file.with_suffix(f".{os.getpid()}")  # notebooks draw side by side
        partial.write_bytes(make())
        partial.replace(file)
    return file.read_bytes()
