"""data/text: identifiers without their version."""

from chromolab.data.text import strip_version


def test_versions():
    assert strip_version(["ENSG00000000003.14", "ENSMUSG00000000001.4", "NM_000014.6", "ENSG00000000003"]) == [
        "ENSG00000000003",
        "ENSMUSG00000000001",
        "NM_000014",
        "ENSG00000000003",
    ]
    assert strip_version(["F25H2.1", "YAL001C", "ENSG00000182378.15_PAR_Y"]) == [
        "F25H2.1",
        "YAL001C",
        "ENSG00000182378_PAR_Y",
    ]
