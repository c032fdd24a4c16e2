import marimo

__generated_with = "0.25.2"
app = marimo.App(width="medium", app_title="7 · Two moons", html_head_file="lesson_head.html")


@app.cell
def _():
    import marimo as mo
    import numpy as np
    import plotly.graph_objects as go
    from matplotlib.colors import LinearSegmentedColormap
    from matplotlib.figure import Figure

    from pellucid import NetworkSpec, TrainingSpec, data, errors, fit_network, metrics, nn, plots, prediction_grid
    from pellucid.lessons import Choice, Number, Prediction, ask, ask_for_table, graded, on_your_table
    from pellucid.plots import LIGHT

    return (
        Choice,
        Figure,
        LIGHT,
        LinearSegmentedColormap,
        NetworkSpec,
        Number,
        Prediction,
        TrainingSpec,
        ask,
        ask_for_table,
        data,
        errors,
        fit_network,
        go,
        graded,
        metrics,
        mo,
        nn,
        np,
        on_your_table,
        plots,
        prediction_grid,
    )


@app.cell
def _(mo):
    mo.md(r"""
    # 7 · Two moons

    Two classes that reach into each other, and a line that has to bend between them. On the way: what a network's
    raw output means, what a wrong probability costs, and the boundary at every epoch of the training.
    """)
    return


@app.cell
def _(data, mo):
    raw, y = data.moons(100, noise=0.3, seed=0)
    split = data.stratified_split(y, 0.2, 13)
    train, held = split.training, split.held_out
    X = (raw - raw[train].mean(axis=0)) / raw[train].std(axis=0)
    mo.md(rf"""
    ## A hundred points

    {len(train)} to train on, {len(held)} held out, both columns standardized: minus the mean of the *training*
    rows, divided by their standard deviation.
    """)
    return X, held, train, y


@app.cell
def _(X, plots, train, y):
    plots.class_scatter(X[train], y[train])
    return


@app.cell
def _(mo):
    mo.md(r"""
    ## Odds, log odds, and the way back

    A network adds up numbers, so its raw output $z$ can be anything; a probability must lie between 0 and 1. The
    bridge goes by way of the odds:

    $$\text{odds} = \frac{p}{1-p}, \qquad z = \ln \frac{p}{1-p}, \qquad p = \sigma(z) = \frac{1}{1 + e^{-z}}$$

    $z$ is called the *logit*. It is 0 at p = 0.5, and log odds of p and of 1 - p differ only in their sign.
    """)
    return


@app.cell
def _(mo):
    chance = mo.ui.slider(0.02, 0.98, step=0.01, value=0.75, label="probability", show_value=True)
    chance
    return (chance,)


@app.cell
def _(chance, mo, nn, plots):
    _p = chance.value
    mo.vstack(
        [
            plots.odds_and_sigmoid([_p]),
            mo.md(
                f"p = {_p:.2f}: odds {_p:.2f} / {1 - _p:.2f} = **{nn.odds(_p).item():.4f}**, log odds "
                f"**{nn.log_odds(_p).item():.4f}**, and the sigmoid of that is "
                f"{nn.sigmoid(nn.log_odds(_p)).item():.2f} again."
            ),
        ]
    )
    return


@app.cell
def _(Number, ask, nn, np):
    question_1 = Number(
        "A network's raw output for a row is z = 0. It is then changed to z = ln 4. What is the probability now?",
        nn.sigmoid(np.log([4.0])).item(),
        0.005,
        "Odds are e^z = 4: four to one. p = odds / (1 + odds) = 4 / 5 = 0.8.",
    )
    answer_1 = ask(question_1)
    answer_1
    return answer_1, question_1


@app.cell
def _(answer_1, graded, question_1):
    graded(question_1, answer_1.value)
    return


@app.cell
def _(metrics, mo, plots):
    _few = metrics.score_rows([1, 0], [0.9, 0.2])
    mo.vstack(
        [
            mo.md(
                "## What a probability costs\n\nBinary cross-entropy is the mean of $-\\ln$ of the probability "
                "that was given "
                "to *what came*: to class 1 where y = 1, to class 0 where y = 0.\n\n"
                r"$$L = -\frac{1}{n} \sum_i \left[ y_i \ln p_i + (1 - y_i) \ln (1 - p_i) \right]$$"
            ),
            plots.bce_penalty(_few),
        ]
    )
    return


