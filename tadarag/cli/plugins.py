"""Encoders by the name that a person writes on the command line."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tadarag.models.encoder import Encoder


def load_encoder(name: str) -> Encoder:
    """The encoder of that name; "name:argument" hands the argument on, such as the model of "sentence-transformers:MODEL".

    Raises PluginError, which names the encoders that are installed.
    """
    from tadarag.plugins import load_plugin

    plugin, _, argument = name.partition(":")
    make = load_plugin("tadarag.encoders", plugin)
    encoder: Encoder = make(argument) if argument else make()
    return encoder
