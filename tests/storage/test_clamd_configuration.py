import pytest

from storage.clamd_configuration import read_configuration
from storage.errors import UnsafeScanner

GOOD = """# a comment with TCPSocket
LocalSocket /run/clamav/clamd.ctl
LocalSocketMode 660
StreamMaxLength 300M
MaxFileSize 300M
MaxScanSize 1000M
AlertExceedsMax yes
AlertEncrypted true
"""


def problems(tmp_path, text, largest=300 << 20):
    path = tmp_path / "clamd.conf"
    path.write_text(text)
    with pytest.raises(UnsafeScanner) as caught:
        read_configuration(path, largest=largest)
    return caught.value.problems


def test_a_safe_configuration_names_its_socket(tmp_path):
    path = tmp_path / "clamd.conf"
    path.write_text(GOOD)
    configuration = read_configuration(path, largest=300 << 20)
    assert str(configuration.socket) == "/run/clamav/clamd.ctl"
    assert configuration.limit == 300 << 20


def test_the_configuration_of_the_tests_is_safe(clamd):
    configuration = read_configuration(clamd.configuration, largest=8 << 20)
    assert configuration.socket == clamd.socket
    assert configuration.limit == 8 << 20


@pytest.mark.parametrize("line", ["TCPSocket 3310", "tcpsocket 3310", "  TCPSocket\t3310", "TCPAddr 127.0.0.1"])
def test_a_daemon_that_listens_to_the_network_is_refused(tmp_path, line):
    (problem,) = problems(tmp_path, GOOD + line + "\n")
    assert "TCPSocket" in problem


@pytest.mark.parametrize(
    ("line", "word"),
    [
        ("LocalSocket /run/clamav/clamd.ctl\n", "LocalSocket"),
        ("AlertExceedsMax yes\n", "AlertExceedsMax"),
        ("AlertEncrypted true\n", "AlertEncrypted"),
        ("StreamMaxLength 300M\n", "StreamMaxLength"),
        ("MaxFileSize 300M\n", "MaxFileSize"),
    ],
)
def test_each_line_that_is_left_out_is_asked_for(tmp_path, line, word):
    (problem,) = problems(tmp_path, GOOD.replace(line, ""))
    assert word in problem


@pytest.mark.parametrize("size", ["299M", "1K", "25M", "0", "-1", "many", "300MB"])
def test_limits_below_the_largest_upload_are_refused(tmp_path, size):
    (problem,) = problems(tmp_path, GOOD.replace("MaxFileSize 300M", f"MaxFileSize {size}"))
    assert "MaxFileSize 300M" in problem


def test_limits_may_be_given_in_bytes_and_in_kilobytes(tmp_path):
    path = tmp_path / "clamd.conf"
    path.write_text(
        GOOD.replace("MaxFileSize 300M", "MaxFileSize 314572800").replace(
            "StreamMaxLength 300M", "StreamMaxLength 307200k"
        )
    )
    assert read_configuration(path, largest=300 << 20).limit == 300 << 20


def test_debian_s_own_configuration_is_told_all_its_faults(tmp_path):
    text = "LocalSocket /var/run/clamav/clamd.ctl\nMaxScanSize 100M\nMaxFileSize 25M\nStreamMaxLength 25M\n"
    assert len(problems(tmp_path, text)) == 5


def test_a_missing_configuration_says_what_to_install(tmp_path):
    with pytest.raises(UnsafeScanner, match="clamav-daemon"):
        read_configuration(tmp_path / "none.conf", largest=1)
