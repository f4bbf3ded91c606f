// The glass box as a page of its own.

import { alone, jsonPart, part, unplaned } from "../../shared/alone.js";
import widget from "../box.js";
import { Model } from "./answers.js";

alone(widget, async () => {
  const [held, numbers, rest] = await Promise.all([jsonPart("about"), part("numbers"), part("rest")]);
  const bytes = new Uint8Array(numbers.length + rest.length); // numbers of four bytes, then all else
  bytes.set(unplaned(numbers, 4));
  bytes.set(rest, numbers.length);
  return new Model(held, bytes);
});
