"""data/report: what became of the rows of a table, counted, with examples."""

from chromolab.data.report import Report


def test_report():
    report = Report()
    report.known("never", [])
    report.lost("left out", ["a", "a", "b", "c", "d"])
    report.kept("kept", count=12_345)
    report.changed("kept, but shorter", ["a"])
    assert str(report) == "     5 left out (a, b, c, ...)\n12,345 kept\n     1 kept, but shorter (a)"
    assert report.table["count"].tolist() == [5, 12_345, 1]
    assert report.table["kind"].tolist() == ["lost", "kept", "changed"], "0 rows are no line"
    assert "<tr><td>5</td><td>left out</td><td>a, b, c</td></tr>" in report._repr_html_()


def test_lines_of_a_kind():
    report = Report()
    report.lost("left out", ["a"])
    report.kept("kept", count=2)
    report.changed("kept, but shorter", ["b"])
    assert [line.what for line in report.of("lost", "changed")] == ["left out", "kept, but shorter"]
    assert report.of("kept")[0] == (2, "kept", (), "kept") and len(report.of("known")) == 0
