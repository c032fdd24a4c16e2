import marimo

__generated_with = "0.25.2"
app = marimo.App(width="medium", app_title="3 · Bends", html_head_file="lesson_head.html")


@app.cell
def _():
    import marimo as mo
    import numpy as np

    import pellucid
    from pellucid import data, metrics, nn, plots
    from pellucid.lessons import Choice, Number, Prediction, ask, ask_for_table, graded, on_your_table

    return (
        Choice,
        Number,
        Prediction,
        ask,
        ask_for_table,
        data,
        graded,
        metrics,
        mo,
        nn,
        np,
        on_your_table,
        pellucid,
        plots,
    )


@app.cell
def _(mo):
    mo.md(r"""
    # 3 · Bends

    A line can be tilted and lifted, and that is all. Sums of lines are lines. To follow a curve a network needs
    something that bends, and the simplest thing that bends is enough.
    """)
    return


@app.cell
def _(mo):
    mo.md(r"""
    ## The simplest bend

    $$\operatorname{ReLU}(z) = \max(0, z), \qquad z = m\,x + b$$

    Below zero it says nothing; above, it lets the line through. Its bend lies where the line crosses zero,
    $x = -b / m$.
    """)
    return


@app.cell
def _(nn, np, plots):
    plots.bends(nn.sum_of_bends([1.0], [1.0], np.linspace(-3, 3, 121)))
    return


@app.cell
def _(Number, ask, nn, np):
    _value = float(nn.relu.forward(np.array([2.0 * 1.0 - 3.0]))[0])
    question_1 = Number(
        "A unit has m = 2 and b = −3. What does it say at x = 1?",
        _value,
        0.001,
        f"z = 2 · 1 − 3 = −1, and max(0, −1) = {_value:g}. It is silent.",
    )
    answer_1 = ask(question_1)
    answer_1
    return answer_1, question_1


@app.cell
def _(answer_1, graded, question_1):
    graded(question_1, answer_1.value)
    return


@app.cell
def _(Prediction, ask, nn, np):
    _bend = float(nn.sum_of_bends([2.0], [-3.0], np.linspace(-3, 3, 13)).bends[0])
    question_2 = Prediction(
        "Where does this unit, m = 2 and b = −3, bend?",
        _bend,
        0.05,
        f"Where 2x − 3 = 0, so at x = 3 / 2 = {_bend:g}.",
    )
    answer_2 = ask(question_2)
    answer_2
    return answer_2, question_2


@app.cell
def _(answer_2, graded, question_2):
    graded(question_2, answer_2.value)
    return


@app.cell
def _(mo):
    m_1 = mo.ui.slider(-3, 3, step=0.1, value=-1.5, label="m₁", show_value=True)
    b_1 = mo.ui.slider(-3, 3, step=0.1, value=-1.0, label="b₁", show_value=True)
    m_2 = mo.ui.slider(-3, 3, step=0.1, value=1.5, label="m₂", show_value=True)
    b_2 = mo.ui.slider(-3, 3, step=0.1, value=-1.0, label="b₂", show_value=True)
    mo.vstack(
        [
            mo.md("## Two bends\n\nTwo units, added up. Make a valley, a ramp with two slopes, a flat line."),
            mo.hstack([m_1, b_1, m_2, b_2], wrap=True),
        ]
    )
    return b_1, b_2, m_1, m_2


@app.cell
def _(b_1, b_2, m_1, m_2, mo, nn, np, plots):
    two = nn.sum_of_bends([m_1.value, m_2.value], [b_1.value, b_2.value], np.linspace(-3, 3, 121))
    _at_two = float(nn.sum_of_bends([m_1.value, m_2.value], [b_1.value, b_2.value], [2.0]).total[0])
    mo.vstack(
        [
            plots.bends(two),
            mo.md(
                rf"At $x = 2$: $\max(0,\ {m_1.value:.1f} \cdot 2 {b_1.value:+.1f}) + \max(0,\ {m_2.value:.1f} \cdot 2 "
                rf"{b_2.value:+.1f}) = {_at_two:.2f}$. {plots.bends_in_words(two)}"
            ),
        ]
    )
    return


@app.cell
def _(np):
    x = np.linspace(-3, 3, 61)
    wave = np.sin(2 * x) + 0.3 * x
    return wave, x


