"""The sizes of a Chromoformer."""

from dataclasses import dataclass

from chromolab.errors import ChromolabError


@dataclass(frozen=True)
class Shape:
    """The sizes of a Chromoformer; the defaults are the published ones."""

    width: int = 128  # D: a token, everywhere
    embed_heads: int = 2
    embed_hidden: int = 128  # inside the feed-forward block
    pairwise_layers: int = 2
    pairwise_heads: int = 2
    pairwise_hidden: int = 256
    regulation_layers: int = 6
    regulation_heads: int = 8
    regulation_width: int = 256  # queries, keys, values and gates, all heads together
    regulation_hidden: int = 256
    head_hidden: int = 128


def checked_shape(resolutions: tuple, sizes: dict) -> Shape:
    """The requested sizes as a `Shape`. Raises ChromolabError if a Chromoformer cannot have them."""
    if not resolutions:
        raise ChromolabError("resolutions is (); a Chromoformer needs at least one")
    unknown = sorted(set(sizes) - set(Shape.__dataclass_fields__))
    if unknown:
        raise ChromolabError(f"unknown sizes {unknown}; a Chromoformer has {', '.join(Shape.__dataclass_fields__)}")
    shape = Shape(**sizes)
    pairs = (("width", "embed_heads"), ("width", "pairwise_heads"), ("regulation_width", "regulation_heads"))
    for width, heads in pairs:
        if getattr(shape, width) % getattr(shape, heads):
            raise ChromolabError(f"{width}={getattr(shape, width)} is not divisible by {heads}={getattr(shape, heads)}")
    return shape
