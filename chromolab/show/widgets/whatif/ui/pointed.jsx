// What is under the pointer, beside it: every mark of the bin, a contact, a gene.

import { useEffect, useRef } from "preact/hooks";

import { grouped, short } from "../../shared/numbers.js";
import { isPcre, nameOf } from "../state.js";
import { Letters } from "./letters.jsx";

const WHOLE = ", from before the TSS to past its end: what is painted here changes the window, too";

/** @param {{lab: import("../lab.js").Lab}} props */
export function Pointed({ lab }) {
  /** @type {import("preact/hooks").MutableRef<HTMLDivElement>} */
  const box = useRef(null);
  const at = lab.pointed.value,
    words = at && lab.state && !lab.stroke ? said(lab, at.hit) : null;
  useEffect(() => {
    if (!words) return;
    if (!box.current.matches(":popover-open")) box.current.showPopover();
    const { width, height } = box.current.getBoundingClientRect();
    const left = at.x + 14 + width < window.innerWidth ? at.x + 14 : at.x - 14 - width;
    const top = at.y + 14 + height < window.innerHeight ? at.y + 14 : Math.max(4, at.y - 14 - height);
    Object.assign(box.current.style, { left: `${Math.max(4, left)}px`, top: `${top}px` });
  });
  if (!words) return null;
  return (
    <div ref={box} class="cl-pointed" popover="manual" aria-hidden="true">
      {words}
    </div>
  );
}

/** @param {import("../lab.js").Lab} lab @param {import("../layout.js").Hit} hit */
function said(lab, hit) {
  const { state } = lab,
    r = hit.column?.region;
  if (hit.on === "label") return named(state, state.marks[hit.mark]);
  if (!r || !state.regions[hit.column.index]) return null;
  const away = (bp) =>
    r.chrom === state.gene.chrom ? `${state.kb(bp) > 0 ? "+" : ""}${short(state.kb(bp))} kb from the TSS` : r.chrom;
  if (hit.on === "arc") {
    const does =
      r.now === null ? "contact cut; click to restore it" : `contact frequency ${short(r.now)}; click to cut it`;
    return (
      <>
        <b>{nameOf(r)}</b>, {away((r.start + r.end) / 2)}
        <br />
        {does}
      </>
    );
  }
  if (hit.on === "head") {
    return (
      <>
        <b>{r.rank === 0 ? "promoter window" : nameOf(r)}</b>
        {isPcre(r) ? ", a fragment that this promoter touches" : r.rank === null ? WHOLE : ""}
        <br />
        {state.place(r)}
        <br />
        {hit.column.index === lab.wide ? "drag to move, wheel to zoom" : "click to see it wide"}
      </>
    );
  }
  if (hit.on === "ruler") return hit.gene ? gene(hit.gene, away) : binRead(state, hit) || broken(lab, hit);
  if (hit.on !== "track") return null;
  const bp = r.start + hit.bin * state.gene.bin_size,
    told = lab.letters.of(hit);
  return (
    <>
      <span class="cl-quiet">
        {r.chrom}:{grouped(bp)}, {away(bp)}
      </span>
      <table>
        <tbody>
          {state.marks.map((mark, m) => {
            const now = state.track(state.after, r, m)[hit.bin],
              was = (state.track(state.before, r, m) || [])[hit.bin];
            const changed = was !== undefined && was !== now && (Number.isFinite(now) || Number.isFinite(was));
            return (
              <tr key={mark.name} class={m === hit.mark ? "cl-this" : ""}>
                <th>
                  <i style={{ background: mark.colour }} />
                  {mark.name}
                </th>
                <td>{short(now)}</td>
                <td class="cl-quiet">{changed ? `was ${short(was)}` : ""}</td>
              </tr>
            );
          })}
        </tbody>
      </table>
      <span class="cl-quiet">{units(state.marks)}</span>
      {told && <Letters told={told} from={bp} to={Math.min(bp + state.gene.bin_size, r.end)} away={away} />}
    </>
  );
}

/** A mark's name, and what the glossary says of it. */
function named(state, mark) {
  const text = mark && state.words[mark.name];
  return text ? (
    <>
      <b>{mark.name}</b>: {text}
    </>
  ) : null;
}

/** The tracks' units; one word where they share it. */
function units(marks) {
  const known = [...new Set(marks.map((m) => m.unit).filter(Boolean))];
  return known.length > 1 ? marks.map((m) => `${m.name}: ${m.unit}`).join("; ") : known[0] || "";
}

function gene(shown, away) {
  const { name, strand, own, start, end } = shown;
  return (
    <>
      <b>{name}</b>, {strand === "-" ? "minus" : "plus"} strand
      <br />
      {away(start)} to {away(end)}
      <br />
      {own ? "the gene shown" : "a neighbour; click to show it"}
    </>
  );
}

/** The bin of the whole gene under the pointer. */
function binRead(state, hit) {
  const bin = hit.column.region.rank === null && state.gene.bins.find(([a, b]) => a <= hit.bp && hit.bp < b);
  return bin ? `the model reads one number a mark for these ${short((bin[1] - bin[0]) / 1000)} kb` : null;
}

function broken(lab, hit) {
  const left = lab.layout.leftOut(hit.column);
  return left ? `${short(left / 1000)} kb between this panel and the next are not shown` : null;
}
