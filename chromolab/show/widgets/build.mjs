// Bundles each widget into one file: `node build.mjs`; `--check` compares with what is committed and writes nothing.
// A folder whose main module has a default export { render } is a widget; its bundle lies beside it. A folder
// `local` is that widget as a page of its own, which runs by itself.

import { readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const here = dirname(fileURLToPath(import.meta.url));
const WIDGETS = {
  browser: "browser.js",
  glassbox: "box.js",
  quiz: "quiz.js",
  whatif: "lab.js",
  "glassbox/local": "page.js",
  "whatif/local": "page.js",
};

/** The licences of the packages in a bundle, as a comment. */
function licences(inputs) {
  const packages = new Set(
    inputs.map((path) => path.match(/.*node_modules\/((?:@[^/]+\/)?[^/]+)/)?.[0]).filter(Boolean),
  );
  const texts = [...packages].sort().map((path) => {
    const { name, version, license } = JSON.parse(readFileSync(join(here, path, "package.json"), "utf8"));
    return `${name} ${version} (${license})\n\n${readFileSync(join(here, path, "LICENSE"), "utf8").trim()}`;
  });
  return texts.length ? `\n/*! This file holds code of others:\n\n${texts.join("\n\n")}\n*/\n` : "";
}

/** The text of a widget's bundle. */
async function bundle(folder, main) {
  const result = await build({
    absWorkingDir: here,
    entryPoints: [join(folder, main)],
    banner: { js: "// Made by `make widgets` from the modules beside it; never edited by hand." },
    bundle: true,
    charset: "utf8",
    format: "esm",
    jsx: "automatic",
    jsxImportSource: "preact",
    legalComments: "none", // the licences stand whole at the end
    metafile: true,
    target: "es2022",
    write: false,
  });
  return result.outputFiles[0].text + licences(Object.keys(result.metafile.inputs));
}

const stale = [];
for (const [folder, main] of Object.entries(WIDGETS)) {
  const path = join(here, folder, "bundle.js"),
    text = await bundle(folder, main);
  if (!process.argv.includes("--check")) writeFileSync(path, text);
  else if (text !== readFileSync(path, "utf8")) stale.push(path);
}
if (stale.length) {
  console.error(`${stale.join(", ")}: not made from the modules as they are; run \`make widgets\` and commit`);
  process.exit(1);
}
