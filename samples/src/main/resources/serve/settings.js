import { Chips } from "./chips.js";
import { $, complain, make, Refused } from "./dom.js";
import { showSpeed } from "./speed.js";

/** Temperatures to begin with, and what they are like. */
const PRESETS = [[0.5, "tidy"], [0.8, "calm"], [1, "as learned"], [1.3, "wild"]];

const MARKUP = `
  <div id="classes" class="classes"></div>
  <div class="fields">
    <label><span id="count-name"></span>
      <input id="count" type="number" inputmode="numeric" min="1" value="4"></label>
    <div class="field">
      <label for="seed">Seed</label>
      <span class="pair">
        <input id="seed" type="text" inputmode="numeric" autocomplete="off" value="7">
        <button id="new-seed" type="button" title="Another seed" aria-label="Another seed">↻</button>
      </span>
    </div>
    <div class="field quick">
      <label for="speed">Speed</label>
      <input id="speed" type="range" min="0" max="100" value="45">
      <output id="speed-unit" for="speed" class="quiet"></output>
    </div>
    <div class="field wide">
      <label for="temperature">Temperature</label>
      <span class="pair">
        <input id="temperature" type="number" inputmode="decimal" min="0.01" max="10" step="0.05" value="1"
          aria-describedby="temperature-help">
        <span id="presets" class="presets" role="group" aria-label="Usual temperatures"></span>
      </span>
    </div>
  </div>
  <p id="temperature-help" class="quiet">Below 1 the likely becomes likelier; 1 is the model itself.
    The same seed draws the same images.</p>
  <p id="obstacle" class="alert" hidden></p>`;

/** What to draw: classes, how many images, seed, temperature; and how quickly. */
export class Settings {
  #chips;
  #model = null;

  /** form: where; kind: of the chips of classes; images: what is counted */
  constructor(form, kind, images) {
    form.innerHTML = MARKUP;
    $("count-name").textContent = images;
    this.#chips = new Chips($("classes"), kind);
    $("presets").append(...PRESETS.map(preset));
    $("speed").addEventListener("input", showSpeed);
    $("temperature").addEventListener("input", showPreset);
    form.addEventListener("input", () => complain(null));
    $("new-seed").addEventListener("click", () => {
      complain(null);
      $("seed").value = String(crypto.getRandomValues(new Uint32Array(1))[0]);
    });
    showSpeed();
  }

  /** Shows what a model may be asked for. */
  show(model, limits) {
    this.#model = model;
    $("count").max = limits.count;
    this.#chips.show(model);
    $("obstacle").hidden = !model.obstacle;
    $("obstacle").textContent = model.obstacle ? `This model ${model.obstacle}.` : "";
  }

  /** Takes what an address says, a Map of its fields. */
  readFrom(fields) {
    for (const name of ["seed", "count", "temperature"]) if (fields.has(name)) $(name).value = fields.get(name);
    this.#chips.readFrom(fields);
    showPreset();
  }

  /** Returns what is chosen, as addresses have it. */
  write() {
    const own = ["seed", "count", "temperature"].map((name) => [name, $(name).value.trim()]);
    return { model: this.#model.id, ...Object.fromEntries(own), ...this.#chips.write() };
  }

  set labels(labels) {
    this.#chips.labels = labels;
  }

  get labels() {
    return this.#chips.labels;
  }

  get temperature() {
    return number($("temperature"), "Temperature", 0.01, 10, false);
  }

  /** Returns what to draw, or throws what is to be put right. */
  get request() {
    const seed = $("seed").value.trim();
    const limit = 1n << 63n;
    if (!/^-?\d{1,19}$/.test(seed) || BigInt(seed) >= limit || BigInt(seed) < -limit) {
      throw new Refused(`Seed: found "${seed}"; give a whole number of 64 bits`, $("seed"));
    }
    return {
      seed,
      count: number($("count"), $("count-name").textContent, 1, Number($("count").max), true),
      temperature: this.temperature,
      labels: this.labels,
    };
  }
}

function preset([temperature, name]) {
  const button = make("button", { type: "button", value: temperature }, `${temperature} ${name}`);
  button.addEventListener("click", () => {
    complain(null);
    $("temperature").value = temperature;
    showPreset();
  });
  return button;
}

function showPreset() {
  const is = Number($("temperature").value);
  for (const it of $("presets").children) it.setAttribute("aria-pressed", String(Number(it.value) === is));
}

function number(input, name, from, to, isWhole) {
  const value = input.value.trim() === "" ? NaN : Number(input.value);
  if (!(value >= from && value <= to) || (isWhole && !Number.isInteger(value))) {
    const kind = isWhole ? "whole number" : "number";
    throw new Refused(`${name}: found "${input.value}"; give a ${kind} from ${from} to ${to}`, input);
  }
  return value;
}
