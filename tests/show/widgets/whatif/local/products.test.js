// whatif/local/products: the WebAssembly that the page runs is what its text says.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { test } from "node:test";

import { WASM } from "../../../../../chromolab/show/widgets/whatif/local/products_wasm.js";

const TEXT = new URL("../../../../../chromolab/show/widgets/whatif/local/products.wat", import.meta.url);

test("products_wasm.js is products.wat, assembled", async () => {
  const wabt = await createRequire(import.meta.url)("wabt")();
  const module = wabt.parseWat("products.wat", readFileSync(TEXT, "utf8"), { simd: true });
  const { buffer } = module.toBinary({});
  assert.equal(WASM, Buffer.from(buffer).toString("base64"));
});
