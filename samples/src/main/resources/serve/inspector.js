import { showDistribution, showNoDistribution } from "./chart.js";
import { $ } from "./dom.js";
import { layerOf, NOTHING, ORDER, showLayers } from "./layers.js";
import { ask } from "./stream.js";

/** So long the pointer rests before anything is asked. */
const REST_MILLIS = 60;

const POINT = "Point at a pixel, or press Enter on an image and move with the arrow keys.";

const MARKUP = `
  <section id="inspector" class="panel" aria-labelledby="inspector-title">
    <h2 id="inspector-title">Under the pointer</h2>
    <p id="pixel" aria-live="polite"></p>
    <div id="chart"></div>
    <div id="words" class="quiet" aria-live="polite"></div>
  </section>
  <section id="sight" class="panel" aria-labelledby="sight-title">
    <h2 id="sight-title">Lay over the image</h2>
    <label>Show <select id="layer"></select></label>
    <ul class="legend quiet" aria-label="Colours">
      <li class="of-field"><span class="swatch seen"></span>seen from the pixel</li>
      <li class="of-field"><span class="swatch blind"></span>blind spot: earlier, within reach, never seen</li>
      <li class="of-order"><span class="swatch order"></span>from the first pixel to the last</li>
      <li><span class="swatch missing"></span>not drawn yet, or cut out</li>
    </ul>
    <p id="field" class="quiet" aria-live="polite"></p>
  </section>`;

/** Shows what the pixel under the cursor is drawn from, when, and what is seen from there. */
export class Inspector {
  #asking = null;
  #looking = null;
  #orders = new Map();

  /** place: where it is; conditionsOf(grid): the labels and the temperature of one that is no drawing */
  constructor(place, conditionsOf) {
    place.innerHTML = MARKUP;
    this.conditionsOf = conditionsOf;
    $("layer").addEventListener("change", () => {
      this.#showLegend();
      if (this.#looking) this.inspect(this.#looking);
    });
    this.clear();
  }

  /** Shows what may be laid over images of a model. */
  show(model) {
    showLayers($("layer"), model);
    this.#orders.clear();
    this.#showLegend();
    this.clear();
  }

  /** Forgets the pixel. */
  clear() {
    this.#asking?.abort();
    this.#looking = null;
    $("pixel").textContent = POINT;
    $("field").textContent = "";
    showNoDistribution($("chart"), $("words"), "");
  }

  /** grid: one with a cursor, or none is inspected; only the newest question counts. */
  async inspect(grid) {
    this.#asking?.abort();
    const asking = (this.#asking = new AbortController());
    this.#looking = grid;
    if (grid.cursor === null) return this.#lay(grid, null, asking.signal);
    const { width } = grid.model;
    const place = { row: Math.floor(grid.cursor / width), column: grid.cursor % width };
    const values = grid.has(grid.cursor) ? grid.valuesAt(grid.cursor) : null;
    const now = values
      ? `level ${values.join(", ")}`
      : grid.hole[grid.cursor] ? "cut out" : "not drawn yet";
    $("pixel").textContent = `${grid.title}, row ${place.row}, column ${place.column}: ${now}`;
    await new Promise((resolve) => setTimeout(resolve, REST_MILLIS));
    if (asking.signal.aborted) return;
    await Promise.all([
      this.#distribution(grid, place, values, asking.signal),
      this.#lay(grid, place, asking.signal),
    ]);
  }

  async #distribution(grid, place, values, signal) {
    const show = (why) => showNoDistribution($("chart"), $("words"), why);
    try {
      const { channels, none } = await ask(address(grid, "distribution"), { ...place, ...this.#whole(grid) }, signal);
      if (none) show(none);
      else showDistribution($("chart"), $("words"), channels, grid.model.levels, values);
    } catch (e) {
      if (!signal.aborted) show(e.message);
    }
  }

  /** All of an image that a pixel's distribution may depend on. */
  #whole(grid) {
    const { labels, temperature } = grid.drawnWith ?? this.conditionsOf(grid);
    const { known } = grid;
    return {
      values: Array.from(grid.values),
      drawn: grid.drawn.map((_, position) => grid.has(position)),
      temperature,
      labels: Object.fromEntries(Object.entries(labels).map(([name, label]) => [name, [label]])),
      ...(known && { known }),
    };
  }

  /** Lays over an image what was chosen, as seen from a place if there is one. */
  async #lay(grid, place, signal) {
    const choice = $("layer").value;
    let laid = { field: null, order: null, text: "" };
    try {
      if (choice === ORDER) laid = await this.#order(grid, place, signal);
      else if (choice !== NOTHING && place) laid = await this.#field(grid, place, layerOf(choice), signal);
    } catch (e) {
      laid = { ...laid, text: e.message };
    }
    if (signal.aborted) return;
    [grid.field, grid.order] = [laid.field, laid.order];
    $("field").textContent = laid.text;
    grid.paint();
  }

  async #field(grid, place, layer, signal) {
    const mask = grid.known?.mask;
    const question = { ...place, ...(layer && { layer }), ...(mask && { mask }) };
    const { field, blindSpot } = await ask(address(grid, "receptive-field"), question, signal);
    return {
      order: null,
      field: { seen: new Set(field), blind: new Set(blindSpot) },
      text: `${field.length} of ${grid.pixels} pixels seen; blind spot: ${blindSpot.length || "none"}.`,
    };
  }

  async #order(grid, place, signal) {
    const mask = grid.known?.mask;
    const key = mask ? mask.map(Number).join("") : "";
    if (!this.#orders.has(key)) {
      this.#orders.set(key, (await ask(address(grid, "order"), mask ? { mask } : {}, signal)).order);
    }
    const order = this.#orders.get(key);
    const rank = place ? order.indexOf(grid.cursor) : -1;
    const known = "Of what is known nothing is drawn.";
    return {
      order,
      field: null,
      text: rank >= 0 ? `Number ${rank + 1} of the ${order.length} that are drawn.` : place && mask ? known : "",
    };
  }

  #showLegend() {
    const choice = $("layer").value;
    const show = (kind, isShown) => document.querySelectorAll(`.of-${kind}`).forEach((it) => (it.hidden = !isShown));
    show("order", choice === ORDER);
    show("field", choice !== ORDER && choice !== NOTHING);
  }
}

const address = (grid, what) => `/api/models/${encodeURIComponent(grid.model.id)}/${what}`;
