import marimo

__generated_with = "0.25.2"
app = marimo.App(width="medium", app_title="6 · PyTorch in five steps", html_head_file="lesson_head.html")


@app.cell
def _():
    import marimo as mo
    import numpy as np

    from pellucid import NetworkSpec, TrainingSpec, data, fit_network, metrics, plots, pytorch
    from pellucid.lessons import Choice, Number, Prediction, ask, ask_for_table, graded, on_your_table

    try:
        import torch
    except ImportError:
        torch = None
    return (
        Choice,
        NetworkSpec,
        Number,
        Prediction,
        TrainingSpec,
        ask,
        ask_for_table,
        data,
        fit_network,
        graded,
        metrics,
        mo,
        np,
        on_your_table,
        plots,
        pytorch,
        torch,
    )


@app.cell
def _(mo, torch):
    _there = (
        f"Here it is PyTorch {torch.__version__}, on the {'GPU' if torch.cuda.is_available() else 'processor'}."
        if torch
        else "**PyTorch is not installed here** (`pip install torch`): its steps are shown as code, all the rest works."
    )
    mo.md(rf"""
    # 6 · PyTorch in five steps

    Data, module, loss, optimizer, loop: every training in PyTorch is these five steps, whatever the network. We
    take them with the smallest network there is, a line, because its right answer is known. {_there}
    """)
    return


@app.cell
def _(mo):
    mo.md(r"""
    ## Before the first step: tensors

    A *tensor* is an array that knows three things: its **shape**, the **type** of its numbers, and the **device**
    that it lives on. It comes from lists or arrays, is sliced like them, and `@` multiplies matrices.

    ```python
    torch.tensor([[1, 2], [3, 4]])            # shape (2, 2), int64
    torch.from_numpy(np.array([0.5, 1.5]))    # shape (2,), float64: the same memory, not a copy
    A = torch.ones(4, 4)                      # shape (4, 4), float32, cpu
    A[:, 1] = 0                               # the second column
    A @ A.T                                   # matrix product
    ```
    """)
    return


@app.cell
def _(Number, ask, np):
    _A = np.ones((4, 4))
    _A[:, 1] = 0
    question_1 = Number(
        "A is four by four, all ones, except its second column, which is 0. What stands in the upper left corner "
        "of A @ A.T?",
        (_A @ _A.T)[0, 0],
        0,
        "Row 1 times row 1: 1·1 + 0·0 + 1·1 + 1·1 = 3. All sixteen places are 3, as all rows are alike.",
    )
    answer_1 = ask(question_1)
    answer_1
    return answer_1, question_1


@app.cell
def _(answer_1, graded, question_1):
    graded(question_1, answer_1.value)
    return


@app.cell
def _(data, mo, np):
    x = np.arange(0, 1, 0.02, dtype=np.float32)[:, None]
    y = (np.float32(0.7) * x + np.float32(0.3))[:, 0]
    split = data.ordered_split(len(x), 0.2)
    train, held = split.training, split.held_out
    mo.md(rf"""
    ## Step 1: data

    Fifty points of $y = 0.7\,x + 0.3$, without noise: slope 0.7 and intercept 0.3 are what the network must find.
    The first {len(train)} are for training, the last {len(held)} are held out.

    /// admonition | A split that is easy to get wrong

    The page that this lesson goes back to cuts the rows *in order*. All held-out points then lie to the right of
    all training points, from x = {x[held[0], 0]:.2f} on: they test whether the line goes on beyond what was seen,
    not whether it fits. For a line that is fair; for nearly everything else, shuffle first (`data.random_split`).
    ///
    """)
    return held, train, x, y


@app.cell
def _(NetworkSpec, TrainingSpec, fit_network, held, np, train, x, y):
    start = {"layers.0.weight": np.array([[-0.0739]]), "layers.0.bias": np.array([0.1015])}

    def fit_line(rate, epochs, engine="reference"):
        """The line from the printed start; mean absolute error, plain steps."""
        plan = TrainingSpec("mae", "sgd", rate, epochs, dtype="float32")
        return fit_network(
            x[train], y[train], NetworkSpec(1), plan, initial=start, validation=(x[held], y[held]), engine=engine
        )

    return fit_line, start


