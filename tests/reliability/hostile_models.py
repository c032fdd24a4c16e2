"""Model files that nobody should trust: damaged by chance, or made by hand with a right checksum.

Every file that `hostile_models` gives must be refused. Alterations that leave a working model, such as another name of
a category's level, are no part of it: the checksum finds damage, and malice can write a model of its own.
"""

from __future__ import annotations

import base64
import copy
import hashlib
import json
import pickle
import random
import struct
import zlib
from collections.abc import Callable, Iterator
from typing import Any

from mishaps import MISHAPS

NO_CHECKSUM = "0" * 64
LEVELS = 1000


class Bomb:
    """What a pickle would run."""

    def __reduce__(self) -> tuple[Any, ...]:
        return (open, ("executed", "w"))


def hostile_models(sound: bytes, count: int) -> Iterator[tuple[str, bytes]]:
    """(what was done, bytes): all that are made by hand, then damage by chance until there are `count`."""
    made = [*lengths(sound), *headers(sound), *descriptions(sound), *strangers()]
    yield from made
    chance = random.Random(1)
    number = len(made)
    while number < count:
        mishap = chance.choice(MISHAPS)
        content = bytes(mishap(bytearray(sound), chance))
        if content != sound:
            yield f"chance: {mishap.__name__.replace('_', ' ')}", content
            number += 1


def parts(sound: bytes) -> tuple[dict[str, Any], dict[str, Any], bytes]:
    """(header, description, tensor bytes) of a model file."""
    size = int.from_bytes(sound[:8], "little")
    header = json.loads(sound[8 : 8 + size])
    description = json.loads(header["__metadata__"]["pellucid"])
    return header, {**description, "sha256": NO_CHECKSUM}, sound[8 + size :]


def file_of(header: str | dict[str, Any], tensors: bytes, text: str | None = None) -> bytes:
    """The file with this header, `text` as its description, and a right checksum where there is a place for one."""
    if isinstance(header, dict):
        if text is not None:
            header = {**header, "__metadata__": {"pellucid": text}}
        header = json.dumps(header, ensure_ascii=False)
    raw = header.encode("utf-8", "surrogatepass")
    content = len(raw).to_bytes(8, "little") + raw + tensors
    return content.replace(NO_CHECKSUM.encode(), hashlib.sha256(content).hexdigest().encode(), 1)


def lengths(sound: bytes) -> Iterator[tuple[str, bytes]]:
    """Wrong lengths of the header, and files cut at every interesting place."""
    size = int.from_bytes(sound[:8], "little")
    wrong = (0, 1, 2, size - 1, size + 1, len(sound), len(sound) - 7, 2**31, 2**32 + size, 2**62, 2**63, 2**64 - 1)
    for length in (*wrong, 100 * 2**20, 100 * 2**20 + 1):
        yield f"header of {length} bytes", length.to_bytes(8, "little") + sound[8:]
    yield "length in the other byte order", struct.pack(">Q", size) + sound[8:]
    for end in (0, 1, 7, 8, 9, 8 + size - 1, 8 + size, 8 + size + 1, len(sound) - 1):
        yield f"cut after {end} bytes", sound[:end]
    for tail in (b"\0", b" ", b"more", sound):
        yield f"{len(tail)} bytes more", sound + tail


