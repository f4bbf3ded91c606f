"""data/report: what a loader left out, counted, with examples."""

from chromolab.data.report import Report


def test_report():
    report = Report()
    report.add("never", [])
    report.add("left out", ["a", "a", "b", "c", "d"])
    report.add("kept", count=12_345)
    assert str(report) == "     5 left out (a, b, c, ...)\n12,345 kept"
    assert report.table["count"].tolist() == [5, 12_345] and report.count("left") == 5 and report.count("no") == 0
    assert "<tr><td>5</td><td>left out</td><td>a, b, c</td></tr>" in report._repr_html_()
