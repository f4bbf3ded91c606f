"""What notebooks 03, 04 and 05 have in common by hand: 03 shows these functions, the other two import them."""

import numpy as np


def weights_of(piece):
    """A piece of a model -> all that it has learnt, {name: array}."""
    return {name: values.detach().numpy() for name, values in piece.named_parameters()}


def linear(x, weights, name):
    """x (..., C) -> (..., C'): one matrix, and its bias where there is one."""
    return x @ weights[f"{name}.weight"].T + weights.get(f"{name}.bias", 0)


def normalised(x, weights, name):
    """LayerNorm of x (..., D): mean 0 and standard deviation 1, then a learnt scale and shift for each column."""
    x = (x - x.mean(-1, keepdims=True)) / np.sqrt(x.var(-1, keepdims=True) + 1e-5)
    return x * weights[f"{name}.weight"] + weights[f"{name}.bias"]


def end_of_layer(x, told, weights, name):
    """Tokens x (..., D) and what attention told them -> new tokens: residual, LayerNorm, and a small network."""
    x = normalised(x + linear(told, weights, f"{name}.self_att.ff"), weights, f"{name}.self_att.ln")
    hidden = np.maximum(linear(x, weights, f"{name}.ff.l1"), 0)  # ReLU
    return normalised(x + linear(hidden, weights, f"{name}.ff.l2"), weights, f"{name}.ff.ln")
