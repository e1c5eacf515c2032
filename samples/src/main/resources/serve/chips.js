import { $, make, Refused } from "./dom.js";
import { choices, nameOf, read, usual, write } from "./labels.js";

/** More classes than this are named in a field, and not shown as chips. */
const MOST_CHIPS = 60;

/** The classes of a model, to be chosen: kind is "checkbox" for several, or "radio" for one. */
export class Chips {
  #place;
  #kind;
  #model = null;

  constructor(place, kind) {
    this.#place = place;
    this.#kind = kind;
  }

  /** Shows the classes of a model, the usual ones chosen. */
  show(model) {
    this.#model = model;
    this.#place.replaceChildren(
      ...model.classes.map((it) => (it.count > MOST_CHIPS ? this.#field(it) : this.#group(it))),
    );
    for (const it of model.classes) this.#choose(it, this.#kind === "radio" ? [0] : usual(it));
  }

  /** What is chosen: for each condition its labels, of each at least one. */
  get labels() {
    return Object.fromEntries(this.#model.classes.map((it) => [it.name, this.#read(it)]));
  }

  /** Chooses the labels of an image, or of several. */
  set labels(chosen) {
    for (const it of this.#model.classes) if (it.name in chosen) this.#choose(it, [chosen[it.name]].flat());
  }

  /** What is chosen, as addresses have it. */
  write() {
    return Object.fromEntries(this.#model.classes.map((it) => [`label.${it.name}`, write(it, this.#read(it))]));
  }

  /** Chooses what an address says, which is a Map of its fields. */
  readFrom(fields) {
    for (const it of this.#model.classes) {
      const text = fields.get(`label.${it.name}`);
      if (text !== undefined) this.#choose(it, read(it, text));
    }
  }

  #group(condition) {
    const group = make("fieldset", { class: "chips", id: idOf(condition) }, make("legend", {}, condition.name));
    for (let label = 0; label < condition.count; label++) {
      const input = make("input", { type: this.#kind, name: idOf(condition), value: label });
      group.append(make("label", { class: "chip" }, input, make("span", {}, nameOf(condition, label))));
    }
    if (this.#kind === "checkbox" && condition.count > 2) {
      const all = make("button", { type: "button", class: "chip-all" }, "All");
      all.addEventListener("click", () => inputsOf(group).forEach((it) => (it.checked = true)));
      group.append(all);
    }
    return group;
  }

  #field(condition) {
    const input = make("input", { id: idOf(condition), autocomplete: "off" });
    return make("label", {}, `${condition.name} (${choices(condition)})`, input);
  }

  #choose(condition, labels) {
    const place = $(idOf(condition));
    if (place.tagName === "INPUT") place.value = write(condition, labels);
    else inputsOf(place).forEach((it) => (it.checked = labels.includes(Number(it.value))));
  }

  #read(condition) {
    const place = $(idOf(condition));
    if (place.tagName === "INPUT") return read(condition, place.value, place);
    const chosen = inputsOf(place).filter((it) => it.checked);
    if (!chosen.length) throw new Refused(`${condition.name}: choose at least one`, inputsOf(place)[0]);
    return chosen.map((it) => Number(it.value));
  }
}

const idOf = (condition) => `class-${condition.name}`;

const inputsOf = (group) => Array.from(group.querySelectorAll("input"));
