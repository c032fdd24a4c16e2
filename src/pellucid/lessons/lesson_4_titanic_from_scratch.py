import marimo

__generated_with = "0.25.2"
app = marimo.App(width="medium", app_title="4 · Titanic from scratch", html_head_file="lesson_head.html")


@app.cell
def _():
    import time

    import marimo as mo
    import numpy as np

    import pellucid
    from pellucid import data, metrics, nn, plots
    from pellucid.errors import ShapeError, TrainingError
    from pellucid.lessons import Choice, Number, Prediction, ask, ask_for_table, graded, on_your_table
    from pellucid.preprocessing import CategoryRecipe, NumberRecipe, PreparationSpec, fit_preparation

    return (
        CategoryRecipe,
        Choice,
        Number,
        NumberRecipe,
        Prediction,
        PreparationSpec,
        ShapeError,
        TrainingError,
        ask,
        ask_for_table,
        data,
        fit_preparation,
        graded,
        metrics,
        mo,
        nn,
        np,
        on_your_table,
        pellucid,
        plots,
        time,
    )


@app.cell
def _(mo):
    mo.md(r"""
    # 4 · Titanic from scratch

    891 passengers, and who survived. A real table has gaps, words and columns of different sizes, so most of the work
    comes before the network. At the end eleven networks run a race, and one line of common sense runs along.
    """)
    return


@app.cell
def _(mo, pellucid):
    titanic = pellucid.read("titanic")
    _shown = ("Survived", "Pclass", "Sex", "Age", "SibSp", "Parch", "Fare", "Embarked")
    _rows = [" | ".join("–" if (v := titanic.row(k)[name]) is None else str(v) for name in _shown) for k in range(6)]
    _gaps = {column.name: int(column.missing.sum()) for column in titanic if column.missing.any()}
    mo.md(
        "## The table\n\n| "
        + " | ".join(_shown)
        + " |\n|"
        + ":--|" * len(_shown)
        + "".join(f"\n| {row} |" for row in _rows)
        + f"\n\nThe first six of {len(titanic)} rows. Gaps: "
        + ", ".join(f"{name} {count}" for name, count in _gaps.items())
        + ". A network can neither multiply a gap nor a word."
    )
    return (titanic,)


@app.cell
def _(mo, np, titanic):
    _rows = []
    for _name in ("Survived", "Pclass", "Age", "SibSp", "Parch", "Fare"):
        _column = titanic[_name]
        _values = np.array([float(v) for v in _column.objects() if v is not None])
        _quarters = " | ".join(f"{q:.4g}" for q in np.percentile(_values, [0, 25, 50, 75, 100]))
        _rows.append(f"| {_name} | {len(_values)} | {_values.mean():.4f} | {_values.std(ddof=1):.4f} | {_quarters} |")
    mo.md(
        "| column | count | mean | std | min | 25 % | 50 % | 75 % | max |\n|:--|--:|--:|--:|--:|--:|--:|--:|--:|\n"
        + "\n".join(_rows)
    )
    return


@app.cell
def _(data, mo, np, titanic):
    split = data.random_split(len(titanic), 0.2, 42)
    survived = np.array([float(v) for v in titanic["Survived"].objects()])
    y, y_valid = survived[split.training], survived[split.held_out]
    mo.md(
        f"## Rows to learn from, rows to judge by\n\n{len(y)} rows to train on, {len(y_valid)} held out by chance; of "
        f"these {int(y_valid.sum())} survived and {int((1 - y_valid).sum())} died. Whoever says *died* for everybody is "
        f"right in **{1 - y_valid.mean():.4f}** of them. That is the *base rate*, and the first thing to beat."
    )
    return split, survived, y, y_valid


@app.cell
def _(Prediction, ask, metrics, np, split, titanic, y_valid):
    female = np.array([v == "female" for v in titanic["Sex"].objects()], dtype=float)
    rule = metrics.accuracy(y_valid, female[split.held_out])
    question_1 = Prediction(
        "Say *survived* for every woman and *died* for every man. Right in what share of the held-out rows?",
        rule.value,
        0.03,
        f"{round(rule.value * len(y_valid))} of {len(y_valid)} held-out passengers: {rule.value:.4f}. With so few rows "
        f"the true share may lie anywhere in {rule.interval}.",
    )
    answer_1 = ask(question_1)
    answer_1
    return answer_1, female, question_1, rule


@app.cell
def _(answer_1, graded, question_1):
    graded(question_1, answer_1.value)
    return


