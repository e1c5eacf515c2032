import { onNewColours } from "./colours.js";
import { $, attempt, complain, enable, isEnabled, onPress, say } from "./dom.js";
import { Gallery } from "./gallery.js";
import { Grid } from "./grid.js";
import { openPage } from "./header.js";
import { Paint } from "./paint.js";
import { readPicture } from "./picture.js";
import { rectangle } from "./places.js";
import { Run } from "./run.js";
import { ask } from "./stream.js";
import { brush, Toolbar } from "./toolbar.js";
import { cutWith } from "./tools.js";

/** How much of the window's height the image may take, and its heat map. */
const SHARE = 0.5;

let [model, paint, asking] = [null, null, null];

const gallery = new Gallery($("images"), SHARE, () => {}, { isCanvas: true });
const run = new Run($("run"), "Draw another", $("images"), () => Boolean(model));
const toolbar = new Toolbar(() => paint);

/** The values of what is painted: the level that is chosen, in each channel. */
const ink = () => new Array(model.channels).fill(Number($("ink").value));

/** Shows an image, ready to be painted over, and has it checked. */
function showImage(values) {
  const grid = new Grid(model, "Image");
  grid.setAll(values);
  gallery.show([grid]);
  paint = new Paint(grid, ink, () => check(grid));
  cutWith(grid, paint, brush, (position) => gallery.look(grid, position));
  check(grid);
}

/** Takes an image's findings away, and what acts on it: it is no longer shown. */
function forget() {
  asking?.abort();
  paint = null;
  $("heat").hidden = true;
  for (const it of ["verdict", "found"]) $(it).textContent = "";
  showActions();
}

/** What can be done with the image now. */
function showActions() {
  toolbar.show();
  enable($("spoil"), paint);
}

async function check(grid) {
  asking?.abort();
  const own = (asking = new AbortController());
  showActions();
  say("Checking…");
  try {
    const path = `/api/models/${encodeURIComponent(model.id)}/check`;
    const found = await ask(path, { values: Array.from(grid.values) }, own.signal);
    if (!own.signal.aborted) showFound(grid, found);
  } catch (e) {
    if (!own.signal.aborted) complain(e.message);
  }
}

function showFound(grid, { score, by, pValue, isAnomalous, falseAlarms, heldOut, heat, picture }) {
  const hottest = heat.indexOf(Math.max(...heat));
  const [row, column] = [Math.floor(hottest / model.width), hottest % model.width];
  $("heat").hidden = false;
  $("heat").src = `data:image/png;base64,${picture}`;
  $("heat").style.width = grid.canvas.style.width;
  $("heat").alt = `Heat map. The hottest pixel is in row ${row}, column ${column}.`;
  $("verdict").textContent = isAnomalous ? "Anomalous" : "Like the good ones";
  $("verdict").classList.toggle("is-anomalous", isAnomalous);
  $("found").textContent =
    `Of good images ${(100 * pValue).toFixed(1)} % are as strange (p-value, by ${heldOut} held-out ones); ` +
    `up to ${Number((100 * falseAlarms).toPrecision(3))} % it is flagged. Score ${score.toFixed(2)} by ${by}. ` +
    `The hottest pixel, row ${row}, column ${column}, costs ${heat[hottest].toFixed(2)} nats.`;
  say("Checked.");
}

function drawOne() {
  const grid = new Grid(model, "Image", { labels: {}, temperature: 1, known: null });
  const seed = String(crypto.getRandomValues(new Uint32Array(1))[0]);
  forget();
  gallery.show([grid]);
  run.start(model, { seed, count: 1, temperature: 1 }, [grid], () => showImage(Array.from(grid.values)));
}

/** Paints a blot somewhere near the middle. */
function spoil() {
  const side = Math.max(2, Math.round(Math.min(model.height, model.width) / 5));
  const somewhere = (size) => Math.floor(size / 4 + Math.random() * (size / 2 - side));
  const corner = { row: somewhere(model.height), column: somewhere(model.width) };
  paint.begin();
  paint.mark(rectangle(corner, { row: corner.row + side - 1, column: corner.column + side - 1 }), true);
  paint.end();
}

$("form").addEventListener("submit", (event) => {
  event.preventDefault();
  if (isEnabled($("draw"))) attempt(drawOne);
});
onPress($("spoil"), spoil);
$("picture").addEventListener("change", async () => {
  const [file] = $("picture").files;
  if (!file) return;
  complain(null);
  try {
    const pixels = await readPicture(file, model);
    run.abandon();
    showImage(pixels.flatMap((it) => it.values));
  } catch {
    complain(`${file.name} is no picture that this browser can read; give a PNG or a JPEG`);
  }
  $("picture").value = "";
});
const showInk = () => ($("ink-unit").textContent = $("ink").value);
$("ink").addEventListener("input", showInk);
onNewColours(() => gallery.paint());

openPage((next) => {
  model = next;
  [$("ink").max, $("ink").value] = [model.levels - 1, model.levels - 1];
  showInk();
  drawOne();
});
