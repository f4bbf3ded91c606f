"""The teaching genome held against real data: the same figures, measured alike, beside the bands of the real."""
