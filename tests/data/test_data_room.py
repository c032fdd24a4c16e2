import subprocess
import sys

import pytest

import pellucid.data


def test_every_public_name_is_there():
    for name in pellucid.data.__all__:
        assert getattr(pellucid.data, name).__doc__
    assert set(dir(pellucid.data)) == set(pellucid.data.__all__)


def test_the_room_is_light_until_a_name_is_used():
    code = "import sys, pellucid.data; print([m for m in ('numpy', 'polars', 'sklearn') if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_an_unknown_name():
    with pytest.raises(AttributeError, match="no attribute 'moon'"):
        pellucid.data.moon  # noqa: B018
