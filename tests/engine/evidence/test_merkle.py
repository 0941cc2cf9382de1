"""The tree is that of RFC 6962, and a path leads to its root from its own leaf only."""

import pytest

from engine.evidence.merkle import leaf_hash, led_to, path, root

#: The inputs and roots with which implementations of certificate transparency test themselves.
INPUTS = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"]
ROOTS = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]


def leaves(size: int) -> list[bytes]:
    return [leaf_hash(str(number).encode()) for number in range(size)]


@pytest.mark.parametrize(("size", "expected"), [*enumerate(ROOTS, start=1)])
def test_the_roots_are_those_of_the_rfc(size: int, expected: str) -> None:
    made = [leaf_hash(bytes.fromhex(text)) for text in INPUTS[:size]]

    assert root(made).hex() == expected


@pytest.mark.parametrize("size", [1, 2, 3, 4, 5, 7, 8, 13, 64, 65])
def test_every_leaf_has_a_path_to_the_root_and_to_nothing_else(size: int) -> None:
    tree = leaves(size)

    for index, leaf in enumerate(tree):
        steps = path(tree, index)
        assert led_to(leaf, index, size, steps) == root(tree)
        assert led_to(leaf_hash(b"other"), index, size, steps) != root(tree)
        assert size == 1 or led_to(leaf, (index + 1) % size, size, steps) != root(tree)


def test_a_path_that_is_too_long_too_short_or_of_no_leaf_leads_nowhere() -> None:
    tree = leaves(5)
    steps = path(tree, 2)

    assert led_to(tree[2], 2, 5, steps[:-1]) is None
    assert led_to(tree[2], 2, 5, [*steps, steps[0]]) is None
    assert led_to(tree[2], 5, 5, steps) is None
    assert led_to(tree[2], -1, 5, steps) is None


def test_a_node_is_never_a_leaf() -> None:
    one, other = leaves(2)

    assert root([leaf_hash(one + other)]) != root([one, other])


def test_there_is_no_tree_without_leaves() -> None:
    with pytest.raises(ValueError, match="without leaves"):
        root([])
    with pytest.raises(IndexError, match="no leaf 3 among 3"):
        path(leaves(3), 3)
