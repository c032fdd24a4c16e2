import marimo

__generated_with = "0.25.2"
app = marimo.App(width="medium", app_title="1 · A curve by hand", html_head_file="lesson_head.html")


@app.cell
def _():
    import marimo as mo
    import numpy as np
    from matplotlib.figure import Figure

    from pellucid import data, metrics, plots
    from pellucid.lessons import Choice, Number, Prediction, ask, ask_for_table, graded, on_your_table
    from pellucid.plots import LIGHT

    return (
        Choice,
        Figure,
        LIGHT,
        Number,
        Prediction,
        ask,
        ask_for_table,
        data,
        graded,
        metrics,
        mo,
        np,
        on_your_table,
        plots,
    )


@app.cell
def _(mo):
    mo.md(r"""
    # 1 · A curve by hand

    A network is a function with numbers in it that can be turned, like the knobs of a radio. This lesson has three
    knobs and one question: how far off is the curve? Everything later in the course is this page with more knobs.
    """)
    return


@app.cell
def _(mo):
    mo.md(r"""
    ## A function with three knobs

    $$f(x) = a\,x^2 + b\,x + c$$

    $a$ bends it, $b$ tilts it, $c$ lifts it. Below it stands at $a = 3$, $b = 2$, $c = 1$.
    """)
    return


@app.function
def parabola(a, b, c, x):
    """a·x² + b·x + c for every x."""
    return a * x**2 + b * x + c


@app.cell
def _(Figure, LIGHT, np):
    def picture(title, curves, points=None):
        """Curves {label: function of x} over x from -2.1 to 2.1, and points (x, y) where there are some."""
        figure = Figure(figsize=(6.4, 3.4), layout="constrained")
        ax = figure.subplots()
        line = np.linspace(-2.1, 2.1, 100)
        for (label, curve), color in zip(curves.items(), LIGHT.series):
            ax.plot(line, curve(line), color=color, label=label)
        if points is not None:
            ax.scatter(*points, color=LIGHT.ink, s=16, zorder=3, label="points")
        ax.set(title=title, xlabel="x", ylabel="y", ylim=(-1, 19))
        ax.legend(loc="upper left", frameon=False)
        return figure

    return (picture,)


@app.cell
def _(picture):
    picture("$3x^2 + 2x + 1$", {"f(x)": lambda x: parabola(3, 2, 1, x)})
    return


@app.cell
def _(data, mo):
    X, y = data.quadratic(3, 2, 1, rows=20, multiplicative_noise=0.15, additive_noise=0.15, seed=42)
    x = X[:, 0]
    mo.md(rf"""
    ## Twenty points that nearly lie on it

    Measured points never lie on a curve. These come from $f$, shaken twice:

    $$y = f(x)\,(1 + \mu) + \varepsilon$$

    where $\mu$ and $\varepsilon$ are normal with standard deviation 0.15. The first point has $x = {x[0]:.0f}$: the
    curve says {parabola(3, 2, 1, x[0]):.3f}, the point says {y[0]:.3f}.
    """)
    return x, y


@app.cell
def _(picture, x, y):
    picture("Twenty noisy points", {"the curve they came from": lambda x: parabola(3, 2, 1, x)}, (x, y))
    return


@app.cell
def _(data, metrics, mo, x, y):
    _loud = data.quadratic(3, 2, 1, rows=20, multiplicative_noise=0.15, additive_noise=1.5, seed=42)[1]
    _true = parabola(3, 2, 1, x)
    mo.md(rf"""
    /// admonition | A mistake that is easy to make

    The notebook that this lesson goes back to says in a comment that the second noise is 1.5, and then adds 0.15. It
    is no small slip: with 0.15 the points lie {metrics.mae(y, _true).value:.3f} from the true curve on average, with
    1.5 they would lie {metrics.mae(_loud, _true).value:.3f} away. Believe the code, not the comment; better still,
    measure.
    ///
    """)
    return


@app.cell
def _(mo):
    mo.md(r"""
    ## How far off?

    Take the distance between what was predicted, $\hat y_i$, and what is true, $y_i$, without its sign, and average:

    $$\text{MAE} = \frac{1}{n} \sum_{i=1}^{n} \lvert \hat y_i - y_i \rvert$$

    The *mean absolute error*. It has the unit of $y$: 0.5 means half a unit off, on average.
    """)
    return


@app.cell
def _(Number, ask, metrics):
    _said, _true = [1.0, 2.0, 3.0, 4.0], [1.1, 2.1, 2.8, 4.2]
    _terms = [abs(p - t) for p, t in zip(_said, _true)]
    question_1 = Number(
        "Predicted 1, 2, 3, 4; true 1.1, 2.1, 2.8, 4.2. What is the mean absolute error?",
        metrics.mae(_true, _said).value,
        0.005,
        f"({' + '.join(f'{term:.1f}' for term in _terms)}) / 4 = {sum(_terms):.1f} / 4 = {sum(_terms) / 4:.3f}.",
    )
    answer_1 = ask(question_1)
    answer_1
    return answer_1, question_1


@app.cell
def _(answer_1, graded, question_1):
    graded(question_1, answer_1.value)
    return


