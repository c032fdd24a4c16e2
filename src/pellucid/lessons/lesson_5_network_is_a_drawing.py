import marimo

__generated_with = "0.25.2"
app = marimo.App(width="medium", app_title="5 · A network is a drawing", html_head_file="lesson_head.html")


@app.cell
def _():
    import marimo as mo
    import numpy as np
    import plotly.graph_objects as go

    from pellucid import (
        MLPClassifier,
        MLPRegressor,
        NetworkSpec,
        TrainingSpec,
        collapse,
        data,
        fit_network,
        ledger,
        nn,
        plots,
    )
    from pellucid.lessons import Choice, Number, Prediction, ask, ask_for_table, graded, on_your_table, real_table
    from pellucid.plots import LIGHT

    return (
        Choice,
        LIGHT,
        MLPClassifier,
        MLPRegressor,
        NetworkSpec,
        Number,
        Prediction,
        TrainingSpec,
        ask,
        ask_for_table,
        collapse,
        data,
        fit_network,
        go,
        graded,
        ledger,
        mo,
        nn,
        np,
        on_your_table,
        plots,
        real_table,
    )


@app.cell
def _(mo):
    mo.md(r"""
    # 5 · A network is a drawing

    A formula can be drawn: a circle for each number, a line for each multiplication. Once it is drawn, you can
    point at a circle and ask where its number comes from. In this lesson every circle answers.
    """)
    return


@app.cell
def _(mo):
    mo.md(r"""
    ## One formula, drawn

    A school admits applicants by their test score (*gre*, up to 800) and their grade (*gpa*, up to 4). Logistic
    regression on 400 applications gives

    $$P(\text{admit} = 1) = \frac{1}{1 + e^{-z}}, \qquad z = 0.00277\,\text{gre} + 0.68501\,\text{gpa} - 4.75692$$

    As a drawing it reads from left to right: inputs, weights on the lines, a sum, the sigmoid, the answer. The
    intercept is the *bias*: a weight on an input that is always 1.
    """)
    return


@app.cell
def _(NetworkSpec, np, plots):
    admission = {"layers.0.weight": np.array([[0.00276914, 0.68500788]]), "layers.0.bias": np.array([-4.7569233])}
    named = {"columns": ["gre", "gpa"], "outputs": ["P(admit = 1)"], "link": "sigmoid"}
    plots.network(NetworkSpec(2), parameters=admission, **named)
    return admission, named


@app.cell
def _(admission, nn, np):
    def chance(gre, gpa, parameters=admission):
        """The sum of one applicant and the probability that the sigmoid makes of it."""
        Z, _ = nn.network_forward(np.array([[gre, gpa]]), parameters, [])
        return Z.item(), nn.sigmoid(Z).item()

    return (chance,)


@app.cell
def _(Prediction, ask, chance):
    _z, _p = chance(790, 3.6)
    question_1 = Prediction(
        "An applicant has 790 on the gre and a gpa of 3.6, both near the top. The network says which probability "
        "of being "
        "admitted? Guess before you read on.",
        _p,
        0.1,
        f"z = 0.00276914 · 790 + 0.68500788 · 3.6 - 4.7569233 = 2.1876 + 2.4660 - 4.7569 = {_z:.4f}, and "
        f"1 / (1 + e^{-_z:.4f}) = {_p:.4f}. Even the best are nearly a coin toss here: the school admitted 127 of "
        f"400.",
    )
    answer_1 = ask(question_1)
    answer_1
    return answer_1, question_1


@app.cell
def _(answer_1, graded, question_1):
    graded(question_1, answer_1.value)
    return


@app.cell
def _(NetworkSpec, TrainingSpec, fit_network, mo, np, real_table):
    _table, _told = real_table("admissions")
    if _table is not None:
        _X = np.column_stack([_table["gre"].values, _table["gpa"].values])
        _middle, _spread = _X.mean(axis=0), _X.std(axis=0)
        _fitted = fit_network(
            (_X - _middle) / _spread,
            _table["admit"].values,
            NetworkSpec(2),
            TrainingSpec("bce", "lbfgs", epochs=60),
        )
        _w = _fitted.parameters["layers.0.weight"][0] / _spread
        _b = _fitted.parameters["layers.0.bias"].item() - float(_w @ _middle)
        _told += (
            f" {int(_table['admit'].values.sum())} of them were admitted. Fitted to it here, with nothing that keeps "
            f"weights small, the formula is z = {_w[0]:.5f} gre + {_w[1]:.5f} gpa - {-_b:.5f}; the weights above are the "
            "document's, whose library shrinks them unless it is told not to."
        )
    mo.md(_told)
    return


