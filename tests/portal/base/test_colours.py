"""Colours out of a style sheet."""

from portal.base.colours import light_colours


def test_of_a_token_with_two_colours_the_light_one_is_taken():
    light = light_colours("portal")
    assert light["paper"] == "#ffffff" and light["ink"] == "#17202b"
    assert not set(light) & {"space-1", "text"}