@app.cell
def _(metrics, np, pellucid, wave, x):
    def followed(units, spread=True):
        """A network with one hidden layer that has learned the wave, and how far off it is (RMSE).

        Its bends begin side by side between −3 and 3, or (`spread` False) all at 0, as biases of 0 put them.
        """
        slopes = np.where(np.arange(units) % 2, -1.0, 1.0)
        places = np.linspace(-3, 3, units + 2)[1:-1] if spread else np.zeros(units)
        start = {
            "layers.0.weight": slopes[:, None],
            "layers.0.bias": -slopes * places,
            "layers.1.weight": np.random.default_rng(3).normal(0, 0.3, (1, units)),
            "layers.1.bias": np.zeros(1),
        }
        plan = pellucid.TrainingSpec("mse", "adam", 0.02, 2000)
        fitted = pellucid.fit_network(x[:, None], wave, pellucid.NetworkSpec(1, (units,)), plan, initial=start)
        return fitted, metrics.rmse(wave, fitted.predict(x[:, None])[:, 0]).value

    def units_of(fitted):
        """Its hidden units as bends: slopes, offsets, weights, and the last bias."""
        parameters = fitted.parameters
        return (
            parameters["layers.0.weight"][:, 0],
            parameters["layers.0.bias"],
            parameters["layers.1.weight"][0],
            float(parameters["layers.1.bias"][0]),
        )

    many = {units: followed(units) for units in (1, 2, 3, 4, 6, 10, 20)}
    sizes = {units: error for units, (_, error) in many.items()}
    crowded = followed(10, spread=False)[1]
    amplitude = float(np.abs(wave).max())
    return amplitude, crowded, followed, sizes, units_of


@app.cell
def _(amplitude, metrics, mo, np, plots, wave, x):
    mo.vstack(
        [
            mo.md(
                "## How many bends for this curve?\n\n$f(x) = \\sin 2x + 0.3\\,x$ between −3 and 3. Its largest value is "
                f"{amplitude:.2f}. A network with one hidden layer is a sum of bends with weights, and descent (lesson 2) "
                "finds where they go."
            ),
            plots.function_rows(
                metrics.function_errors(lambda x: np.sin(2 * x) + 0.3 * x, x, wave), formula="the curve"
            ),
        ]
    )
    return


