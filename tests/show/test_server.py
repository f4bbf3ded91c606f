"""The setting that `chromolab start` and `chromolab app` give a Jupyter server; tests/helpers/lab.py uses it too."""

import re
from pathlib import Path
from unittest.mock import Mock

from helpers import lab
from jupyter_server.services.kernels.connection.channels import ZMQChannelsWebsocketConnection
from jupyter_server.services.kernels.websocket import KernelWebsocketHandler
from traitlets.utils.importstring import import_item

from chromolab.show.cli.start import SETTINGS
from chromolab.show.page.app import CONNECTION
from chromolab.show.server import PromptConnection

ROOT = Path(__file__).parents[2]


def test_the_connection_sends_small_messages_at_once(monkeypatch):
    monkeypatch.setattr(ZMQChannelsWebsocketConnection, "connect", lambda self: "connected")
    connection = PromptConnection(websocket_handler=Mock(spec=KernelWebsocketHandler))
    assert connection.connect() == "connected"
    connection.websocket_handler.set_nodelay.assert_called_once_with(True)


def test_start_docs_and_tests_name_the_same_connection():
    setting = r"kernel_websocket_connection_class=([\w.]+)"
    docs = (ROOT / "docs" / "lab.md").read_text(encoding="utf-8")
    (named,), (told,) = re.findall(setting, " ".join(SETTINGS)), re.findall(setting, docs)
    assert named == told == lab.PROMPT and import_item(named) is PromptConnection
    assert f"kernel_websocket_connection_class={named}" in CONNECTION
