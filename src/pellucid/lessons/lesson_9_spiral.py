import marimo

__generated_with = "0.25.2"
app = marimo.App(width="medium", app_title="9 · Spiral", html_head_file="lesson_head.html")


@app.cell
def _():
    import marimo as mo
    import numpy as np
    from matplotlib.colors import ListedColormap
    from matplotlib.figure import Figure

    from pellucid import (
        NetworkSpec,
        TrainingSpec,
        data,
        explain_gradient,
        fit_network,
        metrics,
        nn,
        plots,
        prediction_grid,
    )
    from pellucid.lessons import Choice, Number, Prediction, ask, ask_for_table, graded, on_your_table, real_table
    from pellucid.plots import LIGHT

    return (
        Choice,
        Figure,
        LIGHT,
        ListedColormap,
        NetworkSpec,
        Number,
        Prediction,
        TrainingSpec,
        ask,
        ask_for_table,
        data,
        explain_gradient,
        fit_network,
        graded,
        metrics,
        mo,
        nn,
        np,
        on_your_table,
        plots,
        prediction_grid,
        real_table,
    )


@app.cell
def _(mo):
    mo.md(r"""
    # 9 · Spiral

    Three classes wound around each other. A network with gradients by hand learns them, one of its weights is
    followed through every multiplication, and at the end a network learns what cannot be learned.
    """)
    return


@app.cell
def _(data, mo, np):
    raw, y = data.spiral(600, classes=3, noise=0.1, seed=0)
    _first = data.stratified_split(y, 0.3, 0)
    _second = data.stratified_split(y[_first.held_out], 0.5, 0)
    train = _first.training
    test = _first.held_out[_second.held_out]
    middle, spread = raw[train].mean(axis=0), raw[train].std(axis=0)
    X = (raw - middle) / spread
    _valid = len(y) - len(train) - len(test)
    mo.md(rf"""
    ## Six hundred points, three arms

    Cut into {len(train)} to train on, {_valid} to try things on, and {len(test)} for the end: 70, 15 and 15 %,
    with every class in each part by its share. The columns are standardized by the training rows alone. Classes
    have {", ".join(str(count) for count in np.bincount(y[train]))} training rows each, so weighing them by
    {" : ".join(["1/140"] * 3)} changes nothing; the document that did so only looked careful.
    """)
    return X, middle, spread, test, train, y


@app.cell
def _(X, plots, train, y):
    plots.class_scatter(X[train], y[train], columns=("X1", "X2"))
    return


@app.cell
def _(
    Figure,
    LIGHT,
    ListedColormap,
    X,
    nn,
    np,
    plots,
    prediction_grid,
    test,
    train,
    y,
):
    def boundary(fitted, parameters=None):
        """The predicted class over the plane, training rows on the left, test rows on the right."""
        past = fitted.parameters if parameters is None else parameters
        side = np.linspace(-2.8, 2.8, 90)
        grid = prediction_grid(fitted, "x0", "x1", X, first_values=side, second_values=side, parameters=past)
        figure = Figure(figsize=(8.4, 4.1), layout="constrained")
        for ax, rows, title in zip(figure.subplots(1, 2, sharey=True), (train, test), ("training", "test")):
            plots.class_scatter(X[rows], y[rows], columns=("X1", "X2"), ax=ax)
            ax.get_legend().remove()
            cells = grid.values.argmax(axis=2)
            colors = ListedColormap(LIGHT.series[:3])
            ax.pcolormesh(side, side, cells, cmap=colors, alpha=0.22, vmin=0, vmax=2, zorder=0)
            said = nn.network_forward(X[rows], past, fitted.network.activations)[0].argmax(axis=1)
            ax.set_title(f"{title}: {(said == y[rows]).sum()} of {len(rows)} right", loc="left", fontsize=11)
            ax.set(xlim=(-2.8, 2.8), ylim=(-2.8, 2.8))
        return figure

    return (boundary,)


@app.cell
def _(NetworkSpec, TrainingSpec, X, fit_network, mo, train, y):
    straight = fit_network(
        X[train],
        y[train],
        NetworkSpec(2, (), 3),
        TrainingSpec("softmax_cross_entropy", "adam", 0.1, 60),
        engine="reference",
    )
    mo.md(r"""
    ## Straight lines first

    Three sums, one a class, and the softmax makes probabilities of them:

    $$P(k) = \frac{e^{z_k}}{e^{z_1} + e^{z_2} + e^{z_3}}$$

    The largest sum wins. Where two sums are equal runs a straight line.
    """)
    return (straight,)


