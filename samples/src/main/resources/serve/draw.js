import * as address from "./address.js";
import { onNewColours } from "./colours.js";
import { $, attempt, enable, isEnabled, onPress, say } from "./dom.js";
import { Gallery } from "./gallery.js";
import { nthOf } from "./grid.js";
import { openPage } from "./header.js";
import { Inspector } from "./inspector.js";
import { copyLink, savePng } from "./keep.js";
import { write } from "./labels.js";
import { pack } from "./packed.js";
import { remember, showPast } from "./past.js";
import { Run } from "./run.js";
import { Settings } from "./settings.js";

/** What is shown: the model, and what its server allows. */
let [model, limits] = [null, null];

const settings = new Settings($("form"), "checkbox", "Images");
const inspector = new Inspector($("beside"));
const gallery = new Gallery($("images"), 0.5, (grid) => {
  inspector.inspect(grid);
  showActions();
});
const run = new Run($("run"), "Draw", $("images"), () => model && !model.obstacle);

function show(next) {
  model = next;
  settings.show(model, limits);
  inspector.show(model);
}

/** Shows images in place of those before, and what can be done with them. */
function showImages(grids) {
  inspector.clear();
  gallery.show(grids);
  showActions();
}

/** Draws what the form says, and puts it into the address. */
function draw(isArrival) {
  const request = settings.request;
  address.write(settings.write(), isArrival);
  const grids = Array.from({ length: request.count }, (_, i) => nthOf(model, request, i));
  showImages(grids);
  run.start(model, request, grids, () => {
    remember(grids, `${model.id}, seed ${request.seed}`);
    lookAtFirst();
    showActions();
  });
}

/** What can be done with the images now: with a whole one, and with all. */
function showActions() {
  const { chosen } = gallery;
  const isWhole = Boolean(chosen?.isWhole);
  enable($("save"), isWhole);
  enable($("save-all"), gallery.grids.length > 0 && gallery.grids.every((it) => it.isWhole));
  $("to-complete").hidden = !isWhole;
  $("which").textContent = chosen?.title ?? "";
  if (isWhole) $("to-complete").href = `/complete${address.of(completionOf(chosen))}`;
}

/** What an address says that completes an image as what it is. */
function completionOf({ values, drawnWith: { labels } }) {
  const own = model.classes.map((it) => [`label.${it.name}`, write(it, [labels[it.name]])]);
  return { model: model.id, image: pack(values, model.levels), ...Object.fromEntries(own) };
}

const nameOf = (grid) => grid.title.toLowerCase().replace(/[^a-z0-9]+/g, "-");

onPress($("save"), () => savePng([gallery.chosen], `${model.id}-${nameOf(gallery.chosen)}`));
onPress($("save-all"), () => savePng(gallery.grids, `${model.id}-${$("seed").value.trim()}`));
onPress($("link"), copyLink);
showPast();

/** Looks where the first image begins to be one, if nobody has looked anywhere. */
function lookAtFirst() {
  const [first] = gallery.grids;
  if (gallery.chosen !== first || first.cursor !== null) return;
  gallery.look(first, first.beginning);
}

$("form").addEventListener("submit", (event) => {
  event.preventDefault();
  if (isEnabled($("draw"))) attempt(() => draw(false));
});
onNewColours(() => gallery.paint());

openPage((next, fields, allowed) => {
  limits = allowed;
  if (next !== model) show(next);
  run.abandon();
  showImages([]);
  settings.readFrom(fields);
  if (model.obstacle) say("Nothing can be drawn here.");
  else draw(true);
});