@app.cell
def _(mo):
    mo.md(r"""
    ## Step 2: a module

    ```python
    module = torch.nn.Linear(1, 1)      # one weight, one bias
    module(x)                           # weight · x + bias
    ```

    Fresh weights are random. Those of the page came out as weight -0.0739 and bias 0.1015, so we start there too.
    Untrained, it predicts this:
    """)
    return


@app.cell
def _(fit_line, held, plots, train, x, y):
    _told = fit_line(0.01, 0).predict(x[held])
    plots.predictions_over_rows((x[train, 0], y[train]), (x[held, 0], y[held]), _told[:, 0])
    return


@app.cell
def _(Prediction, ask, fit_line, held, metrics, x, y):
    _said = fit_line(0.01, 0).predict(x[held])[:, 0]
    _middle = x[held].mean()
    question_2 = Prediction(
        "Look at the picture. By how much are the ten held-out predictions off on average?",
        metrics.mae(y[held], _said).value,
        0.08,
        f"At the middle of them, x = {_middle:.2f}, the truth is 0.7 · {_middle:.2f} + 0.3 = "
        f"{0.7 * _middle + 0.3:.4f} and the "
        f"prediction is -0.0739 · {_middle:.2f} + 0.1015 = {-0.0739 * _middle + 0.1015:.4f}; they are "
        f"{0.7739 * _middle + 0.1985:.4f} apart.",
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
    ## Steps 3 and 4: a loss and an optimizer

    ```python
    loss = torch.nn.L1Loss()    # mean absolute error
    optimizer = torch.optim.SGD(module.parameters(), lr=0.01)    # plain steps
    ```

    While every prediction is too low, the gradient of the mean absolute error is simple: raise the bias by 1 and
    the error falls by 1, raise the weight by 1 and it falls by the mean of $x$.

    $$\frac{\partial L}{\partial b} = -1, \qquad \frac{\partial L}{\partial w} = -\frac{1}{n}\sum_i x_i$$
    """)
    return


@app.cell
def _(Number, ask, fit_line, train, x):
    _after = fit_line(0.01, 1).parameters
    _mean = x[train].mean()
    question_3 = Number(
        "All predictions are too low. The bias stands at 0.1015 and the learning rate is 0.01. Where does it "
        "stand after "
        "one step?",
        _after["layers.0.bias"].item(),
        0.0005,
        f"bias - rate · gradient = 0.1015 - 0.01 · (-1) = {_after['layers.0.bias'].item():.4f}. The weight goes "
        f"from -0.0739 to "
        f"-0.0739 + 0.01 · {_mean:.2f} = {_after['layers.0.weight'].item():.4f}.",
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
    ## Step 5: the loop

    ```python
    for epoch in range(epochs):
        error = loss(module(X), y)      # forward
        optimizer.zero_grad()           # forget the last gradients
        error.backward()                # backward
        optimizer.step()                # update
    ```

    Turn the learning rate and the number of epochs.
    """)
    return


@app.cell
def _(mo):
    _rates = [0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1.0]
    rate = mo.ui.slider(steps=_rates, value=0.01, label="learning rate", show_value=True)
    epochs = mo.ui.slider(25, 500, step=25, value=200, label="epochs", show_value=True)
    mo.hstack([rate, epochs], justify="start", gap=2, wrap=True)
    return epochs, rate


@app.cell
def _(epochs, fit_line, plots, rate):
    fitted = fit_line(rate.value, epochs.value)
    plots.loss_curves(fitted.history)
    return (fitted,)


