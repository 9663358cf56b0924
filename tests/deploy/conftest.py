"""The site behind the proxy of deploy/, both real; where HAProxy is not installed these tests are skipped and say so."""

import shutil
import subprocess
from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path
from socket import create_connection

import pytest

from tests.crash.site import PROJECT, RECIPIENT, SENDERS, Site, free_port, until

CONFIGURATION = PROJECT / "deploy/haproxy.cfg"
MEMORY = 256  # megabytes of bodies


class Behind(Site):
    @property
    def environment(self) -> dict[str, str]:
        return super().environment | {"S2S_TRUSTED_PROXY": "1", "S2S_UPLOAD_MEMORY": str(MEMORY)}


class Proxy:
    def __init__(self, site: Site, *, patience: str = "20s") -> None:
        """As it is shipped, but without TLS and on ports of its own; `patience` is for a form."""
        self.port = free_port()
        text = configuration(f"127.0.0.1:{self.port}", f"127.0.0.1:{free_port()}").replace("127.0.0.1:8000", f"127.0.0.1:{site.port}")
        text = text.replace("wait-for-body time 20s", f"wait-for-body time {patience}")
        self.file = site.data / f"haproxy-{self.port}.cfg"
        self.file.write_text(text)

    def __enter__(self) -> "Proxy":
        self.process = subprocess.Popen([haproxy(), "-db", "-f", str(self.file)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        until(self.listens, "the proxy listens")
        return self

    def __exit__(self, *error: object) -> None:
        self.process.kill()
        self.process.wait()

    def listens(self) -> bool:
        with suppress(OSError), closing(create_connection(("127.0.0.1", self.port))):
            return True
        return False


def configuration(here: str, plain: str) -> str:
    """What is shipped, with these places to listen on and without a certificate."""
    text = CONFIGURATION.read_text()
    for shipped, ours in (("bind :443 ssl crt /etc/s2s/tls.pem alpn h2,http/1.1", f"bind {here}"), ("bind :80\n", f"bind {plain}\n")):
        assert text.count(shipped) == 1
        text = text.replace(shipped, ours)
    return text


def haproxy() -> str:
    found = shutil.which("haproxy") or ("/usr/sbin/haproxy" if Path("/usr/sbin/haproxy").exists() else "")
    if not found:
        pytest.skip("HAProxy is not installed: apt-get install haproxy")
    return found


@pytest.fixture(scope="module")
def site() -> Iterator[Site]:
    haproxy()
    site = Behind("behind", threads=4)
    try:
        site.settle(*SENDERS, RECIPIENT)
        site.start_web()
        yield site
    finally:
        site.close()


@pytest.fixture
def proxy(site: Site) -> Iterator[Proxy]:
    with Proxy(site) as proxy:
        yield proxy