@app.cell
def _(NumberRecipe, PreparationSpec, fit_preparation, mo, split, titanic):
    FOUR = ("Age", "SibSp", "Parch", "Fare")
    plain = NumberRecipe(impute="mode", missing_flag=False, log1p=False, scale="max_abs", clip=None, levels=False)
    prepared = fit_preparation(titanic.select(FOUR).take(split.training), PreparationSpec(numbers=plain))
    everything = fit_preparation(titanic.select(FOUR), PreparationSpec(numbers=plain))
    _matrix = prepared.transform(titanic)
    X, X_valid = _matrix[split.training], _matrix[split.held_out]
    _rows = [
        f"| {step.name} | {step.fill:.6g} | {step.scaling.divisor:.6g} | {other.scaling.divisor:.6g} |"
        for step, other in zip(prepared.columns, everything.columns)
    ]
    mo.md(
        "## Gaps and sizes\n\nA gap takes the most frequent value (the mode), and every column is divided by its maximum, "
        "so that all lie between 0 and 1. Both numbers are learned, so they are learned **from training rows only**.\n\n"
        "| column | fills gaps | divisor | divisor from all rows |\n|:--|--:|--:|--:|\n"
        + "\n".join(_rows)
        + "\n\n/// admonition | A mistake that is easy to make\n\nThe last column is what the second notebook behind this "
        "lesson used: mode and maximum over all 891 rows, the held-out ones among them. In its split the largest age "
        "is 80 that way and 74 from training rows. Here it makes little difference; with a stronger preparation the "
        "held-out rows would leak into the training.\n///"
    )
    return FOUR, X, X_valid, plain, prepared


@app.cell
def _(Number, ask, prepared):
    _largest = prepared.columns[0].scaling.divisor
    question_2 = Number(
        f"The largest age among the training rows is {_largest:g}. What does the network see for a passenger of 22?",
        22 / _largest,
        0.005,
        f"22 / {_largest:g} = {22 / _largest:.4f}.",
    )
    answer_2 = ask(question_2)
    answer_2
    return answer_2, question_2


@app.cell
def _(answer_2, graded, question_2):
    graded(question_2, answer_2.value)
    return


@app.cell
def _(FOUR, NumberRecipe, PreparationSpec, X, fit_preparation, mo, nn, np, plots, split, titanic):
    _rng = np.random.default_rng(42)
    first = nn.initialize((4, 1), False, "uniform", _rng)
    coefficients = first["layers.0.weight"][0]
    _raw = NumberRecipe(impute="mode", missing_flag=False, log1p=False, scale="none", clip=None, levels=False)
    _unscaled = fit_preparation(titanic.select(FOUR).take(split.training), PreparationSpec(numbers=_raw))
    as_they_are = plots.input_products(coefficients, _unscaled.transform(titanic)[split.training], FOUR, most_rows=6)
    scaled = plots.input_products(coefficients, X, FOUR, most_rows=6)
    mo.md(r"""
    ## A weighted sum

    $$z = w_1 \cdot \text{Age} + w_2 \cdot \text{SibSp} + w_3 \cdot \text{Parch} + w_4 \cdot \text{Fare}$$

    With coefficients drawn by chance between −0.5 and 0.5, each cell below is coefficient times input. First with the
    columns as they are: age and fare drown the others.
    """)
    return as_they_are, coefficients, first, scaled


@app.cell
def _(as_they_are, plots):
    plots.heat_map(as_they_are)
    return


@app.cell
def _(mo):
    mo.md("Divided by the maximum of their column, all four have a say:")
    return


@app.cell
def _(plots, scaled):
    plots.heat_map(scaled)
    return


@app.cell
def _(FOUR, X, first, mo, nn, y):
    Z, tape = nn.network_forward(X, first, [])
    loss, cache = nn.loss_forward(nn.MAE(), Z, y[:, None])
    gradient = nn.network_backward(nn.loss_backward(cache), tape)["layers.0.weight"]

    def loss_after(change):
        """Mean absolute error when `change` is taken from the coefficients."""
        return nn.loss_forward(nn.MAE(), nn.dense_forward(X, first["layers.0.weight"] - change)[0], y[:, None])[0]

    _named = ", ".join(f"{name} {value:+.4f}" for name, value in zip(FOUR, gradient[0]))
    mo.md(
        f"## One step\n\nThe mean absolute error of these {len(y)} sums is {loss:.4f}. Its gradient: {_named}. One step of "
        f"0.1 against it gives {loss_after(0.1 * gradient):.4f}."
    )
    return cache, gradient, loss, loss_after, tape


