"""cl.build on real files: each becomes a dataset with a report, through a my.yaml alone."""

import zipfile

import numpy as np
import pandas as pd
import pyBigWig
import pytest
from helpers.own_data import write

import chromolab as cl

pytestmark = pytest.mark.real
MARKS = ("H3K4me1", "H3K4me3", "H3K9me3", "H3K27me3", "H3K36me3")


def page_of(folder) -> str:
    return (folder / "own.html").read_text()


def test_three_cell_types_in_the_pilot_regions_with_contacts(real, tmp_path):
    pilot = real / "roadmap-pilot"
    regions = pd.read_csv(pilot / "encodePilotRegions.hg19.bed", sep="\t", header=None)
    regions[regions[0] != "chrX"].to_csv(tmp_path / "regions.bed", sep="\t", header=False, index=False)
    cells = {
        c: {"tracks": {m: str(pilot / f"{c}-{m}.pval.signal.bigwig") for m in MARKS}} for c in ("E003", "E065", "E116")
    }
    contacts = real / "contacts" / "GM12878.promoter-capture-hic.hg19.tsv.gz"
    cells["E116"]["contacts"] = {"file": str(contacts), "one_based": True, "min_frequency": 6}
    ds = cl.build(
        write(
            tmp_path,
            {
                "assembly": "hg19",
                "out": "own.clds",
                "cell_types": cells,
                "folds": {"regions": "regions.bed", "number": 4},
                "annotation": {"file": str(pilot / "gencode_10_genes.gtf.gz"), "gene_types": ["protein_coding"]},
                "expression": {"file": str(pilot / "57epigenomes.RPKM.pc.gz")},
                "within": "regions.bed",
            },
        ),
        progress=False,
    )
    assert ds.genes["cell_type"].value_counts().to_dict() == {"E003": 351, "E065": 351, "E116": 351}
    with_contacts = (ds.pcre >= 0).any(1)
    assert set(ds.genes["cell_type"][with_contacts]) == {"E116"} and with_contacts.sum() >= 34
    assert set(ds.scales.values()) == {"neg_log10_p"} and ds.folds == [1, 2, 3, 4]
    assert "left out: the 40,000 bp window is not inside one region" in page_of(tmp_path)


@pytest.mark.parametrize("measured", [True, False])
def test_yeast_of_three_chromosomes(real, tmp_path, measured):
    yeast = real / "loader-fixtures" / "yeast"
    cell = {"tracks": {m: str(yeast / f"{m}.bw") for m in ("PolII", "Scc1", "MNase")}}
    if measured:
        cell["expression"] = {"forward": str(yeast / "RNA.fwd.bw"), "reverse": str(yeast / "RNA.rev.bw"), "over": 500}
    ds = cl.build(
        write(
            tmp_path,
            {
                "annotation": str(yeast / "TSSs.bed"),
                "cell_types": {"yeast": cell},
                "folds": 3,
                "window": 4000,
                "resolutions": [1000, 500, 100],
                "out": "own.clds",
            },
        ),
        progress=False,
    )
    assert len(ds) == 1790 and set(ds.genes["chrom"]) == {"II", "IV", "XVI"}
    if measured:
        middle = np.nanmean(ds.promoter_depth(500)[:, 3:5, 0], 1)  # PolII within 500 bp of the TSS
        assert 0.45 < ds.labels.mean() < 0.55 and np.corrcoef(np.log1p(middle), ds.log2_expression)[0, 1] > 0.3
        assert "mean RNA signal (RNA.fwd.bw and RNA.rev.bw) over 500 bp" in page_of(tmp_path)
    else:
        assert (ds.labels == -1).all() and "No gene has expression" in page_of(tmp_path)
    depleted = np.nanmean(ds.promoter_depth(100)[..., 2], 0)  # nucleosomes are missing just upstream of the TSS
    assert depleted[17:20].mean() < 0.8 * depleted.mean()


@pytest.mark.parametrize(
    ("name", "options"), [("ibed1_example", {}), ("ibed2_example", {}), ("peakmatrix_example", {"frequency": "cellA"})]
)
def test_chicago_contacts_of_a_chromosome_named_19(real, tmp_path, name, options):
    """Real contacts; the baits' middles stand in for TSSs and the track is simulated, since only the table is here."""
    archive = real / "contacts" / f"{name}.zip"
    with zipfile.ZipFile(archive) as z:
        table = pd.read_csv(z.open(z.namelist()[0]), sep="\t")
    columns = ["bait_start", "bait_end"] if "bait_start" in table else ["baitStart", "baitEnd"]
    baits = table[columns].drop_duplicates().mean(axis=1).astype(int)
    rows = [f"chr19\t{tss}\t{tss + 1}\tbait{i}\t0\t{'+-'[i % 2]}\n" for i, tss in enumerate(baits)]
    (tmp_path / "baits.bed").write_text("".join(rows))
    with pyBigWig.open(str(tmp_path / "simulated.bw"), "w") as track:
        track.addHeader([("chr19", 58_617_616)])
        depth = np.random.default_rng(0).poisson(2.0, 58_617_616 // 500).astype(float)
        track.addEntries("chr19", 0, values=depth, span=500, step=500)
    contacts = {"file": str(archive), "one_based": True, **options}
    ds = cl.build(
        write(
            tmp_path,
            {
                "name": "real contacts, simulated track",
                "assembly": "hg38",
                "annotation": "baits.bed",
                "folds": 1,
                "min_frequency": 5,
                "out": "own.clds",
                "cell_types": {"cell": {"tracks": {"simulated": "simulated.bw"}, "contacts": contacts}},
            },
        ),
        progress=False,
    )
    assert len(ds) == len(baits) and set(ds.signal.regions["chrom"]) == {"chr19"}
    frequency, used = ds.frequency, ds.pcre >= 0
    assert frequency[used].min() > 5 and used.any(1).mean() > 0.8
    assert "CHiCAGO score" in page_of(tmp_path)


def test_genes_in_the_published_format(real, tmp_path):
    demo = {"meta": str(real / "h1-demo" / "meta.csv"), "arrays": str(real / "h1-demo" / "npy")}
    ds = cl.build(write(tmp_path, {"published": demo, "out": "own.clds"}), progress=False)
    by_hand = cl.read_published(demo["meta"], demo["arrays"], progress=False)
    np.testing.assert_array_equal(ds.signal.depth, by_hand.signal.depth)
    assert len(ds) == 60 and (ds.pcre[:, 0] < 0).sum() == 9 and "60" in page_of(tmp_path)