@app.cell
def _(Number, ask, nn, np):
    pair = np.array([[1.0], [0.0]])
    logits = nn.log_odds(np.array([[0.9], [0.2]]))
    _loss = nn.loss_forward(nn.BCE(), logits, pair)[0]
    question_2 = Number(
        "Two rows: class 1 was given 0.9 and came; class 1 was given 0.2 and did not come. What is their binary "
        "cross-entropy?",
        _loss,
        0.005,
        f"-(ln 0.9 + ln 0.8) / 2 = ({-np.log(0.9):.4f} + {-np.log(0.8):.4f}) / 2 = {_loss:.4f}.",
    )
    answer_2 = ask(question_2)
    answer_2
    return answer_2, logits, pair, question_2


@app.cell
def _(answer_2, graded, question_2):
    graded(question_2, answer_2.value)
    return


@app.cell
def _(errors, logits, mo, nn, np, pair):
    try:
        nn.loss_forward(nn.BCE(), pair, logits)
        _refused = ""
    except errors.InputError as _problem:
        _refused = str(_problem)
    _clipped = -float(np.mean([0.9 * 0 + 0.1 * -100, 0.2 * -100 + 0.8 * 0]))
    mo.md(rf"""
    /// admonition | Two arguments in the wrong order

    With predictions and labels exchanged the loss takes logarithms of 0 and 1. PyTorch's BCELoss holds ln 0 at
    -100 and answers {_clipped:.0f} where {nn.loss_forward(nn.BCE(), logits, pair)[0]:.4f} is right: no error, only
    a strange number. Here the same mistake is refused:

    *{_refused}*
    ///
    """)
    return


@app.cell
def _(logits, mo, nn, pair):
    _labels, _scores = pair[[0, 1, 1, 1]], logits[[0, 1, 1, 1]]
    _rows = nn.loss_forward(nn.BCE(pos_weight=3.0, divide_by="rows"), _scores, _labels)[0]
    _weights = nn.loss_forward(nn.BCE(pos_weight=3.0), _scores, _labels)[0]
    mo.md(rf"""
    ## A rare class

    One row of class 1 and three of class 0, with the same probabilities as before. To make both classes count
    alike, the rare row's loss is taken `pos_weight` = 3 / 1 = 3 times. Then there are two ways to average:

    | divided by | | loss |
    |:--|:--|--:|
    | the number of rows, as `BCEWithLogitsLoss(pos_weight=…)` does | (3 · 0.1054 + 3 · 0.2231) / 4 | {_rows:.4f} |
    | the sum of the weights | (3 · 0.1054 + 3 · 0.2231) / 6 | {_weights:.4f} |

    Only the second is a weighted average, and only it stays put when the classes are weighed alike: it is the
    {nn.loss_forward(nn.BCE(), logits, pair)[0]:.4f} of the two rows above. pellucid takes it unless it is asked
    for the other.
    """)
    return


@app.cell
def _(NetworkSpec, TrainingSpec, X, fit_network, held, train, y):
    def fit(hidden, rate, epochs=100, optimizer="sgd"):
        """A network for the moons, in mini-batches of 16, every epoch kept."""
        plan = TrainingSpec("bce", optimizer, rate, epochs, batch_size=16, seed=1)
        network = NetworkSpec(2, (hidden,) if hidden else ())
        held_rows = (X[held], y[held])
        return fit_network(X[train], y[train], network, plan, validation=held_rows, record=True, engine="reference")

    return (fit,)


@app.cell
def _(X, fit, mo, train, y):
    line = fit(0, 0.1)
    _w, _b = line.parameters["layers.0.weight"][0], line.parameters["layers.0.bias"][0]
    mo.md(rf"""
    ## A straight line first

    Logistic regression, trained with plain steps at rate 0.1 in mini-batches of 16 for 100 epochs:

    $$z = {_b:.3f} {_w[0]:+.3f}\,x_0 {_w[1]:+.3f}\,x_1$$

    The boundary is where z = 0, that is $x_1 = {-_b / _w[1]:.3f} {-_w[0] / _w[1]:+.3f}\,x_0$: a straight line,
    whatever the weights. For the first training row z is {line.scores(X[train[:1]]).item():.3f}, the probability
    of class 1 {line.predict(X[train[:1]]).item():.3f}, the answer class
    {int(line.predict(X[train[:1]]).item() >= 0.5)}; the truth is class {y[train[0]]:.0f}.
    """)
    return (line,)


@app.cell
def _(Prediction, X, ask, held, line, metrics, y):
    _right = int(((line.predict(X[held])[:, 0] >= 0.5) == y[held]).sum())
    _score = metrics.accuracy(y[held], (line.predict(X[held])[:, 0] >= 0.5).astype(float))
    question_3 = Prediction(
        "Before you see it: how many of the 20 held-out points does the best straight line get right?",
        _right,
        2,
        f"{_right} of 20, an accuracy of {_score.value:.2f}. With 20 rows its 95 % interval goes from "
        f"{_score.interval.low:.2f} to "
        f"{_score.interval.high:.2f}, so two more or two less mean nothing.",
    )
    answer_3 = ask(question_3)
    answer_3
    return answer_3, question_3