@app.cell
def _(Prediction, X, ask, metrics, straight, test, y):
    _score = metrics.accuracy(y[test], straight.predict(X[test]).argmax(axis=1))
    question_1 = Prediction(
        "Three straight sums against three arms of a spiral: which share of the test rows do they get right? "
        "Guessing gives "
        "a third.",
        _score.value,
        0.08,
        f"{_score.value * len(test):.0f} of {len(test)} rows: {_score.value:.3f}, 95 % interval "
        f"{_score.interval.low:.3f} to "
        f"{_score.interval.high:.3f}. More than a third, as each arm leans to one side.",
    )
    answer_1 = ask(question_1)
    answer_1
    return answer_1, question_1


@app.cell
def _(answer_1, graded, question_1):
    graded(question_1, answer_1.value)
    return


@app.cell
def _(boundary, straight):
    boundary(straight)
    return


@app.cell
def _(mo, nn, np):
    start = nn.initialize((2, 100, 3), True, {"name": "normal", "std": 0.01}, np.random.default_rng(1234))
    mo.md(r"""
    ## A network by hand

    One hidden layer of 100 units, written out. `n` rows, 2 columns, 100 units, 3 classes:

    $$Z_1 = X W_1^\top + b_1, \quad A_1 = \max(0, Z_1), \quad Z_2 = A_1 W_2^\top + b_2, \quad P =
    \text{softmax}(Z_2)$$

    $$L = -\frac{1}{n} \sum_i \ln P_{i, y_i}$$

    The way back begins with the most useful fact of all, that the slope of $L$ at the raw outputs is what was said
    minus what was true:

    $$\frac{\partial L}{\partial Z_2} = \frac{P - Y}{n}, \quad \frac{\partial L}{\partial W_2} =
    \frac{\partial L}{\partial Z_2}^{\!\top} A_1, \quad \frac{\partial L}{\partial Z_1} = \left(
    \frac{\partial L}{\partial Z_2} W_2 \right) \cdot [Z_1 > 0]$$
    """)
    return (start,)


@app.cell
def _(X, nn, np, train, y):
    def one_step(parameters, rate):
        """Forward, backward, update; the loss before the step, the new parameters, and every array on the way."""
        W1, b1, W2, b2 = parameters.values()
        Z1, first = nn.dense_forward(X[train], W1, b1)
        A1 = nn.relu(Z1)
        Z2, second = nn.dense_forward(A1, W2, b2)
        P = nn.softmax(Z2)
        loss = -np.log(P[np.arange(len(train)), y[train]]).mean()
        dZ2 = (P - nn.one_hot(y[train], 3)) / len(train)
        dA1, back2 = nn.dense_backward(dZ2, second)
        dZ1 = dA1 * (Z1 > 0)
        _, back1 = nn.dense_backward(dZ1, first)
        slopes = (back1["weight"], back1["bias"], back2["weight"], back2["bias"])
        moved = {name: values - rate * slope for (name, values), slope in zip(parameters.items(), slopes)}
        arrays = {"X": X[train], "W1": W1, "Z1": Z1, "A1": A1, "W2": W2, "Z2": Z2, "P": P, "dZ2": dZ2, "dZ1": dZ1}
        return loss, moved, arrays

    return (one_step,)


@app.cell
def _(mo, one_step, start):
    _loss, _, _arrays = one_step(start, 1.0)
    _lines = "\n".join(
        f"| {name} | {values.shape[0]} × {values.shape[1]} | {' '.join(f'{value:.3g}' for value in values[0, :3])} |"
        for name, values in _arrays.items()
    )
    mo.md(
        "The shapes of the first step, and what each array begins with:\n\n| array | shape | first numbers |\n"
        f"|:--|:--|:--|\n{_lines}"
    )
    return


@app.cell
def _(Number, ask, np, one_step, start):
    question_2 = Number(
        "The weights are tiny, so all three classes get about the same probability. What is the loss before the "
        "first step?",
        np.log(3),
        0.005,
        f"Each class has about 1/3, and -ln(1/3) = ln 3 = {np.log(3):.4f}. The loop above says "
        f"{one_step(start, 1.0)[0]:.4f}. The "
        "page of this lesson prints 0.70 in its place, which is about ln 2 and cannot come from three even "
        "classes. Knowing ln 3 by heart "
        "finds such slips, and a network that starts far above it has a mistake.",
    )
    answer_2 = ask(question_2)
    answer_2
    return answer_2, question_2


