// The words of the glossary in a text.

/**
 * A text in parts: those that are words, in singular or plural, and what lies between.
 * @param {string} text
 * @param {string[]} words
 * @returns {{said: string, word: string | null}[]}
 */
export function split(text, words) {
  if (!words.length) return [{ said: text, word: null }];
  const long = [...words].sort((a, b) => b.length - a.length).map((w) => w.replace(/[^\w\s]/g, "\\$&"));
  const found = new RegExp(`(?<![\\w-])(${long.join("|")})s?(?![\\w-])`, "gi"),
    named = Object.fromEntries(words.map((word) => [word.toLowerCase(), word])),
    seen = new Set(),
    parts = [];
  let from = 0;
  for (const match of text.matchAll(found)) {
    const word = named[match[1].toLowerCase()];
    if (seen.has(word)) continue;
    seen.add(word);
    parts.push({ said: text.slice(from, match.index), word: null }, { said: match[0], word });
    from = match.index + match[0].length;
  }
  return [...parts, { said: text.slice(from), word: null }].filter(({ said }) => said);
}
