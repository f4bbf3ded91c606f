// A box to find a gene in: type, arrow keys, Enter. Its list opens over the page.

import { render as draw } from "preact";
import { useEffect, useId, useRef } from "preact/hooks";

/**
 * The box in a page that is not drawn by preact: a node of its own.
 * @param {import("./genes.js").GeneSearch} search
 * @param {string} label
 * @param {import("@preact/signals").Signal<string>} shown
 * @param {string} [hint]
 */
export function geneBox(search, label, shown, hint) {
  const node = document.createElement("span");
  const Box = () => <GeneBox search={search} label={label} shown={shown.value} hint={hint} />;
  draw(<Box />, node);
  return { node, close: () => draw(null, node) };
}

/**
 * @param {{search: import("./genes.js").GeneSearch, label: string, shown: string, hint?: string}} props
 *   `shown` is the name to say while nobody types.
 */
export function GeneBox({ search, label, shown, hint = "name or id" }) {
  const id = useId();
  /** @type {import("preact/hooks").MutableRef<HTMLInputElement>} */
  const input = useRef(null);
  /** @type {import("preact/hooks").MutableRef<HTMLDivElement>} */
  const list = useRef(null);
  const found = search.found.value,
    at = search.at.value,
    open = found.length > 0,
    problem = search.problem.value;

  useEffect(() => {
    if (document.activeElement !== input.current) search.text.value = shown;
  }, [shown]);

  useEffect(() => {
    const box = list.current;
    if (!open && !problem) {
      if (box.matches(":popover-open")) box.hidePopover();
      return undefined;
    }
    const put = () => {
      const place = input.current.getBoundingClientRect();
      const room = window.innerHeight - place.bottom - 8;
      const left = Math.max(4, Math.min(place.left, window.innerWidth - 268));
      Object.assign(box.style, { left: `${left}px`, maxHeight: `${Math.max(80, Math.min(260, room))}px` });
      if (room > 100) Object.assign(box.style, { top: `${place.bottom + 2}px`, bottom: "auto" });
      else
        Object.assign(box.style, {
          top: "auto",
          bottom: `${window.innerHeight - place.top + 2}px`,
          maxHeight: "220px",
        });
    };
    if (!box.matches(":popover-open")) box.showPopover();
    put();
    addEventListener("scroll", put, true);
    addEventListener("resize", put);
    return () => {
      removeEventListener("scroll", put, true);
      removeEventListener("resize", put);
    };
  }, [open, problem]);

  useEffect(() => {
    if (open) list.current.children[at]?.scrollIntoView({ block: "nearest" });
  }, [at, open]);

  const key = (event) => {
    const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (event.key === "Enter") search.enter();
    else if (event.key === "Escape") search.rest(shown);
    else if (by) search.move(by);
    else return;
    event.preventDefault();
  };
  return (
    <label class="cl-genebox">
      <span>{label}</span>
      <input
        ref={input}
        type="search"
        role="combobox"
        aria-label={label}
        aria-expanded={open ? "true" : "false"}
        aria-controls={`${id}-list`}
        aria-autocomplete="list"
        aria-activedescendant={open ? `${id}-${at}` : undefined}
        aria-invalid={problem ? "true" : undefined}
        placeholder={hint}
        title={search.text.value}
        autocomplete="off"
        spellcheck={false}
        value={search.text}
        onInput={(e) => search.type(e.currentTarget.value)}
        onFocus={(e) => e.currentTarget.select()}
        onBlur={() => search.rest(shown)}
        onKeyDown={key}
      />
      <div
        ref={list}
        popover="manual"
        class="cl-found"
        id={`${id}-list`}
        role="listbox"
        aria-label={`${label}: genes found`}
      >
        {problem && (
          <div role="option" aria-selected="false" aria-disabled="true" class="cl-none">
            {problem}
          </div>
        )}
        {found.map((gene, i) => (
          <div
            key={gene.gene_id}
            id={`${id}-${i}`}
            role="option"
            aria-selected={i === at ? "true" : "false"}
            onPointerDown={(e) => {
              e.preventDefault(); // the box keeps the focus
              search.pick(gene);
            }}
          >
            <b>{gene.gene_name || gene.gene_id}</b> {gene.gene_name === gene.gene_id ? "" : gene.gene_id}
          </div>
        ))}
      </div>
    </label>
  );
}