@app.cell
def _(mo):
    mo.md(r"""
    ## One row on its way through it

    The same applicant, four steps. What is not known yet is pale. Move the two sliders: every number follows.
    """)
    return


@app.cell
def _(mo):
    gre = mo.ui.slider(220, 800, step=10, value=790, label="gre", show_value=True)
    gpa = mo.ui.slider(2, 4, step=0.1, value=3.6, label="gpa", show_value=True)
    mo.hstack([gre, gpa], justify="start", gap=2, wrap=True)
    return gpa, gre


@app.cell
def _(NetworkSpec, admission, gpa, gre, named, plots):
    plots.network(NetworkSpec(2), [gre.value, gpa.value], parameters=admission, stages=True, **named)
    return


@app.cell
def _(
    NetworkSpec,
    TrainingSpec,
    admission,
    fit_network,
    gpa,
    gre,
    ledger,
    mo,
    np,
):
    school = fit_network(
        np.array([[790, 3.6], [220, 2.0]]),
        [1.0, 0.0],
        NetworkSpec(2),
        TrainingSpec("bce", epochs=0),
        initial=admission,
        engine="reference",
    )
    _told = ledger(school, [gre.value, gpa.value]).text()
    mo.md(f"The same four steps as a column of arithmetic:\n\n```text\n{_told}\n```")
    return


@app.cell
def _(Number, admission, ask, chance):
    rounded = {name: values.round(2) for name, values in admission.items()}
    question_2 = Number(
        "Somebody copies the drawing with two decimals on every line: 0.00 for gre, 0.69 for gpa, -4.76 for the "
        "bias. "
        "What is z of the applicant with 790 and 3.6 in that copy?",
        chance(790, 3.6, rounded)[0],
        0.005,
        "0.00 · 790 + 0.69 · 3.6 - 4.76 = 0 + 2.484 - 4.76 = -2.276. The test score no longer counts at all.",
    )
    answer_2 = ask(question_2)
    answer_2
    return answer_2, question_2, rounded


@app.cell
def _(answer_2, graded, question_2):
    graded(question_2, answer_2.value)
    return


@app.cell
def _(chance, mo, rounded):
    _wrong, _right = chance(790, 3.6, rounded)[1], chance(790, 3.6)[1]
    _lost = 0.00276914 * 790
    mo.md(rf"""
    /// admonition | A mistake that was printed

    The page that this lesson goes back to did just that: it rounded the weights for the picture and then computed
    with the picture. It announced $P = {_wrong:.3f}$ where the model says ${_right:.3f}$. A weight of 0.00277
    looks like nothing, but it meets inputs of several hundred: 0.00277 · 790 = {_lost:.2f}. Round what you *show*,
    never what you compute with; and never show a number that is not 0 as 0.00.
    ///
    """)
    return


@app.cell
def _(mo):
    mo.md(r"""
    ## Several sums, one on top of the other

    Nothing forces us to stop at one sum. Five inputs can go into three sums, those through a function each into
    three more, and so on. Draw any network with the controls; the boxes name its parts.
    """)
    return


@app.cell
def _(mo):
    inputs = mo.ui.slider(1, 8, value=5, label="inputs", show_value=True)
    units = mo.ui.slider(1, 8, value=3, label="hidden units in a layer", show_value=True)
    layers = mo.ui.slider(0, 3, value=2, label="hidden layers", show_value=True)
    mo.hstack([inputs, units, layers], justify="start", gap=2, wrap=True)
    return inputs, layers, units


@app.cell
def _(mo):
    activation = mo.ui.dropdown(["relu", "tanh", "sigmoid", "identity"], value="relu", label="activation")
    boxes = mo.ui.dropdown(
        {"the layers": ["layers"], "a layer, a neuron, an activation": ["layer", "neuron", "activation"], "none": []},
        value="the layers",
        label="boxes",
    )
    mo.hstack([activation, boxes], justify="start", gap=2, wrap=True)
    return activation, boxes


@app.cell
def _(NetworkSpec, activation, boxes, inputs, layers, plots, units):
    shape = NetworkSpec(inputs.value, (units.value,) * layers.value, 1, activation=activation.value)
    # Without a hidden layer there is no layer, neuron or activation to point at beside the output.
    _boxes = boxes.value if layers.value else []
    plots.network(shape, link="sigmoid", boxes=_boxes)
    return (shape,)


