"""A widget on a page of its own, for tests of the page alone: Chromium shows it, and this process answers it.

It stands for JupyterLab, which is slow to start: the same bundle, styles and answers, the colours of both themes, and
the output area, which scrolls what is too wide for it. What JupyterLab's keys and kernels do is tested there.
"""

import base64
import itertools
import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

COLOURS = {  # JupyterLab's own, of both themes
    "light": {
        "--jp-layout-color0": "#fff",
        "--jp-layout-color1": "#fff",
        "--jp-ui-font-color1": "rgb(0 0 0 / 87%)",
        "--jp-ui-font-color2": "rgb(0 0 0 / 54%)",
        "--jp-ui-font-color3": "rgb(0 0 0 / 38%)",
        "--jp-border-color2": "#e0e0e0",
        "--jp-brand-color1": "#1976d2",
    },
    "dark": {
        "--jp-layout-color0": "#111",
        "--jp-layout-color1": "#212121",
        "--jp-ui-font-color1": "#fff",
        "--jp-ui-font-color2": "rgb(255 255 255 / 70%)",
        "--jp-ui-font-color3": "rgb(255 255 255 / 50%)",
        "--jp-border-color2": "#424242",
        "--jp-brand-color1": "#42a5f5",
    },
}
PAGE = """<!doctype html><html lang="en"><head><title>A widget</title><meta charset="utf-8"><style>
html {{ font: 13px/1.4 sans-serif }} body {{ margin: 8px; background: var(--jp-layout-color0); {colours} }}
#output {{ overflow: auto }} {styles}
</style></head><body data-jp-theme-light="{light}"><main id="output"></main></body></html>"""
SHOW = """async ([source, traits, name]) => {
    const bytes = (text) => new DataView(Uint8Array.from(atob(text), (c) => c.charCodeAt(0)).buffer);
    const heard = {}, changed = new Set();
    const fire = (event, ...values) => [...(heard[event] || [])].forEach((f) => f(...values));
    const told = ([reply, buffers]) => fire('msg:custom', reply, buffers.map(bytes));
    const model = {
        get: (trait) => traits[trait],
        set: (trait, value) => { traits[trait] = value; changed.add(trait); fire('change:' + trait); },
        save_changes: () => { for (const t of changed) window[name]({trait: t, value: traits[t]}); changed.clear(); },
        on: (event, f) => { (heard[event] = heard[event] || new Set()).add(f); },
        off: (event, f) => { heard[event]?.delete(f); },
        send: (message) => { window[name]({message}).then((replies) => replies.forEach(told)); },
    };
    window.widget = {model, told, take: (trait, value) => { traits[trait] = value; fire('change:' + trait); }};
    const module = await import(URL.createObjectURL(new Blob([source], {type: 'text/javascript'})));
    window.widget.close = module.default.render({model, el: document.getElementById('output')});
}"""
_numbers = itertools.count()


@contextmanager
def shown(page: Any, widget: Any, theme: str = "light") -> Iterator[Any]:
    """Show a widget on a page; in the block, `page` is this page, and messages and traits go both ways."""
    said: list[list] = []
    asking = [False]

    def send(content: dict, buffers: Any = None) -> None:
        said.append([content, [base64.b64encode(b).decode() for b in buffers or ()]])
        if not asking[0]:
            page.evaluate("(all) => all.forEach(window.widget.told)", said[:])
            said.clear()

    def answer(event: dict) -> list:
        if "trait" in event:
            setattr(widget, event["trait"], event["value"])
            return []
        asking[0] = True
        widget._receive(widget, json.loads(json.dumps(event["message"])), [])
        asking[0] = False
        replies, said[:] = json.loads(json.dumps(said)), []
        return replies

    def tell(change: dict) -> None:
        page.evaluate("([name, value]) => window.widget.take(name, value)", [change["name"], change["new"]])

    name = f"ask{next(_numbers)}"
    page.expose_function(name, answer)
    colours = "; ".join(f"{key}: {value}" for key, value in COLOURS[theme].items())
    light = str(theme == "light").lower()
    page.set_content(PAGE.format(colours=colours, styles=widget._css, light=light))
    own = [t for t in widget.trait_names(sync=True) if not t.startswith("_") or t in ("_about",)]
    own = [t for t in own if t not in ("layout", "tabbable", "tooltip", "comm")]
    widget.send = send
    page.evaluate(SHOW, [str(widget._esm), {t: getattr(widget, t) for t in own}, name])
    widget.observe(tell, own)
    yield page
    widget.unobserve(tell, own)
    del widget.send
    page.evaluate("() => window.widget.close()")