def headers(sound: bytes) -> Iterator[tuple[str, bytes]]:
    """Headers that contradict the file, with a right checksum."""
    header, description, tensors = parts(sound)
    text = json.dumps(description, sort_keys=True, ensure_ascii=False)
    name = next(key for key in header if key != "__metadata__")
    whole = len(tensors)

    def changed(change: Callable[[dict[str, Any]], Any]) -> bytes:
        other = copy.deepcopy(header)
        change(other)
        return file_of(other, tensors, text)

    begin, end = header[name]["data_offsets"]
    offsets = (
        *([0, 0], [begin, end + 1], [begin + 1, end], [end, begin], [-1, end], [0, whole], [whole, 2 * whole]),
        *([2**63, 2**63 + 8], [0, 2**64], [begin, end, end], [begin], [], None, "0-8", [0.5, 8], [True, end]),
    )
    for value in offsets:
        yield f"data_offsets {value}", changed(lambda h, v=value: h[name].update(data_offsets=v))
    shapes = (
        *([], [0], [-1], [2**40, 2**40], [2**63], [2**64], [2**32, 2**32], [1.5], ["3"], None, "3x3", [[3]], [True]),
        *([0, 2**62], [1] * 65, [1] * 10_000, [10**400]),
    )
    for value in shapes:
        yield f"shape {str(value)[:30]}", changed(lambda h, v=value: h[name].update(shape=v))
    for value in (
        "F8",
        "F16",
        "BF16",
        "F64",
        "I8",
        "I32",
        "U8",
        "BOOL",
        "C64",
        "F8_E4M3",
        "O",
        "object",
        "",
        5,
        None,
        [],
    ):
        yield f"dtype {value!r}", changed(lambda h, v=value: h[name].update(dtype=v))
    for value in (
        "../../../etc/passwd",
        "/tmp/executed",
        "",
        "layers.0.weight\0",
        "__class__",
        "__metadata__ ",
        "💩" * 99,
    ):
        yield f"array called {value[:20]!r}", changed(lambda h, v=value: h.update({v: h.pop(name)}))
    for value in (None, [], "text", 5, {"pellucid": 5}, {"pellucid": None}, {"pellucid": {}}, {"other": "x"}, {}):
        other = {**header, "__metadata__": value}
        yield f"metadata {value!r}", file_of(other, tensors)
    yield "all arrays in one place", changed(lambda h: [h[k].update(data_offsets=[0, 8]) for k in h if k[0] != "_"])
    yield (
        "an array more",
        changed(lambda h: h.update(more={"dtype": "F32", "shape": [0], "data_offsets": [whole, whole]})),
    )
    yield (
        "ten thousand arrays",
        changed(
            lambda h: h.update(
                {f"a{k}": {"dtype": "F32", "shape": [0], "data_offsets": [whole] * 2} for k in range(10_000)}
            )
        ),
    )
    yield "an array less", changed(lambda h: h.pop(name))
    whole_header = json.dumps({**header, "__metadata__": {"pellucid": text}}, ensure_ascii=False)
    doubled = whole_header.replace(f'"{name}":', f'"{name}": {json.dumps(header[name])}, "{name}":', 1)
    yield "an array twice", file_of(doubled, tensors)
    metadata = whole_header.replace('"__metadata__":', '"__metadata__": {"pellucid": "{}"}, "__metadata__":', 1)
    yield "metadata twice", file_of(metadata, tensors)
    for depth in (1000, 100_000, 3_000_000):
        yield f"header nested {depth} deep", file_of("[" * depth + "]" * depth, tensors)
        yield f"metadata nested {depth} deep", file_of('{"__metadata__": ' + "[" * depth + "]" * depth + "}", tensors)
    for bad in ("", "[]", "null", "{", '"text"', "NaN", '{"a": NaN}', "\ud800", "{}" * 9, "\0" * 50, "1" * 5000):
        yield f"header {bad[:10]!r}", file_of(bad, tensors)
    for pad in ("\n", "\t", "  ", "\0"):
        content = file_of(pad + whole_header, tensors)
        yield f"header after {pad!r}", content


def descriptions(sound: bytes) -> Iterator[tuple[str, bytes]]:
    """Descriptions that describe no working model, with a right checksum."""
    header, sane, tensors = parts(sound)

    def made(text: str) -> bytes:
        return file_of(header, tensors, text)

    def written(description: Any) -> bytes:
        return made(json.dumps(description, sort_keys=True, ensure_ascii=False))

    for key in sorted(sane):
        if key not in ("written_by", "by_name", "decision", "label_weights"):
            yield f"without {key}", written({k: v for k, v in sane.items() if k != key})
    for schema in (2, 99, 10**30, 0, -1, 1.0, "1", True, None, [1], float(10**20)):
        yield f"schema {schema!r}", written({**sane, "schema": schema})
    plain = json.dumps(sane, sort_keys=True, ensure_ascii=False)
    for depth in (1000, 100_000, 1_000_000):
        yield f"description nested {depth} deep", made("[" * depth + "]" * depth)
        yield f"card nested {depth} deep", made(plain.replace('"findings": [', '"findings": ' + "[" * depth, 1))
    for bad in ("", "[]", "null", "5", '"text"', "{", "{}", plain[:-1], plain + "}", plain.replace("{", "[", 1)):
        yield f"description {bad[:12]!r} of {len(bad)}", made(bad)
    yield "a key twice", made(plain.replace('"kind":', '"kind": "regressor", "kind":', 1))
    yield "the checksum twice", made(plain.replace('"sha256":', f'"sha256": "{"1" * 64}", "sha256":', 1))
    for place in sorted(numbers_in(sane), key=str):
        for word in ("NaN", "-Infinity", "1e999"):
            other = json.dumps(replaced(sane, place, "@@"), sort_keys=True, ensure_ascii=False)
            yield f"{'.'.join(map(str, place))} = {word}", made(other.replace('"@@"', word, 1))
    for place, values in bombs(sane):
        for value in values:
            yield f"{'.'.join(map(str, place))} = {str(value)[:40]}", written(replaced(sane, place, value))
    yield "ten thousand labels, one of them long", written({**sane, "labels": [*map(str, range(10_000)), "z" * 10**6]})
    numbered = {**sane, "columns": None, "column_count": 10**12, "card": None}
    yield "a thousand billion columns without names", written(numbered)


