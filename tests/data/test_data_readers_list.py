"""The list of what readers must stand: real tables in other encodings, marks and forms are the same tables.

The same table has the same fingerprint: names, kinds and values.
"""

from __future__ import annotations

import gzip
import io
import json
import re
import subprocess
import sys

import numpy as np
import polars as pl
import pytest
from workbook_bytes import workbook

import pellucid
from pellucid.data import guess_task

TABLES = ("titanic_train", "telco_churn", "bike_hour", "bank_marketing_full", "california_housing_cat", "gpa1")
ROWS = 500


@pytest.fixture(scope="module", params=TABLES)
def text(request, shared):
    """The first rows of a real table as CSV text."""
    lines = (shared / f"{request.param}.csv").read_text("utf-8-sig").splitlines()
    return "\n".join(lines[: ROWS + 1]) + "\n"


@pytest.fixture
def read(tmp_path):
    def call(content, name="t.csv", **options):
        (tmp_path / name).write_bytes(content if isinstance(content, bytes) else content.encode())
        return pellucid.read(tmp_path / name, **options)

    return call


def cells_of(text):
    return pl.read_csv(text.encode(), infer_schema=False)


def typed(text):
    return pl.read_csv(text.encode(), infer_schema_length=None)


def rewritten(text, change, **options):
    """The text with every cell of its number columns changed."""
    numbers = [name for name, kind in typed(text).schema.items() if kind.is_numeric()]
    changed = cells_of(text).with_columns(pl.col(numbers).map_elements(change, return_dtype=pl.String))
    return changed.write_csv(**options)


def with_thousands(mark):
    """1234567.5 as 1,234,567.5."""

    def change(cell):
        whole, point, rest = cell.partition(".")
        return re.sub(r"(?<=\d)(?=(\d{3})+$)", mark, whole) + point + rest

    return change


CLOTHES = {
    "byte order mark": lambda text: text.encode("utf-8-sig"),
    "UTF-16": lambda text: text.encode("utf-16"),
    "UTF-16 without a mark": lambda text: text.encode("utf-16-le"),
    "UTF-16, high byte first": lambda text: text.encode("utf-16-be"),
    "UTF-32": lambda text: text.encode("utf-32"),
    "Windows-1252": lambda text: text.encode("cp1252"),
    "semicolons": lambda text: cells_of(text).write_csv(separator=";"),
    "tabs": lambda text: cells_of(text).write_csv(separator="\t"),
    "bars": lambda text: cells_of(text).write_csv(separator="|"),
    "all cells quoted": lambda text: cells_of(text).write_csv(quote_style="always"),
    "CRLF": lambda text: text.replace("\n", "\r\n"),
    "CR": lambda text: text.replace("\n", "\r"),
    "no last line end": lambda text: text.removesuffix("\n"),
    "blank lines at both ends": lambda text: f"\n\n{text}\n\n\n",
    "comment lines": lambda text: f"# from the archive\n# 2024, May\n{text}",
    "decimal commas": lambda text: rewritten(text, lambda cell: cell.replace(".", ","), separator=";"),
    "decimal commas in quotes": lambda text: rewritten(text, lambda cell: cell.replace(".", ","), separator=","),
    "thousands with commas": lambda text: rewritten(text, with_thousands(",")),
    "thousands with blanks": lambda text: rewritten(text, with_thousands(" ")),
    "thousands with apostrophes": lambda text: rewritten(text, with_thousands("'")),
    "dollars": lambda text: rewritten(text, lambda cell: f"${with_thousands(',')(cell)}"),
    "euros behind": lambda text: rewritten(text, lambda cell: f"{cell} €"),
    "blanks around": lambda text: rewritten(text, lambda cell: f"  {cell} "),
    "exponents": lambda text: rewritten(text, lambda cell: f"{cell}e0"),
    "plus signs": lambda text: rewritten(text, lambda cell: cell if cell.startswith("-") else f"+{cell}"),
}


@pytest.mark.parametrize("clothes", CLOTHES)
def test_a_table_in_other_clothes_is_the_same_table(read, text, clothes):
    plain, other = read(text), read(CLOTHES[clothes](text), "u.csv")
    assert {c.name: c.kind for c in other} == {c.name: c.kind for c in plain}
    assert other.fingerprint() == plain.fingerprint()


@pytest.mark.parametrize("mark", ["?", "NA", "N/A", "n/a", "NaN", "nan", "null", "NULL", "-", " "])
def test_every_mark_for_a_gap_is_a_gap(read, text, mark):
    plain = read(text)
    marked = cells_of(text).with_columns(pl.all().replace(" ", None).fill_null(mark))
    assert read(marked.write_csv(), "u.csv").fingerprint() == plain.fingerprint()