@app.cell
def _(Choice, ask, crowded, sizes):
    _enough = [units for units, error in sizes.items() if error < 0.1]
    _told = ", ".join(f"{error:.3f} with {units}" for units, error in sizes.items())
    question_3 = Choice(
        "How many ReLUs does the network need until it is less than 0.1 off (RMSE)?",
        [*(str(units) for units in sizes), "more"],
        str(_enough[0]) if _enough else "more",
        f"Measured, each trained for 2,000 epochs: {_told}. The curve turns four times, and every turn costs a bend. Where "
        f"they begin matters: 10 bends that all start at x = 0 end {crowded:.3f} off, because descent moves a bend only as "
        "far as the slope carries it.",
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
    units = mo.ui.slider(1, 20, step=1, value=6, label="hidden units", show_value=True)
    units
    return (units,)


@app.cell
def _(followed, metrics, mo, nn, np, plots, units, units_of, wave, x):
    _fitted, _error = followed(units.value)
    _m, _b, _w, _bias = units_of(_fitted)
    _parts = nn.sum_of_bends(_m, _b, np.linspace(-3, 3, 241), weights=_w, bias=_bias)
    _curve = metrics.function_errors(lambda x: _fitted.predict(np.asarray(x)[:, None])[:, 0], x, wave)
    mo.vstack(
        [
            plots.function_rows(_curve, formula=f"{units.value} bends"),
            plots.bends(_parts),
            mo.md(f"With {units.value} units the network is **{_error:.4f}** off. {plots.bends_in_words(_parts)}"),
        ]
    )
    return


@app.cell
def _(mo, nn, plots):
    _names = ("identity", "relu", "leaky_relu", "sigmoid", "tanh", "softplus")
    curves = [nn.activation_curve(name) for name in _names]
    _rows = "\n".join(
        f"| {c.name} | {c.formula} | {c.range[0]:g} to {c.range[1]:g} | {c.slope.max():.2f} |" for c in curves
    )
    mo.vstack(
        [
            mo.md(
                "## A gallery\n\nReLU is one bend among many. Each is drawn with its derivative, which decides how much of "
                "a gradient passes through on the way back."
            ),
            plots.activations(curves),
            mo.md(f"| activation | formula | range | steepest slope |\n|:--|:--|:--|--:|\n{_rows}"),
        ]
    )
    return


@app.cell
def _(Number, ask, nn, np):
    _Z = np.zeros(1)
    _half = nn.sigmoid.forward(_Z)
    _slope = float(nn.sigmoid.derivative(_Z, _half)[0])
    question_4 = Number(
        "The sigmoid's slope is σ(z)·(1 − σ(z)). How steep is it at z = 0, where it is steepest?",
        _slope,
        0.005,
        f"σ(0) = {_half[0]:g}, so {_half[0]:g} · {1 - _half[0]:g} = {_slope:g}. Through five sigmoids at most "
        f"{_slope:g}⁵ = {_slope**5:.5f} of a gradient comes back; through five ReLUs that are open, all of it.",
    )
    answer_4 = ask(question_4)
    answer_4
    return answer_4, question_4


@app.cell
def _(answer_4, graded, question_4):
    graded(question_4, answer_4.value)
    return


@app.cell
def _(mo, nn, np):
    _X = np.linspace(0, 1, 50)[:, None]
    _dead = {
        "layers.0.weight": np.array([[0.5], [-0.2], [0.3]]),
        "layers.0.bias": np.array([-1.0, -0.5, -0.4]),
        "layers.1.weight": np.array([[0.7, 0.2, -0.4]]),
    }
    _Z, _tape = nn.network_forward(_X, _dead, [nn.relu])
    _value, _cache = nn.loss_forward(nn.SigmoidBCE(), _Z, (_X > 0.5).astype(float))
    _gradients = nn.network_backward(nn.loss_backward(_cache), _tape)
    _norm = nn.global_norm(_gradients)
    _said = nn.predict_from(nn.SigmoidBCE(), _Z)
    mo.md(
        "/// admonition | A mistake that is easy to make\n\nSome of the networks in the notebook behind this lesson answered "
        "0.5 for everybody, whatever the epoch. All their units were silent on all rows: 0 goes in, σ(0) = 0.5 comes out, and "
        f"no gradient gets back. Here is one: predictions from {_said.min():g} to {_said.max():g}, loss {_value:.4f} = ln 2, "
        f"length of the gradient {_norm:g}. It will never move. pellucid counts silent units every epoch and says "
        "`DEAD_UNITS`, with the layer.\n///"
    )
    return


@app.cell
def _(mo):
    mo.md(r"""
    ## What to take along

    A hidden layer of ReLUs is a sum of bends; more units are more bends. The activation decides what passes back, and
    a unit that is silent everywhere learns nothing.

    ---
    """)
    return


@app.cell
def _(data, metrics, np, pellucid):
    def steps(rows):
        """The lesson on your rows: one column followed by 0 to 16 bends, judged on rows that were held out."""
        split = data.random_split(len(rows.y), 0.25, 0)
        train, held = split.training, split.held_out
        center, spread = rows.X[train, :1].mean(), rows.X[train, :1].std() or 1.0
        middle, scale = rows.y[train].mean(), rows.y[train].std() or 1.0
        x, y = (rows.X[:, :1] - center) / spread, (rows.y - middle) / scale
        told = ["| bends | RMSE on training rows | RMSE on held-out rows |", "|--:|--:|--:|"]
        for units in (0, 1, 2, 4, 8, 16):
            network = pellucid.NetworkSpec(1, (units,) if units else ())
            fitted = pellucid.fit_network(x[train], y[train], network, pellucid.TrainingSpec("mse", "adam", 0.03, 400))
            errors = [
                metrics.rmse(rows.y[part], fitted.predict(x[part])[:, 0] * scale + middle).value
                for part in (train, held)
            ]
            told.append(f"| {units} | {errors[0]:.4g} | {errors[1]:.4g} |")
        flat = float(np.sqrt(np.mean((rows.y[held] - middle) ** 2)))
        told.append(
            f"\nThe mean alone is {flat:.4g} off on the {len(held)} held-out rows: bends must beat that to be of use."
        )
        return "\n".join(told)

    return (steps,)


@app.cell
def _(ask_for_table, mo):
    upload = ask_for_table()
    target = mo.ui.text(label="Column to predict (empty: the last one of numbers)")
    mo.vstack([upload, target])
    return target, upload


@app.cell
def _(mo, on_your_table, steps, target, upload):
    mo.md(on_your_table(upload, steps, target=target.value, inputs=1))
    return


if __name__ == "__main__":
    app.run()
