"""Drawings of networks: every node, edge, name and number read back, and nothing on top of anything else."""

from __future__ import annotations

import sys
from types import SimpleNamespace

import numpy as np
import pytest
from figure_texts import contrast_faults, text_faults
from hypothesis import given, settings
from hypothesis import strategies as st
from matplotlib.figure import Figure
from tables_of_documents import NAMES, drawable

import pellucid
from pellucid import NetworkSpec, TrainingSpec, fit_network, nn, plots
from pellucid.errors import ColumnError, InputError, MissingExtraError, ShapeError, SpecError

ADMISSION = {"layers.0.weight": np.array([[0.00276914, 0.68500788]]), "layers.0.bias": np.array([-4.7569233])}


def drawn_parameters(spec: NetworkSpec, seed: int = 0) -> nn.Parameters:
    rng = np.random.default_rng(seed)
    return {name: rng.normal(size=shape) for name, shape in pellucid.spec.parameter_shapes(spec).items()}


def texts(figure: Figure) -> list[str]:
    return [text.get_text() for ax in figure.axes for text in ax.texts]


def found(ax, gid):
    return next(one for one in ax.collections if one.get_gid() == gid)


shapes = st.builds(
    NetworkSpec,
    st.integers(1, 5),
    st.lists(st.integers(1, 5), max_size=3).map(tuple),
    st.integers(1, 4),
    bias=st.booleans(),
)


@given(spec=shapes, link=st.sampled_from(["identity", "sigmoid", "softmax"]), sums=st.booleans())
@settings(max_examples=30, deadline=None)
def test_every_parameter_is_one_edge_and_every_number_stands_at_its_node(spec, link, sums):
    parameters = drawn_parameters(spec)
    row = np.random.default_rng(1).normal(size=spec.inputs)
    layout = plots.lay_out_network(spec, row, parameters=parameters, link=link, sums=sums)
    weights = sorted(edge.weight for edge in layout.edges if edge.weight is not None)
    assert weights == sorted(float(w) for value in parameters.values() for w in value.ravel())
    Z, tape = nn.network_forward(row[None], parameters, spec.activations)
    values = {node.name: node.value for node in layout.nodes}
    answers = {"identity": Z, "sigmoid": nn.sigmoid(Z), "softmax": nn.softmax(Z)}[link][0]
    assert [values[f"output.{k}"] for k in range(spec.outputs)] == answers.tolist()
    for layer, cache in enumerate(tape[:-1]):
        kind = "activation" if sums else "unit"
        assert [values[f"layers.{layer}.{kind}.{k}"] for k in range(cache.A.shape[1])] == cache.A[0].tolist()
        if sums:
            assert [values[f"layers.{layer}.sum.{k}"] for k in range(cache.Z.shape[1])] == cache.Z[0].tolist()
    assert ("layers.0.bias" in values) == spec.biases[0]


@pytest.mark.parametrize(("sums", "theme"), [(True, plots.DARK), (False, plots.LIGHT)], ids=["sums", "units"])
@pytest.mark.parametrize(
    ("sizes", "named"),
    [((1, 1), "layers"), ((1, 5, 4), "neuron"), ((5, 1, 1), "layer"), ((4, 3, 3, 3, 2), ""), ((2, 2, 1), "neuron")],
)
def test_no_text_meets_another_in_any_architecture(sizes, named, sums, theme):
    spec = NetworkSpec(sizes[0], sizes[1:-1], sizes[-1])
    row = np.random.default_rng(1).normal(size=spec.inputs)
    boxes = (named,) if named else ()
    columns = [f"a column with the name {k}" for k in range(spec.inputs)]
    figure = plots.network(
        spec,
        row,
        parameters=drawn_parameters(spec),
        link="softmax",
        sums=sums,
        boxes=boxes,
        columns=columns,
        theme=theme,
    )
    assert text_faults(figure) == []
    assert contrast_faults(figure) == []


