// The letters of a bin, and the motifs that fit there: the best as a logo, the others in words.

import { short } from "../../shared/numbers.js";

const BASES = "ACGT";
const COLOURS = ["#009e73", "#0072b2", "#e69f00", "#d55e00"]; // as in cl.plot.logo; the letter itself tells it, too
const [WIDE, MOST, TALL, FLANK] = [11, 276, 44, 3]; // px of a letter and of all, of 2 bits; letters beside a site
const CAP = 0.72; // height of a capital, in font sizes

/**
 * @param {{told: import("../../shared/wire.js").Message, from: number, to: number, away: (bp: number) => string}} props
 *   `from` and `to`: the bin, bp.
 */
export function Letters({ told, from, to, away }) {
  if (told.error) return <span class="cl-quiet">{told.error}</span>;
  const [best] = told.sites;
  return (
    <div class="cl-letters">
      <Sequence told={told} from={from} to={to} />
      {told.brings && <Brings told={told} from={from} />}
      {best && <Logo site={best} told={told} />}
      {told.sites.map((site) => (
        <div key={`${site.motif} ${site.start} ${site.strand}`}>
          <b>{site.motif}</b> on {site.strand === "-" ? "−" : "+"}, {away(site.start)}, score {short(site.score)}, p{" "}
          {site.p.toExponential(0)}
        </div>
      ))}
      <span class="cl-quiet">
        {best ? (told.more ? `and ${told.more} more. ` : "") : "No known motif fits here. "}
        The models read marks, not letters.
      </span>
    </div>
  );
}

/** The bin's own letters; those of sites stand out. */
function Sequence({ told, from, to }) {
  const inside = (bp) => told.sites.some((site) => bp >= site.start && bp < site.end);
  const runs = [];
  for (let bp = from; bp < to; bp++) {
    const letter = told.letters[bp - told.start],
      last = runs.at(-1);
    if (last && last.site === inside(bp)) last.text += letter;
    else runs.push({ site: inside(bp), text: letter });
  }
  return <code>{runs.map(({ site, text }, i) => (site ? <b key={i}>{text}</b> : text))}</code>;
}

/** What each letter of the bin brings to a model of letters: up where it helps, down where another letter would. */
function Brings({ told, from }) {
  const { track, values } = told.brings,
    most = Math.max(...values.map(Math.abs), 1e-9),
    wide = MOST / values.length;
  return (
    <>
      <svg class="cl-logo" width={MOST} height={1.5 * TALL} role="img" aria-label={`what letters bring to ${track}`}>
        {values.map((value, i) => {
          const letter = told.letters[from + i - told.start],
            scale = `scale(${wide / 8} ${((value / most) * TALL * 0.98) / (10 * CAP)})`;
          return (
            Math.abs(value) > 0.02 * most && (
              <text
                key={i}
                transform={`translate(${(i + 0.5) * wide} ${TALL}) ${scale}`}
                text-anchor="middle"
                fill={COLOURS[BASES.indexOf(letter)]}
              >
                {letter}
              </text>
            )
          );
        })}
      </svg>
      <div>
        letters of this bin, by what each brings to <b>{track}</b>: at most {short(most)} of ln(1 + depth)
      </div>
    </>
  );
}

/** Bits of each letter of the motif, and below them the letters that stand there. */
function Logo({ site, told }) {
  const places = site.heights.length,
    wide = Math.min(WIDE, MOST / (places + 2 * FLANK)),
    first = site.start - FLANK;
  return (
    <svg class="cl-logo" width={(places + 2 * FLANK) * wide} height={TALL + 14} role="img" aria-label={site.motif}>
      {site.heights.map((bits, i) => (
        <Stack key={i} bits={bits} x={(FLANK + i + 0.5) * wide} wide={wide} />
      ))}
      {Array.from({ length: places + 2 * FLANK }, (_, i) => (
        <text
          key={i}
          x={(i + 0.5) * wide}
          y={TALL + 11}
          text-anchor="middle"
          class={i >= FLANK && i < FLANK + places ? "" : "cl-quiet"}
        >
          {told.letters[first + i - told.start]}
        </text>
      ))}
    </svg>
  );
}

/** The letters of one place, the highest on top. */
function Stack({ bits, x, wide }) {
  let base = TALL;
  const order = bits.map((value, i) => ({ value, i })).sort((a, b) => a.value - b.value);
  return (
    <>
      {order.map(({ value, i }) => {
        const high = (value / 2) * TALL,
          y = base;
        base -= high;
        const scale = `scale(${wide / 8} ${high / (10 * CAP)})`;
        return (
          high > 0.5 && (
            <text key={i} transform={`translate(${x} ${y}) ${scale}`} text-anchor="middle" fill={COLOURS[i]}>
              {BASES[i]}
            </text>
          )
        );
      })}
    </>
  );
}
