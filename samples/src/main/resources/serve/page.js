import { cutInto } from "./cutting.js";
import { $, attempt, complain, enable, isEnabled, onPress, say } from "./dom.js";
import { Drawing } from "./drawing.js";
import { readAddress, readForm, showConditions, writeAddress } from "./form.js";
import { forgetColours, Grid } from "./grid.js";
import { Inspector, take } from "./inspector.js";
import { drawsCodes } from "./palette.js";
import { readPicture } from "./picture.js";
import { ask } from "./stream.js";

const page = {
  models: [],
  limits: {},
  /** What the form is about. */
  model: null,
  /** The images that are shown, and the one that was looked at last. */
  grids: [],
  chosen: null,
  /** What is being drawn, or null. */
  drawing: null,
};

const inspector = new Inspector();

// The model.

function showModel(model) {
  if (page.model === model) return;
  page.model = model;
  $("model").value = model.id;
  $("about").textContent =
    `${model.name}: ${model.height}×${model.width}×${model.channels}, ${model.levels} levels, ` +
    `${model.parameters.toLocaleString("en")} parameters` +
    ([1, 3].includes(model.channels) ? "" : "; of its channels the first is shown");
  $("obstacle").hidden = !model.obstacle;
  $("obstacle").textContent = model.obstacle ? `This model ${model.obstacle}.` : "";
  showConditions(model);
  $("layer").replaceChildren(
    new Option("not shown", "none"),
    new Option("the output", ""),
    ...model.layers.map((it) => new Option(it, it)),
  );
  $("completion-help").textContent =
    model.completion === "around"
      ? "This model sees everything around a hole when it fills it."
      : "This model keeps its order: of what is known it sees only what comes before a missing pixel.";
  show([]);
  say("Nothing drawn yet.");
}

// The images.

/** Puts images on the page, ready to be looked at and cut, in place of what is there. */
function show(grids) {
  page.drawing?.abandon();
  page.drawing = null;
  page.grids = grids;
  page.chosen = null;
  if ($("images").contains(document.activeElement)) $("images").focus();
  $("images").replaceChildren(...grids.map((it) => it.element));
  grids.forEach(listen);
  inspector.clear();
  if (grids.length) choose(grids[0], null);
  showProgress();
}

function listen(grid) {
  const { canvas, model } = grid;
  const cut = (text) => {
    complain(null);
    say(text);
    choose(grid, grid.cursor);
  };
  cutInto(grid, () => $("cutting").checked && !page.drawing, cut);
  canvas.addEventListener("pointermove", (event) => {
    const position = grid.positionOf(grid.placeOf(event));
    if (position !== grid.cursor || page.chosen !== grid) choose(grid, position);
  });
  canvas.addEventListener("click", (event) => choose(grid, grid.positionOf(grid.placeOf(event))));
  canvas.addEventListener("focus", () => {
    if (page.chosen !== grid || grid.cursor === null) choose(grid, grid.cursor ?? 0);
  });
  canvas.addEventListener("keydown", (event) => {
    const step = STEPS[event.key];
    if (!step) return;
    event.preventDefault();
    const [row, column] = [Math.floor(grid.cursor / model.width), grid.cursor % model.width];
    choose(grid, grid.positionOf({ row: row + step[0], column: column + step[1] }));
  });
  canvas.classList.toggle("cutting", $("cutting").checked);
}

const STEPS = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };

function choose(grid, cursor) {
  if (page.chosen && page.chosen !== grid) {
    page.chosen.cursor = null;
    page.chosen.field = null;
    page.chosen.canvas.classList.remove("chosen");
    page.chosen.paint();
  }
  page.chosen = grid;
  grid.canvas.classList.add("chosen");
  grid.cursor = cursor;
  grid.paint();
  showButtons();
  inspect();
}

function inspect() {
  const grid = page.chosen;
  if (grid && grid.cursor !== null) inspector.inspect(grid, page.grids.indexOf(grid));
}

function side(count) {
  const room = $("images").clientWidth;
  const columns = count === 1 ? 1.5 : Math.min(count, Math.max(2, Math.floor(room / 190)));
  return Math.min(360, room / columns - 16);
}

// Drawing.

/** Draws from nothing, or completes: labels of the images one after another, and what is known. */
function start(request) {
  const { model } = page;
  const grids = Array.from({ length: request.count }, (_, i) => {
    const { temperature, known } = request;
    const drawnWith = { labels: take(request.labels, i), temperature, known };
    return new Grid(model, `Image ${i + 1} of ${request.count}`, side(request.count), drawnWith);
  });
  show(grids);
  page.drawing = new Drawing(model, request, grids, speed, {
    changed(text) {
      say(text);
      showProgress();
    },
    ended(text, problem) {
      showProgress();
      page.drawing = null;
      showButtons();
      say(text);
      if (problem) complain(problem);
    },
  });
  showProgress();
}