@pytest.mark.parametrize(("sizes", "room"), [((3, 2), True), ((2, 2, 2), True), ((2, 3), False)])
def test_weights_are_written_all_or_none_so_that_they_do_not_meet(sizes, room):
    spec = NetworkSpec(sizes[0], sizes[1:-1], sizes[-1], bias=False)
    parameters = drawn_parameters(spec)
    figure = plots.network(spec, parameters=parameters, sums=True)
    written = [f"{weight:.4g}" for value in parameters.values() for weight in value.ravel()]
    assert [weight in texts(figure) for weight in written] == [room] * len(written)
    assert text_faults(figure) == []


def test_edges_are_drawn_by_weight():
    spec = NetworkSpec(3, (4,), 2)
    parameters = drawn_parameters(spec)
    layout = plots.lay_out_network(spec, parameters=parameters)
    (ax,) = plots.network(spec, parameters=parameters).axes
    lines = found(ax, "weights")
    weights = np.array([edge.weight for edge in layout.edges if edge.weight is not None])
    order = np.argsort(np.abs(weights))
    assert (np.diff(np.asarray(lines.get_linewidth())[order]) > 0).all()
    colors = np.asarray(lines.get_color())[:, :3]
    assert len(np.unique(colors[weights > 0], axis=0)) == len(np.unique(colors[weights < 0], axis=0)) == 1
    assert (colors[weights > 0][0] != colors[weights < 0][0]).any()
    ends = [(edge.start, edge.end) for edge in layout.edges if edge.weight is not None]
    assert [tuple(map(tuple, segment)) for segment in lines.get_segments()] == ends
    assert found(ax, "nodes").get_offsets().tolist() == [list(node.at) for node in layout.nodes]


def test_the_model_of_admissions_as_a_network_and_its_forward_pass_in_four_panels():
    """The weight of gre is far from 0 for who has 790 points: no number that is not 0 is written as 0."""
    given = {"columns": ["gre", "gpa"], "outputs": ["P(admit = 1)"], "parameters": ADMISSION, "link": "sigmoid"}
    whole = plots.network(NetworkSpec(2), **given)
    assert {"gre", "gpa", "1", "Σ", "P(admit = 1)", "0.002769", "0.685", "-4.757"} <= set(texts(whole))
    steps = plots.network(NetworkSpec(2), [790, 3.6], stages=True, **given)
    titles = [ax.get_title(loc="left") for ax in steps.axes]
    assert titles == [
        "1. Inputs: gre = 790, gpa = 3.6",
        "2. Sum: 0.002769·790 + 0.685·3.6 - 4.757 = -0.1033",
        "3. sigmoid(-0.1033) = 0.4742",
        "4. Output: P(admit = 1) = 0.4742",
    ]
    told = [{text.get_text() for text in ax.texts} & {"790", "-0.1033", "0.4742"} for ax in steps.axes]
    assert told == [{"790"}, {"790", "-0.1033"}, {"790", "-0.1033", "0.4742"}, {"790", "-0.1033", "0.4742"}]
    assert text_faults(whole) == text_faults(steps) == []
    words = plots.network_in_words(plots.lay_out_network(NetworkSpec(2), [790, 3.6], **given))
    assert "-4.757, from bias to the sum of unit 0.0" in words
    assert words.endswith("The row has gre = 790, gpa = 3.6. The network answers P(admit = 1) = 0.4742.")


@pytest.mark.parametrize("name", NAMES)
def test_an_estimator_is_drawn_with_the_names_of_its_table(name):
    one = drawable(name)
    layout = plots.lay_out_network(one.model, one.row)
    inputs = [node.label for node in layout.nodes if node.kind == "input"]
    assert inputs == list(one.model.preparation_.names)
    answer = layout.node("output.0")
    assert answer.label == ("P(class 1)" if one.positive == "1" else f"P({one.positive})")
    assert answer.value == pytest.approx(one.chance[0], rel=1e-5)
    figure = plots.network(one.model, one.row, boxes=("layers",))
    assert {"input layer", "hidden layer", "output layer"} <= set(texts(figure))