def bombs(sane: dict[str, Any]) -> Iterator[tuple[tuple[Any, ...], tuple[Any, ...]]]:
    """Places and the values that would take all memory, reach for code or make no sense there."""
    code = ("os.system", "__import__('os')", "builtins.exec", "../x", {"__reduce__": "x"}, ["cos", "system"])
    huge = (10**12, 2**63, 10**30, -(2**63), -1, 0)
    yield ("network", "inputs"), (*huge, 1.5, "3", None)
    yield ("network", "outputs"), (*huge, 2, "1")
    yield ("network", "hidden"), ([10**12], [10**9] * 9, [0], [-3], [2**64], ["3"], "333", [[3]], [3] * 5000)
    for key in ("activation", "bias", "dropout", "initializer"):
        yield ("network", key), (*code, [], [5], 10**30, None)
    for key in ("loss", "optimizer"):
        yield ("training", key), (*code, *({"name": name} for name in code[:4]), [], 5, None)
    yield ("training", "dtype"), ("float64", "float16", "object", "O", "f8,f8", "(", "U99999999999", 5, None)
    yield ("training", "epochs"), (-1, "ten", None, [])
    yield ("training", "batch_size"), (0, -1, "ten", [], {})
    yield ("kind",), (*code, "", None, "Classifier", 5)
    yield ("column_count",), (*huge, 1.5, "3", None, [])
    yield ("columns",), ([], [5], ["x"], "abc", {}, 5, [None] * 3, [["a"]] * 3)
    yield ("parameters",), ([], None, "layers", {}, [5], ["layers.0.weight"] * 9, code[3:4])
    types = (
        "V9999999999",
        "U99999999999",
        "S9",
        "M8[s]",
        "m8",
        "c16",
        "(",
        "(1,",
        "f8,f8",
        "i4)",
        "O,O",
        "{}",
        "",
        "\0",
    )
    yield (
        ("label_type",),
        (*types, *code[:4], {"names": ["a"], "formats": ["O"]}, [["a", "f8"]], 5, None, [], "5" * 5000),
    )
    yield (
        ("labels",),
        ([], ["no"], ["no", "no"], ["yes", "no"], [0, 1], [None, "no"], "no", {}, None, [["no"], ["yes"]]),
    )
    yield ("multilabel",), (True, 0, "no", None, [])
    yield ("card", "rows"), (10**12, 10**15, 2**63, -1, 1.5, "9", None)
    yield (
        ("card", "sealed"),
        ("AAAA", "not base 64!", "=", 5, None, sealed_bomb(), base64.b64encode(b"\x78\x9c").decode()),
    )
    yield ("card", "labels"), ("no", 5, None, [5])
    yield ("card", "inputs"), ("x", 5, None, [5], [["x"]])
    yield ("history", "epochs"), ([5], "x", None, [{}], [[]], {})
    yield ("history", "kept_epoch"), ("1", None, 1.5, [])
    yield ("preparation", "columns"), ([], None, "x", {}, [5], [{}], [{"kind": "os.system"}])
    for place, column in enumerate(sane["preparation"]["columns"]):
        here = ("preparation", "columns", place)
        yield (*here, "kind"), (*code[:4], "", None, 5)
        yield (*here, "name"), ("not a column", 5, None, ["x"])
        if column["kind"] == "number":
            yield (*here, "fill"), ("0", None, [0], 10**400)
            yield (*here, "scaling"), (None, [], {}, {"center": 0.0}, {**column["scaling"], "divisor": 0.0})
            yield (*here, "levels"), (None, 5, ["a"], [[1]], [1.0] * 50_000)
        if column["kind"] == "category":
            yield (*here, "levels"), (None, 5, [5], [["a"]], [str(k) for k in range(LEVELS)])
            yield (*here, "encoding"), (*code[:4], "ordinal", None, 5)
        if column["kind"] == "date":
            yield (*here, "origin"), ("yesterday", "", None, 5, "2024-01-01T" + "0" * 5000)
            yield (*here, "steps"), (None, [], [5], [{}], column["steps"] * 3)
            yield (*here, "parts"), (None, [], [5], ["century"], column["parts"] * 3)


