"""Apache over a folder of files, as a web host runs it: rules in `.htaccess`, on this machine, on a free port."""

from __future__ import annotations

import shutil
import subprocess
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.error import HTTPError, URLError
from urllib.request import ProxyHandler, build_opener

import pytest

from servers import end, free_port

_MODULES = Path("/usr/lib/apache2/modules")
_WANTED = ("mpm_event", "authz_core", "dir", "mime", "rewrite", "headers", "alias")
_DIRECT = build_opener(ProxyHandler({}))


@contextmanager
def apache(work: Path, top: Path, **folders: Path) -> Iterator[str]:
    """Serve folders.

    :param work: for its own files. :param top: what lies at the top. :param folders: path → folder, a "/" as "__".
    :returns: the address.
    """
    program = shutil.which("apache2", path="/usr/sbin:/usr/bin")
    if program is None or not _MODULES.is_dir():
        pytest.skip("apache2 is not installed: apt-get install apache2-bin")
    port = free_port()
    with TemporaryDirectory() as place:  # which it may read when it has given up the rights of root
        Path(place).chmod(0o755)
        for name, folder in {"top": top, **folders}.items():
            shutil.copytree(folder, Path(place, name))
            Path(place, name).chmod(0o755)
        yield from _served(program, port, work, Path(place), folders)


def _served(program: str, port: int, work: Path, place: Path, folders: Iterable[str]) -> Iterator[str]:
    aliases = "".join(f'Alias "/{name.replace("__", "/")}" "{place}/{name}"\n' for name in folders)
    config = f"""
ServerRoot "{work}"
ServerName 127.0.0.1
Listen 127.0.0.1:{port}
PidFile "{work}/pid"
DefaultRuntimeDir "{work}"
ErrorLog "{work}/errors"
{"".join(f"LoadModule {name}_module {_MODULES}/mod_{name}.so" + chr(10) for name in _WANTED)}
User nobody
Group nogroup
TypesConfig /dev/null
DocumentRoot "{place}/top"
{aliases}
<Directory />
  AllowOverride All
  Require all granted
  Options FollowSymLinks Indexes
</Directory>
"""
    (work / "apache.conf").write_text(config, encoding="utf-8")
    command = [program, "-X", "-f", str(work / "apache.conf")]
    with (work / "output").open("wb") as output:
        process = subprocess.Popen(command, stdout=output, stderr=output, stdin=subprocess.DEVNULL)
    try:
        address = f"http://127.0.0.1:{port}/"
        _wait(address, process, work)
        yield address
    finally:
        end(process)


def _wait(address: str, process: subprocess.Popen[bytes], work: Path) -> None:
    limit = time.monotonic() + 20
    while process.poll() is None and time.monotonic() < limit:
        try:
            _DIRECT.open(address, timeout=5).close()
            return
        except HTTPError as error:
            error.close()
            return
        except (URLError, OSError):
            time.sleep(0.05)
    told = "".join(file.read_text(errors="replace") for file in (work / "output", work / "errors") if file.exists())
    raise RuntimeError(f"Apache did not start: {told[-2000:]}")
