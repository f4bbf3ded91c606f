"""world/sequence: letters that carry exactly the motifs that act, and edits of them."""

from dataclasses import replace

import numpy as np
import pytest
from helpers.worlds import TINY

from chromolab.errors import ChromolabError
from chromolab.world.parameters import Parameters
from chromolab.world.sequence import make_words, read_motifs
from chromolab.world.simulate import is_whole, simulate


@pytest.fixture(scope="module")
def own_world(tmp_path_factory):
    """A world whose files these tests may add to."""
    return simulate(cache=tmp_path_factory.mktemp("sequence"), **TINY)


@pytest.fixture(scope="module")
def text(own_world):
    """{chromosome: its letters}, read by the index."""
    letters, content = {}, own_world.fasta.read_bytes()
    for line in own_world.fasta.with_name("genome.fa.fai").read_text().splitlines():
        chrom, *numbers = line.split("\t")
        size, offset, per_line, width = map(int, numbers)
        body = content[offset : offset + size + (size - 1) // per_line * (width - per_line)]
        letters[chrom] = body.replace(b"\n", b"").decode()
    return letters


@pytest.fixture(scope="module")
def causes(own_world):
    return own_world.causes()


def around(text, element) -> str:
    return text[element["chrom"]][element["position"] - 500 : element["position"] + 500]


def edited(sequence: str, start: int, letters: str) -> str:
    return sequence[:start] + letters + sequence[start + len(letters) :]


def reverse_complement(sequence: str) -> str:
    return sequence[::-1].translate(str.maketrans("ACGT", "TGCA"))


def test_the_file_is_whole_made_once_and_says_where_its_chromosomes_are(own_world, text):
    assert {chrom: len(letters) for chrom, letters in text.items()} == own_world.parameters.chrom_sizes
    assert {*"".join(text.values())} == set("ACGT")
    made = own_world.fasta.stat().st_mtime_ns
    assert own_world.fasta.stat().st_mtime_ns == made
    content = own_world.fasta.read_bytes()
    own_world.fasta.write_bytes(content[:-5])  # the file of a copy that broke off
    assert own_world.fasta.read_bytes() == content
    assert is_whole(own_world.path)
    assert not list(own_world.path.glob(".*"))


def test_compartment_a_has_more_g_and_c(causes, text):
    share = {1.0: [], -1.0: []}
    for domain, of_cell in zip(causes.genome.domains.itertuples(), causes.genome.compartment, strict=True):
        letters = text[domain.chrom][domain.start : domain.end]
        if abs(of_cell.mean()) == 1:
            share[of_cell.mean()].append((letters.count("G") + letters.count("C")) / len(letters))
    assert np.mean(share[1.0]) == pytest.approx(0.44, abs=0.01)
    assert np.mean(share[-1.0]) == pytest.approx(0.38, abs=0.01)


def test_the_sequence_of_an_element_tells_its_motifs_exactly(causes, text):
    genome = causes.genome
    is_ctcf = genome.factors.group == "insulator"
    for row, element in genome.elements.iterrows():
        motif, strand = read_motifs(genome.parameters, around(text, element))
        is_anchor = element["kind"] == "anchor"
        np.testing.assert_array_equal(np.where(is_ctcf == is_anchor, motif, 0), genome.element_motif[row])
        assert not is_anchor or strand == element["strand"]


def test_every_motif_has_a_site_where_its_owner_is(own_world, causes, text):
    sites, genome = own_world.sites, causes.genome
    for site in sites.itertuples():
        assert text[site.chrom][site.start : site.end] == site.sequence
    for _, here in sites.groupby("chrom"):
        assert (here["start"].to_numpy()[1:] >= here["end"].to_numpy()[:-1]).all()
    table = sites.pivot(index="owner", columns="factor", values="match").fillna(0)
    table = table.reindex(columns=genome.factors.name, fill_value=0)
    np.testing.assert_array_equal(table.loc[genome.elements["element_id"]], genome.element_motif)
    np.testing.assert_array_equal(table.loc[genome.genes["gene_id"]], genome.gene_motif)
    of_genes = sites.merge(genome.genes[["gene_id", "promoter", "strand"]], left_on="owner", right_on="gene_id")
    middle = (of_genes["start"] + of_genes["end"]) / 2
    away = (middle - of_genes["promoter"]) * of_genes["strand_y"]
    assert np.mean((away > -200) & (away < 50)) > 0.95  # some make room for each other


def test_both_species_have_the_same_words_and_the_motif_file_lists_them(own_world):
    p = own_world.parameters
    words, other = make_words(p), make_words(replace(p, species="b"))
    for name, word in words.items():
        np.testing.assert_array_equal(word, other[name])
    assert any((make_words(replace(p, seed=p.seed + 1))[name] != word).any() for name, word in words.items())
    motifs = own_world.motifs.read_text().split("MOTIF ")[1:]
    for (name, word), motif in zip(words.items(), motifs, strict=True):
        title, _, *rows = motif.strip().splitlines()
        matrix = np.array([row.split() for row in rows], float)
        assert title == name
        np.testing.assert_array_equal(matrix.argmax(1), word)
        np.testing.assert_allclose(matrix.sum(1), 1, atol=1e-5)


def test_more_factors_than_words_can_be_kept_apart_are_refused():
    with pytest.raises(ChromolabError, match="factors; a sequence can be made for at most 60"):
        make_words(Parameters(cell_types=20, lineages=10))


# ---------------------------------------------------------------- edits


def test_the_sequence_as_it_is_changes_nothing_and_a_lost_site_what_the_lost_motif_does(own_world, causes, text):
    sites = own_world.sites.set_index("owner")
    elements = causes.genome.elements
    for element in elements[elements["kind"] == "enhancer"].head(3).to_dict("records"):
        sequence, name = around(text, element), element["element_id"]
        for values in causes.changes(causes.sequence(name, sequence)):
            np.testing.assert_array_equal(values, 0)
        site = sites.loc[[name]].iloc[0]
        lost = edited(sequence, site["start"] - element["position"] + 500, "N" * 12)
        expected = causes.motif(name, site["factor"], 0)
        np.testing.assert_array_equal(causes.sequence(name, lost).regulation.activity, expected.regulation.activity)
        assert (expected.regulation.activity != causes.regulation.activity).any()


def test_a_turned_ctcf_site_turns_its_anchor_and_contacts_follow(own_world, causes, text):
    sites, elements = own_world.sites.set_index("owner"), causes.genome.elements
    moved = 0
    for row in np.flatnonzero((elements["kind"] == "anchor") & causes.bound.any(1))[:20]:
        element = elements.iloc[row]
        sequence, site = around(text, element), sites.loc[element["element_id"]]
        turned = edited(sequence, site["start"] - element["position"] + 500, reverse_complement(site["sequence"]))
        after = causes.sequence(element["element_id"], turned)
        assert after.genome.elements["strand"].iloc[row] == -element["strand"]
        assert causes.genome.elements["strand"].iloc[row] == element["strand"]
        np.testing.assert_array_equal(after.bound, causes.bound)
        moved += (after.regulation.contact != causes.regulation.contact).any()
        back = after.sequence(element["element_id"], sequence)
        np.testing.assert_allclose(back.regulation.contact, causes.regulation.contact, rtol=1e-9)
    assert moved > 5


def test_two_lost_anchors_are_the_same_one_after_another_as_together(causes):
    elements = causes.genome.elements
    two = elements.loc[(elements["kind"] == "anchor") & causes.bound.any(1), "element_id"].head(2).tolist()
    together = causes.unbound(two).regulation.contact
    assert (together != causes.regulation.contact).any()
    np.testing.assert_allclose(causes.unbound(two[0]).unbound(two[1]).regulation.contact, together, rtol=1e-9)


def test_other_letters_are_refused(causes):
    name = causes.genome.elements["element_id"].iloc[0]
    with pytest.raises(ChromolabError, match="'U' at place 3 of the sequence; expected A, C, G, T or N"):
        causes.sequence(name, "ACU")