def many_levels(sound: bytes, count: int) -> bytes:
    """A file that is in order: a column of `count` levels before an output."""
    sane = parts(sound)[1]
    levels = {"levels": [f"{k:06}" for k in range(count)], "encoding": "one_hot", "fill": None}
    column = next(step for step in sane["preparation"]["columns"] if step["kind"] == "category")
    column = {**column, **levels, "missing_level": False, "rare_level": False}
    network = {**sane["network"], "inputs": count, "hidden": [], "activation": [], "dropout": []}
    history = {**sane["history"], "epochs": [{**row, "dead_units": []} for row in sane["history"]["epochs"]]}
    description = {
        **sane,
        "preparation": {**sane["preparation"], "columns": [column], "set_aside": {}, "story": []},
        "network": {**network, "bias": [True], "initializer": ["auto"]},
        "parameters": ["layers.0.weight", "layers.0.bias"],
        "history": history,
        "columns": [column["name"]],
        "column_count": 1,
        "card": None,
    }
    header = {
        "layers.0.weight": {"dtype": "F32", "shape": [1, count], "data_offsets": [0, 4 * count]},
        "layers.0.bias": {"dtype": "F32", "shape": [1], "data_offsets": [4 * count, 4 * count + 4]},
    }
    return file_of(header, bytes(4 * count + 4), json.dumps(description, sort_keys=True, ensure_ascii=False))


def sealed_bomb() -> str:
    """A mask that unpacks to 100 MB."""
    return base64.b64encode(zlib.compress(bytes(10**8), 9)).decode()


def strangers() -> Iterator[tuple[str, bytes]]:
    """Files of other kinds."""
    yield "pickle", pickle.dumps(Bomb())
    yield "old pickle", b"cos\nsystem\n(S'touch executed'\ntR."
    yield "pickle as header", len(pickle.dumps(Bomb())).to_bytes(8, "little") + pickle.dumps(Bomb())
    yield "zip of PyTorch", b"PK\x03\x04" + bytes(26) + b"archive/data.pkl"
    yield (
        "NumPy",
        b"\x93NUMPY\x01\x00v\x00{'descr': '|O', 'fortran_order': False, 'shape': (1,), }" + pickle.dumps(Bomb()),
    )
    yield "HDF5", b"\x89HDF\r\n\x1a\n" + bytes(100)
    yield "Python", b"import os\nos.system('touch executed')\n"
    yield "HTML", b"<!doctype html><title>404 Not Found</title>"
    yield "pointer", b"version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 5\n"
    yield "nothing", b""
    yield "blanks", b" " * 1000
    yield "zeros", bytes(1000)


def numbers_in(value: Any, place: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The places of the numbers in a description; of long lists the first."""
    if isinstance(value, bool):
        return
    if isinstance(value, (int, float)):
        yield place
    for key, inner in value.items() if isinstance(value, dict) else ():
        yield from numbers_in(inner, (*place, key))
    for key, inner in enumerate(value[:1] if isinstance(value, list) else ()):
        yield from numbers_in(inner, (*place, key))


def replaced(value: Any, place: tuple[Any, ...], new: Any) -> Any:
    """A copy with something else in one place."""
    if not place:
        return new
    copied = value.copy()
    copied[place[0]] = replaced(value[place[0]], place[1:], new)
    return copied
