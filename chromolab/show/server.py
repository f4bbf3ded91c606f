"""A setting of `chromolab start` and `chromolab app`: a kernel's messages are passed to the page at once."""

from typing import Any

from jupyter_server.services.kernels.connection.channels import ZMQChannelsWebsocketConnection


class PromptConnection(ZMQChannelsWebsocketConnection):
    """A kernel's connection to the page, without Nagle's algorithm.

    A kernel answers a widget in small messages: busy, the answer, idle. By default TCP holds the second back until the
    page has acknowledged the first, which takes up to 40 ms however fast the kernel is. For a JupyterLab started
    without `chromolab start`:

        jupyter lab --ServerApp.kernel_websocket_connection_class=chromolab.show.server.PromptConnection
    """

    def connect(self) -> Any:
        """Connect as always, with small messages sent at once."""
        self.websocket_handler.set_nodelay(True)
        return super().connect()
