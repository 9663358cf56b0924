"""The proxy of deploy/ in front of the site: slow senders, large bodies, headers that lie."""

import re
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from s2s.web.bodies import limits
from s2s.web.urls import PAGES
from tests.crash.browser import Browser, form_with
from tests.crash.site import SENDERS, Site, children_of
from tests.deploy.conftest import CONFIGURATION, MEMORY, Proxy, configuration, haproxy
from tests.whole_site.test_pages import address

pytestmark = pytest.mark.crash

ATTACKERS = 30
LARGE = 99 * 1_000_000  # bytes
# Kilobytes of all web processes: two and their parent (`docs/operating.md`), and twice the bodies that they may hold.
AT_MOST = (500 + 2 * MEMORY) * 1024


@contextmanager
def begun(port: int, path: str, length: int, headers: dict[str, str] | None = None) -> Iterator[socket.socket]:
    """A POST of which only the first byte of its body has gone."""
    said = {"Host": "127.0.0.1", "Content-Length": str(length), "Content-Type": "multipart/form-data; boundary=x", **(headers or {})}
    head = "\r\n".join([f"POST {path} HTTP/1.1", *(f"{name}: {value}" for name, value in said.items()), "", ""])
    with closing(socket.create_connection(("127.0.0.1", port), timeout=60)) as line:
        line.sendall(head.encode() + b"-")
        yield line


def head_of(line: socket.socket) -> tuple[int, str]:
    head = line.recv(8000).decode("latin-1")
    return int(head.split(" ", 2)[1]), head


def test_what_is_shipped_is_a_valid_configuration_with_its_certificate(tmp_path: Path) -> None:
    pem, key = tmp_path / "tls.pem", tmp_path / "key.pem"
    made = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=s2s.example", "-keyout", str(key), "-out", str(pem)]
    subprocess.run(made, check=True, capture_output=True)
    pem.write_text(pem.read_text() + key.read_text())
    written = tmp_path / "haproxy.cfg"
    written.write_text(CONFIGURATION.read_text().replace("/etc/s2s/tls.pem", str(pem)))
    done = subprocess.run([haproxy(), "-c", "-f", str(written)], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


def test_the_proxy_lets_large_bodies_to_the_pages_that_take_files_and_to_no_other() -> None:
    [form] = re.findall(r"acl takes_files path_reg (\S+)", configuration("a", "b"))
    assert {address(page) for page in PAGES if re.search(form, address(page))} == set(limits())


def test_two_hundred_slow_senders_keep_nobody_waiting(site: Site, proxy: Proxy) -> None:
    browser = Browser(proxy.port).sign_in(SENDERS[0])
    with ExitStack() as slow:
        for _ in range(100):
            slow.enter_context(begun(proxy.port, "/sign-in", 1000))
            slow.enter_context(begun(proxy.port, "/upload/ctf", 60_000))
        for _ in range(12):
            assert browser.open("/home").status == 200
        name, content = site.a_file()
        assert not browser.upload(name, content).again


def test_a_form_that_goes_on_trickling_is_ended_all_the_same(site: Site) -> None:
    with Proxy(site, patience="2s") as proxy, begun(proxy.port, "/sign-in", 1000) as line:
        line.settimeout(0.2)
        for _ in range(300):
            with suppress(TimeoutError):
                answer = head_of(line)
                break
            line.sendall(b"-")
    assert answer[0] == 408
    assert "cache-control: no-store" in answer[1].lower()


def test_a_body_that_is_too_large_is_refused_before_the_site_hears_of_it(site: Site, proxy: Proxy) -> None:
    for path, length in (("/sign-in", 65_537), ("/upload/ctf", 100 * 1_048_576 + 1), ("/home", 10**9)):
        with begun(proxy.port, path, length) as line:
            status, head = head_of(line)
            assert (status, "x-frame-options" in head.lower()) == (413, False), path
            assert "cache-control: no-store" in head.lower()


@dataclass
class Liar(Browser):
    said: dict[str, str] = field(default_factory=dict)

    def headers(self, kind: str = "") -> dict[str, str]:
        return super().headers(kind) | self.said


def test_nobody_chooses_the_address_that_the_trail_gets(site: Site, proxy: Proxy) -> None:
    lies = {
        "X-Forwarded-For": "203.0.113.9",
        "X_Forwarded_For": "203.0.113.9",
        "X-Forwarded-Host": "evil.example",
        "Forwarded": "for=203.0.113.9",
    }
    Liar(proxy.port, said=lies).sign_in(SENDERS[1])
    assert site.ask("SELECT DISTINCT ip FROM audit_entry WHERE person = %s", SENDERS[1]) == [("127.0.0.1",)]


class Gauge:
    """The most memory that the web processes have had at one time: kilobytes, what they share counted once."""

    def __init__(self, site: Site) -> None:
        assert site.web
        self.processes = [site.web.pid, *children_of(site.web.pid)]
        self.most = 0
        self.over = threading.Event()
        self.thread = threading.Thread(target=self._look)

    def __enter__(self) -> "Gauge":
        self.before = self.now()
        self.thread.start()
        return self

    def __exit__(self, *error: object) -> None:
        self.over.set()
        self.thread.join()
        print(f"web processes: {self.before // 1024} MB before, {self.most // 1024} MB at most, {self.now() // 1024} MB after")  # noqa: T201

    def now(self) -> int:
        return sum(int(re.findall(r"^Pss: +(\d+)", Path(f"/proc/{one}/smaps_rollup").read_text(), re.M)[0]) for one in self.processes)

    def _look(self) -> None:
        while not self.over.wait(0.1):
            self.most = max(self.most, self.now())


def send(port: int, body: bytes, kind: str, cookies: dict[str, str]) -> int:
    """The status of an upload that is sent as far as it is taken; 0 when the connection ended without one."""
    head = {"Host": "127.0.0.1", "Content-Length": str(len(body)), "Content-Type": kind, **cookies}
    lines = "\r\n".join(["POST /upload/ctf HTTP/1.1", *(f"{name}: {value}" for name, value in head.items()), "", ""])
    with closing(socket.create_connection(("127.0.0.1", port), timeout=60)) as line:
        with suppress(OSError):
            line.sendall(lines.encode() + body)
        with suppress(OSError, IndexError):
            return head_of(line)[0]
    return 0


@pytest.mark.skipif(sys.platform != "linux", reason="memory is read from /proc")
@pytest.mark.parametrize("who", ["a stranger", "somebody signed in"])
def test_thirty_large_bodies_at_once_fill_no_memory_and_keep_nobody_waiting(site: Site, proxy: Proxy, who: str) -> None:
    browser, attacker = Browser(proxy.port).sign_in(SENDERS[0]), Browser(proxy.port)
    if who != "a stranger":
        attacker.sign_in(SENDERS[2])
    body, kind = form_with("6812061_CTF_6792303_001.xml", b" " * LARGE, attacker.token())
    with Gauge(site) as gauge, ThreadPoolExecutor(ATTACKERS) as pool:
        sent = [pool.submit(send, proxy.port, body, kind, attacker.headers()) for _ in range(ATTACKERS)]
        served = 0
        while not all(one.done() for one in sent) or served < 3:
            assert browser.open("/home").status == 200
            served += 1
            time.sleep(0.2)
    assert {one.result() for one in sent} <= {302, 503, 0}
    assert gauge.most < AT_MOST
