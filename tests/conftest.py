"""What every test shares: no network but loopback, and the optional shared data."""

import ipaddress
import socket
from pathlib import Path

import pytest

from lscbook import paths

SHARED = paths.ROOT.parent / "shared"


class NetworkForbidden(AssertionError):
    """A test tried to leave the machine."""


@pytest.fixture(scope="session", autouse=True)
def _loopback_only():
    real = socket.socket.connect

    def connect(self, address):
        if self.family in {socket.AF_INET, socket.AF_INET6}:
            host = address[0]
            try:
                inside = host == "localhost" or ipaddress.ip_address(host).is_loopback
            except ValueError:
                inside = False
            if not inside:
                raise NetworkForbidden(f"a test connected to {host}; tests stay on this machine")
        return real(self, address)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket.socket, "connect", connect)
        patch.setattr(socket.socket, "connect_ex", connect)
        yield


@pytest.fixture(scope="session")
def shared() -> Path:
    if not SHARED.is_dir():
        pytest.skip("the folder shared/ beside the project is missing; this test reads real records from it")
    return SHARED