@app.cell
def _(answer_2, graded, question_2):
    graded(question_2, answer_2.value)
    return


@app.cell
def _(np, one_step, start):
    def by_hand(epochs, rate=1.0):
        """The loop: the losses of all epochs, and the last parameters."""
        parameters, losses = start, []
        for _ in range(epochs):
            loss, parameters, _ = one_step(parameters, rate)
            losses.append(loss)
        return np.array(losses), parameters

    return (by_hand,)


@app.cell
def _(
    NetworkSpec,
    TrainingSpec,
    X,
    by_hand,
    fit_network,
    mo,
    np,
    start,
    train,
    y,
):
    _losses, _parameters = by_hand(100)
    _same = fit_network(
        X[train],
        y[train],
        NetworkSpec(2, (100,), 3),
        TrainingSpec("softmax_cross_entropy", "sgd", 1.0, 100),
        initial=start,
        engine="reference",
    )
    _apart = max(np.abs(_parameters[name] - values).max() for name, values in _same.parameters.items())
    mo.md(
        f"A hundred such steps bring the loss from {_losses[0]:.4f} to {_losses[-1]:.4f}. `fit_network`, from the "
        f"same start, "
        f"says {_same.history.training_loss[-1]:.4f}; no parameter differs by more than {_apart:.1g}. There is "
        f"nothing else in "
        "the box."
    )
    return


@app.cell
def _(mo):
    mo.md(r"""
    ## The same with Adam, epoch by epoch

    Choose how many hidden units there are and drag the epoch.
    """)
    return


@app.cell
def _(mo):
    units = mo.ui.slider(steps=[2, 4, 8, 16, 32, 64], value=32, label="hidden units", show_value=True)
    rate = mo.ui.slider(steps=[0.001, 0.01, 0.03, 0.1, 0.3], value=0.03, label="learning rate", show_value=True)
    mo.hstack([units, rate], justify="start", gap=2, wrap=True)
    return rate, units


@app.cell
def _(mo):
    epoch = mo.ui.slider(0, 150, step=5, value=150, label="epoch", show_value=True, full_width=True)
    epoch
    return (epoch,)


@app.cell
def _(NetworkSpec, TrainingSpec, X, fit_network, rate, train, units, y):
    winding = fit_network(
        X[train],
        y[train],
        NetworkSpec(2, (units.value,), 3),
        TrainingSpec("softmax_cross_entropy", "adam", rate.value, 150, seed=2),
        record=True,
        engine="reference",
    )
    return (winding,)


@app.cell
def _(boundary, epoch, winding):
    boundary(winding, winding.recording.at(epoch.value))
    return


@app.cell
def _(X, metrics, mo, test, winding, y):
    said = winding.predict(X[test]).argmax(axis=1)
    table = metrics.tabulate_classes(y[test], said, [0, 1, 2])
    _lines = [
        f"| class {one.label} | {one.precision.value:.3f} | {one.recall.value:.3f} | {one.f1.value:.3f} | "
        f"{one.rows:.0f} |"
        for one in table.classes
    ]
    for _kind in ("macro", "weighted"):
        _means = [table[f"{_kind} {name}"].value for name in ("precision", "recall", "F1")]
        _lines.append(f"| *{_kind}* | " + " | ".join(f"{mean:.3f}" for mean in _means) + " | |")
    _rows_of_classes = "\n".join(_lines)
    mo.md(rf"""
    ## Class by class

    At the end of the training, on the {len(test)} test rows:

    | | precision | recall | F1 | rows |
    |:--|--:|--:|--:|--:|
    {_rows_of_classes}

    *Macro* counts every class alike, *weighted* by its rows. With classes of equal size they agree; the document
    prints one under the name of the other, and on its last table, with 7, 8 and 8 rows, that shows: 0.1786 is the
    macro precision, 0.1863 the weighted one that was asked for.
    """)
    return