def test_binary_formats_hold_the_same_table(read, text, tmp_path):
    plain, frame = read(text), typed(text)
    files = {}
    for name, form in (
        ("t.parquet", "parquet"),
        ("t.arrow", "ipc"),
        ("s.feather", "ipc_stream"),
        ("t.jsonl", "ndjson"),
    ):
        target = io.BytesIO()
        getattr(frame, f"write_{form}")(target)
        files[name] = target.getvalue()
    files["t.csv.gz"] = gzip.compress(text.encode())
    for name, raw in files.items():
        assert read(raw, name).fingerprint() == plain.fingerprint(), name
    folder = tmp_path / "parts"
    folder.mkdir()
    for part in range(3):
        frame[part * len(frame) // 3 : (part + 1) * len(frame) // 3].write_parquet(folder / f"part-{part}.parquet")
    assert pellucid.read(folder).fingerprint() == plain.fingerprint()


def test_a_workbook_holds_the_same_table(read, text):
    pytest.importorskip("fastexcel", reason="the extra 'excel' is not installed")
    frame = typed(text)[:300]
    plain = read(frame.write_csv())
    book = workbook({"sheet": [frame.columns, *(list(row) for row in frame.rows())]})
    assert read(book, "t.xlsx").fingerprint() == plain.fingerprint()


def test_standard_input_is_the_same_table(read, text, tmp_path):
    plain = read(text)
    program = "import sys; from pellucid.cli import main; sys.exit(main())"
    done = subprocess.run(
        [sys.executable, "-c", program, "profile", "-", "--json"], input=text.encode("utf-16"), capture_output=True
    )
    record = json.loads(done.stdout)
    assert (record["source"], record["rows"]) == ("standard input", plain.rows)
    assert [(c["name"], c["kind"], c["missing"]) for c in record["columns"]] == [
        (c.name, c.kind, int(c.missing.sum())) for c in plain
    ]


def test_without_its_header_it_keeps_every_row(read, text):
    plain, bare = read(text), read(text.partition("\n")[2], "u.csv")
    if "NO_HEADER" not in [finding.code for finding in bare.findings]:
        bare = read(text.partition("\n")[2], "u.csv", header=False)
    assert bare.rows == plain.rows
    for one, other in zip(plain, bare):
        assert one.kind == other.kind
        np.testing.assert_array_equal(one.objects(), other.objects())


DAY_FORMS = ["%Y/%m/%d", "%d.%m.%Y", "%m/%d/%Y", "%d-%m-%Y", "%d %B %Y", "%b %d, %Y", "%Y-%m-%d 00:00:00", "%d-%b-%y"]


@pytest.mark.parametrize("form", [*DAY_FORMS, "%Y-%m-%dT00:00:00Z", "%d.%m.%y", "%Y.%m.%d", "%a, %d %b %Y"])
def test_dates_in_other_forms_are_the_same_dates(shared, read, form):
    bike = typed((shared / "bike_hour.csv").read_text()).head(ROWS)
    days = bike["dteday"].str.to_date("%m/%d/%Y")
    plain = read(bike.write_csv())
    other = read(bike.with_columns(days.dt.strftime(form).alias("dteday")).write_csv(), "u.csv")
    assert other["dteday"].kind == "date"
    assert other.fingerprint() == plain.fingerprint()
    assert "dates of the form" in other["dteday"].reason


@pytest.mark.parametrize(
    ("no", "yes"),
    [
        ("no", "yes"),
        ("No", "YES"),
        ("false", "true"),
        ("F", "T"),
        ("n", "y"),
        ("off", "on"),
        ("0", "1"),
        ("0.0", "1.0"),
    ],
)
def test_yes_and_no_in_many_forms_are_two_classes(shared, read, no, yes):
    lines = (shared / "telco_churn.csv").read_text("utf-8-sig").splitlines()[:500]
    churned = [re.sub(",(Yes|No)$", lambda end: "," + {"Yes": yes, "No": no}[end[1]], line) for line in lines]
    table = read("\n".join(churned) + "\n")
    task = guess_task(table["Churn"])
    assert task.kind == "classification"
    assert len(task.classes) == 2
    share = sum(line.endswith(f",{yes}") for line in churned) / 499
    counts = np.unique(table["Churn"].values, return_counts=True)[1] / 499
    assert share in counts


def test_percentages_and_currencies_are_numbers_that_say_so(read):
    table = read("share,price\n" + "".join(f'{k} %,"$1,{k:03}"\n' for k in range(60)))
    assert [(c.name, c.kind) for c in table] == [("share", "number"), ("price", "number")]
    assert "%" in table["share"].reason
    assert "$" in table["price"].reason
    np.testing.assert_array_equal(table["price"].values, 1000 + np.arange(60))


def test_text_columns_and_identifiers_are_set_aside_with_the_reason(shared):
    table = pellucid.read(shared / "titanic_train.csv")
    assert {c.name: c.role for c in table if c.role != "input"} == {
        "PassengerId": "identifier",
        "Name": "text",
        "Ticket": "text",
        "Cabin": "text",
    }
    assert all(re.search(r"\d+ different values in \d+ rows", c.reason) for c in table if c.role != "input")


def test_wide_categories_get_a_rare_level():
    """More than 50 levels keep the 50 most frequent; the others share one column."""
    from pellucid.preprocessing import fit_preparation

    rng = np.random.default_rng(0)
    wide = {"letter": [f"l{k}" for k in rng.integers(0, 80, 4000)], "x": rng.normal(size=4000)}
    steps = fit_preparation(pellucid.read(wide)).columns
    assert (len(steps[0].levels), steps[0].rare_level) == (50, True)
