"""A widget in a page of its own, without JupyterLab or a kernel: the test itself answers it.

It stands for JupyterLab, which is slow to start: the same bundle, styles and answers, the colours of both themes, and
the output area, which scrolls what is too wide for it. What JupyterLab's keys and kernels do is tested there.
"""

import base64
import itertools
import json
from collections.abc import Sequence
from typing import Any

from chromolab.show.widgets.base import Widget

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
PAGE = """<!doctype html><html lang="en"><head><title>A widget</title><meta charset="utf-8">
<meta name="viewport" content="width=device-width"><style>
html {{ font: 13px/1.4 sans-serif }} #output {{ overflow: auto }}
body {{ margin: 8px; min-height: 2400px; background: var(--jp-layout-color0); {colours} }} {styles}
</style></head><body data-jp-theme-light="{light}"><main id="output"></main></body></html>"""
SHOW = """async ({source, traits, ask, again}) => {
    const bytes = (text) => new DataView(Uint8Array.from(atob(text), (c) => c.charCodeAt(0)).buffer);
    const heard = {}, changed = new Set();
    const fire = (event, ...values) => [...(heard[event] || [])].forEach((f) => f(...values));
    const told = ([reply, buffers]) => fire('msg:custom', reply, buffers.map(bytes));
    const take = (trait, value) => { traits[trait] = value; fire('change:' + trait); };
    const model = {
        get: (trait) => traits[trait],
        set: (trait, value) => { changed.add(trait); take(trait, value); },
        save_changes: () => { for (const t of changed) window[ask]({trait: t, value: traits[t]}); changed.clear(); },
        on: (event, f) => { (heard[event] = heard[event] || new Set()).add(f); },
        off: (event, f) => { heard[event]?.delete(f); },
        async send(message) {
            window.asked.push(message);
            while (window.silent) await new Promise((done) => setTimeout(done, 20));
            if (window.widget.model !== model) return;  // what asked is gone, as is the kernel that it asked
            const {said, traits} = await window[ask]({message});
            traits.forEach(([trait, value]) => take(trait, value));
            said.forEach(told);
        },
    };
    if (again) { window.widget.gone(); window.silent = false; }
    window.asked = window.asked || [];
    window.widget = {model, told, take};
    const module = await import(URL.createObjectURL(new Blob([source], {type: 'text/javascript'})));
    window.widget.gone = module.default.render({model, el: document.getElementById('output')});
}"""
_numbers = itertools.count()


def show(page: Any, widget: Widget, *traits: str, again: bool = False, theme: str = "light") -> None:
    """Show a widget in a page; messages and these traits go both ways.

    `again`: in the same page, as after its cell was run once more. While `window.silent` is true, no answer comes, as
    from a kernel that has stopped; `window.asked` lists requests, `window.widget.model` is what the bundle got.
    """
    said: list[list] = []
    told: list[list] = []
    asking = [False]

    def send(content: dict, buffers: Sequence[bytes] | None = None) -> None:
        said.append([content, [base64.b64encode(b).decode() for b in buffers or ()]])
        if not asking[0] and not page.is_closed():
            page.evaluate("(all) => all.forEach(window.widget.told)", said[:])
            said.clear()

    def tell(change: dict) -> None:
        told.append([change["name"], change["new"]])
        if not asking[0] and not page.is_closed():
            page.evaluate("(all) => all.forEach(([name, value]) => window.widget.take(name, value))", told[:])
            told.clear()

    def answer(event: dict) -> dict:
        asking[0] = True
        try:
            if "trait" in event:
                setattr(widget, event["trait"], event["value"])
                told.clear()  # the page has set it itself
            else:
                widget._receive(widget, json.loads(json.dumps(event["message"])), [])
        finally:
            asking[0] = False
        answered = json.loads(json.dumps({"said": said, "traits": told}))
        said.clear()
        told.clear()
        return answered

    ask = f"ask{next(_numbers)}"
    page.expose_function(ask, answer)
    if not again:
        colours = "; ".join(f"{key}: {value}" for key, value in COLOURS[theme].items())
        html = PAGE.format(colours=colours, styles=widget._css, light=str(theme == "light").lower())
        page.goto("data:text/html,<title>empty</title>")
        page.unroute("http://127.0.0.1:1/**")
        page.route("http://127.0.0.1:1/**", lambda route: route.fulfill(body=html, content_type="text/html"))
        page.goto("http://127.0.0.1:1/")
    widget.send = send
    given = {trait: getattr(widget, trait) for trait in traits}
    page.evaluate(SHOW, {"source": str(widget._esm), "traits": given, "ask": ask, "again": again})
    widget.observe(tell, list(traits))
