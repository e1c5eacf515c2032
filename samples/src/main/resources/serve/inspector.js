import { showDistribution, showNoDistribution } from "./chart.js";
import { $ } from "./dom.js";
import { readLabels, readTemperature } from "./form.js";
import { ask } from "./stream.js";

/** So long the pointer rests before anything is asked. */
const REST_MILLIS = 60;

/** Shows what the pixel under the cursor is drawn from, and what is seen from there. */
export class Inspector {
  #asking = null;

  /** Forgets the pixel. */
  clear() {
    this.#asking?.abort();
    $("pixel").textContent = "Point at a pixel, or move over an image with the arrow keys.";
    $("field").textContent = "";
    showNoDistribution($("chart"), $("words"), "");
  }

  /** grid: with a cursor; number: which of the images it is; only the newest question counts. */
  async inspect(grid, number) {
    this.#asking?.abort();
    const asking = (this.#asking = new AbortController());
    const { width } = grid.model;
    const [row, column] = [Math.floor(grid.cursor / width), grid.cursor % width];
    const values = grid.has(grid.cursor) ? grid.valuesAt(grid.cursor) : null;
    const now = values
      ? `level ${values.join(", ")}`
      : grid.hole[grid.cursor] ? "cut out" : "not drawn yet";
    $("pixel").textContent = `${grid.title}, row ${row}, column ${column}: ${now}`;
    await new Promise((resolve) => setTimeout(resolve, REST_MILLIS));
    if (asking.signal.aborted) return;
    const place = { row, column };
    await Promise.all([
      this.#distribution(grid, number, place, values, asking.signal),
      this.#field(grid, place, asking.signal),
    ]);
  }

  async #distribution(grid, number, place, values, signal) {
    try {
      const question = { ...place, ...this.#whole(grid, number) };
      const { channels, none } = await ask(address(grid, "distribution"), question, signal);
      if (none) showNoDistribution($("chart"), $("words"), none);
      else showDistribution($("chart"), $("words"), channels, values);
    } catch (e) {
      if (!signal.aborted) showNoDistribution($("chart"), $("words"), e.message);
    }
  }

  /** All of an image that a pixel's distribution may depend on; of a picture the form says the rest. */
  #whole(grid, number) {
    const { model, known } = grid;
    const labels = grid.drawnWith?.labels ?? take(readLabels(model), number);
    return {
      values: Array.from(grid.values),
      drawn: grid.drawn.map((_, position) => grid.has(position)),
      temperature: grid.drawnWith?.temperature ?? readTemperature(),
      labels: Object.fromEntries(Object.entries(labels).map(([name, label]) => [name, [label]])),
      ...(known && { known }),
    };
  }

  async #field(grid, place, signal) {
    const layer = $("layer").value;
    let [seen, text] = [null, ""];
    if (layer !== "none") {
      const mask = grid.known?.mask;
      try {
        const question = { ...place, ...(layer && { layer }), ...(mask && { mask }) };
        const { field, blindSpot } = await ask(address(grid, "receptive-field"), question, signal);
        seen = { seen: new Set(field), blind: new Set(blindSpot) };
        text = `${field.length} of ${grid.pixels} pixels seen; blind spot: ${blindSpot.length || "none"}.`;
      } catch (e) {
        text = e.message;
      }
    }
    if (signal.aborted) return;
    grid.field = seen;
    $("field").textContent = text;
    grid.paint();
  }
}

const address = (grid, what) => `/api/models/${encodeURIComponent(grid.model.id)}/${what}`;

/** The labels of one image. */
export const take = (labels, number) =>
  Object.fromEntries(Object.entries(labels).map(([name, list]) => [name, list[number % list.length]]));
