"""A real server of Z39.50 and SRU: Debian's yaz-ztest, whose hits are the number that a search begins with."""

import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.harvest.loopback import free_port

CONFIGURATION = """<yazgfs>
  <listen id="here">tcp:127.0.0.1:{port}</listen>
  <server id="test" listenref="here">
    <cql2rpn>{directory}/pqf.properties</cql2rpn>
    <explain xmlns="http://explain.z3950.org/dtd/2.0/">
      <serverInfo protocol="SRU" version="1.2"><host>127.0.0.1</host><port>{port}</port>
        <database>Default</database></serverInfo>
      <databaseInfo><title>Books about programming</title></databaseInfo>
      <indexInfo>
        <set identifier="info:srw/cql-context-set/1/dc-v1.1" name="dc"/>
        <index><title>Title</title><map><name set="dc">title</name></map></index>
        <index><title>Author</title><map><name set="dc">creator</name></map></index>
      </indexInfo>
      <schemaInfo><schema identifier="info:srw/schema/1/marcxml-v1.1" name="marcxml"><title>MARC</title></schema>
      </schemaInfo>
    </explain>
  </server>
</yazgfs>
"""
INDEXES = """set.cql = info:srw/cql-context-set/1/cql-v1.1
set.dc = info:srw/cql-context-set/1/dc-v1.1
set.bath = http://zing.z3950.org/cql/bath/2.0/
index.cql.anywhere = 1=1016
index.dc.title = 1=4
index.dc.creator = 1=1003
index.dc.date = 1=31
index.bath.isbn = 1=7
relation.eq = 2=3
relation.scr = 2=3
relation.all = 2=3
position.any = 3=3 6=1
structure.* = 4=6
"""


@contextmanager
def running(directory: Path) -> Iterator[int]:
    """The port of the server, for both protocols; it has a database Default of 24 records in MARC 21."""
    port = free_port()
    (directory / "pqf.properties").write_text(INDEXES, encoding="utf-8")
    configuration = directory / "server.xml"
    configuration.write_text(CONFIGURATION.format(port=port, directory=directory), encoding="utf-8")
    # In one process, so that ending it ends everything.
    server = subprocess.Popen(["yaz-ztest", "-S", "-v", "none", "-f", str(configuration)], cwd=directory)
    try:
        for _ in range(200):
            assert server.poll() is None, "yaz-ztest did not start"
            with socket.socket() as knock:
                if knock.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.05)
        yield port
    finally:
        server.kill()
        server.wait()
