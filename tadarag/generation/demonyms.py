"""Countries by the adjective of nationality, in English."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType

import yaml

_FILE = Path(__file__).with_name("demonyms_en.yaml")


@cache
def demonyms() -> Mapping[str, str]:
    """ "American" to "United States", and so on; read once."""
    found: dict[str, str] = yaml.safe_load(_FILE.read_text("utf-8"))
    return MappingProxyType(found)
