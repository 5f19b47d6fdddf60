"""Run a notebook in a kernel that is forked from a process which has its libraries already.

A kernel of its own starts in half a second and imports the drawing libraries in two; a forked one is
there at once. It is a whole Jupyter kernel all the same, spoken to by nbclient over its sockets.
"""

import os
import signal
import tempfile
from importlib import import_module
from pathlib import Path
from typing import Any, NoReturn

from jupyter_client.connect import KernelConnectionInfo, write_connection_file
from jupyter_client.manager import AsyncKernelManager
from jupyter_client.provisioning.provisioner_base import KernelProvisionerBase
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError

from lscbook.synthesis.book import Book

# What the notebooks import, the kernel itself, and what several of the pages need that are made beside them.
NEEDED = ("ipykernel.kernelapp", "lscbook.figures.chapters", "lscbook.figures.tables", "scipy.stats")


def warm() -> None:
    """Import what every kernel needs, before any is forked."""
    for name in NEEDED:
        import_module(name)


def run(notebook: Any, folder: Path, timeout: int, book: Book) -> Any:
    """The notebook with its outputs, or None where a cell failed.

    Its cells run in `folder`, and the book that they open is `book`: the kernel has read it already.
    The process that calls this forks before it opens a socket, and so runs one notebook in its life.
    """
    with tempfile.TemporaryDirectory() as place:
        file, _ = write_connection_file(str(Path(place) / "kernel.json"))
        kernel = os.fork()
        if kernel == 0:
            _serve(file, folder, book)
        manager = AsyncKernelManager(connection_file=file)
        manager.load_connection_file()
        manager.provisioner = _Child(parent=manager)
        manager.provisioner.child = kernel
        client = NotebookClient(notebook, km=manager, timeout=timeout, record_timing=False)
        try:
            return client.execute(cleanup_kc=True)
        except (CellExecutionError, CellTimeoutError, DeadKernelError):
            return None


def _serve(file: str, folder: Path, book: Book) -> NoReturn:
    """Be a kernel until killed; never come back into the caller's code."""
    from ipykernel.kernelapp import IPKernelApp  # noqa: PLC0415  imported before the fork

    try:
        os.setsid()
        os.chdir(folder)
        Book.of_build = book
        # with a parent it says nothing, and ends when that is gone
        app = IPKernelApp.instance(connection_file=file, parent_handle=os.getppid())
        app.initialize(["--HistoryManager.enabled=False"])  # type: ignore[no-untyped-call]
        app.start()  # type: ignore[no-untyped-call]
    finally:
        os._exit(0)


class _Child(KernelProvisionerBase):
    """A kernel that runs already, as a child of this process, the way a kernel manager asks about it."""

    child: int
    ended: int | None = None

    @property
    def has_process(self) -> bool:
        """Whether it was forked: always."""
        return True

    async def poll(self) -> int | None:
        """None while it runs."""
        if self.ended is None and (done := os.waitpid(self.child, os.WNOHANG)) != (0, 0):
            self.ended = os.waitstatus_to_exitcode(done[1])
        return self.ended

    async def wait(self) -> int | None:
        """Wait for its end."""
        if self.ended is None:
            self.ended = os.waitstatus_to_exitcode(os.waitpid(self.child, 0)[1])
        return self.ended

    async def send_signal(self, signum: int) -> None:
        """A signal, where there is still somebody to take it."""
        if await self.poll() is None:
            os.kill(self.child, signum)

    async def kill(self, restart: bool = False) -> None:  # noqa: ARG002, FBT001, FBT002  the caller's signature
        """End it at once."""
        await self.send_signal(signal.SIGKILL)

    async def terminate(self, restart: bool = False) -> None:  # noqa: ARG002, FBT001, FBT002
        """End it at once: its last word is not waited for."""
        await self.send_signal(signal.SIGKILL)

    async def launch_kernel(self, cmd: list[str], **kwargs: Any) -> KernelConnectionInfo:  # noqa: ARG002
        """It was launched before.

        Raises:
            RuntimeError: always; a kernel that has ended is not started again.
        """
        raise RuntimeError("a forked kernel is not started again")

    async def cleanup(self, restart: bool = False) -> None:  # noqa: FBT001, FBT002
        """Nothing: the folder of its connection file goes by itself."""