@app.cell
def _(answer_3, graded, question_3):
    graded(question_3, answer_3.value)
    return


@app.cell
def _(
    Figure,
    LIGHT,
    LinearSegmentedColormap,
    X,
    held,
    nn,
    np,
    plots,
    prediction_grid,
    train,
    y,
):
    def boundary(fitted, epoch):
        """The probability over the plane after an epoch: training rows on the left, held-out rows on the right."""
        side = np.linspace(-2.6, 2.6, 70)
        past = fitted.recording.at(epoch)
        grid = prediction_grid(fitted, "x0", "x1", X, first_values=side, second_values=side, parameters=past)
        blend = LinearSegmentedColormap.from_list("classes", [LIGHT.series[0], LIGHT.page, LIGHT.series[1]])
        figure = Figure(figsize=(8.4, 3.9), layout="constrained")
        for ax, rows, title in zip(figure.subplots(1, 2, sharey=True), (train, held), ("training", "held out")):
            plots.class_scatter(X[rows], y[rows], ax=ax)
            ax.get_legend().remove()
            ax.contourf(side, side, grid.values[:, :, -1], 20, cmap=blend, vmin=0, vmax=1, alpha=0.45, zorder=0)
            ax.contour(side, side, grid.values[:, :, -1], [0.5], colors=LIGHT.ink, linewidths=1.6)
            said = nn.network_forward(X[rows], past, fitted.network.activations)[0][:, 0] >= 0
            ax.set_title(f"{title}: {(said == y[rows]).sum()} of {len(rows)} right", loc="left", fontsize=11)
        return figure

    return (boundary,)


@app.cell
def _(mo):
    mo.md(r"""
    ## The boundary at every epoch

    One hidden layer, and the line may bend. The training was recorded; drag the epoch and watch the boundary move.
    With 0 hidden units it is the straight line again.
    """)
    return


@app.cell
def _(mo):
    _rates = [0.001, 0.003, 0.01, 0.03, 0.1, 0.3]
    hidden = mo.ui.slider(0, 32, value=16, label="hidden units", show_value=True)
    rate = mo.ui.slider(steps=_rates, value=0.03, label="rate of Adam", show_value=True)
    mo.hstack([hidden, rate], justify="start", gap=2, wrap=True)
    return hidden, rate


@app.cell
def _(mo):
    epoch = mo.ui.slider(0, 100, value=60, label="epoch", show_value=True, full_width=True)
    epoch
    return (epoch,)


@app.cell
def _(fit, hidden, rate):
    bent = fit(hidden.value, rate.value, optimizer="adam")
    return (bent,)


@app.cell
def _(bent, boundary, epoch):
    boundary(bent, epoch.value)
    return


@app.cell
def _(bent, plots):
    plots.loss_curves(bent.history)
    return


@app.cell
def _(bent, mo):
    _losses = bent.history.validation_loss
    _least = int(_losses.argmin())
    _after = (
        "The training loss goes on falling: from there on the network learns the noise of its 80 points."
        if _least < len(_losses) - 5
        else "It still falls, as the training loss does: more epochs would help."
    )
    mo.md(
        f"The held-out loss was least, **{_losses[_least]:.4f}**, in epoch {_least}, and stands at "
        f"{_losses[-1]:.4f} at the end. "
        f"{_after} (The chart says validation, not test: as soon as an epoch is chosen by these rows, they no "
        f"longer tell how "
        "good it is.)"
    )
    return


@app.cell
def _(LIGHT, X, bent, epoch, go, mo, np, prediction_grid):
    _side = np.linspace(-2.6, 2.6, 50)
    _past = bent.recording.at(epoch.value)
    _grid = prediction_grid(bent, "x0", "x1", X, first_values=_side, second_values=_side, parameters=_past)
    _hill = go.Figure(
        go.Surface(x=_side, y=_side, z=_grid.values[:, :, -1], cmin=0, cmax=1, showscale=False,
                   colorscale=[[0, LIGHT.series[0]], [0.5, "#ffffff"], [1, LIGHT.series[1]]]),
    )  # fmt: skip
    _hill.update_layout(
        height=420,
        margin={"l": 0, "r": 0, "t": 0, "b": 0},
        scene={"xaxis_title": "x0", "yaxis_title": "x1", "zaxis_title": "P(class 1)"},
    )
    mo.vstack([mo.md("The same probability as a landscape; turn it with the mouse."), mo.ui.plotly(_hill)])
    return