@app.cell
def _(middle, mo, np, spread, winding):
    _new = np.array([[0.1, 0.1]])
    _scaled = (_new - middle) / spread
    _chances = winding.predict(_scaled)[0]
    mo.md(rf"""
    ## One new point

    At (0.1, 0.1) in the old units. First scale it as the training rows were scaled:
    (0.1 - ({middle[0]:.4f})) / {spread[0]:.4f} = {_scaled[0, 0]:.4f} and (0.1 - ({middle[1]:.4f})) /
    {spread[1]:.4f} = {_scaled[0, 1]:.4f}. Then predict: class {_chances.argmax()} with {_chances.max():.1%}
    ({", ".join(f"{chance:.4f}" for chance in _chances)}). Forgetting the first step is the commonest mistake of
    all; nothing warns you.
    """)
    return


@app.cell
def _(NetworkSpec, TrainingSpec, data, fit_network, metrics, mo, np, plots, real_table):
    _table, _told = real_table("spiral")
    _shown = [mo.md(f"## The document's own spiral\n\n{_told}")]
    if _table is not None:
        _points, _y = np.column_stack([_table["X1"].values, _table["X2"].values]), _table["color"].values
        _cut = data.stratified_split(_y, 0.3, 0)
        _own = (_points - _points[_cut.training].mean(axis=0)) / _points[_cut.training].std(axis=0)
        _lines = []
        for _name, _hidden in (("straight lines", ()), ("100 hidden units", (100,))):
            _fitted = fit_network(
                _own[_cut.training],
                _y[_cut.training],
                NetworkSpec(2, _hidden, 3),
                TrainingSpec("softmax_cross_entropy", "adam", 0.05, 60),
            )
            _right = metrics.accuracy(_y[_cut.held_out], _fitted.predict(_own[_cut.held_out]).argmax(axis=1))
            _lines.append(f"| {_name} | {_right.value:.3f} | {_right.interval} |")
        _rows = "\n".join(_lines)
        _shown += [
            mo.md(f"| on {len(_cut.held_out)} held-out rows | accuracy | interval |\n|:--|--:|:--|\n{_rows}"),
            plots.class_scatter(_points, [_table["color"].levels[int(code)] for code in _y], columns=("X1", "X2")),
        ]
    mo.vstack(_shown)
    return


@app.cell
def _(mo):
    mo.md(r"""
    ## The gradient of one weight, multiplied out

    Pick a weight. The loss of five rows moves with it by so much; here is every factor, and beside it the check:
    the weight moved a little up and down.
    """)
    return


@app.cell
def _(mo):
    _of_the_first = ["layers.0.weight[0, 0]", "layers.0.weight[1, 1]", "layers.0.bias[0]"]
    weight = mo.ui.dropdown(
        [*_of_the_first, "layers.1.weight[0, 0]", "layers.1.bias[2]"],
        value="layers.1.weight[0, 0]",
        label="weight",
    )
    weight
    return (weight,)


@app.cell
def _(mo):
    moment = mo.ui.slider(0, 150, step=5, value=10, label="after epoch", show_value=True)
    moment
    return (moment,)


@app.cell
def _(X, explain_gradient, moment, train, weight, winding, y):
    five = train[[0, 90, 180, 270, 360]]
    multiplied = explain_gradient(
        winding, weight.value, X[five], y[five], parameters=winding.recording.at(moment.value)
    )
    multiplied
    return


@app.cell
def _(Number, ask):
    _slope, _entering = 0.3 - 1, 2.0
    question_3 = Number(
        "A row of class 1 was given P = 0.3 of class 1. The weight from a hidden unit to output 1 multiplies "
        "that unit's "
        "value, 2. What is the gradient of this row's loss by the weight?",
        _slope * _entering,
        0.005,
        f"dL/dz = P - y = 0.3 - 1 = {_slope:.1f}, times what the weight multiplies: {_slope:.1f} · 2 = "
        f"{_slope * _entering:.1f}. "
        "Negative: a larger weight lowers the loss.",
    )
    answer_3 = ask(question_3)
    answer_3
    return answer_3, question_3


@app.cell
def _(answer_3, graded, question_3):
    graded(question_3, answer_3.value)
    return


@app.cell
def _(mo):
    mo.md(r"""
    ## Why the first weights matter

    Send random rows through ten layers of 100 ReLU units. If weights are too small, every layer shrinks what it
    gets, and soon there is nothing left to learn from; too large, and it explodes. He's rule takes normal weights
    with standard deviation $\sqrt{2 / \text{inputs}}$, Xavier's takes
    $\sqrt{2 / (\text{inputs} + \text{outputs})}$.
    """)
    return


