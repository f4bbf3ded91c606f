"""show/site/build: what is no site is not touched; the whole site is in test_in_browser.py."""

import pytest

from chromolab.errors import ChromolabError
from chromolab.show.site.build import build


def test_another_folder_is_not_replaced(tmp_path):
    (tmp_path / "site").mkdir()
    (tmp_path / "site" / "thesis.txt").write_text("mine")
    with pytest.raises(ChromolabError, match="is no site that was made here"):
        build(tmp_path, tmp_path / "site")
    assert (tmp_path / "site" / "thesis.txt").read_text() == "mine"


def test_a_name_that_fits_no_notebook_is_refused(tmp_path):
    (tmp_path / "notebooks").mkdir()
    with pytest.raises(ChromolabError, match="no notebook of the series begins with 99"):
        build(tmp_path, tmp_path / "site", ["99"])