@app.cell
def _(epochs, fitted, mo):
    _history = fitted.history
    _shown = list(range(0, epochs.value, max(25, epochs.value // 8 // 25 * 25)))
    _rows = "\n".join(f"| {k} | {_history.training_loss[k]:.4f} | {_history.validation_loss[k]:.4f} |" for k in _shown)
    _w, _b = (values.item() for values in fitted.parameters.values())
    mo.md(
        f"| epoch | training loss | held-out loss |\n|--:|--:|--:|\n{_rows}\n\nAfter {epochs.value} epochs: weight "
        f"**{_w:.4f}** (true 0.7), bias **{_b:.4f}** (true 0.3)."
    )
    return


@app.cell
def _(fitted, plots):
    _learned = [values.item() for values in fitted.parameters.values()]
    plots.learned_and_true(["weight", "bias"], _learned, [0.7, 0.3])
    return


@app.cell
def _(fit_line, mo):
    _long = fit_line(0.01, 500)
    _last = _long.history.training_loss[-2:]
    _best = _long.history.training_loss.min()
    mo.md(rf"""
    /// admonition | The last epoch is not the best

    With steps of one size and an error whose slope does not shrink, the line never comes to rest: it jumps over
    the goal and back. At rate 0.01 the last two training losses of 500 epochs are {_last[0]:.4f} and
    {_last[1]:.4f}, and so they alternate for ever; the least was {_best:.4f}. The page reports whatever its last
    epoch happened to be. pellucid says so:

    {"; ".join(f"**{finding.code}**: {finding.seen}" for finding in _long.history.findings) or "(no finding)"}
    ///
    """)
    return


@app.cell
def _(Choice, ask):
    question_4 = Choice(
        "The line jumps to and fro by the size of its steps. What brings it closer to 0.7 and 0.3?",
        ["ten times as many epochs", "a rate that is ten times smaller at the end", "a larger rate"],
        "a rate that is ten times smaller at the end",
        "At rate 0.01 the bias moves by 0.01 each time, so it cannot stay nearer than about that; at 0.001 it "
        "can come ten "
        "times nearer. That is what schedules are for: SGD(schedule='cosine').",
    )
    answer_4 = ask(question_4)
    answer_4
    return answer_4, question_4


@app.cell
def _(answer_4, graded, question_4):
    graded(question_4, answer_4.value)
    return


@app.cell
def _(NetworkSpec, TrainingSpec, fit_network, mo, start, torch, train, x, y):
    _engines = ["reference", "compiled"] + (["torch:cpu"] if torch else [])
    _plan = TrainingSpec("mae", "sgd", 0.01, 50, dtype="float64")
    _runs = {
        name: fit_network(x[train], y[train], NetworkSpec(1), _plan, initial=start, engine=name) for name in _engines
    }
    _lines = "\n".join(
        f"| {name} | {run.parameters['layers.0.weight'].item():.15f} | "
        f"{run.parameters['layers.0.bias'].item():.15f} | "
        f"{run.history.training_loss[-1]:.15f} |"
        for name, run in _runs.items()
    )
    mo.md(rf"""
    ## The same weights in three engines

    pellucid has three engines: plain NumPy to be read (`reference`), machine code (`compiled`), and PyTorch
    (`torch`). They take the same start and the same rows in the same order, so they must give the same numbers.
    After 50 epochs:

    | engine | weight | bias | loss |
    |:--|--:|--:|--:|
    {_lines}

    {"" if torch else "The third one needs PyTorch, which is not installed here."}
    """)
    return


@app.cell
def _(pytorch, torch, train, x, y):
    def own_module():
        """A module of one's own, from the printed start, in pellucid's loop; None without PyTorch."""
        if torch is None:
            return None
        module = torch.nn.Linear(1, 1)
        with torch.no_grad():
            module.weight.fill_(-0.0739)
            module.bias.fill_(0.1015)
        optimizer = torch.optim.SGD(module.parameters(), lr=0.01)
        batch = [(torch.from_numpy(x[train]), torch.from_numpy(y[train])[:, None])]
        return pytorch.fit(module, torch.nn.L1Loss(), optimizer, batch, epochs=50)

    return (own_module,)


@app.cell
def _(fit_line, mo, own_module):
    _own = own_module()
    _ours = fit_line(0.01, 50).history.training_loss[-1]
    _told = (
        f"After 50 epochs its loss is {_own.history.training_loss[-1]:.6f}; pellucid's own line from the same "
        f"start has "
        f"{_ours:.6f}."
        if _own
        else "It needs PyTorch, which is not installed here."
    )
    mo.md(rf"""
    ## Your own module

    Any `nn.Module`, any loss, any optimizer, any loader goes into the same loop, and comes out with a history,
    curves and findings:

    ```python
    fitted = pellucid.pytorch.fit(module, torch.nn.L1Loss(), optimizer, loader, epochs=50)
    plots.loss_curves(fitted.history)
    pellucid.pytorch.save_checkpoint("line.safetensors", module)
    pellucid.pytorch.from_module(torch.nn.Sequential(module))    # for the ledger
    ```

    {_told}
    """)
    return


@app.cell
def _(pytorch, torch, train, x, y):
    def careless_loop():
        """Three steps without zero_grad, and targets (40,) against outputs (40, 1); what the watcher saw."""
        module = torch.nn.Linear(1, 1)
        optimizer = torch.optim.SGD(module.parameters(), lr=0.01)
        X, flat = torch.from_numpy(x[train]), torch.from_numpy(y[train])
        with pytorch.watch(module, optimizer) as watcher:
            for _ in range(3):
                (module(X) - flat).abs().mean().backward()
                torch.nn.functional.l1_loss(module(X), flat[:, None]).backward()
                optimizer.step()
        return watcher.findings

    return (careless_loop,)


@app.cell
def _(careless_loop, mo, np, torch):
    _seen = (
        "\n".join(f"- **{finding.code}**: {finding.seen}. {finding.remedy}." for finding in careless_loop())
        if torch
        else "Watching a loop needs PyTorch, which is not installed here."
    )
    _difference = np.zeros((40, 1)) - np.zeros(40)
    mo.md(rf"""
    ## Mistakes that PyTorch lets pass

    Two of them cost the documents of this course real figures:

    - Without `zero_grad`, gradients **add up**. One document took its "one step" with three gradients in one, and
    printed   a loss of 0.4945 where an honest step gives 0.5197. It looked better, so nobody noticed.
    - A column (40, 1) minus a flat row (40,) is not forty differences but {_difference.shape[0]} by
    {_difference.shape[1]}:   every prediction against every truth. The loss then stuck at 0.379.

    `pellucid.pytorch.watch` looks over a loop of yours. A loop that forgets to clear its gradients gets told:

    {_seen}
    """)
    return


@app.cell
def _(Number, ask, np):
    question_5 = Number(
        "Outputs have the shape (40, 1), targets (40,). How many numbers does outputs - targets hold?",
        (np.zeros((40, 1)) - np.zeros(40)).size,
        0,
        "A size of 1 is stretched to fit: (40, 1) against (1, 40) gives 40 · 40 = 1600.",
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
    ## Using it

    When a module is used rather than trained, say so: `module.eval()` turns dropout off, `torch.inference_mode()`
    records no gradients. Leave the first out and a network with dropout answers at random. One document left it out
    before its test: the classes it prints have 4 of 23 rows right (0.174), its code run again in PyTorch 2.13 had 3
    (0.130). And data must be on the device of the module: `X.to(next(module.parameters()).device)`.

    ## What to take along

    Data, module, loss, optimizer, loop. The numbers do not depend on who computes them; if they differ, somebody's
    loop has a mistake. Lesson 7 uses the same five steps to tell two classes apart.

    ---
    """)
    return


@app.cell
def _(NetworkSpec, TrainingSpec, fit_network, np, torch):
    def steps(rows):
        """The five steps on your rows, in every engine that is here."""
        scale = rows.X.std(axis=0)
        X = (rows.X - rows.X.mean(axis=0)) / np.where(scale > 0, scale, 1)
        kinds = len(rows.classes)
        target = rows.y if kinds else (rows.y - rows.y.mean()) / rows.y.std()
        loss = "mse" if not kinds else "bce" if kinds == 2 else "softmax_cross_entropy"
        network = NetworkSpec(X.shape[1], (), kinds if kinds > 2 else 1)
        plan = TrainingSpec(loss, "sgd", 0.05, 40)
        told = [
            f"1. Data: {len(X):,} rows, {X.shape[1]} columns, standardized. 2. Module: {network}. 3. Loss: {loss}.",
            "4. Optimizer: plain steps, rate 0.05. 5. Loop: 40 epochs.\n",
            "| engine | first loss | last loss |\n|:--|--:|--:|",
        ]
        for engine in ["reference", *(["torch:cpu"] if torch else [])]:
            losses = fit_network(X, target, network, plan, engine=engine).history.training_loss
            told.append(f"| {engine} | {losses[0]:.10f} | {losses[-1]:.10f} |")
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