@app.cell
def _(mo, plots, shape):
    _pairs = [shape.sizes[k : k + 2] for k in range(len(shape.sizes) - 1)]
    _terms = [f"({_from} · {_to} + {_to})" for _from, _to in _pairs]
    _count = sum(_from * _to + _to for _from, _to in _pairs)
    _graph = plots.to_networkx(plots.lay_out_network(shape, link="sigmoid", most_units=None))
    mo.md(
        f"Parameters, one term a layer, weights and biases: {' + '.join(_terms)} = **{_count}**. As a graph for "
        f"networkx "
        f"(`plots.to_networkx`) it has {_graph.number_of_nodes()} nodes and {_graph.number_of_edges()} edges. "
        f"Every unit of "
        "a layer is joined to every unit of the next: the network is *fully connected*, or *dense*."
    )
    return


@app.cell
def _(Number, ask):
    _layers = ((8, 4), (4, 2), (2, 1))
    question_3 = Number(
        "8 inputs, then 4 units, then 2 units, then one output, every unit with a bias. How many parameters?",
        sum(a * b + b for a, b in _layers),
        0,
        f"{' + '.join(f'({a} · {b} + {b})' for a, b in _layers)} = "
        f"{' + '.join(str(a * b + b) for a, b in _layers)} = "
        f"{sum(a * b + b for a, b in _layers)}.",
    )
    answer_3 = ask(question_3)
    answer_3
    return answer_3, question_3


@app.cell
def _(answer_3, graded, question_3):
    graded(question_3, answer_3.value)
    return


@app.cell
def _(Choice, NetworkSpec, TrainingSpec, ask, collapse, fit_network, nn, np):
    _rng = np.random.default_rng(0)
    _start = nn.initialize((5, 3, 3, 1), True, "xavier_normal", _rng)
    _X, _y = np.eye(5), np.zeros(5)
    _plan = TrainingSpec("mse", epochs=0)
    _stack = fit_network(
        _X, _y, NetworkSpec(5, (3, 3), 1, activation="identity"), _plan, initial=_start, engine="reference"
    )
    _one = collapse(_stack)
    question_4 = Choice(
        "Take the activations out of a 5-3-3-1 network, so that sums go straight into sums. What can it do?",
        ["more than one sum of 5 inputs, it has more weights", "just what one sum of 5 inputs can do"],
        "just what one sum of 5 inputs can do",
        "A sum of sums is a sum. This one has 34 parameters, and multiplied out they are 5 weights and a bias:\n\n"
        f"```text\n{_one}\n```\n\nThe document of this lesson stacked sums first and added f(x) later; it is f(x) "
        f"that makes "
        "the stack worth having.",
    )
    answer_4 = ask(question_4)
    answer_4
    return answer_4, question_4


@app.cell
def _(answer_4, graded, question_4):
    graded(question_4, answer_4.value)
    return


@app.cell
def _(NetworkSpec, TrainingSpec, data, fit_network, mo):
    moons_X, moons_y = data.moons(120, 0.2, seed=0)
    small = fit_network(
        moons_X,
        moons_y,
        NetworkSpec(2, (4,)),
        TrainingSpec("bce", learning_rate=0.05, epochs=120, seed=3),
        engine="reference",
    )
    mo.md(f"""
    ## Point at a circle

    Here is a small network that has learned to tell two half-moons apart
    ({(small.predict(moons_X)[:, 0].round() == moons_y).mean():.0%} of its 120 rows right). Choose a row and
    **click a circle** in the drawing: its arithmetic stands below, forwards and backwards.
    """)
    return moons_X, moons_y, small


@app.cell
def _(mo):
    row = mo.ui.slider(0, 119, value=7, label="row", show_value=True)
    row
    return (row,)


