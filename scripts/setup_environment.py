#!/usr/bin/env python3
"""Make .venv from the lock: `setup_environment.py [--into=FOLDER] [LOCK…]`. Needs nothing but Python itself.

Written for old Pythons too, so that they can say that they are too old.
"""

import hashlib
import os
import subprocess
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))  # noqa: PTH100, PTH120


def stop(message):  # type: ignore[no-untyped-def]
    """One clear line, and out."""
    sys.stderr.write("setup: " + message + "\n")
    sys.exit(1)


def main(locks, name=".venv"):  # type: ignore[no-untyped-def]
    """Create the environment where it is missing, install each lock that changed."""
    venv_folder = os.path.join(ROOT, name)  # noqa: PTH118
    if sys.version_info < (3, 11):
        stop(
            "Python 3.11 or newer is needed, this is %d.%d; install it, then: make PYTHON=python3.11"
            % sys.version_info[:2]
        )
    if not os.path.exists(os.path.join(venv_folder, "bin", "python")):  # noqa: PTH110, PTH118
        try:
            import ensurepip  # noqa: F401, PLC0415
            import venv  # noqa: PLC0415
        except ImportError:
            stop("Python's venv module is missing; on Debian and Ubuntu: apt-get install python3-venv")
        print("Creating the environment %s" % name, flush=True)
        venv.create(venv_folder, with_pip=True)
    for lock in locks:
        install(lock, venv_folder)
    version = "python%d.%d" % sys.version_info[:2]
    site = os.path.join(venv_folder, "lib", version, "site-packages", "lscbook-checkout.pth")  # noqa: PTH118
    with open(site, "w", encoding="utf-8") as out:  # noqa: PTH123
        out.write(ROOT + "\n")  # notebooks import lscbook from the checkout


def install(lock, venv_folder):  # type: ignore[no-untyped-def]
    """Install one lock with hashes, unless this very file was installed before."""
    path = os.path.join(ROOT, lock)  # noqa: PTH118
    with open(path, "rb") as stream:  # noqa: PTH123
        digest = hashlib.sha256(stream.read()).hexdigest()
    stamp = os.path.join(venv_folder, "." + lock + ".sha256")  # noqa: PTH118
    if os.path.exists(stamp):  # noqa: PTH110
        with open(stamp, encoding="utf-8") as stream:  # noqa: PTH123
            if stream.read() == digest:
                return
    print("Installing %s (exact versions, checked hashes; a few minutes the first time)" % lock, flush=True)
    command = [
        os.path.join(venv_folder, "bin", "python"),  # noqa: PTH118
        "-m",
        "pip",
        "install",
        "--disable-pip-version-check",
        "--no-deps",  # the lock is the whole list; some extras of a newer Python stand in none, and are not needed
        "--require-hashes",
        "--only-binary=:all:",
        "--progress-bar=off",
        "-q",
        "-r",
        path,
    ]
    if subprocess.call(command):  # noqa: S603
        stop("the packages could not be installed; the network is needed for this first step, the lines above say more")
    with open(stamp, "w", encoding="utf-8") as out:  # noqa: PTH123
        out.write(digest)


if __name__ == "__main__":
    given = sys.argv[1:]
    into = [a[len("--into=") :] for a in given if a.startswith("--into=")]
    main([a for a in given if not a.startswith("--into=")] or ["requirements.txt"], *into)