@pytest.mark.parametrize("sizes", [(12, 64, 64, 3), (30, 512, 512, 10), (10_000, 10_000, 1)])
@pytest.mark.parametrize("theme", [plots.LIGHT, plots.DARK], ids=["light", "dark"])
def test_wide_layers_show_some_units_and_count_the_others(sizes, theme):
    spec = NetworkSpec(sizes[0], sizes[1:-1], sizes[-1])
    parameters = drawn_parameters(spec) if max(sizes) < 1000 else None
    columns = [f"{k} " + "long name " * 20 for k in range(sizes[0])]
    layout = plots.lay_out_network(spec, parameters=parameters, link="softmax", columns=columns)
    for layer, units in enumerate(sizes):
        at = layout.captions[layer].at.x
        shown = sum(node.at.x == at and node.kind != "bias" for node in layout.nodes)
        more = [int(gap.text.split()[1].replace(",", "")) for gap in layout.gaps if gap.at.x == at]
        assert shown + sum(more) == units
        assert shown == (units if units <= 12 else 11)
        assert f"{units:,} " in layout.captions[layer].text
    figure = plots.network(spec, parameters=parameters, link="softmax", columns=columns, theme=theme)
    assert text_faults(figure) == []
    assert contrast_faults(figure) == []
    assert max(map(len, texts(figure))) < 40


def test_all_units_are_shown_when_asked():
    spec = NetworkSpec(2, (40,), 1)
    layout = plots.lay_out_network(spec, most_units=None)
    assert sum(node.kind == "unit" for node in layout.nodes) == 40
    assert layout.gaps == ()


def test_boxes_hold_what_they_name():
    spec = NetworkSpec(5, (3, 3), 1)
    layout = plots.lay_out_network(spec, link="sigmoid", boxes=("layer", "neuron", "activation"))

    def inside(box):
        return {
            node.name
            for node in layout.nodes
            if box.low.x < node.at.x < box.high.x and box.low.y < node.at.y < box.high.y
        }

    layer, neuron, activation = layout.boxes
    assert inside(layer) == {f"layers.0.{kind}.{k}" for kind in ("sum", "activation") for k in range(3)}
    assert inside(neuron) == {"layers.1.sum.0", "layers.1.activation.0"}
    assert inside(activation) == {"layers.1.activation.2"}
    own = plots.lay_out_network(spec, boxes={"we can repeat this": ["layers.0.sum.0", "layers.0.activation.2"]})
    assert own.boxes[0].title == "we can repeat this"
    figure = plots.network(spec, link="sigmoid", boxes=("layer", "neuron", "activation"))
    assert text_faults(figure) == []
    assert sum(line.get_gid() == "box" for line in figure.axes[0].lines) == 3


def test_a_graph_of_the_drawing():
    networkx = pytest.importorskip("networkx")
    layout = plots.lay_out_network(
        NetworkSpec(2), columns=["gre", "gpa"], parameters=ADMISSION, link="sigmoid", most_units=None
    )
    graph = plots.to_networkx(layout)
    assert [graph.nodes[name]["label"] for name in ("input.0", "input.1")] == ["gre", "gpa"]
    assert graph.edges["input.1", "layers.0.sum.0"]["weight"] == 0.68500788
    assert networkx.dag_longest_path_length(graph, weight=None) == 3
    assert networkx.shortest_path(graph, "layers.0.bias", "output.0")[1:-1] == [
        "layers.0.sum.0",
        "layers.0.activation.0",
    ]


def test_without_networkx_the_extra_is_named(monkeypatch):
    monkeypatch.setitem(sys.modules, "networkx", None)
    with pytest.raises(MissingExtraError, match=r"pellucid\[lessons\]"):
        plots.to_networkx(plots.lay_out_network(NetworkSpec(2)))