@app.cell
def _(Number, ask, gradient, loss, loss_after):
    question_3 = Number(
        "A program adds every gradient to the last one and is never told to clear them. It computes the same gradient "
        "three times, then steps. How many times too long is the step?",
        3,
        0.01,
        f"The sum of three equal gradients is 3 times one. Here the loss would go from {loss:.4f} to "
        f"{loss_after(0.3 * gradient):.4f} instead of {loss_after(0.1 * gradient):.4f}. The notebook prints 0.4945 after "
        "such a step; an honest one gives 0.5197. It looks better, and is an accident.",
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
    rate = mo.ui.slider(steps=[0.05, 0.2, 1.0, 2.0, 4.0], value=4.0, label="learning rate", show_value=True)
    epochs = mo.ui.slider(1, 120, step=1, value=60, label="epochs", show_value=True)
    mo.vstack([mo.md("## Sixty epochs"), mo.hstack([rate, epochs], wrap=True)])
    return epochs, rate


@app.cell
def _(FOUR, X, X_valid, epochs, first, metrics, mo, pellucid, plots, rate, y, y_valid):
    linear = pellucid.fit_network(
        X,
        y,
        pellucid.NetworkSpec(4, bias=False),
        pellucid.TrainingSpec("mae", "sgd", rate.value, epochs.value),
        initial=first,
        validation=(X_valid, y_valid),
    )
    _said = linear.predict(X_valid)[:, 0]
    _hits = metrics.accuracy(y_valid, (_said > 0.5).astype(float))
    _named = ", ".join(f"{n} {w:+.4f}" for n, w in zip(FOUR, linear.parameters["layers.0.weight"][0]))
    mo.vstack(
        [
            plots.loss_curves(linear.history),
            mo.md(
                f"Coefficients: {_named}. It says *survived* {int((_said > 0.5).sum())} times and *died* "
                f"{int((_said <= 0.5).sum())} times; accuracy **{_hits.value:.4f}**, with the interval {_hits.interval}. "
                f"The predictions run from {_said.min():.3f} to {_said.max():.3f}. At rate 4 the curve saws: every step is "
                "so long that it lands on the other slope."
            ),
        ]
    )
    return


@app.cell
def _(CategoryRecipe, NumberRecipe, PreparationSpec, fit_preparation, mo, np, plain, split, titanic):
    _levels = CategoryRecipe(impute="mode", min_frequency=1, max_levels=1000)
    _log = NumberRecipe(impute="mode", missing_flag=False, log1p=True, scale="max_abs", clip=None, levels=False)
    _table = titanic.select(["Age", "SibSp", "Parch", "Fare", "Sex", "Pclass", "Embarked"])
    _spec = PreparationSpec(numbers=plain, categories=_levels, columns={"Fare": _log, "Pclass": _levels})
    _twelve = fit_preparation(_table.take(split.training), _spec)
    twelve_names = tuple(_twelve.names)
    _matrix = _twelve.transform(titanic)
    W, W_valid = _matrix[split.training], _matrix[split.held_out]
    _fare = titanic["Fare"].values
    mo.md(
        "## Words become columns\n\nSex, class and port become one column a level, 1 where the passenger has it: "
        + ", ".join(f"`{name}`" for name in twelve_names)
        + f". Fares reach from {np.nanmin(_fare):g} to {np.nanmax(_fare):.2f}, so their logarithm goes in."
    )
    return W, W_valid, twelve_names


@app.cell
def _(W, W_valid, metrics, mo, np, pellucid, twelve_names, y, y_valid):
    def trained(loss, rate, epochs, hidden=(), initializer="uniform", bias=False):
        """A network on the twelve columns, by plain gradient descent with all rows in every step."""
        network = pellucid.NetworkSpec(12, hidden, bias=bias, initializer=initializer)
        plan = pellucid.TrainingSpec(loss, "sgd", rate, epochs, seed=2)
        fitted = pellucid.fit_network(W, y, network, plan, validation=(W_valid, y_valid))
        return fitted, metrics.accuracy(y_valid, (fitted.predict(W_valid)[:, 0] > 0.5).astype(float))

    _line, _line_right = trained("mae", 0.2, 18)
    bent, _bent_right = trained("sigmoid_mae", 100, 30)
    _weights = bent.parameters["layers.0.weight"][0]
    _named = ", ".join(f"{twelve_names[k]} {_weights[k]:+.2f}" for k in np.argsort(-np.abs(_weights)))
    mo.md(rf"""
    ## What the sigmoid buys

    A sum may say 1.4 or −0.2. The sigmoid squeezes every number into a probability,

    $$\sigma(z) = \frac{{1}}{{1 + e^{{-z}}}}.$$

    Without it, after 18 epochs at rate 0.2: accuracy {_line_right.value:.4f}. With it, after 30 epochs at rate 100:
    **{_bent_right.value:.4f}**. Its coefficients, the strongest first: {_named}.
    """)
    return bent, trained


@app.cell
def _(W_valid, bent, mo, np, time):
    _w = bent.parameters["layers.0.weight"][0]

    def _seconds(compute):
        spent = []
        for _ in range(25):
            began = time.perf_counter()
            compute()
            spent.append(time.perf_counter() - began)
        return float(np.median(spent))

    _sums, _product = (W_valid * _w).sum(axis=1), W_valid @ _w
    _slow, _fast = _seconds(lambda: (W_valid * _w).sum(axis=1)), _seconds(lambda: W_valid @ _w)
    mo.md(
        "## A sum of products is a matrix product\n\n`(X * w).sum(axis=1)` and `X @ w` are the same numbers: the largest "
        f"difference over {len(_sums)} rows is {np.abs(_sums - _product).max():.1e}. Here and now the first took "
        f"{_slow * 1e6:.1f} µs and the second {_fast * 1e6:.1f} µs. The second has a name, is in every library, and works "
        "for many columns of weights at once, which is what a layer is."
    )
    return


@app.cell
def _(ShapeError, W, bent, mo, nn, y):
    _Z = nn.network_forward(W, bent.parameters, [])[0]
    try:
        nn.loss_forward(nn.SigmoidMAE(), _Z, y)
        _told = "nothing"
    except ShapeError as problem:
        _told = str(problem)
    _wrong = abs(nn.predict_from(nn.SigmoidMAE(), _Z) - y)
    mo.md(
        f"/// admonition | A mistake that is easy to make\n\nPredictions of shape {_Z.shape} minus answers of shape "
        f"{y.shape} give an array of shape {_wrong.shape}: every prediction against every answer. Nothing complains, and "
        f"its mean, {_wrong.mean():.3f}, looks like a loss. In the notebook the training then sticks at 0.379. pellucid "
        f"says: *{_told}*.\n///"
    )
    return


@app.cell
def _(mo, nn, np, trained):
    _hidden, _right = trained("sigmoid_mae", 20, 30, (20,), ["course_hidden", "course_output"], [False, True])
    _slow, _slow_right = trained("sigmoid_mae", 1.4, 30, (20,), ["course_hidden", "course_output"], [False, True])
    _deep, _deep_right = trained("sigmoid_mae", 4, 30, (10, 10), "course_deep", True)
    _stack = [np.random.default_rng(k).uniform(-0.5, 0.5, shape) for k, shape in enumerate([(5, 4), (5, 5), (1, 5)])]
    _parameters = {f"layers.{k}.weight": matrix for k, matrix in enumerate(_stack)}
    _x = np.array([[0.3, 0.1, 0.0, 0.2]])
    _through = float(nn.network_forward(_x, _parameters, [nn.identity] * 2)[0][0, 0])
    _one = (_stack[2] @ _stack[1] @ _stack[0])[0]
    mo.md(rf"""
    ## Layers

    A layer is a matrix, a network a list of them. But three matrices in a row are still one:

    $$W_3 (W_2 (W_1 x)) = (W_3 W_2 W_1)\, x.$$

    Three matrices drawn by chance turn one passenger into {_through:.6f}; their product, one row of four numbers, turns
    him into {float(_one @ _x[0]):.6f}. Depth without a bend between the layers is no depth. With ReLU between them:

    | network | rate | first loss | last loss | accuracy |
    |:--|--:|--:|--:|--:|
    | one hidden layer of 20 | 1.4 | {_slow.history.training_loss[0]:.3f} | {_slow.history.training_loss[-1]:.3f} | {_slow_right.value:.4f} |
    | one hidden layer of 20 | 20 | {_hidden.history.training_loss[0]:.3f} | {_hidden.history.training_loss[-1]:.3f} | {_right.value:.4f} |
    | two hidden layers of 10 | 4 | {_deep.history.training_loss[0]:.3f} | {_deep.history.training_loss[-1]:.3f} | {_deep_right.value:.4f} |
    """)
    return


@app.cell
def _(Choice, ask, y_valid):
    _died, _lived = f"{1 - y_valid.mean():.4f}, the share that died", f"{y_valid.mean():.4f}, the share that survived"
    question_4 = Choice(
        "A network diverges: all its predictions are NaN, *not a number*. A program takes NaN > 0.5 for its answer and "
        "prints an accuracy. Which?",
        ["none: it stops with an error", _died, _lived, "0"],
        _died,
        f"NaN > 0.5 is false, so it “says” *died* {len(y_valid)} times and gets the base rate, {1 - y_valid.mean():.4f}. In "
        "the notebook three of eleven networks did that, and 0.5955 was printed for each.",
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
    sweep_rate = mo.ui.slider(steps=[0.1, 0.5, 1.0, 2.0, 4.0], value=4.0, label="learning rate of all", show_value=True)
    mo.vstack(
        [
            mo.md(
                "## Eleven networks and a rule\n\nEleven shapes on the four columns of numbers, each trained twice for 60 "
                "epochs from the same start: as a stack of matrices on the absolute error, and with ReLU, sigmoid and "
                "cross-entropy."
            ),
            sweep_rate,
        ]
    )
    return (sweep_rate,)


@app.cell
def _(TrainingError, X, X_valid, metrics, pellucid, y, y_valid):
    ELEVEN = ((10, 10), (20, 20), (5, 5, 5), (30,), (), (2,), (50,), (2, 2), (50, 50), (5, 10, 5), (2, 2, 2, 2))

    def race(rate):
        """(shape, accuracy as a stack, accuracy with bends) for all eleven; None where the training diverged."""
        places = []
        for hidden in ELEVEN:
            found = []
            for activation, loss in (("identity", "mae"), ("relu", "sigmoid_bce")):
                network = pellucid.NetworkSpec(4, hidden, activation=activation, bias=False, initializer="uniform")
                try:
                    fitted = pellucid.fit_network(X, y, network, pellucid.TrainingSpec(loss, "sgd", rate, 60, seed=42))
                except TrainingError:
                    found.append(None)
                    continue
                found.append(metrics.accuracy(y_valid, (fitted.predict(X_valid)[:, 0] > 0.5).astype(float)))
            places.append((hidden, *found))
        return places

    return ELEVEN, race


@app.cell
def _(mo, race, rule, sweep_rate, y_valid):
    places = race(sweep_rate.value)
    _rows = [
        f"| {list(hidden)} | {stack.value:.4f} | {bends.value:.4f} |"
        if stack and bends
        else f"| {list(hidden)} | {f'{stack.value:.4f}' if stack else 'diverged'} | "
        f"{f'{bends.value:.4f}' if bends else 'diverged'} |"
        for hidden, stack, bends in places
    ]
    _base = 1 - y_valid.mean()
    _beaten = sum(bends is None or bends.value < rule.value for _, _, bends in places)
    _at_base = sum(bends is not None and abs(bends.value - _base) < 1e-9 for _, _, bends in places)
    mo.md(
        "| hidden layers | stack of matrices | with bends |\n|:--|--:|--:|\n"
        + "\n".join(_rows)
        + f"\n| *everybody died* | {_base:.4f} | {_base:.4f} |\n| ***women survived*** | **{rule.value:.4f}** | "
        f"**{rule.value:.4f}** |\n\nThe rule beats **{_beaten} of the eleven** networks with bends; {_at_base} of them say "
        "*died* for everybody. It is no fair race, and that is the point: the four columns do not hold the sex. What goes "
        "in matters more than how many layers it goes through."
    )
    return (places,)


@app.cell
def _(W, W_valid, metrics, mo, pellucid, rule, y, y_valid):
    _rows, beaten_twelve, apart = [], 0, 0
    for _hidden in ((10, 10), (20, 20), (5, 5, 5), (30,), (), (2,), (50,), (2, 2), (50, 50), (5, 10, 5), (2, 2, 2, 2)):
        _fitted = pellucid.fit_network(
            W, y, pellucid.NetworkSpec(12, _hidden), pellucid.TrainingSpec("sigmoid_bce", "adam", 0.01, 100, seed=42)
        )
        _right = metrics.accuracy(y_valid, (_fitted.predict(W_valid)[:, 0] > 0.5).astype(float))
        beaten_twelve += _right.value < rule.value
        apart += _right.interval.low > rule.interval.high or _right.interval.high < rule.interval.low
        _rows.append(f"| {list(_hidden)} | {_right.value:.4f} | {_right.interval} |")
    mo.md(
        "## A fair race\n\nThe same shapes on all twelve columns, with biases, drawn by a named initializer and trained by "
        "Adam:\n\n| hidden layers | accuracy | interval |\n|:--|--:|:--|\n"
        + "\n".join(_rows)
        + f"\n| ***women survived*** | **{rule.value:.4f}** | {rule.interval} |\n\nNow the rule beats {beaten_twelve} of "
        f"eleven. But look at the intervals: with {len(y_valid)} rows all but {apart} of them overlap that of the rule, "
        "and the best of eleven is flattered by having been picked. Lesson 8 says what such a table can and cannot tell."
    )
    return


@app.cell
def _(Choice, ask, race, rule):
    _beaten = sum(bends is None or bends.value < rule.value for _, _, bends in race(4.0))
    question_5 = Choice(
        "A colleague shows a network with four columns and 100 layers, right in 70 % of the held-out rows. What do you ask?",
        ["how long it trained", "what a rule of one line gets", "for more layers"],
        "what a rule of one line gets",
        f"At rate 4 the rule, {rule.value:.4f}, beats {_beaten} of 11 networks. `pellucid train` always scores the best "
        "single-column rule beside the networks, and says so when it wins.",
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

    Preparation is learned, from training rows only. Compare with the base rate and with the simplest rule before you
    are proud. A number that is not a number must stop the program, not become an accuracy.

    ---
    """)
    return


@app.cell
def _(TrainingError, data, metrics, np, pellucid):
    def steps(rows):
        """The lesson on your rows: the base rate, the best cut of one column, and three networks, held out and judged."""
        positive = (rows.y == rows.y.max()) if rows.classes else (rows.y > np.median(rows.y))
        name = f"{rows.target} = {rows.classes[-1]}" if rows.classes else f"{rows.target} above {np.median(rows.y):.4g}"
        y = positive.astype(float)
        split = data.random_split(len(y), 0.2, 0)
        train, held = split.training, split.held_out
        X = rows.X / (np.abs(rows.X[train]).max(axis=0) + (np.abs(rows.X[train]).max(axis=0) == 0))
        majority = float(y[train].mean() >= 0.5)
        told = [("always the more frequent answer", np.full(len(held), majority))]
        cuts = [
            ((((X[train, j] > cut) == up) == (y[train] > 0.5)).mean(), j, cut, up)
            for j in range(X.shape[1])
            for cut in np.quantile(X[train, j], np.linspace(0.05, 0.95, 19))
            for up in (True, False)
        ]
        _, j, cut, up = max(cuts)
        side = "above" if up else "not above"
        scale = np.abs(rows.X[train, j]).max() or 1.0
        told.append((f"rule: {rows.inputs[j]} {side} {cut * scale:.4g}", ((X[held, j] > cut) == up).astype(float)))
        for hidden in ((), (10,), (10, 10)):
            network = pellucid.NetworkSpec(X.shape[1], hidden)
            plan = pellucid.TrainingSpec("sigmoid_bce", "adam", 0.01, 100)
            try:
                fitted = pellucid.fit_network(X[train], y[train], network, plan)
            except TrainingError as problem:
                return f"The training stopped: {problem}"
            told.append((f"network {network}", (fitted.predict(X[held])[:, 0] > 0.5).astype(float)))
        scored = [(what, metrics.accuracy(y[held], said)) for what, said in told]
        lines = "\n".join(f"| {what} | {right.value:.4f} | {right.interval} |" for what, right in scored)
        return (
            f"Predicted: *{name}*, on {len(held)} of {len(y)} rows held out by chance.\n\n| | accuracy | interval |\n"
            f"|:--|--:|:--|\n{lines}\n\nOnly columns of numbers went in; `pellucid train` takes words and dates too."
        )

    return (steps,)


@app.cell
def _(ask_for_table, mo):
    upload = ask_for_table()
    target = mo.ui.text(label="Column to predict (empty: the last one with few values)")
    mo.vstack([upload, target])
    return target, upload


@app.cell
def _(mo, on_your_table, steps, target, upload):
    mo.md(on_your_table(upload, steps, target=target.value, classes=True))
    return


if __name__ == "__main__":
    app.run()
