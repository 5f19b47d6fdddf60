import socket

import pytest

from tests.conftest import NetworkForbidden


def test_a_connection_outside_loopback_raises():
    with pytest.raises(NetworkForbidden, match=r"192\.0\.2\.1"):
        socket.create_connection(("192.0.2.1", 80), timeout=1)


def test_loopback_stays_open():
    with socket.create_server(("127.0.0.1", 0)) as server:
        socket.create_connection(server.getsockname(), timeout=1).close()
