import marimo

__generated_with = "0.25.2"
app = marimo.App(width="medium", app_title="2 · Downhill", html_head_file="lesson_head.html")


@app.cell
def _():
    import marimo as mo
    import numpy as np
    import plotly.graph_objects as go
    from matplotlib.figure import Figure

    import pellucid
    from pellucid import data, metrics, nn, plots
    from pellucid.lessons import Choice, Number, Prediction, ask, ask_for_table, graded, on_your_table

    return (
        Choice,
        Figure,
        Number,
        Prediction,
        ask,
        ask_for_table,
        data,
        go,
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
    # 2 · Downhill

    In lesson 1 you turned three knobs and watched the error. A network has thousands. Nobody turns thousands of knobs
    by trial; this lesson finds the direction of every knob at once, by arithmetic.
    """)
    return


@app.cell
def _(metrics, mo, np, plots):
    hill_x, hill_y = np.array([1.0, 2.0]), np.array([2.0, 4.0])
    _line = metrics.function_errors(lambda x: x + 2, hill_x, hill_y)
    mo.vstack(
        [
            mo.md(
                "Take the smallest model, a line $m\\,x + b$, and two points, $(1, 2)$ and $(2, 4)$. Here the line has "
                "$m = 1$ and $b = 2$: it passes one point too high, and its mean absolute error is "
                f"**{_line.mean_absolute_error:g}**."
            ),
            plots.function_rows(_line, formula="x + 2"),
        ]
    )
    return hill_x, hill_y


@app.cell
def _(hill_x, hill_y, mo, np):
    def hill(m, b):
        """Mean absolute error of the line m·x + b over the two points; m and b may be arrays."""
        return (np.abs(m * hill_x[0] + b - hill_y[0]) + np.abs(m * hill_x[1] + b - hill_y[1])) / 2

    mo.md(r"""
    ## The error is a landscape

    Every pair $(m, b)$ has an error,

    $$\text{MAE}(m, b) = \tfrac{1}{2}\bigl(\lvert m + b - 2\rvert + \lvert 2m + b - 4\rvert\bigr),$$

    so the errors form a landscape over the plane of $m$ and $b$. Turn it with the mouse. The lowest place is
    $m = 2$, $b = 0$, where the line meets both points.
    """)
    return (hill,)


@app.cell
def _(mo):
    fixed_b = mo.ui.slider(-1, 5, step=0.5, value=2, label="b, held fixed", show_value=True)
    at_m = mo.ui.slider(-1, 5, step=0.25, value=2, label="m, where you stand", show_value=True)
    mo.hstack([fixed_b, at_m], wrap=True)
    return at_m, fixed_b


@app.cell
def _(hill_x, hill_y, nn, np):
    def line_gradient(m, b):
        """The slopes of the error by m and by b, from the textbook's functions."""
        parameters = {"layers.0.weight": np.array([[m]]), "layers.0.bias": np.array([b])}
        Z, tape = nn.network_forward(hill_x[:, None], parameters, [])
        _, cache = nn.loss_forward(nn.MAE(), Z, hill_y[:, None])
        gradients = nn.network_backward(nn.loss_backward(cache), tape)
        return float(gradients["layers.0.weight"][0, 0]), float(gradients["layers.0.bias"][0])

    return (line_gradient,)


@app.cell
def _(at_m, fixed_b, go, hill, line_gradient, mo, np):
    _grid = np.linspace(-1, 5, 61)
    _b, _m = np.meshgrid(_grid, _grid)
    _slope = line_gradient(at_m.value, fixed_b.value)[0]
    _way = "decrease m" if _slope > 0 else "increase m" if _slope < 0 else "stay: it is flat here"
    _surface = go.Figure(
        [
            go.Surface(x=_b, y=_m, z=hill(_m, _b), colorscale="Blues", showscale=False, name="error"),
            go.Scatter3d(
                x=np.full(61, fixed_b.value),
                y=_grid,
                z=hill(_grid, fixed_b.value) + 0.1,
                mode="lines",
                line={"color": "#a94700", "width": 6},
                name=f"b = {fixed_b.value:g}",
            ),
            go.Scatter3d(
                x=[fixed_b.value],
                y=[at_m.value],
                z=[hill(at_m.value, fixed_b.value) + 0.15],
                mode="markers+text",
                text=[_way],
                textposition="top center",
                marker={"size": 6, "color": "#1c2126"},
                name="you",
            ),
        ]
    )
    _surface.update_layout(
        title="Mean absolute error of m x + b",
        scene={"xaxis_title": "b", "yaxis_title": "m", "zaxis_title": "error"},
        height=520,
        margin={"l": 0, "r": 0, "t": 40, "b": 0},
    )
    mo.vstack(
        [
            mo.ui.plotly(_surface),
            mo.md(
                f"At m = {at_m.value:g}, b = {fixed_b.value:g} the error is "
                f"**{hill(at_m.value, fixed_b.value):.3f}** and its slope along m is **{_slope:+.3f}**: {_way}."
            ),
        ]
    )
    return


@app.cell
def _(Figure, at_m, fixed_b, hill, np, plots):
    section = Figure(figsize=(6.4, 2.8), layout="constrained")
    _ax = section.subplots()
    _grid = np.linspace(-1, 5, 241)
    _ax.plot(_grid, hill(_grid, fixed_b.value), color=plots.LIGHT.series[1])
    _ax.plot(at_m.value, hill(at_m.value, fixed_b.value), "o", color=plots.LIGHT.ink)
    _ax.set(title=f"The section at b = {fixed_b.value:g}", xlabel="m", ylabel="error")
    section
    return


@app.cell
def _(Choice, ask, hill, line_gradient):
    _slope = line_gradient(3.0, 1.0)[0]
    _step = 1e-4
    _right, _left = hill(3.0 + _step, 1.0), hill(3.0 - _step, 1.0)
    question_1 = Choice(
        "You stand at m = 3, b = 1. Which way must m go?",
        ["up", "down", "it does not matter"],
        "down" if _slope > 0 else "up",
        f"The gradient is {_slope:+.3f}: a larger m makes a larger error. Checked without any calculus: the error is "
        f"{_right:.5f} at m = 3.0001 and {_left:.5f} at m = 2.9999, and ({_right:.5f} − {_left:.5f}) / 0.0002 = "
        f"{(_right - _left) / (2 * _step):+.3f}.",
    )
    answer_1 = ask(question_1)
    answer_1
    return answer_1, question_1


@app.cell
def _(answer_1, graded, question_1):
    graded(question_1, answer_1.value)
    return


@app.cell
def _(mo, nn, np):
    def summed(values):
        """Gradients of Σ(m·x + b) by m and b: what one backward step through the line gives."""
        X = np.array(values)[:, None]
        Z, cache = nn.dense_forward(X, np.array([[2.0]]), np.array([1.0]))
        _, gradients = nn.dense_backward(np.ones_like(Z), cache)
        return Z[:, 0], float(gradients["weight"][0, 0]), float(gradients["bias"][0])

    _Z, _dm, _db = summed([1.0, 2.0, 3.0])
    mo.md(rf"""
    ## Where a gradient comes from

    Leave the error out for a moment and add up the outputs of the line at $m = 2$, $b = 1$, for $x = 1, 2, 3$:

    $$\sum (m x + b) = {" + ".join(f"{z:g}" for z in _Z)} = {_Z.sum():g}.$$

    Raise $m$ by a little $h$: every term grows by $h\,x$, so the sum grows by $h\,(1 + 2 + 3)$. Raise $b$ by $h$: every
    term grows by $h$, so the sum grows by $3h$. How much the sum grows *per $h$* is the gradient:

    $$\frac{{\partial}}{{\partial m}} = \sum x = {_dm:g}, \qquad \frac{{\partial}}{{\partial b}} = n = {_db:g}.$$

    No magic: the machine keeps the inputs that it multiplied by, and adds them up on the way back. These two numbers
    came from `nn.dense_backward`, not from the text.
    """)
    return (summed,)


@app.cell
def _(Number, ask, summed):
    _, _dm, _db = summed([1.0, 4.0])
    question_2 = Number(
        "The same line for x = 1 and 4. What is the gradient of the sum by m?",
        _dm,
        0.01,
        f"It is Σx = 1 + 4 = {_dm:g}; by b it would be the number of rows, {_db:g}.",
    )
    answer_2 = ask(question_2)
    answer_2
    return answer_2, question_2


@app.cell
def _(answer_2, graded, question_2):
    graded(question_2, answer_2.value)
    return


@app.cell
def _(data, nn, np):
    X, y = data.quadratic(3, 2, 1, rows=20, multiplicative_noise=0.15, additive_noise=0.15, seed=42)
    x = X[:, 0]
    # The parabola of lesson 1 is a network without hidden layers: two inputs, x² and x, and a bias.
    squares = np.column_stack([x**2, x])

    def knobs(a, b, c):
        """The three knobs as the parameters of that network."""
        return {"layers.0.weight": np.array([[a, b]], dtype=float), "layers.0.bias": np.array([c], dtype=float)}

    def loss_of(parameters):
        """Mean absolute error over the twenty points."""
        return nn.loss_forward(nn.MAE(), nn.network_forward(squares, parameters, [])[0], y[:, None])[0]

    def gradient_of(parameters):
        """Its slope by every knob."""
        Z, tape = nn.network_forward(squares, parameters, [])
        return nn.network_backward(nn.loss_backward(nn.loss_forward(nn.MAE(), Z, y[:, None])[1]), tape)

    return gradient_of, knobs, loss_of, squares, x, y


@app.cell
def _(mo):
    mo.md(r"""
    ## Three knobs, three gradients

    For the parabola and its absolute error, a row's distance $\lvert \hat y - y \rvert$ grows with $\hat y$ when the
    curve is too high and shrinks when it is too low. So with $s_i = +1$ or $-1$ for too high or too low,

    $$\frac{\partial\,\text{MAE}}{\partial a} = \frac1n \sum s_i\,x_i^2, \quad
      \frac{\partial\,\text{MAE}}{\partial b} = \frac1n \sum s_i\,x_i, \quad
      \frac{\partial\,\text{MAE}}{\partial c} = \frac1n \sum s_i.$$

    A negative gradient says: turn this knob up.
    """)
    return


@app.cell
def _(Prediction, ask, gradient_of, knobs, np, squares, y):
    _signs = np.sign(squares @ np.array([1.5, 1.5]) + 1.5 - y)
    _high, _low = int((_signs > 0).sum()), int((_signs < 0).sum())
    _slope = float(gradient_of(knobs(1.5, 1.5, 1.5))["layers.0.bias"][0])
    question_3 = Prediction(
        f"At a = b = c = 1.5 the curve is too high at {_high} of the 20 points, too low at {_low}. The slope by c is",
        _slope,
        0.01,
        f"({_high} − {_low}) / 20 = {_slope:+.2f}: each row too high adds +1/20, each row too low −1/20.",
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
    a = mo.ui.slider(-1, 6, step=0.1, value=1.5, label="a (bend)", show_value=True)
    b = mo.ui.slider(-3, 5, step=0.1, value=1.5, label="b (tilt)", show_value=True)
    c = mo.ui.slider(-3, 5, step=0.1, value=1.5, label="c (lift)", show_value=True)
    mo.hstack([a, b, c], wrap=True)
    return a, b, c


@app.cell
def _(a, b, c, gradient_of, knobs, loss_of, metrics, mo, nn, plots, x, y):
    here = knobs(a.value, b.value, c.value)
    slopes = gradient_of(here)
    _check = nn.check_gradients(loss_of, here, slopes)
    _named = {
        "a": slopes["layers.0.weight"][0, 0],
        "b": slopes["layers.0.weight"][0, 1],
        "c": slopes["layers.0.bias"][0],
    }
    _rows = "\n".join(
        f"| {name} | {value:+.4f} | {'up' if value < 0 else 'down' if value > 0 else 'stay'} |"
        for name, value in _named.items()
    )
    mo.vstack(
        [
            plots.function_rows(
                metrics.function_errors(lambda x: a.value * x**2 + b.value * x + c.value, x, y, low=-2.1, high=2.1),
                formula="your curve",
            ),
            mo.md(f"| knob | gradient at {a.value:g}, {b.value:g}, {c.value:g} | turn it |\n|:--|--:|:--|\n{_rows}"),
            mo.md(f"Finite differences say the same: {_check}."),
        ]
    )
    return


@app.cell
def _(mo):
    mo.md(r"""
    ## Let it walk

    Now the machine turns all knobs at once, each against its gradient, by a small share $\eta$ of it:

    $$a \leftarrow a - \eta\,\frac{\partial\,\text{MAE}}{\partial a} \quad\text{and so on.}$$

    That is *gradient descent*; $\eta$ is the *learning rate*. All knobs begin at 1.
    """)
    return


@app.cell
def _(mo):
    rate = mo.ui.slider(steps=[0.01, 0.03, 0.1, 0.3, 1.0], value=0.1, label="learning rate", show_value=True)
    count = mo.ui.slider(1, 60, step=1, value=20, label="steps", show_value=True)
    mo.hstack([rate, count], wrap=True)
    return count, rate


@app.cell
def _(knobs, loss_of, pellucid, squares, y):
    def walk(rate, steps):
        """The fit, and for every step (0 is the start) its knobs and *their own* error."""
        training = pellucid.TrainingSpec(loss="mae", optimizer="sgd", learning_rate=rate, epochs=steps, shuffle=False)
        fitted = pellucid.fit_network(
            squares, y, pellucid.NetworkSpec(2), training, initial=knobs(1, 1, 1), record=True
        )
        states = [fitted.recording.at(step) for step in range(steps + 1)]
        return fitted, states, [loss_of(state) for state in states]

    return (walk,)


@app.cell
def _(count, metrics, mo, np, plots, rate, walk, x, y):
    fitted, states, errors = walk(rate.value, count.value)
    _best = int(np.argmin(errors))
    _lines = [
        f"| {step} | {errors[step]:.4f} | {state['layers.0.weight'][0, 0]:.4f} | "
        f"{state['layers.0.weight'][0, 1]:.4f} | {state['layers.0.bias'][0]:.4f} |"
        for step, state in enumerate(states)
    ]
    _a, _b = states[_best]["layers.0.weight"][0]
    _c = states[_best]["layers.0.bias"][0]
    mo.vstack(
        [
            plots.loss_curves(fitted.history),
            plots.function_rows(
                metrics.function_errors(lambda x: _a * x**2 + _b * x + _c, x, y, low=-2.1, high=2.1),
                formula="best curve",
            ),
            mo.md(
                f"After {count.value} steps at rate {rate.value:g} the error is **{errors[-1]:.4f}**; the best was "
                f"{errors[_best]:.4f} after step {_best}, at a = {_a:.4f}, b = {_b:.4f}, c = {_c:.4f}."
            ),
            mo.accordion(
                {"Every step": mo.md("\n".join(["| step | error | a | b | c |", "|--:|--:|--:|--:|--:|", *_lines]))}
            ),
        ]
    )
    return


@app.cell
def _(mo, walk):
    _, _, _kept = walk(0.1, 20)
    mo.md(rf"""
    /// admonition | A mistake that is easy to make

    The notebook that this lesson goes back to measures the loss, *then* steps, and then stores the new knobs together
    with the old loss. Its "best" knobs are printed beside 0.69, which is the error of the step before; their own is
    0.676. Here too: the error before the last step is {_kept[19]:.4f}, after it {_kept[20]:.4f}. In the table above
    every error belongs to the knobs in its row.
    ///
    """)
    return


@app.cell
def _(Choice, ask, walk):
    _ends = {rate: walk(rate, 60)[2][-1] for rate in (0.01, 0.1, 1.0)}
    question_4 = Choice(
        "Sixty steps. Which learning rate ends with the smallest error?",
        [f"{rate:g}" for rate in _ends],
        f"{min(_ends, key=_ends.get):g}",
        "The errors at the end: "
        + ", ".join(f"{error:.4f} at {rate:g}" for rate, error in _ends.items())
        + ". Too small a step does not arrive; too large a one jumps across the valley and back, because the slope "
        "of an absolute error does not shrink near the bottom.",
    )
    answer_4 = ask(question_4)
    answer_4
    return answer_4, question_4


@app.cell
def _(answer_4, graded, question_4):
    graded(question_4, answer_4.value)
    return


@app.cell
def _(mo, pellucid, squares, walk, y):
    _fitted, _states, _ = walk(0.1, 20)
    _told = pellucid.explain_gradient(
        _fitted, "layers.0.bias[0]", squares, y, parameters=_states[0], most_rows=4, most_paths=1
    )
    mo.vstack(
        [
            mo.md(
                "## The same, told by the library\n\n`pellucid.explain_gradient` writes this derivation for any weight "
                "of any network, from the numbers of the rows. For c, before the first step:"
            ),
            mo.accordion({"The derivation": mo.Html(_told._repr_html_())}),
        ]
    )
    return


@app.cell
def _(mo):
    mo.md(r"""
    ## What to take along

    The gradient is one number a knob: how fast the error grows when the knob is turned up. Turn every knob against
    it, by a small share, and again. A finite difference checks it without any calculus.

    ---
    """)
    return


@app.cell
def _(nn, np, pellucid):
    def steps(rows):
        """The lesson on your rows: a line, its two gradients at the start, and a descent."""
        spread = rows.X[:, 0].std() or 1.0
        x = (rows.X[:, :1] - rows.X[:, 0].mean()) / spread
        scale = rows.y.std() or 1.0
        y = (rows.y - rows.y.mean()) / scale
        start = {"layers.0.weight": np.zeros((1, 1)), "layers.0.bias": np.zeros(1)}

        def loss(parameters):
            return nn.loss_forward(nn.MAE(), nn.network_forward(x, parameters, [])[0], y[:, None])[0]

        Z, tape = nn.network_forward(x, start, [])
        gradients = nn.network_backward(nn.loss_backward(nn.loss_forward(nn.MAE(), Z, y[:, None])[1]), tape)
        check = nn.check_gradients(loss, start, gradients)
        training = pellucid.TrainingSpec(loss="mae", optimizer="sgd", learning_rate=0.1, epochs=40, shuffle=False)
        fitted = pellucid.fit_network(x, y, pellucid.NetworkSpec(1), training, initial=start)
        m, b = fitted.parameters["layers.0.weight"][0, 0], fitted.parameters["layers.0.bias"][0]
        return (
            "Both columns were put on one scale (mean 0, standard deviation 1), so that one learning rate fits both "
            f"knobs. At m = 0, b = 0 the error is {loss(start):.4f}, with the gradients "
            f"{gradients['layers.0.weight'][0, 0]:+.4f} by m and {gradients['layers.0.bias'][0]:+.4f} by b; finite "
            f"differences: {check}. After 40 steps at rate 0.1: m = {m:+.4f}, b = {b:+.4f}, error "
            f"{loss(fitted.parameters):.4f}, which is {loss(fitted.parameters) * scale:.4g} in the unit of the column."
        )

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
