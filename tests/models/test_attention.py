"""models/attention: the shortcut equals the plain computation; masks; positions follow their formula."""

import math

import pytest
import torch
from torch.nn import functional as F

from chromolab.data.dataset.batches import Strip
from chromolab.models.attention import attend, attend_bins, merge_heads, positions, split_heads


def case(seed, n=3, t=11, m=4, d=12, heads=2):
    g = torch.Generator().manual_seed(seed)
    draw = lambda *shape: torch.randn(*shape, generator=g, dtype=torch.float64)  # noqa: E731
    seen = torch.rand(n, t, generator=g) > 0.4
    seen[:, 0] = True
    return draw(n, heads, d // heads), draw(n, t, m), seen, draw(d, m), draw(d, d), draw(d, d)


def attend_all_bins(q, features, seen, *maps):
    attended, (weights,) = attend_bins(q, [Strip(features, seen, 0)], features.shape[1], *maps)
    return attended, weights


@pytest.mark.parametrize("seed", range(5))
def test_one_query_without_keys_equals_building_them(seed):
    q, features, seen, project, to_key, to_value = case(seed)
    tokens = features @ project.T + positions(features.shape[1], len(project), features)
    k, v = (split_heads(tokens @ w.T, 2) for w in (to_key, to_value))
    expected, rows = attend(q[:, :, None], k, v, seen[:, None, None])
    got, weights = attend_all_bins(q, features, seen, project, to_key, to_value)
    torch.testing.assert_close(got, merge_heads(expected)[:, 0])
    torch.testing.assert_close(weights, rows[:, :, 0])


def test_hidden_keys_get_nothing_and_rows_sum_to_one():
    q, features, seen, *maps = case(0)
    weights = attend_all_bins(q, features, seen, *maps)[1]
    assert (weights[~seen[:, None].expand_as(weights)] == 0).all()
    torch.testing.assert_close(weights.sum(-1), torch.ones(3, 2, dtype=torch.float64))


def test_what_is_hidden_does_not_matter():
    q, features, seen, *maps = case(1)
    other = torch.where(seen[..., None], features, 1e3)
    torch.testing.assert_close(*(attend_all_bins(q, f, seen, *maps)[0] for f in (features, other)))


@pytest.mark.parametrize("cuts", [(1,), (2,), (1, 2)])
def test_strips_give_what_whole_windows_give(cuts):
    """Each strip is as narrow as what is seen in it; positions still count from the window's first bin."""
    q, features, seen, *maps = case(3)
    seen = torch.zeros_like(seen)
    seen[0, 1:10], seen[1, 3:8], seen[2, 5:6] = True, True, True
    expected, rows = attend_all_bins(q, features, seen, *maps)
    strips = []
    for a, b in zip((0, *cuts), (*cuts, 3), strict=True):
        columns = seen[a:b].any(0).nonzero()[:, 0]
        first, end = int(columns[0]), int(columns[-1]) + 1
        strips.append(Strip(features[a:b, first:end], seen[a:b, first:end], first))
    got, narrow = attend_bins(q, strips, features.shape[1], *maps)
    torch.testing.assert_close(got, expected)
    wide = [F.pad(w, (s.first, 11 - s.first - w.shape[2])) for w, s in zip(narrow, strips, strict=True)]
    torch.testing.assert_close(torch.cat(wide), rows)


def test_a_row_that_sees_nothing_is_not_nan():
    q, features, seen, *maps = case(2)
    assert attend_all_bins(q, features, torch.zeros_like(seen), *maps)[0].isfinite().all()


def test_attend_agrees_with_torch():
    g = torch.Generator().manual_seed(0)
    q, k, v = (torch.randn(2, 3, 5, 8, generator=g) for _ in range(3))
    bias = torch.randn(2, 3, 5, 5, generator=g)
    torch.testing.assert_close(attend(q, k, v, bias=bias)[0], F.scaled_dot_product_attention(q, k, v, attn_mask=bias))


def test_positions_follow_the_formula():
    table = positions(50, 8, torch.zeros(1))
    for place in (0, 1, 49):
        for i in range(4):
            angle = place / 10_000 ** (2 * i / 8)
            assert table[place, 2 * i].item() == pytest.approx(math.sin(angle), abs=1e-5)
            assert table[place, 2 * i + 1].item() == pytest.approx(math.cos(angle), abs=1e-5)


def test_heads_split_and_merge():
    x = torch.arange(24.0).reshape(1, 2, 12)
    assert (merge_heads(split_heads(x, 3)) == x).all()
    assert (split_heads(x, 3)[0, 1, 0] == x[0, 0, 4:8]).all()
