"""For all tests: on a server the same examples every time, at a desk new ones."""

from __future__ import annotations

import os

from hypothesis import settings

settings.register_profile("server", derandomize=True, deadline=None)
if os.environ.get("CI"):
    settings.load_profile("server")
