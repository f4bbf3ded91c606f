"""A small FASTA with what real ones have: soft-masked letters, N, other codes, lines of 10."""

import pytest

CHROMOSOMES = {"chr1": "ACGTTTGACANNacgtRYGA", "chr2": "GGGGCCCCAA", "chrM": "T"}


@pytest.fixture
def fasta(tmp_path):
    path = tmp_path / "a.fa"
    lines = [
        f">{name} some words\n{text[:10]}\n" + f"{text[10:]}\n" * (len(text) > 10) for name, text in CHROMOSOMES.items()
    ]
    path.write_text("".join(lines))
    return path
