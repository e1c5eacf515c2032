import * as address from "./address.js";
import { onNewColours } from "./colours.js";
import { $, attempt, complain, enable, isEnabled, onPress, Refused, say } from "./dom.js";
import { Gallery } from "./gallery.js";
import { Grid } from "./grid.js";
import { openPage } from "./header.js";
import { Hole } from "./hole.js";
import { Inspector } from "./inspector.js";
import { copyLink, savePng } from "./keep.js";
import { take, words } from "./labels.js";
import { pack, unpack } from "./packed.js";
import { drawsCodes } from "./palette.js";
import { readPicture } from "./picture.js";
import { Run } from "./run.js";
import { Settings } from "./settings.js";
import { brush, Toolbar } from "./toolbar.js";
import { cutWith } from "./tools.js";

/** How much of the window's height the images may take, each kind beside the others. */
const SHARE = 0.42;

let [model, limits, hole] = [null, null, null];

const settings = new Settings($("form"), "radio", "Results");
const inspector = new Inspector($("beside"), () => ({
  labels: take(settings.labels, 0),
  temperature: settings.temperature,
}));
const look = (grid) => {
  for (const it of [original, cut, results]) if (!it.grids.includes(grid)) it.unlook();
  inspector.inspect(grid);
};
const original = new Gallery($("original"), SHARE, look);
const cut = new Gallery($("cut"), SHARE, look, { isCanvas: true });
const results = new Gallery($("images"), SHARE, look);
const run = new Run($("run"), "Complete", $("images"), () => Boolean(cut.grids[0]?.hasHole));

/** The image that a hole is cut into. */
const image = () => cut.grids[0];

const toolbar = new Toolbar(() => hole);

function showModel(next) {
  model = next;
  settings.show(model, limits);
  $("count").value = Math.min(3, limits.count);
  inspector.show(model);
  const sees =
    model.completion === "around"
      ? "This model sees everything around a hole when it fills it."
      : "Of what is known this model sees only what comes before a missing pixel, in that of its orders in which most does.";
  $("completion-help").textContent = `${sees} Drag over the hole's image; or move with the arrow keys, and press the space bar.`;
  $("picture").disabled = drawsCodes(model);
  clear();
}

/** Takes all images away, and what acts on them. */
function clear() {
  hole = null;
  for (const it of [original, cut, results]) it.show([]);
  inspector.clear();
  showButtons();
}

/** Shows an image, with what is missing of it, ready to be cut into. */
function showImage(values, mask) {
  const [whole, holed] = ["Original", "Hole"].map((title) => new Grid(model, title));
  for (const it of [whole, holed]) it.setAll(values);
  holed.hole = mask;
  hole = new Hole(holed, () => {
    say(`${holed.missing} of ${holed.pixels} pixels are missing.`);
    writeAddress(true);
    showButtons();
    look(holed);
  });
  original.show([whole]);
  cut.show([holed]);
  cutWith(holed, hole, brush, (position) => cut.look(holed, position));
  results.show([]);
  showButtons();
}

/** A hole to begin with: the middle of the image, below its upper third. */
function usualHole({ height, width }) {
  const isIn = (row, column) =>
    row >= height / 3 && row < (5 * height) / 6 && column >= width / 5 && column < width - width / 5;
  return Array.from({ length: height * width }, (_, i) => isIn(Math.floor(i / width), i % width));
}

function writeAddress(isArrival) {
  const { values, hole } = image();
  const shown = { image: pack(values, model.levels), hole: pack(hole.map(Number), 2) };
  address.write({ ...settings.write(), ...shown }, isArrival);
}

/** Fills the hole as often as the form says. */
function complete(isArrival) {
  const { seed, count, temperature, labels } = settings.request;
  const { known } = image();
  writeAddress(isArrival);
  const one = take(labels, 0);
  const grids = Array.from({ length: count }, (_, i) => {
    const title = [`Result ${i + 1} of ${count}`, words(model, one)].filter((it) => it).join(": ");
    return new Grid(model, title, { labels: one, temperature, known });
  });
  inspector.clear();
  cut.unlook();
  results.show(grids);
  run.start(model, { seed, count, temperature, labels, known }, grids, () => {
    if (results.chosen === grids[0] && image().cursor === null) results.look(grids[0], known.mask.indexOf(false));
    showButtons();
  });
  showButtons();
}

/** Draws an image, cuts the usual hole into it, and completes it. */
function drawOriginal(seed) {
  const labels = settings.labels;
  const grid = new Grid(model, "Original", { labels: take(labels, 0), temperature: 1, known: null });
  clear();
  original.show([grid]);
  run.start(model, { seed, count: 1, temperature: 1, labels }, [grid], () => {
    showImage(Array.from(grid.values), usualHole(model));
    attempt(() => complete(true));
  });
}

function showButtons() {
  run.show();
  toolbar.show();
  enable($("no-hole"), image()?.missing);
  enable($("save"), results.grids.length > 0 && results.grids.every((it) => it.isWhole));
}

$("form").addEventListener("submit", (event) => {
  event.preventDefault();
  if (isEnabled($("draw"))) attempt(() => complete(false));
});
onPress($("no-hole"), () => hole.take(image().hole.map(() => false)));
onPress($("save"), () => savePng(results.grids, `${model.id}-completed`));
onPress($("link"), copyLink);
onPress($("another"), () => attempt(() => drawOriginal(String(crypto.getRandomValues(new Uint32Array(1))[0]))));

$("picture").addEventListener("change", async () => {
  const [file] = $("picture").files;
  const wanted = model;
  if (!file) return;
  complain(null);
  try {
    const pixels = await readPicture(file, wanted);
    if (wanted === model) showPicture(pixels);
  } catch {
    complain(`${file.name} is no picture that this browser can read; give a PNG or a JPEG`);
  }
  $("picture").value = "";
});

function showPicture(pixels) {
  run.abandon();
  showImage(pixels.flatMap((it) => it.values), pixels.map((it) => it.isTransparent));
  const { missing } = image();
  say(`Your picture, at the model's size and levels. ${missing ? `${missing} transparent pixels are missing.` : "Cut a hole in it."}`);
}

/** Returns the numbers that a field of the address has, or null if it has none. */
function numbers(fields, name, count, bound) {
  if (!fields.has(name)) return null;
  const found = unpack(fields.get(name), count, bound);
  if (!found) throw new Refused(`the address's ${name} is not one of this model's; draw another`);
  return found;
}

onNewColours(() => [original, cut, results].forEach((it) => it.paint()));

openPage((next, fields, allowed) => {
  limits = allowed;
  run.abandon();
  if (next !== model) showModel(next);
  settings.readFrom(fields);
  const pixels = model.height * model.width;
  const values = numbers(fields, "image", pixels * model.channels, model.levels);
  const mask = numbers(fields, "hole", pixels, 2);
  if (!values) return drawOriginal($("seed").value.trim());
  showImage(values, mask ? mask.map(Boolean) : usualHole(model));
  if (image().hasHole) complete(true);
});