def test_a_fitted_network_and_a_predictor_are_drawn_as_well():
    X = np.array([[0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
    fitted = fit_network(X, [0, 1, 1], NetworkSpec(2, (3,), 1), TrainingSpec("bce", epochs=2))
    layout = plots.lay_out_network(fitted, X[0])
    assert layout.node("output.0").value == pytest.approx(fitted.predict(X[:1])[0, 0], rel=1e-12)
    model = pellucid.MLPRegressor((2,), epochs=2, random_state=0).fit(X, [10.0, 20.0, 30.0])
    by_model = plots.lay_out_network(model, X[1])
    assert by_model == plots.lay_out_network(pellucid.predictor(model), X[1])
    assert by_model.node("output.0").value == pytest.approx(model.predict(X[1:2])[0])


def test_the_target_is_named_where_the_model_knows_it():
    model = pellucid.MLPClassifier((2,), epochs=1, random_state=0).fit([[0.0], [1.0], [2.0]], ["no", "yes", "no"])
    assert plots.lay_out_network(model).node("output.0").label == "P(yes)"
    model.card_ = SimpleNamespace(target="bought")
    assert plots.lay_out_network(model).node("output.0").label == "P(bought = yes)"


def test_given_axes_are_drawn_on_whole_or_in_panels():
    figure = Figure(figsize=(10, 5))
    left, right = figure.subplots(1, 2)
    spec = NetworkSpec(2, (2,), 1)
    assert plots.network(spec, parameters=drawn_parameters(spec), ax=right) is figure
    assert found(right, "nodes")
    assert not left.collections
    steps = plots.network(spec, [1, 2], parameters=drawn_parameters(spec), stages=True, ax=left)
    assert steps is figure
    assert len(figure.axes) == 2 + 6


SPEC = NetworkSpec(2, (2,), 1)


@pytest.mark.parametrize(
    ("given", "error", "said"),
    [
        ({"model": object()}, InputError, "expected a NetworkSpec"),
        ({"model": pellucid.MLPClassifier()}, InputError, "fitted MLPClassifier"),
        ({"columns": ["a"]}, ShapeError, "columns must name the 2"),
        ({"outputs": ["a", "b"]}, ShapeError, "outputs must name the 1"),
        ({"parameters": ADMISSION}, ShapeError, "parameters of the network 2-2-1"),
        ({"link": "sigmod"}, SpecError, "did you mean 'sigmoid'"),
        ({"row": [1, 2]}, InputError, "weights"),
        ({"stages": True}, InputError, "give the row"),
        ({"boxes": ("neurons",)}, SpecError, "did you mean 'neuron'"),
        ({"boxes": {"mine": ["input.7"]}}, SpecError, "'input.7'"),
        ({"boxes": ("activation",), "sums": False}, SpecError, "sums=True"),
        ({"most_units": 2}, SpecError, "at least 3"),
        ({"ax": Figure()}, InputError, "matplotlib Axes"),
    ],
)
def test_what_does_not_fit_is_said(given, error, said):
    with pytest.raises(error, match=said):
        plots.network(**({"model": SPEC} | given))


@pytest.mark.parametrize(
    ("row", "said"), [([1, np.nan], "'x1'"), ([1, 2, 3], r"\(inputs,\) = \(2,\)"), (["a", "b"], "2 numbers")]
)
def test_rows_that_do_not_fit_are_said(row, said):
    with pytest.raises(InputError, match=said):
        plots.network(SPEC, row, parameters=drawn_parameters(SPEC))


def test_a_row_of_an_estimator_is_checked_by_its_columns():
    model = pellucid.MLPClassifier((2,), epochs=1).fit(
        pellucid.read({"a": [1.0, 2.0, 3.0], "b": [1.0, 0.5, 2.0]}), [0, 1, 0]
    )
    with pytest.raises(ColumnError, match="'b'"):
        plots.network(model, {"a": 1.0})
