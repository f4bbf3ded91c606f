"""Drives the what-if lab in a browser page: strokes, keys, gene switches; and asks both sides what they hold."""

import json
import random

ASK = """async (code) => {
    const kernel = window.jupyterapp.shell.currentWidget.sessionContext.session.kernel;
    const future = kernel.requestExecute({code, store_history: false});
    let said = '';
    future.onIOPub = (m) => {
        if (m.header.msg_type === 'stream') said += m.content.text;
        if (m.header.msg_type === 'error') said += m.content.traceback.join('\\n');
    };
    await future.done;
    return said;
}"""
AT_REST = """() => {
    const lab = document.querySelector('.cl-whatif')?.lab;
    return Boolean(lab?.state && !lab.wire.busy && !lab.wire.waiting.length && !lab.chores.length);
}"""
PLACES = """() => {
    const lab = document.querySelector('.cl-whatif').lab, box = lab.tracks.canvas.getBoundingClientRect();
    const layout = lab.laidOut(lab.tracks.width);
    const columns = layout.columns.map((c) => ({x: box.x + c.x, w: c.w, index: c.index}));
    const arcs = layout.columns.filter((c) => c.index).map((c) => {
        const a = layout.arc(c); return [box.x + a.x, box.y + a.y - a.ry];
    });
    const marks = lab.state.marks.map((_, m) => {
        const cell = layout.cell(layout.columns[0], m); return {y: box.y + cell.y, h: cell.h};
    });
    return {columns, arcs, marks};
}"""
HELD = """() => {
    const {state} = document.querySelector('.cl-whatif').lab;
    return {after: Array.from(state.after), predicted: state.predicted, edits: state.edits};
}"""


ANSWERED = """() => {
    const {wire} = document.querySelector('.cl-whatif').lab;
    return !wire.busy && !wire.waiting.length;
}"""
AS_IF_WHOLE = """() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => {
    const {tracks, layout, stroke} = document.querySelector('.cl-whatif').lab, ctx = tracks.canvas.getContext('2d');
    const ratio = window.devicePixelRatio, heights = [layout.top, layout.bottom - layout.top].map((y) => y * ratio);
    const pixels = () => ctx.getImageData(0, heights[0], tracks.canvas.width, heights[1]).data;
    const drawn = pixels();
    tracks.now();
    done(stroke !== null && pixels().every((value, i) => value === drawn[i]));
})))"""


def python(page, code: str) -> str:
    """What the notebook's kernel prints."""
    return page.evaluate(ASK, code)


def rest(page) -> None:
    """Wait until every question is answered."""
    page.wait_for_function(AT_REST)


def stroke(page, rng: random.Random, pause: float = 16, lift: bool = True) -> None:
    """One stroke over a random place of a random track, in eight movements; without `lift` the pen stays down."""
    places = page.evaluate(PLACES)
    column, mark = rng.choice(places["columns"]), rng.choice(places["marks"])
    width = min(column["w"], 60)
    x = column["x"] + rng.random() * (column["w"] - width)
    page.mouse.move(x, mark["y"] + rng.random() * mark["h"])
    page.mouse.down()
    for step in range(1, 9):
        page.mouse.move(x + step * (width - 1) / 8, mark["y"] + rng.random() * mark["h"])
        page.wait_for_timeout(pause)
    if lift:
        page.mouse.up()


def anything(page, rng: random.Random, genes: list[str]) -> None:
    """A stroke with any tool, undo, redo, a contact cut or restored, a recipe of keys, another gene."""
    kind = rng.choices(["stroke", "undo", "redo", "arc", "key", "gene"], [60, 14, 10, 6, 6, 4])[0]
    if kind == "stroke":
        page.locator(".cl-tools .cl-group button").nth(rng.randrange(3)).click()
        return stroke(page, rng, 2)
    if kind == "arc" and (arcs := page.evaluate(PLACES)["arcs"]):
        return page.mouse.click(*rng.choice(arcs))
    if kind == "gene":
        page.get_by_label("Gene", exact=True).fill(rng.choice(genes))
        page.locator(".cl-found div").first.click()
        return page.wait_for_timeout(50)
    page.locator(".cl-stage canvas").focus()
    keys = {"undo": ["Control+z"], "redo": ["Control+y"], "key": ["ArrowUp", "Shift+ArrowRight", "Delete", "PageDown"]}
    page.keyboard.press(rng.choice(keys.get(kind, ["ArrowUp"])))


def both(page, name: str = "lab") -> tuple[dict, dict]:
    """The state of page and Python once nothing is under way; Python's is recomputed from the list of edits."""
    rest(page)
    said = python(
        page,
        f"""
import json as _json, numpy as _np, chromolab as _cl
_row = {name}.gene.genes.iloc[0]
_gene = {name}.session.dataset.gene(_row["gene_id"], _row["cell_type"])
_edited = _cl.edit(_gene, {name}.edits)
_of = lambda d: {{t: [float(_cl.metrics.probability_or_expression(_cl.predict(m, d))[0]) for m in own]
                  for t, own in {name}.session.models.items()}}
_said = {{"after": _edited.signal.depth.astype("f4").ravel().tolist(), "edits": len({name}.edits)}}
_said["predicted"] = {{t: {{"before": _of(_gene)[t], "after": a}} for t, a in _of(_edited).items()}}
print(_json.dumps(_said))
""",
    )
    return page.evaluate(HELD), json.loads(said)
