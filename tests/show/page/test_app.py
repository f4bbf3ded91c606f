"""The page of the what-if lab: who gets in, what a visitor cannot do, and how many there can be."""

import os
import signal

import nbformat
import psutil
import pytest
import websocket
from helpers import toy_notebooks
from helpers.lab import wait
from helpers.page import TOKEN, Visitor, serving

from chromolab.errors import ChromolabError
from chromolab.show.page import app, stages

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("page")
    code = "import ipywidgets, sys\nprint(f'sum = {x + 41}', 'voila' in sys.modules)\nipywidgets.IntSlider()"
    toy_notebooks.write(folder / "app.ipynb", code)
    (folder / "picture.png").write_bytes(b"not for visitors")
    return folder


@pytest.fixture(scope="module")
def page(folder):
    with serving(folder / "app.ipynb", folder, "--Page.visitors=3", "--Visitors.grace=0") as served:
        yield served


@pytest.fixture(autouse=True)
def nobody_there(page):
    """Each test begins and ends without visitors."""
    yield
    page.close()
    assert page.kernels() == []


@pytest.mark.parametrize(
    "asked",
    [
        {"token": None},
        {"token": "guessed"},
        {"Host": "evil.example"},
        {"Host": "evil.example:8866", "token": None},
        {"Sec_Fetch_Dest": "image", "Sec_Fetch_Site": "cross-site", "token": None},
        {"Sec_Fetch_Dest": "image", "Sec_Fetch_Site": "same-site"},
        {"Sec_Fetch_Dest": "iframe", "Sec_Fetch_Site": "cross-site"},
    ],
)
def test_a_stranger_starts_no_kernel(page, asked):
    answer = page.get(**asked)
    assert answer.status_code in (302, 403)
    assert answer.status_code == 403 or "/login" in answer.headers["Location"]
    assert "sum = 42" not in answer.text and page.kernels() == []


def test_another_site_cannot_use_the_cookie(page):
    visitor = Visitor(page)
    (cookie,) = visitor.session.cookies
    assert cookie.get_nonstandard_attr("SameSite") == "Strict" and cookie.has_nonstandard_attr("HttpOnly")
    for site in ("cross-site", "same-site"):
        headers = {"Sec-Fetch-Site": site, "Sec-Fetch-Dest": "document", "Sec-Fetch-Mode": "navigate"}
        assert visitor.session.get(page.address, headers=headers, timeout=600).status_code == 403
    assert len(page.kernels()) == 1


def test_with_the_token_the_page_is_served_and_asks_nobody_else(page):
    answer = page.get(Sec_Fetch_Dest="document", Sec_Fetch_Site="none")
    assert answer.status_code == 200 and "sum = 42" in answer.text
    assert "default-src 'self'" in answer.headers["Content-Security-Policy"]
    links = app.re.findall(r'<(?:link|script|img)[^>]*(?:href|src)="([^"]+)"', answer.text)
    assert links and not [link for link in links if link.startswith(("http:", "https:", "//"))]


def test_where_nothing_can_be_forked_each_kernel_is_begun_by_itself(folder, tmp_path):
    windows = "import multiprocessing; multiprocessing.get_all_start_methods = lambda: ['spawn']; "
    with serving(folder / "app.ipynb", tmp_path, first=windows) as served:
        assert "sum = 42 False" in served.get().text
        (kernel,) = [p for p in served.process.children() if "ipykernel_launcher" in p.cmdline()]
        served.close()
        wait(lambda: not kernel.is_running(), "the kernel to end")
        assert "830 MB for each" in served.log.read_text()


def test_a_visitors_kernel_loads_nothing_of_the_server(page):
    assert "sum = 42 False" in page.get().text


def test_links_to_files_become_text_and_the_first_heading_the_title():
    text = "# The [lab](lab.ipynb)\n[there](../a/b.md#c), [here](#below), [out](https://a.b/c) ![picture](c.png)"
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_markdown_cell(text)])
    shown = app.for_visitors(None, notebook, "")
    assert shown.metadata.title == "The lab"
    assert shown.cells[0].source == "# The lab\nthere, [here](#below), [out](https://a.b/c) ![picture](c.png)"


def test_a_visitor_runs_no_code(page, tmp_path):
    visitor, mark = Visitor(page, stays=True), tmp_path / "ran"
    code = {"code": f"open({str(mark)!r}, 'w')", "silent": False, "store_history": False, "user_expressions": {}}
    evaluate = {"command": "evaluate", "arguments": {"expression": code["code"]}}
    for kind, content, channel in [
        ("execute_request", code, "shell"),
        ("execute_request", code, "control"),
        ("complete_request", {"code": "open('/etc/pas", "cursor_pos": 14}, "shell"),
        ("inspect_request", {"code": "x", "cursor_pos": 1}, "shell"),
        ("history_request", {"hist_access_type": "tail", "n": 5, "output": True, "raw": True}, "shell"),
        ("debug_request", evaluate, "control"),
    ]:
        visitor.ask(kind, content, channel)
    visitor.ask("comm_info_request", {})
    kinds = visitor.heard("comm_info_reply")
    assert not {k for k in kinds if k.startswith(("execute", "complete", "inspect", "history", "debug"))}
    assert not mark.exists()


