"""Values of a recipe that are kept in a manifest: what YAML says, as JSON knows it."""

from __future__ import annotations

import json
import re
from typing import Any

import yaml

from tadarag.templates.nodes import NodeReader

_EXPONENT = re.compile(r"[-+]?\d+(\.\d*)?[eE][-+]?\d+")


def minutes_value(nodes: NodeReader, node: Any) -> float:
    """A number of minutes of at least 0. Problem: anything else."""
    minutes = plain_value(nodes, node, 0)
    if isinstance(minutes, bool) or not isinstance(minutes, int | float) or not minutes >= 0:
        nodes.wrong(node, f"{minutes!r} is no number of minutes", "write a number such as 0.5")
        return 0.0
    return float(minutes)


def mapping_value(nodes: NodeReader, node: Any) -> dict[str, Any]:
    """A mapping of any values. Problem: anything else."""
    found = plain_value(nodes, node, {})
    if not isinstance(found, dict):
        nodes.wrong(node, "here a mapping is expected", "write NAME: VALUE, one line for each")
        return {}
    return found


def plain_value(nodes: NodeReader, node: Any, default: Any) -> Any:
    """The value of a node as JSON knows it, `default` where it is none. Problem: a value that JSON has not, such as a date."""
    loader = yaml.SafeLoader("")
    _mend_exponents(node)
    try:
        return json.loads(json.dumps(loader.construct_document(node), allow_nan=False))
    except (TypeError, ValueError, yaml.constructor.ConstructorError) as error:
        nodes.wrong(node, f"this value cannot be kept in a manifest: {error}", "write texts, numbers, true, false, lists; dates in quotes")
        return default
    finally:
        loader.dispose()


def _mend_exponents(node: Any) -> None:
    """YAML 1.1 takes 1e-3 for a text, and only 1.0e-3 for a number; nobody who writes a learning rate means a text."""
    if isinstance(node, yaml.ScalarNode):
        if not node.style and _EXPONENT.fullmatch(node.value):
            node.tag = "tag:yaml.org,2002:float"
    elif isinstance(node, yaml.SequenceNode):
        for one in node.value:
            _mend_exponents(one)
    elif isinstance(node, yaml.MappingNode):
        for _, value in node.value:
            _mend_exponents(value)
