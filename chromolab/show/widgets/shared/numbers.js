// Numbers for people, and colours for numbers.

/** A number for people: few digits, a true minus sign. */
export function short(value, digits = 3) {
  if (!Number.isFinite(value)) return "no data";
  const text =
    Math.abs(value) >= 1000 ? Math.round(value).toLocaleString("en") : String(Number(value.toPrecision(digits)));
  return text.replace("-", "−");
}

/** A number with two decimals and a true minus sign; what rounds to nothing has none. */
export function fixed(value) {
  return (Math.abs(value) < 0.005 ? 0 : value).toFixed(2).replace("-", "−");
}

/** 1234567 -> "1,234,567". */
export function grouped(value) {
  return Math.round(value).toLocaleString("en");
}

const CIVIDIS = [
  "#00224e",
  "#123570",
  "#3b496c",
  "#575d6d",
  "#707173",
  "#8a8678",
  "#a59c74",
  "#c3b369",
  "#e1cc55",
  "#fee838",
];
const BLUE_ORANGE = ["#0a3d62", "#0072b2", "#6fb1d9", "#c9dfee", "#f4f4f2", "#f8d9be", "#f0a35e", "#d55e00", "#7f3300"];

/** A colour scale as a function of 0..1: "sequential" (cividis) or "diverging" (blue, white, orange). */
export function ramp(kind) {
  const stops = (kind === "diverging" ? BLUE_ORANGE : CIVIDIS).map((c) =>
    [1, 3, 5].map((i) => parseInt(c.slice(i, i + 2), 16)),
  );
  const table = Array.from({ length: 256 }, (_, i) => {
    const at = (i / 255) * (stops.length - 1),
      a = stops[Math.floor(at)],
      b = stops[Math.ceil(at)],
      t = at % 1;
    return `rgb(${a.map((x, c) => Math.round(x + (b[c] - x) * t)).join(",")})`;
  });
  return (value) =>
    Number.isFinite(value) ? table[Math.max(0, Math.min(255, Math.round(value * 255)))] : "transparent";
}