def test_a_foreign_page_cannot_connect_to_a_kernel(page):
    visitor = Visitor(page)
    with pytest.raises(websocket.WebSocketBadStatusException, match="403"):
        visitor.connect(origin="http://evil.example")
    visitor.connect(origin=page.address)
    visitor.session.cookies.clear()
    with pytest.raises(websocket.WebSocketBadStatusException, match="403"):
        visitor.connect()


@pytest.mark.parametrize(
    "path",
    [
        "/app.ipynb",
        "/picture.png",
        "/voila/files/picture.png",
        "/voila/files/app.ipynb",
        "/voila/files//etc/passwd",
        "/voila/static/%2e%2e/app.py",
        "/voila/static//etc/passwd",
        "/voila/templates/lab/static/../../../../../../../../etc/passwd",
        "/voila/tree",
        "/voila/api/contents/",
        "/api/contents",
        "/api/sessions",
        "/lab",
    ],
)
def test_a_visitor_reads_no_file(page, path):
    answer = page.get(path)
    assert answer.status_code in (403, 404)
    assert "root:" not in answer.text and "not for visitors" not in answer.text and page.kernels() == []


def test_full_is_said_and_a_place_that_is_left_is_free_at_once(page):
    visitors = [Visitor(page, stays=True) for _ in range(3)]
    refused = page.get()
    assert refused.status_code == 503 and "3 visitors" in refused.text and "Retry-After" in refused.headers
    assert len(page.kernels()) == 3
    page.close(visitors[0].kernel)
    assert page.get().status_code == 200 and len(page.kernels()) == 3


def test_pages_that_nobody_looks_at_make_room(page):
    looked_at = Visitor(page, stays=True)
    for _ in range(5):
        assert page.get().status_code == 200
        assert len(page.kernels()) <= 3
    looked_at.ask("kernel_info_request", {})
    assert "kernel_info_reply" in looked_at.heard("kernel_info_reply")


def test_a_kernel_that_died_gives_up_its_place(page):
    visitors = [Visitor(page, stays=True) for _ in range(3)]
    dead = page.kernels()[0]
    dead.kill()
    wait(lambda: page.get().status_code == 200, "the server to notice the death")  # the fork server tells it
    assert len(visitors) == len(page.kernels()) and dead not in page.kernels()


def test_kernels_share_what_is_loaded(page):
    Visitor(page, stays=True)
    (kernel,) = page.kernels()
    memory = kernel.memory_full_info()
    assert memory.rss > 200e6 and memory.uss < memory.rss / 2


def test_kernels_of_left_pages_end_and_none_outlives_a_killed_server(folder):
    short = ("--Visitors.patience=1", "--Visitors.cull_interval=1")
    with serving(folder / "app.ipynb", folder, *short) as served:
        staying = Visitor(served, stays=True)
        Visitor(served)
        wait(lambda: len(served.kernels()) == 1, "the kernel of the page that was left to end")
        assert staying.socket.connected
        children = served.process.children(recursive=True)
        served.process.kill()
        psutil.wait_procs(children, timeout=600)
        assert not [p for p in children if p.is_running()]


@pytest.mark.parametrize("name", ["SIGINT", "SIGTERM", "SIGHUP"])
def test_a_server_that_ends_while_the_genome_is_made_leaves_no_process(folder, tmp_path, monkeypatch, name):
    cache = tmp_path / "cache"
    monkeypatch.setenv("CHROMOLAB_CACHE", str(cache))
    with serving(folder / "app.ipynb", tmp_path, prepared=False) as served:
        wait(lambda: list(cache.glob(".making-*/tracks/*")), "the genome to be begun")
        begun = served.process.children(recursive=True)
        assert len(begun) > 1
        served.process.send_signal(getattr(signal, name))
        psutil.wait_procs([served.process, *begun], timeout=600)
        assert not [p for p in (served.process, *begun) if p.is_running() and p.status() != psutil.STATUS_ZOMBIE]
        assert not list(cache.glob("world-*")), "they ended because the genome was made"


def test_connection_files_of_killed_servers_are_removed(tmp_path, monkeypatch):
    monkeypatch.setattr(stages, "jupyter_runtime_dir", lambda: str(tmp_path))
    gone = max(psutil.pids()) + 100_000
    for name in (str(gone), str(os.getppid()), "odd"):
        (tmp_path / "chromolab-page" / name).mkdir(parents=True)
    own = app.own_folder()
    assert {p.name for p in own.parent.iterdir()} == {str(os.getpid()), str(os.getppid())}


def test_a_missing_notebook_is_said():
    with pytest.raises(ChromolabError, match=r"no notebook nowhere\.ipynb"):
        app.serve("nowhere.ipynb", [])


def test_the_token_of_the_tests_is_not_printed(page):
    assert TOKEN not in page.log.read_text()