@app.cell
def _(mo, picture, x, y):
    mo.vstack(
        [
            mo.md("## Guess first\n\nHere all three knobs stand at 1.5. Look, and guess the error before it is shown."),
            picture("a = b = c = 1.5", {"f(x)": lambda x: parabola(1.5, 1.5, 1.5, x)}, (x, y)),
        ]
    )
    return


@app.cell
def _(Prediction, ask, metrics, np, x, y):
    _said = parabola(1.5, 1.5, 1.5, x)
    _terms = np.abs(_said - y)
    question_2 = Prediction(
        "The mean absolute error at a = b = c = 1.5 is about",
        metrics.mae(y, _said).value,
        0.5,
        f"The largest of the {len(x)} distances is {_terms.max():.2f}, at x = {x[_terms.argmax()]:.2f}; all of them "
        f"together are {_terms.sum():.2f}, and {_terms.sum():.2f} / {len(x)} = {_terms.mean():.2f}.",
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
    mo.md(r"""
    ## Turn the knobs

    Make the error as small as you can. Move one knob at a time, and keep what helps: that is already how a network
    learns, except that it does not have to try.
    """)
    return


@app.cell
def _(mo):
    a = mo.ui.slider(-1, 6, step=0.1, value=1, label="a (bend)", show_value=True)
    b = mo.ui.slider(-3, 5, step=0.1, value=1, label="b (tilt)", show_value=True)
    c = mo.ui.slider(-3, 5, step=0.1, value=1, label="c (lift)", show_value=True)
    mo.hstack([a, b, c], wrap=True)
    return a, b, c


@app.cell
def _(a, b, c, metrics, mo, plots, x, y):
    turned = metrics.function_errors(lambda x: parabola(a.value, b.value, c.value, x), x, y, low=-2.1, high=2.1)
    error = turned.mean_absolute_error
    said = turned.fitted
    mo.vstack(
        [
            plots.function_rows(turned, formula="your curve"),
            mo.md(
                f"At a = {a.value:.1f}, b = {b.value:.1f}, c = {c.value:.1f} the mean absolute error is "
                f"**{error:.3f}**."
            ),
        ]
    )
    return error, said


@app.cell
def _(error, mo, said, x, y):
    _rows = "\n".join(f"| {x_i:.2f} | {p:.3f} | {t:.3f} | {abs(p - t):.3f} |" for x_i, p, t in zip(x, said, y))
    mo.md(
        f"Every term of that error, one a row:\n\n| x | your curve | point | distance |\n|--:|--:|--:|--:|\n{_rows}\n\n"
        f"Sum {abs(said - y).sum():.3f}, divided by {len(x)}: {error:.3f}."
    )
    return


@app.cell
def _(Choice, ask, metrics, x, y):
    _start = metrics.mae(y, parabola(1.5, 1.5, 1.5, x)).value
    _after = {
        "a": metrics.mae(y, parabola(1.6, 1.5, 1.5, x)).value,
        "b": metrics.mae(y, parabola(1.5, 1.6, 1.5, x)).value,
        "c": metrics.mae(y, parabola(1.5, 1.5, 1.6, x)).value,
    }
    question_3 = Choice(
        "All knobs at 1.5 again. You may raise one of them by 0.1. Which one lowers the error most?",
        list(_after),
        min(_after, key=_after.get),
        f"From {_start:.4f} the error goes to "
        + ", ".join(f"{value:.4f} with {name}" for name, value in _after.items())
        + ". The bend is multiplied by x², which is largest where the curve is furthest off.",
    )
    answer_3 = ask(question_3)
    answer_3
    return answer_3, question_3


@app.cell
def _(answer_3, graded, question_3):
    graded(question_3, answer_3.value)
    return


@app.cell
def _(Choice, ask, metrics, x, y):
    _best = metrics.mae(y, parabola(3, 2, 1, x)).value
    question_4 = Choice(
        "Can any a, b and c bring the error to zero?",
        ["yes, the right ones", "no, whatever they are"],
        "no, whatever they are",
        f"The points were shaken, and a parabola does not shake: the very curve they came from has an error of "
        f"{_best:.3f}. A model that reached zero would have learned the noise.",
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
    ## What to take along

    A model is a function with knobs; an error is one number that says how far off it is; fitting is turning the knobs
    until that number is small. Lesson 2 asks which way each knob must be turned, and lets arithmetic answer.

    ---
    """)
    return


@app.cell
def _(metrics, np):
    def steps(rows):
        """The lesson on your rows: a level, a line and a parabola, each with its error."""
        x, y = rows.X[:, 0], rows.y
        told = ["| curve | mean absolute error |", "|:--|--:|"]
        for name, degree in (("c alone", 0), ("b x + c", 1), ("a x² + b x + c", 2)):
            said = np.polynomial.Polynomial.fit(x, y, degree)(x)
            told.append(f"| {name} | {metrics.mae(y, said).value:.4g} |")
        first = abs(said[0] - y[0])
        told.append(
            f"\nThe knobs were turned by least squares. In the first row the parabola says {said[0]:.4g}, the table "
            f"says {y[0]:.4g}: a distance of {first:.4g}, one of {len(y):,} terms. More knobs always bring this "
            "error down or leave it; whether they help on *new* rows is the question of lesson 8."
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
