import { Refused } from "./dom.js";

/** What a class is called: by its name, or where classes have none by its label. */
export const nameOf = (condition, label) => condition.names?.[label] ?? String(label);

/** What may be chosen; of many names the first. */
export function choices(condition) {
  const { names, count } = condition;
  if (!names) return `0 to ${count - 1}`;
  const first = names.slice(0, 12).map((_, label) => choice(condition, label));
  return first.join(", ") + (count > 12 ? `, … (${count} in all)` : "");
}

/** A class that may be chosen: its name, and how it is written where that is otherwise. */
function choice(condition, label) {
  const [name, written] = [nameOf(condition, label), writeOne(condition, label)];
  return written === name ? name : `${written} for "${name}"`;
}

/** What is chosen where nobody has chosen: the first four. */
export const usual = ({ count }) => Array.from({ length: Math.min(4, count) }, (_, label) => label);

/** Labels as addresses and fields have them, to be read again: of classes with names the names. */
export const write = (condition, labels) => labels.map((it) => writeOne(condition, it)).join(", ");

/** A name that reading would take apart or trim gives way to the label, with marks until it is no other's name. */
function writeOne(condition, label) {
  const name = nameOf(condition, label);
  if (name === name.trim() && !name.includes(",")) return name;
  let text = String(label);
  while (readPart(condition, text)[0] !== label) text = `#${text}`;
  return text;
}

/** Reads "0-3, 7", or "cat, dog": a class is meant by its name before it is meant by its label; "#7" is a label. */
export function read(condition, text, field) {
  const labels = text.split(",").flatMap((part) => readPart(condition, part.trim()));
  if (!labels.length || labels.some((it) => !(it >= 0 && it < condition.count))) {
    const last = Math.min(3, condition.count - 1);
    const expected = condition.names
      ? `give classes out of ${choices(condition)}`
      : `give labels from ${choices(condition)}, such as ${last} or 0-${last}`;
    throw new Refused(`${condition.name}: found "${text}"; ${expected}`, field);
  }
  return labels;
}

function readPart({ names, count }, part) {
  const named = names?.indexOf(part.normalize("NFC")) ?? -1;
  if (named >= 0) return [named];
  const [, mark, from, to] = /^(#*)(\d+)(?:\s*-\s*(\d+))?$/.exec(part) ?? [];
  // A class named "7" need not have the label 7: beside such names a number without a mark is none.
  if (from === undefined || (!mark && names?.some((it) => /^\d+$/.test(it)))) return [NaN];
  const last = Number(to ?? from);
  return last - from > count ? [NaN] : Array.from({ length: last - from + 1 }, (_, i) => Number(from) + i);
}

/** The labels of one image. */
export const take = (labels, number) =>
  Object.fromEntries(Object.entries(labels).map(([name, list]) => [name, list[number % list.length]]));

/** What an image is conditioned on, in words: "digit 3". */
export const words = (model, labels) => model.classes.map((it) => `${it.name} ${nameOf(it, labels[it.name])}`).join(", ");