@app.cell
def _(mo):
    scale = mo.ui.slider(
        steps=[0.01, 0.02, 0.05, 0.1, 0.14, 0.2, 0.3, 0.5], value=0.05, label="standard deviation", show_value=True
    )
    scale
    return (scale,)


@app.cell
def _(nn, plots, scale):
    _starts = {
        f"normal {scale.value}": {"name": "normal", "std": scale.value},
        "Xavier": "xavier_normal",
        "He": "he_normal",
    }
    signals = nn.compare_initializers([100] * 11, _starts, activation="relu", rows=100)
    plots.signal_scales(signals)
    return (signals,)


@app.cell
def _(mo, plots, signals):
    mo.md(rf"""
    {plots.signal_scales_in_words(signals)}

    /// admonition | Defined and never called

    The document writes a method `init_weights` with Xavier's rule into its network, and never calls it: all its
    results come from the default weights. A card that says "Xavier" because the code contains the word would be
    wrong.
    ///
    """)
    return


@app.cell
def _(Number, ask, np):
    question_4 = Number(
        "A layer gets 50 inputs and has ReLU units. Which standard deviation does He's rule give its weights?",
        np.sqrt(2 / 50),
        0.005,
        "√(2 / 50) = √0.04 = 0.2.",
    )
    answer_4 = ask(question_4)
    answer_4
    return answer_4, question_4


@app.cell
def _(answer_4, graded, question_4):
    graded(question_4, answer_4.value)
    return


@app.cell
def _(mo):
    mo.md(r"""
    ## Dropout

    In training, each unit is left out with probability $p$, and those that stay are multiplied by $1 / (1 - p)$,
    so that their sum stays about the same. In use, nothing is left out. One document forgot to say so before its
    test (`model.eval()`), so its figures are partly chance: the classes it prints have 4 of 23 rows right (0.174),
    its code run again in PyTorch 2.13 had 3 (0.130).
    """)
    return


@app.cell
def _(mo):
    dropout = mo.ui.slider(0, 0.8, step=0.1, value=0, label="dropout", show_value=True)
    dropout
    return (dropout,)


@app.cell
def _(dropout, mo, nn, np):
    _kept = np.random.default_rng(5).uniform(size=(1, 8)) >= dropout.value
    _mask = nn.dropout_mask(_kept, dropout.value)
    _values = np.arange(1.0, 9.0)[None]
    _after = nn.dropout_forward(_values, _mask)[0]
    mo.md(
        "Eight activations, and what dropout leaves of them in one step:\n\n| "
        + " | ".join(f"{value:.0f}" for value in _values[0])
        + " |\n|"
        + "--:|" * 8
        + "\n| "
        + " | ".join(f"{value:.2f}" for value in _after)
        + f" |\n\nSum {_values.sum():.0f} before, {_after.sum():.2f} after."
    )
    return


@app.cell
def _(NetworkSpec, TrainingSpec, data, fit_network, metrics):
    noise, labels = data.random_labels(150, 2, 3, seed=0)

    def memorize(rate):
        """A network of 302 units on 105 rows of noise, 45 held out: accuracy on both."""
        plan = TrainingSpec("softmax_cross_entropy", "adam", 0.1, 200)
        fitted = fit_network(
            noise[:105], labels[:105], NetworkSpec(2, (302,), 3, dropout=rate), plan, engine="reference"
        )
        parts = (slice(0, 105), slice(105, 150))
        return [metrics.accuracy(labels[part], fitted.predict(noise[part]).argmax(axis=1)) for part in parts]

    return (memorize,)


@app.cell
def _(mo):
    mo.md(r"""
    ## Learning what cannot be learned

    150 points at random, with one of three labels each, drawn without looking at the points. There is nothing to
    learn. A network of 302 hidden units, far more than rows, is trained on 105 of them.
    """)
    return


@app.cell
def _(Prediction, ask, memorize):
    _seen, _unseen = memorize(0.0)
    question_5 = Prediction(
        f"On its 105 training rows it gets {_seen.value:.0%} right. What is its accuracy on the other 45? Say "
        f"what to expect.",
        1 / 3,
        0.06,
        f"Labels that nobody could know are guessed: 1/3 = 0.333. These 45 rows happen to give "
        f"{_unseen.value:.3f}, with a 95 % "
        f"interval from {_unseen.interval.low:.3f} to {_unseen.interval.high:.3f}; the 1/3 is in it.",
    )
    answer_5 = ask(question_5)
    answer_5
    return answer_5, question_5


