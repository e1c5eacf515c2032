import * as address from "./address.js";
import { onNewColours } from "./colours.js";
import { $, attempt, isEnabled } from "./dom.js";
import { Gallery } from "./gallery.js";
import { Grid, nthOf } from "./grid.js";
import { openPage } from "./header.js";
import { Inspector } from "./inspector.js";
import { Run } from "./run.js";
import { Settings } from "./settings.js";

/** How much of the window's height the images of a scale may take. */
const SHARE = 0.25;

let [model, limits] = [null, null];

/** An image in both scales: what is drawn of the small one is a part of the large one. */
class Pair {
  constructor(small, large, factor) {
    Object.assign(this, { small, large, factor });
  }

  get isWhole() {
    return this.large.isWhole;
  }

  set(row, column, values) {
    this.large.set(row, column, values);
    if (row % this.factor === 0 && column % this.factor === 0) {
      this.small.set(row / this.factor, column / this.factor, values);
    }
  }
}

const settings = new Settings($("form"), "checkbox", "Images");
const inspector = new Inspector($("beside"));
const larges = new Gallery($("images"), SHARE, (grid) => {
  smalls.unlook();
  inspector.inspect(grid);
});
/** A pixel of a small image is looked at where it lies in the large one. */
const smalls = new Gallery($("smalls"), SHARE, (small) => {
  if (small.cursor === null) return;
  const { factor, width } = model.scale;
  const [row, column] = [Math.floor(small.cursor / width), small.cursor % width];
  const large = larges.grids[smalls.grids.indexOf(small)];
  larges.look(large, row * factor * model.width + column * factor);
});
const run = new Run($("run"), "Draw", $("stage"), () => model && !model.obstacle);

/** Shows images of both scales in place of those before. */
function showImages(pairs) {
  inspector.clear();
  smalls.show(pairs.map((it) => it.small));
  larges.show(pairs.map((it) => it.large));
}

function draw(isArrival) {
  const request = settings.request;
  address.write(settings.write(), isArrival);
  const { factor, height, width } = model.scale;
  const pairs = Array.from({ length: request.count }, (_, i) => {
    const large = nthOf(model, request, i);
    const small = new Grid({ ...model, height, width }, `${large.title}, small`, null, large.caption);
    return new Pair(small, large, factor);
  });
  showImages(pairs);
  run.start(model, request, pairs, () => larges.chosen.cursor === null && larges.look(larges.chosen, larges.chosen.beginning));
}

$("form").addEventListener("submit", (event) => {
  event.preventDefault();
  if (isEnabled($("draw"))) attempt(() => draw(false));
});
onNewColours(() => [smalls, larges].forEach((it) => it.paint()));

openPage((next, fields, allowed) => {
  limits = allowed;
  if (next !== model) {
    model = next;
    settings.show(model, limits);
    inspector.show(model);
    const { factor, height, width } = model.scale;
    $("scale-help").textContent =
      `First one model draws an image of ${height}×${width}; then another draws what lies between, ` +
      `${factor} rows and columns for each of it, seeing all of the small one.`;
  }
  run.abandon();
  showImages([]);
  settings.readFrom(fields);
  draw(true);
});
