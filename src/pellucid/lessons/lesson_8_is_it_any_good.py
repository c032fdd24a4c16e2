import marimo

__generated_with = "0.25.2"
app = marimo.App(width="medium", app_title="8 · Is it any good?", html_head_file="lesson_head.html")


@app.cell
def _():
    import marimo as mo
    import numpy as np
    from matplotlib.figure import Figure

    from pellucid import MLPClassifier, data, metrics, plots, read
    from pellucid.lessons import Choice, Number, Prediction, ask, ask_for_table, graded, on_your_table
    from pellucid.plots import LIGHT

    return (
        Choice,
        Figure,
        LIGHT,
        MLPClassifier,
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
        read,
    )


@app.cell
def _(mo):
    mo.md(r"""
    # 8 · Is it any good?

    A network answers; this lesson asks what the answer is worth. Every figure on this page comes with its
    interval, because a figure from 178 rows is a figure from 178 *other* rows away from being a different one.
    """)
    return


@app.cell
def _(MLPClassifier, data, metrics, mo, read):
    titanic = read("titanic")
    survived = titanic["Survived"].values.astype(int)
    split = data.stratified_split(survived, 0.2, 0)
    columns = titanic.select(["Pclass", "Sex", "Age", "Fare"])
    model = MLPClassifier((8,), epochs=60, engine="reference", random_state=0)
    model.fit(columns.take(split.training), survived[split.training])
    truth = survived[split.held_out]
    chance = model.predict_proba(columns.take(split.held_out))[:, 1]
    rows = metrics.score_rows(truth, chance)
    mo.md(rf"""
    ## A network and {len(truth)} passengers it has not seen

    Eight hidden units learn from {len(split.training)} passengers of the Titanic which of them survived, from
    class, sex, age and fare. The other {len(truth)} are held out, {truth.sum()} of them survivors. *Positive*
    means **survived = 1** everywhere on this page; a table that does not say which class its probability belongs
    to is half a table. (One document of this course wrote "true if died" above a column of survivors.)
    """)
    return chance, columns, model, rows, split, survived, titanic, truth


@app.cell
def _(mo):
    mo.md(r"""
    ## A probability is not an answer yet

    Between a probability and an answer stands a **threshold**: from it on, a row is called positive. Drag it.
    Every passenger is a dot at their probability, survivors above, the others below.
    """)
    return


@app.cell
def _(mo):
    threshold = mo.ui.slider(0.02, 0.98, step=0.01, value=0.5, label="threshold", show_value=True, full_width=True)
    threshold
    return (threshold,)


@app.cell
def _(plots, rows, threshold):
    plots.probability_line(rows, threshold.value)
    return


@app.cell
def _(chance, metrics, plots, threshold, truth):
    called = (chance >= threshold.value).astype(int)
    counts = metrics.confusion_counts(truth, called, [0, 1])
    plots.confusion_matrix(counts)
    return called, counts


@app.cell
def _(np):
    def in_words(score):
        """A score with its 95 % interval, for a table; a share of no rows at all is none."""
        if not np.isfinite(score.value):
            return "none: no row is called positive"
        if score.interval is None:
            return f"{score.value:.3f}"
        return f"**{score.value:.3f}** ({score.interval.low:.3f} to {score.interval.high:.3f})"

    return (in_words,)


@app.cell
def _(called, counts, in_words, metrics, mo, threshold, truth):
    _formulas = {
        metrics.accuracy: ("accuracy", "(TP + TN) / all", "of all rows, how many are right"),
        metrics.precision: ("precision", "TP / (TP + FP)", "of those called survivors, how many are"),
        metrics.recall: ("recall", "TP / (TP + FN)", "of the survivors, how many are found"),
        metrics.specificity: ("specificity", "TN / (TN + FP)", "of the others, how many are left in peace"),
        metrics.f1: ("F1", "2 TP / (2 TP + FP + FN)", "precision and recall in one, harmonically"),
    }
    _lines = "\n".join(
        f"| {name} | {formula} | {meaning} | {in_words(score(truth, called))} |"
        for score, (name, formula, meaning) in _formulas.items()
    )
    mo.md(
        f"At {threshold.value:.2f}: TP {counts.tp:.0f}, FP {counts.fp:.0f}, FN {counts.fn:.0f}, TN "
        f"{counts.tn:.0f}.\n\n"
        f"| | formula | in words | value (95 % interval) |\n|:--|:--|:--|:--|\n{_lines}"
    )
    return


