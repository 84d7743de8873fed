"""What ships is learnt from data whose licences are on a list; whatever is not on it is refused, with the reason."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tadarag.training.licences import ALLOWED, why_not_shipped


@pytest.mark.parametrize(
    "licence",
    [
        "MIT",
        "MIT (repository)",
        "apache 2.0",
        "Apache-2.0",
        "public domain",
        "CC-BY-SA-4.0",
        "CC BY 4.0",
        "CC BY-SA 4.0, CC BY-SA 3.0, Apache-2.0 (by source)",
        "MIT or Apache-2.0",
        "own",
    ],
)
def test_licences_on_the_list_allow_it_however_they_are_written(licence: str) -> None:
    assert why_not_shipped(licence) == ""


@pytest.mark.parametrize(
    ("licence", "why"),
    [
        ("", "no licence is stated"),
        ("(see the page)", "no licence is stated"),
        ("none stated", "'none stated' is no licence"),
        ("unknown", "'unknown' is no licence"),
        ("CC BY-NC-SA 4.0", "'CC BY-NC-SA 4.0' is for non-commercial use"),
        ("CC BY-SA 4.0 with a non-commercial part", "'CC BY-SA 4.0 with a non-commercial part' is for non-commercial use"),
        ("CC BY-SA 4.0, a part NC", "'a part NC' is for non-commercial use"),
        ("research", "'research' is for research only"),
        ("GPL-3.0", "'GPL-3.0' asks that all be under it"),
        ("CC BY-ND 4.0", "'CC BY-ND 4.0' forbids what is made from it"),
        ("MIT, the sets' own", '"the sets\' own" is not on the list of licences that allow it'),
        ("MIT or none stated", "'none stated' is no licence"),
    ],
)
def test_every_other_is_refused_with_the_reason(licence: str, why: str) -> None:
    assert why_not_shipped(licence) == why


@given(st.lists(st.sampled_from(sorted(ALLOWED)), min_size=1, max_size=4), st.sampled_from(["none stated", "CC BY-NC 4.0", "EULA"]))
def test_one_licence_that_forbids_it_is_enough_among_any_that_allow_it(allowed: list[str], other: str) -> None:
    assert why_not_shipped(", ".join(allowed)) == ""
    assert why_not_shipped(", ".join([*allowed, other]))
    assert why_not_shipped(", ".join([other, *allowed]))