@app.cell
def _(answer_5, graded, question_5):
    graded(question_5, answer_5.value)
    return


@app.cell
def _(dropout, memorize, metrics, mo):
    _seen, _unseen = memorize(dropout.value)
    _their = metrics.wilson(4, 23)
    mo.md(rf"""
    | dropout {dropout.value:.1f} | accuracy | 95 % interval |
    |:--|--:|:--|
    | 105 training rows | {_seen.value:.3f} | (no interval: these rows are not new) |
    | 45 other rows | **{_unseen.value:.3f}** | {_unseen.interval.low:.3f} to {_unseen.interval.high:.3f} |

    Move the dropout slider above: the training accuracy falls, the other stays where it must, around a third.

    /// admonition | Honestly evaluated

    The document reports about 70 % in training and "very poor" test performance, an accuracy of 4 / 23 =
    {4 / 23:.3f}. Half of what guessing gets? The interval of 4 out of 23 goes from {_their.low:.3f} to
    {_their.high:.3f}, and a third lies inside it. The network is not worse than chance; 23 rows are few.
    Over-fitting is the *gap* between the two figures, not the bad luck of the second.
    ///
    """)
    return


@app.cell
def _(Choice, ask):
    question_6 = Choice(
        "Training accuracy 0.86, test accuracy 0.33 with three equal classes. What would more dropout bring?",
        ["a better test accuracy", "a smaller gap, and the same test accuracy", "nothing at all"],
        "a smaller gap, and the same test accuracy",
        "There is nothing to be found in random labels, so no method lifts 1/3. Dropout only keeps the network "
        "from "
        "memorizing: the training accuracy comes down.",
    )
    answer_6 = ask(question_6)
    answer_6
    return answer_6, question_6


@app.cell
def _(answer_6, graded, question_6):
    graded(question_6, answer_6.value)
    return


@app.cell
def _(mo):
    mo.md(r"""
    ## What to take along

    Forward, loss, backward, update: you have seen every number of it. Start with weights of the right size, look
    at every class by itself, and try your network on random labels once: what it reaches there it reaches without
    knowing anything.

    That was the last lesson. Your own table is next.

    ---
    """)
    return


@app.cell
def _(
    NetworkSpec,
    TrainingSpec,
    data,
    explain_gradient,
    fit_network,
    metrics,
    np,
):
    def steps(rows):
        """The lesson on your rows: a network beside one with shuffled labels, and one weight multiplied out."""
        width = rows.X.std(axis=0)
        inputs = (rows.X - rows.X.mean(axis=0)) / np.where(width > 0, width, 1)
        codes = rows.y.astype(int) if rows.classes else np.digitize(rows.y, np.quantile(rows.y, [1 / 3, 2 / 3]))
        kinds = max(len(rows.classes), 3)
        cut = data.random_split(len(codes), 0.3, 0)
        a, b = cut.training, cut.held_out
        plan = TrainingSpec("softmax_cross_entropy", "adam", 0.03, 60)
        network = NetworkSpec(inputs.shape[1], (16,), kinds)
        told = ["| labels | training accuracy | held-out accuracy |\n|:--|--:|--:|"]
        mixed = np.random.default_rng(0).permutation(codes)
        for name, answers in (("shuffled", mixed), ("yours", codes)):
            fitted = fit_network(inputs[a], answers[a], network, plan, engine="reference")
            said = fitted.predict(inputs).argmax(axis=1)
            seen, new = (metrics.accuracy(answers[part], said[part]) for part in (a, b))
            spread_of = f"{new.interval.low:.3f} to {new.interval.high:.3f}"
            told.append(f"| {name} | {seen.value:.3f} | {new.value:.3f} ({spread_of}) |")
        told.append("\nWhat ‘yours’ has over ‘shuffled’ on held-out rows is what was learned.")
        told.append("One weight, multiplied out:\n")
        told.append(f"```text\n{explain_gradient(fitted, 'layers.0.weight[0, 0]', inputs[a[:4]], codes[a[:4]])}\n```")
        return "\n".join(told)

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
