"""A widget in a page of its own, without JupyterLab or a kernel: Python answers from the test itself."""

import base64
import json
from typing import Any

from chromolab.errors import ChromolabError
from chromolab.show.widgets.base import Widget

PAGE = """<!doctype html><html lang="en"><title>widget</title><meta name="viewport" content="width=device-width">
<body style="margin: 8px; min-height: 2400px"><main><div id="widget"></div></main></body></html>"""
SHOW = """async ({script, style, traits, again}) => {
    if (!again) document.head.append(Object.assign(document.createElement('style'), {textContent: style}));
    const heard = {};
    const decoded = (text) => new DataView(Uint8Array.from(atob(text), (c) => c.charCodeAt(0)).buffer);
    const model = {
        traits,
        get: (name) => model.traits[name],
        on: (name, f) => (heard[name] = heard[name] || []).push(f),
        off: (name, f) => { heard[name] = (heard[name] || []).filter((own) => own !== f); },
        async send(message) {
            window.asked.push(message);
            while (window.silent) await new Promise((done) => setTimeout(done, 20));
            const {reply, buffers, traits} = JSON.parse(await window.python(JSON.stringify(message)));
            for (const [name, value] of Object.entries(traits)) {
                const changed = JSON.stringify(model.traits[name]) !== JSON.stringify(value);
                model.traits[name] = value;
                if (changed) (heard[`change:${name}`] || []).forEach((f) => f());
            }
            (heard['msg:custom'] || []).forEach((f) => f({...reply, seq: message.seq}, buffers.map(decoded)));
        },
    };
    window.asked = window.asked || [];
    const widget = await import(URL.createObjectURL(new Blob([script], {type: 'text/javascript'})));
    window.gone = await widget.default.render({model, el: document.getElementById('widget')});
}"""


def show(page: Any, widget: Widget, *traits: str, again: bool = False) -> None:
    """Show a widget in a page; `again`: in the same page, as after its cell was run once more.

    While `window.silent` is true, no answer comes, as from a kernel that has stopped; `window.asked` lists requests.
    """

    def answer(text: str) -> str:
        request = json.loads(text)
        try:
            reply, buffers = widget.reply(request)
        except ChromolabError as error:
            reply, buffers = {"error": str(error)}, []
        coded = [base64.b64encode(b).decode() for b in buffers]
        return json.dumps(
            {"reply": reply, "buffers": coded, "traits": {name: getattr(widget, name) for name in traits}}
        )

    answers = page.__dict__.setdefault("answers", {})
    if again:
        page.evaluate("() => { window.gone(); window.silent = false; }")
    else:
        page.goto("data:text/html,<title>empty</title>")
        page.route("http://127.0.0.1:1/**", lambda route: route.fulfill(body=PAGE, content_type="text/html"))
        page.goto("http://127.0.0.1:1/")
        page.expose_function("python", lambda text: answers["now"](text))
    answers["now"] = answer
    given = {name: getattr(widget, name) for name in traits}
    bundle = {"script": str(widget._esm), "style": str(widget._css), "traits": given, "again": again}
    page.evaluate(SHOW, bundle)