@app.cell
def _(LIGHT, go):
    def live_drawing(layout):
        """The drawing as a Plotly figure; a click on a unit selects it."""
        look = go.Layout(template="simple_white", height=360, showlegend=False, clickmode="event+select")
        figure = go.Figure(layout=look)
        for edge in layout.edges:
            weight = edge.weight or 0
            figure.add_scatter(
                x=[edge.start.x, edge.end.x],
                y=[edge.start.y, edge.end.y],
                mode="lines",
                hoverinfo="skip",
                line={"color": LIGHT.series[0 if weight >= 0 else 1], "width": 0.6 + 1.6 * min(abs(weight), 2)},
                opacity=0.5,
            )
        nodes = layout.nodes
        figure.add_scatter(
            x=[node.at.x for node in nodes],
            y=[node.at.y for node in nodes],
            mode="markers+text",
            hovertext=[node.name for node in nodes],
            hoverinfo="text",
            text=[f"{node.label or node.function} {node.value:.2f}" for node in nodes],
            textposition="top center",
            marker={"size": 22, "color": LIGHT.page, "line": {"color": LIGHT.ink, "width": 1.4}},
            selected={"marker": {"color": LIGHT.series[2]}},
            unselected={"marker": {"opacity": 1}, "textfont": {"color": LIGHT.ink}},
        )
        figure.update_layout(margin={"l": 10, "r": 10, "t": 10, "b": 10}, dragmode=False)
        figure.update_xaxes(visible=False, range=[layout.low.x - 10, layout.high.x + 10])
        figure.update_yaxes(visible=False, range=[layout.low.y, layout.high.y + 20])
        return figure

    return (live_drawing,)


@app.cell
def _(live_drawing, mo, moons_X, plots, row, small):
    layout = plots.lay_out_network(small, moons_X[row.value], outputs=["P(1)"], sums=False)
    drawing = mo.ui.plotly(live_drawing(layout), config={"displayModeBar": False}, label="Click a unit")
    drawing
    return drawing, layout


@app.cell
def _(mo):
    unit = mo.ui.dropdown(["0.0", "0.1", "0.2", "0.3", "1.0"], value="0.0", label="or choose a unit here")
    unit
    return (unit,)


@app.cell
def _(drawing, layout, ledger, mo, moons_X, moons_y, row, small, unit):
    _clicked = [layout.nodes[point["pointIndex"]] for point in drawing.value if "pointIndex" in point]
    _units = [node for node in _clicked if node.kind not in ("input", "bias")]
    _chosen = f"{min(_units[0].layer, 1)}.{_units[0].unit}" if _units else unit.value
    _told = ledger(small, moons_X[row.value], target=moons_y[row.value], name=f"row {row.value}").text(unit=_chosen)
    mo.md(f"**Unit {_chosen}** of row {row.value}\n\n```text\n{_told}\n```")
    return


@app.cell
def _(Choice, ask):
    question_5 = Choice(
        "The ledger writes how the loss moves with the last sum: dL/dz = P - y. For a row with P = 0.9 and true "
        "answer 1, "
        "which way should z go to lower the loss?",
        ["up", "down", "it should stay"],
        "up",
        "dL/dz = 0.9 - 1 = -0.1: the loss falls when z rises. It is 0 only where P is the truth itself.",
    )
    answer_5 = ask(question_5)
    answer_5
    return answer_5, question_5


@app.cell
def _(answer_5, graded, question_5):
    graded(question_5, answer_5.value)
    return


@app.cell
def _(mo):
    mo.md(r"""
    ## What to take along

    A network is a formula that is drawn: circles are numbers, lines are multiplications, and a layer is a row of
    sums with a function after each. Whatever it answers can be traced, circle by circle. Lesson 6 builds the same
    drawing out of PyTorch's parts, and gets the same numbers.

    ---
    """)
    return


@app.cell
def _(MLPClassifier, MLPRegressor, ledger, np, plots):
    def steps(rows):
        """The lesson on your rows: a network with three hidden units, and the arithmetic of the first row."""
        table = {name: rows.X[:, k] for k, name in enumerate(rows.inputs)}
        kind = MLPClassifier if rows.classes else MLPRegressor
        truth = np.array(rows.classes)[rows.y.astype(int)] if rows.classes else rows.y
        model = kind((3,), epochs=30, engine="reference", random_state=0).fit(table, truth)
        first = {name: values[0] for name, values in table.items()}
        drawn = plots.network_in_words(plots.lay_out_network(model, first))
        worked = ledger(model, first, name="the first row").text()
        return (
            f"Your network, in words: {drawn}\n\nAnd its first row, number by number:\n\n```text\n{worked}\n```\n\n"
            "It was trained for 30 epochs only: read the arithmetic, not the answer."
        )

    return (steps,)


@app.cell
def _(ask_for_table, mo):
    upload = ask_for_table()
    target = mo.ui.text(label="Column to predict (empty: the last one with a few different values)")
    mo.vstack([upload, target])
    return target, upload


@app.cell
def _(mo, on_your_table, steps, target, upload):
    mo.md(on_your_table(upload, steps, target=target.value, classes=True))
    return


if __name__ == "__main__":
    app.run()
