// Panels: whole marks, contacts, recipes.

import { isPcre, nameOf } from "../state.js";
import { Slider } from "./slider.jsx";
import { Word, Words } from "./words.jsx";

/** @typedef {{lab: import("../lab.js").Lab}} Props */

/** From the first base that the models see to the last, on each chromosome. */
function spans(regions) {
  const found = new Map();
  for (const r of regions) {
    const s = found.get(r.chrom) || { chrom: r.chrom, start: Math.max(0, r.start), end: r.end };
    s.start = Math.max(0, Math.min(s.start, r.start));
    s.end = Math.max(s.end, r.end);
    found.set(r.chrom, s);
  }
  return [...found.values()];
}

/** @param {Props} props */
export function MarksPanel({ lab }) {
  const { state } = lab,
    everywhere = spans(state.regions),
    factors = lab.settled.value?.factors || [];
  const own = (mark) => {
    const [{ chrom, start, end }] = everywhere;
    return factors.find((f) => f.mark === mark && f.chrom === chrom && f.start === start && f.end === end)?.factor ?? 1;
  };
  return (
    <>
      <h3>A whole mark, multiplied</h3>
      {state.marks.map(({ name, colour }) => (
        <Slider
          key={name}
          name={name}
          label={<Word lab={lab} of={name} />}
          colour={colour}
          title={`${name} everywhere, multiplied by`}
          max={3}
          step={0.05}
          value={own(name)}
          disabled={!lab.mayEdit()}
          said={(v) => `× ${v.toFixed(2)}`}
          onTurn={(factor, draft) =>
            lab.act({
              do: "put",
              draft,
              edits: everywhere.map((s) => ({
                kind: "scale",
                mark: name,
                region: `${s.chrom}:${s.start}-${s.end}`,
                factor,
              })),
            })
          }
        />
      ))}
    </>
  );
}

/** @param {Props} props */
export function ContactsPanel({ lab }) {
  const { state } = lab,
    contacts = state.regions.map((r, index) => ({ r, index })).filter(({ r }) => isPcre(r));
  const most = Math.max(...contacts.map(({ r }) => Math.max(r.frequency || 0, r.now || 0)), 1);
  return (
    <>
      <h3>
        <Words lab={lab} text="How often the promoter touches a pCRE: interaction frequency" />
      </h3>
      {!contacts.length && <p class="cl-quiet">This gene has no contacts.</p>}
      {contacts.map(({ r, index }) => {
        const region = state.place(r),
          name = nameOf(r),
          cut = r.now === null;
        const back = r.added ? "take out" : "restore";
        return (
          <Slider
            key={region}
            name={name}
            cut={cut}
            title={`How often the promoter touches ${name}, ${region}`}
            max={Math.ceil(2 * most)}
            step={0.05}
            value={r.now ?? 0}
            disabled={!lab.mayEdit()}
            said={(v) => (cut ? "cut" : v.toFixed(2))}
            onTurn={(frequency, draft) =>
              lab.act({ do: "put", draft, edits: [{ kind: "set_frequency", region, frequency }] })
            }
          >
            <button
              class="cl-small"
              disabled={!lab.mayEdit()}
              aria-label={cut || r.added ? `${back} the contact with ${name}` : `cut the contact with ${name}`}
              title={cut ? "Restore this contact" : "Cut this contact"}
              onClick={() => lab.presses.toggleContact(index)}
            >
              {cut || r.added ? back : "cut"}
            </button>
          </Slider>
        );
      })}
    </>
  );
}

/** @param {Props} props */
export function RecipesPanel({ lab }) {
  return (
    <>
      <h3>Recipes: plain edits, which undo takes back</h3>
      <ul class="cl-recipes">
        {lab.state.recipes.map(({ name, what, why }) => (
          <li key={name}>
            <button
              disabled={Boolean(why) || !lab.mayEdit()}
              title={why || what}
              onClick={() => lab.act({ do: "recipe", name })}
            >
              {name}
            </button>
            <div class="cl-quiet">{why ? `Not here: ${why}` : <Words lab={lab} text={what} />}</div>
          </li>
        ))}
      </ul>
    </>
  );
}