/** Pixels a second: from a few, to see each, to as many as come. */
function speed() {
  const slider = Number($("speed").value);
  return slider >= 100 ? Infinity : 4 * 10 ** (slider / 20);
}

function showProgress() {
  $("progress").max = page.drawing?.total || 1;
  $("progress").value = page.drawing?.painted ?? 0;
  showButtons();
}

function showButtons() {
  const { drawing } = page;
  enable($("pause"), drawing);
  enable($("cancel"), drawing);
  $("pause").textContent = drawing?.isPaused ? "Resume" : "Pause";
  enable($("draw"), !drawing && !page.model?.obstacle);
  enable($("complete"), !drawing && page.chosen?.hasHole);
  enable($("no-hole"), page.chosen?.missing);
}

// The form.

$("form").addEventListener("submit", (event) => {
  event.preventDefault();
  if (!isEnabled($("draw"))) return;
  attempt(() => {
    const request = readForm(page.model, page.limits);
    writeAddress(page.model, request);
    start(request);
  });
});
$("form").addEventListener("input", () => complain(null));
onPress($("pause"), () => {
  page.drawing.togglePause();
  showButtons();
});
onPress($("cancel"), () => page.drawing.cancel());
$("new-seed").addEventListener("click", () => {
  complain(null);
  $("seed").value = String(crypto.getRandomValues(new Uint32Array(1))[0]);
});
$("model").addEventListener("change", () => showModel(page.models.find((it) => it.id === $("model").value)));
$("layer").addEventListener("change", inspect);

// Holes.

$("cutting").addEventListener("change", () =>
  page.grids.forEach((it) => it.canvas.classList.toggle("cutting", $("cutting").checked)),
);
onPress($("no-hole"), () => {
  page.chosen.closeHole();
  say("The hole is closed.");
  showButtons();
  inspect();
});
onPress($("complete"), () =>
  attempt(() => {
    const grid = page.chosen;
    const request = readForm(page.model, page.limits);
    // An image is completed as what it is; of a picture the form says what it may be.
    const own = grid.drawnWith && Object.entries(grid.drawnWith.labels).map(([name, label]) => [name, [label]]);
    start({ ...request, labels: own ? Object.fromEntries(own) : request.labels, known: grid.known });
  }),
);
$("picture").addEventListener("change", async () => {
  const [file] = $("picture").files;
  const { model } = page;
  if (!file) return;
  complain(null);
  if (drawsCodes(model)) {
    complain("This model draws codes, which a picture has none of; cut a hole into one it has drawn");
    return;
  }
  try {
    const pixels = await readPicture(file, model);
    if (model === page.model) showPicture(pixels);
  } catch {
    complain(`${file.name} is no picture that this browser can read; give a PNG or a JPEG`);
  }
  $("picture").value = "";
});

function showPicture(pixels) {
  const { model } = page;
  const grid = new Grid(model, "Your picture", side(1));
  pixels.forEach(({ values }, i) => grid.set(Math.floor(i / model.width), i % model.width, values));
  grid.hole = pixels.map((it) => it.isTransparent);
  grid.paint();
  $("cutting").checked = true;
  show([grid]);
  const hole = grid.missing ? `${grid.missing} transparent pixels are missing.` : "Cut a hole in it.";
  const classes = model.classes.map((it) => it.name).join(" and ");
  say(`Your picture, at the model's size and levels. ${hole}` + (classes && ` The form says its ${classes}.`));
}

// The page.

for (const query of ["(prefers-color-scheme: dark)", "(forced-colors: active)"]) {
  matchMedia(query).addEventListener("change", () => {
    forgetColours();
    page.grids.forEach((it) => it.paint());
  });
}

function followAddress() {
  attempt(() => {
    readAddress(page.models, showModel);
    if (location.hash) readForm(page.model, page.limits);
  });
}

try {
  const { models, limits } = await ask("/api/models");
  Object.assign(page, { models, limits });
  $("count").max = limits.count;
  $("model").replaceChildren(...models.map((it) => new Option(it.id, it.id)));
  followAddress();
  if (!page.model) showModel(models[0]);
  window.addEventListener("hashchange", followAddress);
} catch (e) {
  complain(`The server does not answer: ${e.message}`);
}
