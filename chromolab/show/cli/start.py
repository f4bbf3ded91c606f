"""`chromolab start`: a copy of the course to work in, and JupyterLab on its first notebook."""

from pathlib import Path

from chromolab.errors import ChromolabError
from chromolab.show.course import Copy, copy_course, course_folder

FIRST = "00_start_here.ipynb"
SETTINGS = (  # of JupyterLab: on this machine only, prompt, and asking no other site
    "--ip=127.0.0.1",
    "--allow-root",  # changes nothing for other users; in a container root is all there is
    "--ServerApp.kernel_websocket_connection_class=chromolab.show.server.PromptConnection",
    "--LabApp.news_url=None",
    "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
)


def start(folder: str, copy_only: bool, arguments: list[str]) -> None:
    """Copy the course into a folder, say what was kept, and open JupyterLab there until it is interrupted.

    Parameters
    ----------
    folder : path; made if need be.
    copy_only : open nothing.
    arguments : passed on to JupyterLab: `--no-browser`, `--port=8899`, ...

    Raises
    ------
    ChromolabError
        The folder cannot be written, or JupyterLab is not installed.
    """
    print(_in_words(copy_course(folder), folder), flush=True)
    if not copy_only:
        try:
            from jupyterlab.labapp import LabApp
        except ImportError as e:
            raise ChromolabError(
                f"JupyterLab cannot be loaded ({e}): pip install 'chromolab[notebooks]', or `chromolab doctor`, which "
                f"says what is missing. The notebooks are in {folder}."
            ) from e
        LabApp.launch_instance([str(Path(folder) / FIRST), *SETTINGS, *arguments])


def own_app() -> Path:
    """The notebook of the lab's page: the one of this folder, else the course's own."""
    here = Path("notebooks") / "app.ipynb"
    return here if here.is_file() else course_folder() / here


def _in_words(done: Copy, folder: str) -> str:
    lines = [f"{folder}: {len(done.written)} files written, {len(done.kept)} kept as you changed them"]
    for name in done.kept:
        newer = "; the course has another one now: to get it, rename yours and start again"
        lines.append(f"  kept {name}{newer if name in done.older else ''}")
    return "\n".join(lines)
