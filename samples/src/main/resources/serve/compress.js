import * as address from "./address.js";
import { onNewColours } from "./colours.js";
import { $, attempt, complain, enable, isEnabled, make, onPress, say } from "./dom.js";
import { Gallery } from "./gallery.js";
import { nthOf } from "./grid.js";
import { openPage } from "./header.js";
import { pngBytes } from "./keep.js";
import { Run } from "./run.js";
import { Settings } from "./settings.js";
import { bytesOf, showSizes } from "./sizes.js";
import { showSpeed } from "./speed.js";
import { ask } from "./stream.js";

let [model, limits, coded] = [null, null, null];

const settings = new Settings($("form"), "checkbox", "Images");
const gallery = new Gallery($("images"), 0.4, showCost);
const run = new Run($("run"), "Draw and compress", $("images"), () => Boolean(model));

/** What a pixel under the cursor costs, and its image. */
function showCost(grid) {
  const bits = coded?.bits[gallery.grids.indexOf(grid)];
  if (!bits) return;
  const total = bits.reduce((sum, it) => sum + it, 0);
  const { width } = grid.model;
  const place =
    grid.cursor === null
      ? ""
      : ` Row ${Math.floor(grid.cursor / width)}, column ${grid.cursor % width} costs ${bits[grid.cursor].toFixed(2)} bits.`;
  $("cost").textContent = `${grid.title} costs ${total.toFixed(1)} bits.${place}`;
}

/** Takes the images away, and what was found of them. */
function forget() {
  coded = null;
  $("sizes").replaceChildren();
  $("cost").textContent = "";
  enable($("file"), false);
  say("");
  gallery.show([]);
}

function draw(isArrival) {
  const request = settings.request;
  address.write(settings.write(), isArrival);
  forget();
  const grids = Array.from({ length: request.count }, (_, i) => nthOf(model, request, i));
  gallery.show(grids);
  run.start(model, request, grids, () => compress(request, grids));
}

/** Has the server code what is drawn; what it says of images that are gone meanwhile is forgotten. */
async function compress({ labels }, grids) {
  say("Compressing…");
  try {
    const images = grids.map((it) => Array.from(it.values));
    const path = `/api/models/${encodeURIComponent(model.id)}/compress`;
    const [answer, png] = await Promise.all([ask(path, { images, labels }), pngBytes(grids)]);
    if (gallery.grids !== grids) return;
    coded = answer;
    const most = Math.max(...answer.bits.flat());
    grids.forEach((grid, i) => {
      grid.heat = answer.bits[i].map((it) => (0.85 * it) / most);
      grid.paint();
    });
    $("most").textContent = `${most.toFixed(1)} bits`;
    showSizes($("sizes"), [
      ["as they are", Math.ceil((grids.length * grids[0].values.length * Math.log2(model.levels)) / 8)],
      ["PNG, one sheet of them", png],
      ["Weft", answer.bytes],
    ]);
    say(`Compressed to ${bytesOf(answer.bytes)}, of which ${answer.headerBytes} are the header; decoded again, it is the same.`);
    enable($("file"), true);
    showCost(gallery.chosen);
  } catch (e) {
    if (gallery.grids === grids) complain(e.message);
  }
}

onPress($("file"), () => {
  const bytes = Uint8Array.from(atob(coded.file), (it) => it.charCodeAt(0));
  const link = make("a", { href: URL.createObjectURL(new Blob([bytes])), download: `${model.id}.weft` });
  link.click();
  URL.revokeObjectURL(link.href);
});
$("form").addEventListener("submit", (event) => {
  event.preventDefault();
  if (isEnabled($("draw"))) attempt(() => draw(false));
});
onNewColours(() => gallery.paint());

openPage((next, fields, allowed) => {
  limits = { ...allowed, count: allowed.coded };
  if (next !== model) {
    model = next;
    settings.show(model, limits);
    $("speed").value = 100;
    showSpeed();
  }
  run.abandon();
  forget();
  settings.readFrom(fields);
  draw(true);
});
