import hashlib
import urllib.error
import urllib.request

import pytest

import pellucid
from pellucid import data
from pellucid.data import datasets
from pellucid.errors import DataError, FileError

TEXT = b"X1,X2,color\n0.5,1.5,c1\n2.5,3.5,c2\n"


@pytest.fixture
def remote(tmp_path, monkeypatch):
    """A small file served from a file:// address in place of the spiral, with nothing cached."""
    served = tmp_path / "served.csv"
    served.write_bytes(TEXT)
    stand_in = datasets.RemoteTable("spiral.csv", served.as_uri(), hashlib.sha256(TEXT).hexdigest())
    monkeypatch.setattr(datasets, "SPIRAL", stand_in)
    monkeypatch.delenv("PELLUCID_DATASETS", raising=False)
    monkeypatch.setenv("PELLUCID_CACHE", str(tmp_path / "cache"))
    return served


def test_titanic_is_bundled():
    table = data.load_titanic()
    (record,) = data.bundled()
    assert (record.name, record.rows, record.columns) == ("titanic", table.rows, len(table.names))
    assert record.target in table
    assert [int(table[name].missing.sum()) for name in ("Age", "Cabin", "Embarked")] == [177, 687, 2]


def test_the_bundled_file_is_kaggles(shared):
    table = pellucid.read(shared / "titanic_train.csv")
    assert table.fingerprint() == data.load_titanic().fingerprint()


def test_a_download_is_kept_and_used_again(remote, tmp_path):
    assert data.fetch_spiral().rows == 2
    remote.unlink()
    table = data.fetch_spiral()
    assert table["color"].levels == ("c1", "c2")
    assert table.source == "spiral.csv"
    assert [p.name for p in (tmp_path / "cache").iterdir()] == ["spiral.csv"]


def test_the_cache_argument_wins_over_the_environment(remote, tmp_path):
    data.fetch_spiral(tmp_path / "mine")
    assert (tmp_path / "mine" / "spiral.csv").read_bytes() == TEXT
    assert not (tmp_path / "cache").exists()


def test_a_wrong_download_is_refused_and_not_kept(remote, tmp_path):
    remote.write_bytes(b"a page that says sorry")
    with pytest.raises(DataError, match=r"expected sha256 [0-9a-f]{64}, got [0-9a-f]{64}"):
        data.fetch_spiral()
    assert not (tmp_path / "cache").exists()


def test_a_damaged_cache_is_refused(remote, tmp_path):
    data.fetch_spiral()
    (tmp_path / "cache" / "spiral.csv").write_bytes(TEXT[:-3])
    with pytest.raises(DataError, match="delete it to fetch it again"):
        data.fetch_spiral()


def test_without_network_the_message_says_where_to_put_the_file(remote, tmp_path, monkeypatch):
    def unreachable(*_, **__):
        raise urllib.error.URLError("no route")

    monkeypatch.setattr(urllib.request, "urlopen", unreachable)
    with pytest.raises(DataError) as caught:
        data.fetch_spiral()
    for words in ("no route", str(tmp_path / "cache" / "spiral.csv"), "path=", "PELLUCID_DATASETS"):
        assert words in str(caught.value)


def test_a_cut_connection_leaves_nothing_behind(remote, tmp_path, monkeypatch):
    class Cut:
        def __enter__(self):
            return self

        def __exit__(self, *_):
            return False

        def read(self):
            raise ConnectionResetError("cut")

    monkeypatch.setattr(urllib.request, "urlopen", lambda *_, **__: Cut())
    with pytest.raises(DataError, match="cut"):
        data.fetch_spiral()
    assert not (tmp_path / "cache").exists()


def test_local_copies_need_no_network(shared, monkeypatch, tmp_path):
    def unreachable(*_, **__):
        raise AssertionError("the network was asked")

    monkeypatch.setattr(urllib.request, "urlopen", unreachable)
    monkeypatch.setenv("PELLUCID_DATASETS", str(shared))
    assert data.fetch_admissions(tmp_path).rows == 400
    assert data.fetch_spiral(tmp_path).rows == 1500
    monkeypatch.delenv("PELLUCID_DATASETS")
    assert data.fetch_spiral(tmp_path, path=shared / "spiral.csv").rows == 1500
    assert list(tmp_path.iterdir()) == []


def test_a_wrong_or_absent_local_copy(tmp_path):
    wrong = tmp_path / "spiral.csv"
    wrong.write_bytes(TEXT)
    with pytest.raises(DataError, match="not the expected file"):
        data.fetch_spiral(path=wrong)
    with pytest.raises(FileError, match="expected a copy of https"):
        data.fetch_admissions(path=tmp_path / "none.csv")
