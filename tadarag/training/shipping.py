"""Whether what a recipe makes may be handed on, and what else it was measured on."""

from __future__ import annotations

from tadarag.training.licences import why_not_shipped
from tadarag.training.recipes import Recipe

MEASURES_ONLY = "measures only, not to be shipped"


def verdict(recipe: Recipe) -> str:
    """Whether what a recipe makes ships, and why not, in a line."""
    forbidden = {source.name: why for source in recipe.data if (why := why_not_shipped(source.licence))}
    if recipe.profile:
        return f"not to be shipped: made by the profile {recipe.profile!r}"
    if recipe.ships:
        return f"ships; only measured on: {', '.join(forbidden)}" if forbidden else "ships"
    if forbidden:
        return f"{MEASURES_ONLY}: {'; '.join(f'{name}: {why}' for name, why in forbidden.items())}"
    return "not to be shipped: the recipe does not say ships: true"