@app.cell
def _(Choice, ask):
    question_4 = Choice(
        "A network with hidden units and one without have the same loss on the 80 training points. Which "
        "boundary is "
        "straight?",
        ["that of the one without", "both", "it depends on the weights"],
        "that of the one without",
        "Without a hidden layer z = b + w₀·x0 + w₁·x1, and z = 0 is a line for any weights. ReLU units add a "
        "fold each.",
    )
    answer_4 = ask(question_4)
    answer_4
    return answer_4, question_4


@app.cell
def _(answer_4, graded, question_4):
    graded(question_4, answer_4.value)
    return


@app.cell
def _(Figure, LIGHT, np):
    points = np.array([-2.8, -2.2, -1.8, -1.3, -0.4, 0.3, 0.6, 1.3, 1.9, 2.5])
    inside = np.array([0, 0, 0, 0, 1, 1, 1, 0, 0, 0])

    def one_column():
        """Ten points on a line, and the same points with their square beside them."""
        figure = Figure(figsize=(8.4, 3.2), layout="constrained")
        left, right = figure.subplots(1, 2)
        for kind, color in zip((0, 1), LIGHT.series):
            chosen = inside == kind
            left.scatter(points[chosen], 0 * points[chosen], color=color, marker="os"[kind], label=f"class {kind}")
            right.scatter(points[chosen], points[chosen] ** 2, color=color, marker="os"[kind])
        left.set(title="one column", xlabel="x", yticks=[], ylim=(-1, 1))
        right.set(title="with its square", xlabel="x", ylabel="x²")
        left.legend(frameon=False)
        for ax in (left, right):
            ax.spines[["top", "right"]].set_visible(False)
        return figure

    return inside, one_column, points


@app.cell
def _(mo, one_column):
    mo.vstack(
        [
            mo.md(
                "## Another way: a column more\n\nNo single cut on the left tells these ten points apart. Give "
                "the model x² "
                "beside x, and a level line does. A hidden layer finds such columns by itself; that is all it does."
            ),
            one_column(),
        ]
    )
    return


@app.cell
def _(Number, ask, inside, points):
    _highest, _lowest = (points[inside == 1] ** 2).max(), (points[inside == 0] ** 2).min()
    question_5 = Number(
        "At which height of x² would you draw that level line?",
        (_highest + _lowest) / 2,
        float(_lowest - _highest) / 2 - 1e-3,
        f"The highest of class 1 is at {_highest:.2f}, the lowest of class 0 at {_lowest:.2f}: anything between "
        f"does, and the "
        f"middle, {(_highest + _lowest) / 2:.3f}, leaves most room.",
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

    Raw outputs are log odds; the sigmoid makes probabilities of them; cross-entropy is what they cost. A hidden
    layer bends the boundary, and with enough epochs it bends too far. How good twenty held-out rows say it is,
    lesson 8 takes apart.

    ---
    """)
    return


@app.cell
def _(NetworkSpec, TrainingSpec, data, fit_network, metrics, np):
    def steps(rows):
        """The lesson on your rows: a straight boundary and a bent one, by cross-entropy on rows held out."""
        scale = rows.X.std(axis=0)
        inputs = (rows.X - rows.X.mean(axis=0)) / np.where(scale > 0, scale, 1)
        labels = rows.y.astype(int) if rows.classes else (rows.y > np.median(rows.y)).astype(int)
        names = rows.classes or ("not above its median", "above its median")
        if labels.min() == labels.max():
            labels = (rows.y >= np.median(rows.y)).astype(int)
        kinds = max(len(names), 2)
        cut = data.random_split(len(labels), 0.3, 0)
        a, b = cut.training, cut.held_out
        told = ["| network | training loss | held-out loss | held-out accuracy |\n|:--|--:|--:|--:|"]
        for name, units in (("straight", ()), ("16 hidden units", (16,))):
            plan = TrainingSpec("softmax_cross_entropy", "adam", 0.02, 60, seed=0)
            network = NetworkSpec(inputs.shape[1], units, kinds)
            fitted = fit_network(
                inputs[a], labels[a], network, plan, validation=(inputs[b], labels[b]), engine="reference"
            )
            score = metrics.accuracy(labels[b], fitted.predict(inputs[b]).argmax(axis=1))
            told.append(
                f"| {name} | {fitted.history.training_loss[-1]:.4f} | {fitted.history.validation_loss[-1]:.4f} | "
                f"{score.value:.3f} ({score.interval.low:.3f} to {score.interval.high:.3f}) |"
            )
        told.append(f"\nClasses: {', '.join(map(str, names))}. {len(a):,} rows trained, {len(b):,} were held out.")
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
