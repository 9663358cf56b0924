"""The unit files of deploy/: valid, shut in, and speaking of commands and settings that there are."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.crash.site import PROJECT

UNITS = ("s2s-web", "s2s-worker")
OPERATING = (PROJECT / "docs/operating.md").read_text()
EXPOSURE = 15  # tenths, by the scale of systemd-analyze; 96 is a service that nothing shuts in


def unit(name: str) -> str:
    return (PROJECT / f"deploy/{name}.service").read_text()


@pytest.fixture
def written(tmp_path: Path, request: pytest.FixtureRequest) -> Path:
    """The unit with paths of this machine, as systemd looks whether they are there."""
    path = tmp_path / f"{request.param}.service"
    path.write_text(re.sub(r"ExecStart=\S+", "ExecStart=/bin/true", unit(request.param)).replace("/opt/s2s", "/tmp"))
    return path


def analyze(*words: str) -> subprocess.CompletedProcess[str]:
    program = shutil.which("systemd-analyze")
    if program is None:
        pytest.skip("systemd is not installed: apt-get install systemd")
    return subprocess.run([program, *words], capture_output=True, text=True, check=False)


@pytest.mark.parametrize("written", UNITS, indirect=True)
def test_systemd_reads_it_without_a_complaint(written: Path) -> None:
    done = analyze("verify", str(written))
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize("written", UNITS, indirect=True)
def test_it_is_shut_in(written: Path) -> None:
    done = analyze("security", "--offline=yes", f"--threshold={EXPOSURE}", str(written))
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("name", UNITS)
def test_it_is_started_again_unless_the_settings_are_wrong(name: str) -> None:
    text = unit(name)
    assert "Restart=always\n" in text
    assert "RestartPreventExitStatus=78\n" in text
    assert f"ExecStart=/opt/s2s/.venv/bin/s2s {name.removeprefix('s2s-')}\n" in text


def test_every_setting_of_the_example_is_one_that_the_docs_explain() -> None:
    names = re.findall(r"^([A-Z0-9_]+)=", (PROJECT / "deploy/s2s.env").read_text(), re.MULTILINE)
    assert names
    assert [name for name in names if f"| `{name}` |" not in OPERATING] == []
