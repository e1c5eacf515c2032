import { $, Refused } from "./dom.js";

/** What a class is called: by its name, or where classes have none by its label. */
export const nameOf = (condition, label) => condition.names?.[label] ?? String(label);

/** Shows fields for the conditions of a model. */
export function showConditions(model) {
  $("classes").replaceChildren(
    ...model.classes.map((condition) => {
      const label = document.createElement("label");
      const input = document.createElement("input");
      input.id = `class-${condition.name}`;
      input.value = condition.names
        ? condition.names.slice(0, 4).join(", ")
        : condition.count > 4 ? "0-3" : `0-${condition.count - 1}`;
      input.autocomplete = "off";
      label.append(`${condition.name} (${choices(condition)})`, input);
      return label;
    }),
  );
}

/** What may be chosen; of many names the first. */
const choices = ({ names, count }) =>
  names ? names.slice(0, 12).join(", ") + (count > 12 ? `, … (${count} in all)` : "") : `0 to ${count - 1}`;

/** Returns what to draw, as the form says it. */
export function readForm(model, limits) {
  const seed = $("seed").value.trim();
  const limit = 1n << 63n;
  if (!/^-?\d{1,19}$/.test(seed) || BigInt(seed) >= limit || BigInt(seed) < -limit) {
    throw new Refused(`Seed: found "${seed}"; give a whole number of 64 bits`, $("seed"));
  }
  return {
    seed,
    count: number($("count"), "Images", 1, limits.count, true),
    temperature: readTemperature(),
    labels: readLabels(model),
  };
}

export const readTemperature = () => number($("temperature"), "Temperature", 0.01, 10, false);

/** Returns for each condition the labels of the images, one after another. */
export function readLabels(model) {
  return Object.fromEntries(
    model.classes.map((condition) => [condition.name, readList(condition, $(`class-${condition.name}`))]),
  );
}

/** Reads "0-3, 7", or "cat, dog": a class is meant by its name before it is meant by its label. */
function readList(condition, input) {
  const labels = input.value.split(",").flatMap((part) => readPart(condition, part.trim()));
  if (!labels.length || labels.some((it) => !(it >= 0 && it < condition.count))) {
    const last = Math.min(3, condition.count - 1);
    throw new Refused(
      `${condition.name}: found "${input.value}"; ` +
        (condition.names
          ? `give classes out of ${choices(condition)}`
          : `give labels from ${choices(condition)}, such as ${last} or 0-${last}`),
      input,
    );
  }
  return labels;
}

function readPart({ names, count }, part) {
  const named = names?.indexOf(part.normalize("NFC")) ?? -1;
  if (named >= 0) return [named];
  const [, from, to] = /^(\d+)(?:\s*-\s*(\d+))?$/.exec(part) ?? [];
  // A class named "7" need not have the label 7: beside such names a number is none.
  if (from === undefined || names?.some((it) => /^\d+$/.test(it))) return [NaN];
  const last = Number(to ?? from);
  return last - from > count ? [NaN] : Array.from({ length: last - from + 1 }, (_, i) => Number(from) + i);
}

function number(input, name, from, to, isWhole) {
  const value = input.value.trim() === "" ? NaN : Number(input.value);
  if (!(value >= from && value <= to) || (isWhole && !Number.isInteger(value))) {
    throw new Refused(
      `${name}: found "${input.value}"; give a ${isWhole ? "whole " : ""}number from ${from} to ${to}`,
      input,
    );
  }
  return value;
}

/** Puts what was drawn into the page's address, which draws it again. */
export function writeAddress(model, request) {
  const fields = new URLSearchParams({
    model: model.id,
    seed: request.seed,
    count: request.count,
    temperature: request.temperature,
  });
  for (const { name } of model.classes) fields.set(`label.${name}`, $(`class-${name}`).value);
  history.replaceState(null, "", `#${fields}`);
}

/** Fills the form in as the page's address says; show is called with the model that it names. */
export function readAddress(models, show) {
  const fields = new URLSearchParams(location.hash.slice(1));
  const id = fields.get("model");
  const model = models.find((it) => it.id === (id ?? $("model").value));
  if (!model) {
    throw new Refused(`the address asks for the model "${id}"; there are ${models.map((it) => it.id).join(", ")}`);
  }
  show(model);
  for (const name of ["seed", "count", "temperature"]) if (fields.has(name)) $(name).value = fields.get(name);
  for (const { name } of model.classes) {
    if (fields.has(`label.${name}`)) $(`class-${name}`).value = fields.get(`label.${name}`);
  }
}
