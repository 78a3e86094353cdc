"""The list of robots that this release knows: COUNTER's own, as a package carries it, and our addendum.

The package has a second list, of programs that fetch; it is no part of COUNTER's and would leave out reading
applications and partners' systems, so it isn't used.
"""

from __future__ import annotations

from functools import cache
from importlib.metadata import version
from importlib.resources import files

from library.domain.robots import RobotList, addendum_from, robot_list

_PACKAGE = "counter-robots"


@cache
def shipped_robots() -> RobotList:
    """The list, ready to be asked; its version names the package's and the addendum's."""
    patterns = files("counter_robots").joinpath("data/robot.txt").read_text("utf-8").splitlines()
    addendum = addendum_from(files("library.services").joinpath("robots_addendum.toml").read_text("utf-8"))
    return robot_list([pattern for pattern in patterns if pattern], f"{_PACKAGE} {version(_PACKAGE)}", addendum)