@app.cell
def _(Number, ask, chance, metrics, truth):
    _half = metrics.confusion_counts(truth, (chance >= 0.5).astype(int), [0, 1])
    question_1 = Number(
        f"At 0.5 there are {_half.tp:.0f} true positives, {_half.fp:.0f} false positives and {_half.fn:.0f} false "
        f"negatives. "
        "What is the recall?",
        _half.tp / (_half.tp + _half.fn),
        0.005,
        f"TP / (TP + FN) = {_half.tp:.0f} / ({_half.tp:.0f} + {_half.fn:.0f}) = "
        f"{_half.tp / (_half.tp + _half.fn):.4f}; the false "
        "positives belong to precision.",
    )
    answer_1 = ask(question_1)
    answer_1
    return answer_1, question_1


@app.cell
def _(answer_1, graded, question_1):
    graded(question_1, answer_1.value)
    return


@app.cell
def _(Prediction, ask, chance, metrics, truth):
    _low = metrics.recall(truth, (chance >= 0.3).astype(int))
    question_2 = Prediction(
        "The threshold goes down from 0.5 to 0.3. Where does recall go? Guess, then check with the slider.",
        _low.value,
        0.05,
        f"{(chance >= 0.3).sum()} rows are called positive now, {((chance >= 0.3) & (truth == 1)).sum()} of "
        f"{truth.sum()} survivors "
        f"among them: {_low.value:.4f}. A lower threshold never lowers recall.",
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
    ## All thresholds at once

    Each threshold is a point. ROC draws recall against false alarms, the other curve precision against recall; the
    dots are 0.3, 0.5, 0.7 and the slider above.
    """)
    return


@app.cell
def _(Figure, chance, metrics, plots, threshold, truth):
    # Above the highest score nothing is called positive, and there is no precision to be drawn.
    _marked = sorted(mark for mark in {0.3, 0.5, 0.7, threshold.value} if mark <= chance.max())
    _figure = Figure(figsize=(9, 4.2), layout="constrained")
    _left, _right = _figure.subplots(1, 2)
    plots.roc(metrics.roc_curve(truth, chance), _marked, best=True, ax=_left)
    plots.precision_recall(metrics.precision_recall_curve(truth, chance), _marked, best=True, ax=_right)
    _figure
    return


@app.cell
def _(chance, in_words, metrics, mo, np, truth):
    _area = metrics.roc_auc(truth, chance)
    _average = metrics.average_precision(truth, chance)
    _knows_nothing = np.random.default_rng(39).uniform(size=len(truth))
    _random = [score(truth, _knows_nothing) for score in (metrics.roc_auc, metrics.average_precision)]
    _pairs = (chance[truth == 1][:, None] > chance[truth == 0]).mean() + 0.5 * (
        chance[truth == 1][:, None] == chance[truth == 0]
    ).mean()
    mo.md(rf"""
    | | area under ROC | average precision |
    |:--|:--|:--|
    | this network | {in_words(_area)} | {in_words(_average)} |
    | random scores | {in_words(_random[0])} | {in_words(_random[1])} |

    The first area has a meaning of its own: take a survivor and another passenger at random, and with a chance of
    {_pairs:.4f} the survivor has the higher score. Counted over all {(truth == 1).sum()} · {(truth == 0).sum()}
    pairs it is the same number.

    /// admonition | A mistake in the area

    One document added up trapezoids over thresholds whose points were not in order where scores are tied, and got
    anything from 0.7087 to 0.7126, depending on the order. Ranks need no order: half a point for each tie.
    ///
    """)
    return


@app.cell
def _(chance, metrics, mo, truth):
    precision_curve = metrics.precision_recall_curve(truth, chance)
    mo.md(r"""
    ## Why precision is not monotone

    Raise the threshold, and recall can only fall. Precision may do either: the row that drops out may be a right
    one or a wrong one.
    """)
    return (precision_curve,)


@app.cell
def _(plots, precision_curve):
    plots.precision_falls(precision_curve)
    return


@app.cell
def _(mo, plots, precision_curve):
    mo.md(rf"""
    {plots.precision_recall_in_words(precision_curve)}

    /// admonition | Counts that cannot be

    The page that showed this quirk wrote its example as 13 / 15, 12 / 14, 12 / 13. Its 20 validation rows hold
    only 11 positive ones, so 13 true positives cannot be. Counts that exceed their class are the first thing to
    check.
    ///
    """)
    return


@app.cell
def _(Choice, ask):
    question_3 = Choice(
        "15 rows are called positive, 13 of them rightly. The threshold rises and one row drops out, a positive "
        "one. "
        "What does precision do?",
        ["it rises", "it stays", "it falls"],
        "it falls",
        "13 / 15 = 0.867 becomes 12 / 14 = 0.857. Had a negative row dropped out, it would be 13 / 14 = 0.929.",
    )
    answer_3 = ask(question_3)
    answer_3
    return answer_3, question_3


@app.cell
def _(answer_3, graded, question_3):
    graded(question_3, answer_3.value)
    return


@app.cell
def _(chance, columns, metrics, model, plots, split, survived, truth):
    curve = metrics.threshold_curve(truth, chance)
    own = metrics.threshold_curve(survived[split.training], model.predict_proba(columns.take(split.training))[:, 1])
    flattering = float(curve.thresholds[curve.f1.argmax()])
    honest = float(own.thresholds[own.f1.argmax()])
    plots.threshold_scores(curve, [0.5, flattering])
    return flattering, honest


@app.cell
def _(chance, flattering, honest, in_words, metrics, mo, truth):
    _f1 = {t: metrics.f1(truth, (chance >= t).astype(int)) for t in (0.5, flattering, honest)}
    mo.md(rf"""
    ## Choosing a threshold, honestly

    | threshold | chosen | F1 on the {len(truth)} held-out rows |
    |:--|:--|:--|
    | {flattering:.3f} | on these very rows, where F1 is highest | {in_words(_f1[flattering])} |
    | {honest:.3f} | on the training rows | {in_words(_f1[honest])} |
    | 0.500 | by nobody | {in_words(_f1[0.5])} |

    The first figure flatters: the threshold has seen the answers that it is judged by. One document did this and
    printed 0.6260; with a threshold from its training rows the same network has 0.6069.
    (`pellucid.choose_threshold` takes predictions for rows that the model was not trained on, which is better than
    either.)
    """)
    return


@app.cell
def _(chance, in_words, metrics, mo, np, split, titanic, truth):
    _sex = (titanic["Sex"].objects()[split.held_out] == "female").astype(int)
    _said = (chance >= 0.5).astype(int)
    _test = metrics.mcnemar(truth, _said, _sex)
    _ranks = metrics.paired_delong(truth == 1, chance, _sex.astype(float))
    _verdict = {True: "more than chance explains", False: "no more than chance explains"}
    mo.md(rf"""
    ## Better than what?

    An old rule from the lifeboats, "women survive, men do not", needs no network.

    | | accuracy |
    |:--|:--|
    | the network | {in_words(metrics.accuracy(truth, _said))} |
    | the rule | {in_words(metrics.accuracy(truth, _sex))} |
    | everybody drowns | {in_words(metrics.accuracy(truth, np.zeros_like(truth)))} |

    The two intervals overlap, but that is not the way to compare: both answered the *same* rows. What counts are
    the rows on which they differ, here {_verdict[_test.p_value < 0.05]}:

    *{_test}*

    And probabilities say more than yes and no. The difference of the two rankings is
    {_verdict[_ranks.p_value < 0.05]}:

    *{_ranks}*

    Another split of the same ship can turn the first verdict round. A test on 178 rows is itself only as sure as
    178 rows.
    """)
    return


@app.cell
def _(mo):
    mo.md(r"""
    ## What 178 rows can and cannot tell

    Take the rule, which never changes, and score it on many draws of rows from the ship. It is always the same
    rule, and always as good. Only the rows differ.
    """)
    return


@app.cell
def _(mo):
    size = mo.ui.slider(steps=[20, 50, 100, 178, 400, 800], value=178, label="rows in each draw", show_value=True)
    size
    return (size,)


@app.cell
def _(Figure, LIGHT, metrics, mo, np, size, survived, titanic):
    _right = ((titanic["Sex"].objects() == "female").astype(int) == survived).astype(int)
    _draws = np.random.default_rng(0).choice(_right, size=(500, size.value)).mean(axis=1)
    _interval = metrics.wilson(_right.mean() * size.value, size.value)
    _figure = Figure(figsize=(7.5, 3), layout="constrained")
    _ax = _figure.subplots()
    _ax.hist(_draws, bins=np.linspace(0.5, 1, 51), color=LIGHT.series[0], alpha=0.75)
    _ax.axvspan(_interval.low, _interval.high, color=LIGHT.series[1], alpha=0.15)
    _ax.spines[["top", "right"]].set_visible(False)
    _ax.set(xlabel="accuracy of the same rule", ylabel="draws", xlim=(0.5, 1))
    _ax.set_title(f"500 draws of {size.value} rows: {_draws.min():.3f} to {_draws.max():.3f}", loc="left", fontsize=11)
    mo.vstack(
        [
            _figure,
            mo.md(
                f"The shaded band is Wilson's 95 % interval of an accuracy of {_right.mean():.3f} on {size.value} "
                f"rows, "
                f"**{_interval.low:.3f} to {_interval.high:.3f}**: give or take "
                f"{50 * (_interval.high - _interval.low):.1f} points."
            ),
        ]
    )
    return


@app.cell
def _(Number, ask, np):
    _p = 0.79
    _needed = 1.96**2 * _p * (1 - _p) / 0.01**2
    question_4 = Number(
        "An accuracy of 0.79 has a standard error of √(0.79 · 0.21 / n). How many rows n does it take for an "
        "interval of one "
        "point on either side, 1.96 · standard error = 0.01?",
        _needed,
        _needed * 0.05,
        f"n = 1.96² · 0.79 · 0.21 / 0.01² = {_needed:,.0f}. With 178 rows it is √(0.79 · 0.21 / 178) = "
        f"{np.sqrt(_p * (1 - _p) / 178):.4f}, so {196 * np.sqrt(_p * (1 - _p) / 178):.1f} points on either side.",
    )
    answer_4 = ask(question_4)
    answer_4
    return answer_4, question_4


@app.cell
def _(answer_4, graded, question_4):
    graded(question_4, answer_4.value)
    return


@app.cell
def _(Prediction, ask, np):
    _best = np.random.default_rng(0).binomial(178, 0.78, size=(20_000, 11)).max(axis=1).mean() / 178
    question_5 = Prediction(
        "Eleven networks, every one of them right on 78 % of all passengers there could be. Each is scored on "
        "178 rows of its "
        "own, and the best is announced. Which accuracy is announced, on average?",
        _best,
        0.015,
        f"The best of eleven draws with a standard error of {np.sqrt(0.78 * 0.22 / 178):.3f} lies about 1.6 of "
        f"them above the "
        f"middle: 20,000 tries give {_best:.4f} on average, {100 * (_best - 0.78):.1f} points that nobody earned. "
        f"(On the same "
        "178 rows it is less, as the networks then share their luck, but it is never nothing.)",
    )
    answer_5 = ask(question_5)
    answer_5
    return answer_5, question_5


@app.cell
def _(answer_5, graded, question_5):
    graded(question_5, answer_5.value)
    return


@app.cell
def _(chance, in_words, metrics, mo, np, truth):
    _scores = metrics.score_classes(truth, np.column_stack([1 - chance, chance]))
    _lines = "\n".join(f"| {score.name} | {in_words(score)} |" for score in _scores)
    mo.md(
        "## Everything at once\n\nOne call, every score with its interval; the log loss and the Brier score "
        "judge the "
        f"probabilities themselves, without any threshold.\n\n| score | value (95 % interval) "
        f"|\n|:--|:--|\n{_lines}"
    )
    return


@app.cell
def _(mo):
    mo.md(r"""
    ## What to take along

    Say which class is positive. Choose the threshold on rows that do not judge it. Give the interval with the
    figure, compare on the same rows, name the simplest rule beside the network. And of 178 rows ask no more than
    they know: by themselves they tell an accuracy of 0.80 from one of 0.60, and not from one of 0.77.

    ---
    """)
    return


@app.cell
def _(MLPClassifier, data, in_words, metrics, np):
    def steps(rows):
        """The lesson on your rows: a small network on held-out rows beside the base rate, with intervals."""
        labels = rows.y.astype(int) if rows.classes else (rows.y > rows.y.mean()).astype(int)
        names = rows.classes or ("not above its mean", "above its mean")
        cut = data.random_split(len(labels), 0.3, 0)
        learned, others = cut.training, cut.held_out
        if len(np.unique(labels[learned])) < 2:
            return "The rows that would be trained on are all of one class, so there is nothing to judge here."
        table = {name: rows.X[:, k] for k, name in enumerate(rows.inputs)}
        parts = [{name: values[part] for name, values in table.items()} for part in (learned, others)]
        network = MLPClassifier((8,), epochs=40, engine="reference", random_state=0).fit(parts[0], labels[learned])
        said = network.predict(parts[1])
        most = np.bincount(labels[learned]).argmax()
        told = [f"{len(learned):,} rows trained; these are the {len(others):,} others.\n", "| | value |\n|:--|:--|"]
        told.append(f"| accuracy | {in_words(metrics.accuracy(labels[others], said))} |")
        always = metrics.accuracy(labels[others], np.full(len(others), most))
        told.append(f"| always ‘{names[most]}’ | {in_words(always)} |")
        for one in metrics.tabulate_classes(labels[others], said).classes:
            told.append(f"| recall of ‘{names[int(one.label)]}’, {one.rows} rows | {in_words(one.recall)} |")
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
