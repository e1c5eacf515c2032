import { showDistribution, showNoDistribution } from "./chart.js";
import { Grid, readPicture } from "./grid.js";
import { Stream, ask } from "./stream.js";

const $ = (id) => document.getElementById(id);

/** Asked for at most, beyond what is painted: so far the server may run ahead of the page. */
const MOST_AHEAD = 4096;

const page = {
  models: [],
  limits: {},
  grids: [],
  chosen: null,
  stream: null,
  /** What the drawing on the page was asked for with; the inspector asks about the same. */
  drawing: null,
  paused: false,
  owed: 0,
  total: 0,
  painted: 0,
};

/** Cancels the newest question of the inspector. */
let asking = null;

const model = () => page.models.find((it) => it.id === $("model").value);

function say(text) {
  $("status").textContent = text;
}

function complain(text, field) {
  document.querySelectorAll("[aria-invalid]").forEach((it) => it.removeAttribute("aria-invalid"));
  $("problem").hidden = !text;
  $("problem").textContent = text ?? "";
  if (field) {
    field.setAttribute("aria-invalid", "true");
    field.focus();
  }
}

class Refused extends Error {
  constructor(message, field) {
    super(message);
    this.field = field;
  }
}

/** Reads "0-3, 7" as [0, 1, 2, 3, 7]. */
/** What the classes of a condition are called; without names of their own, by their labels. */
function classNames({ count, names }) {
  return names ?? Array.from({ length: count }, (_, i) => `${i}`);
}

/** The label of a class by its name, or where no class is called by a number, by its number. */
function labelOf(text, names) {
  const named = names.indexOf(text.normalize());
  if (named >= 0) return named;
  const isNumber = /^\d+$/.test(text) && !names.some((it) => /^\d+$/.test(it));
  return isNumber && Number(text) < names.length ? Number(text) : NaN;
}

function readLabels(input, condition) {
  const names = classNames(condition);
  const parts = input.value.split(",").map((it) => it.trim());
  const labels = parts.flatMap((part) => {
    const [, from, to] = /^(\d+)\s*-\s*(\d+)$/.exec(part) ?? [];
    if (from === undefined || names.includes(part)) return [labelOf(part, names)];
    if (Number(to) - Number(from) > names.length) return [NaN];
    return Array.from({ length: Number(to) - Number(from) + 1 }, (_, i) => labelOf(`${Number(from) + i}`, names));
  });
  if (!labels.length || labels.some((it) => !(it >= 0 && it < names.length))) {
    const last = names.length - 1;
    throw new Refused(
      `${input.name}: found "${input.value}"; ` +
        (condition.names
          ? `give classes out of ${shown(names)}`
          : `give labels from 0 to ${last}, such as 3 or 0-${Math.min(3, last)}`),
      input,
    );
  }
  return labels;
}

/** Of many names the first. */
function shown(names) {
  return names.length > 12 ? `${names.slice(0, 12).join(", ")}, … (${names.length} in all)` : names.join(", ");
}

function number(input, name, from, to, isWhole) {
  const value = input.value.trim() === "" ? NaN : Number(input.value);
  if (!(value >= from && value <= to) || (isWhole && !Number.isInteger(value))) {
    throw new Refused(
      `${name}: found "${input.value}"; give a ${isWhole ? "whole " : ""}number from ${from} to ${to}`,
      input,
    );
  }
  return value;
}

function readForm() {
  const labels = {};
  for (const condition of model().classes) {
    labels[condition.name] = readLabels($(`class-${condition.name}`), condition);
  }
  const seed = $("seed").value.trim();
  const limit = 1n << 63n;
  if (!/^-?\d{1,19}$/.test(seed) || BigInt(seed) >= limit || BigInt(seed) < -limit) {
    throw new Refused(`Seed: found "${seed}"; give a whole number of 64 bits`, $("seed"));
  }
  return {
    seed,
    count: number($("count"), "Images", 1, page.limits.count, true),
    temperature: number($("temperature"), "Temperature", 0.01, 10, false),
    labels,
  };
}

/** The address repeats the drawing. */
function writeAddress(request) {
  const fields = new URLSearchParams({
    model: model().id,
    seed: request.seed,
    count: request.count,
    temperature: request.temperature,
  });
  for (const { name } of model().classes) fields.set(`label.${name}`, $(`class-${name}`).value);
  history.replaceState(null, "", `#${fields}`);
}

function readAddress() {
  const fields = new URLSearchParams(location.hash.slice(1));
  if (page.models.some((it) => it.id === fields.get("model"))) $("model").value = fields.get("model");
  showModel();
  for (const name of ["seed", "count", "temperature"]) if (fields.has(name)) $(name).value = fields.get(name);
  for (const { name } of model().classes) {
    if (fields.has(`label.${name}`)) $(`class-${name}`).value = fields.get(`label.${name}`);
  }
}

function showModel() {
  const chosen = model();
  $("about").textContent =
    `${chosen.name}: ${chosen.height}×${chosen.width}×${chosen.channels}, ${chosen.levels} levels, ` +
    `${chosen.parameters.toLocaleString("en")} parameters`;
  $("classes").replaceChildren(
    ...chosen.classes.map(({ name, count, names }) => {
      const label = document.createElement("label");
      const input = document.createElement("input");
      input.id = `class-${name}`;
      input.name = name;
      input.value = names?.slice(0, 4).join(", ") ?? (count > 4 ? "0-3" : `0-${count - 1}`);
      input.autocomplete = "off";
      label.append(`${name} (${names ? shown(names) : `0 to ${count - 1}`})`, input);
      return label;
    }),
  );
  $("layer").replaceChildren(
    new Option("not shown", "none"),
    new Option("the output", ""),
    ...chosen.layers.map((it) => new Option(it, it)),
  );
  $("completion-help").textContent =
    chosen.completion === "around"
      ? "This model sees everything around a hole when it fills it."
      : "This model keeps its order: of what is known it sees only what comes before a missing pixel.";
  complain(chosen.obstacle ? `This model ${chosen.obstacle}.` : null);
  $("draw").disabled = Boolean(chosen.obstacle);
  show([]);
}

/** Puts images on the page, ready to be looked at and cut. */
function show(grids) {
  page.grids = grids;
  page.chosen = null;
  $("images").replaceChildren(...grids.map((it) => it.element));
  grids.forEach(listen);
  if (grids.length) choose(grids[0], null);
  asking?.abort();
  $("pixel").textContent = "Point at a pixel, or move over an image with the arrow keys.";
  $("field").textContent = "";
  showNoDistribution($("chart"), $("words"), "");
  showButtons();
}

function side(count) {
  const room = $("images").clientWidth;
  const columns = count === 1 ? 1.5 : Math.min(count, Math.max(2, Math.floor(room / 190)));
  return Math.min(360, room / columns - 16);
}

function showButtons() {
  const isDrawing = page.stream !== null;
  $("pause").disabled = !isDrawing;
  $("cancel").disabled = !isDrawing;
  $("pause").textContent = page.paused ? "Resume" : "Pause";
  $("pause").setAttribute("aria-pressed", String(page.paused));
  $("draw").disabled = isDrawing || Boolean(model()?.obstacle);
  $("complete").disabled = isDrawing || !(page.chosen?.isWhole && page.chosen.hasHole);
}

/** Draws, from nothing or around what is known of an image. */
function start(known) {
  const request = readForm();
  complain(null);
  const isCompleting = Boolean(known);
  if (isCompleting) request.known = known;
  else writeAddress(request);
  const chosen = model();
  const width = side(request.count);
  const grids = Array.from(
    { length: request.count },
    (_, i) => new Grid(chosen, i + 1, request.count, width),
  );
  grids.forEach((grid, i) => {
    grid.describe(chosen.classes.map((condition) => {
      const labels = request.labels[condition.name];
      return `${condition.name} ${classNames(condition)[labels[i % labels.length]]}`;
    }).join(", "));
    grid.filled = known?.mask.map((it) => !it) ?? null;
    known?.mask.forEach((isKnown, position) => {
      if (isKnown) {
        const row = Math.floor(position / chosen.width);
        grid.set(row, position % chosen.width, known.values.slice(position * chosen.channels, (position + 1) * chosen.channels));
      }
    });
  });
  show(grids);
  Object.assign(page, { paused: false, owed: 0, painted: 0, total: 0, drawing: request });
  const over = (text) => () => {
    page.stream = null;
    page.paused = false;
    showButtons();
    say(text());
  };
  page.stream = new Stream(chosen.id, request, {
    started(pixels) {
      page.total = pixels;
      $("progress").max = pixels;
      $("progress").value = 0;
      say(isCompleting ? "Completing…" : "Drawing…");
    },
    pixels(list) {
      for (const [image, row, column, ...values] of list) grids[image].set(row, column, values);
      page.painted += list.length;
      $("progress").value = page.painted;
    },
    done: over(() => `Done: ${page.total} pixels of ${request.count === 1 ? "one image" : `${request.count} images`}, seed ${request.seed}.`),
    cancelled: over(() => `Cancelled after ${page.painted} of ${page.total} pixels.`),
    problem(detail) {
      over(() => "Stopped.")();
      complain(detail);
    },
  });
  showButtons();
}

/** Pixels a second: from a few, to see each, to as many as come. */
function speed() {
  const slider = Number($("speed").value);
  return slider >= 100 ? Infinity : 4 * 10 ** (slider / 20);
}

/** Asks for as much as the speed allows and the page has painted; a hidden page asks for nothing. */
let before = performance.now();
function frame(now) {
  const passed = Math.min(0.1, (now - before) / 1000);
  before = now;
  if (page.stream && !page.paused && page.total) {
    const left = page.total - page.painted - page.stream.outstanding;
    page.owed = Math.min(left, page.owed + speed() * passed);
    const more = Math.min(Math.floor(page.owed), MOST_AHEAD - page.stream.outstanding);
    if (more > 0) {
      page.stream.request(more);
      page.owed -= more;
    }
  }
  requestAnimationFrame(frame);
}

// The inspector.

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
  if (cursor !== null) inspect();
}

/** Shows what the pixel under the cursor is drawn from; only the newest question counts. */
async function inspect() {
  const grid = page.chosen;
  if (!grid || grid.cursor === null) return;
  asking?.abort();
  asking = new AbortController();
  const { signal } = asking;
  const { id, width, height } = grid.model;
  const [row, column] = [Math.floor(grid.cursor / width), grid.cursor % width];
  const isDrawn = grid.drawn[grid.cursor];
  const values = isDrawn ? grid.valuesAt(grid.cursor) : null;
  $("pixel").textContent =
    `${grid.label}, row ${row}, column ${column}: ` + (values ? `level ${values.join(", ")}` : "not drawn yet");
  await new Promise((resolve) => setTimeout(resolve, 60));
  if (signal.aborted) return;
  const number = page.grids.indexOf(grid);
  const labels = Object.fromEntries(
    Object.entries(page.drawing?.labels ?? readForm().labels).map(([name, list]) => [name, [list[number % list.length]]]),
  );
  const question = {
    values: Array.from(grid.values),
    drawn: grid.drawn,
    row,
    column,
    temperature: page.drawing?.temperature ?? 1,
    labels,
    ...(page.drawing?.known && { known: page.drawing.known }),
  };
  const layer = $("layer").value;
  const query = new URLSearchParams({ row, column, ...(layer && { layer }) });
  await Promise.all([
    ask(`/api/models/${encodeURIComponent(id)}/distribution`, question, signal).then(
      ({ channels }) => showDistribution($("chart"), $("words"), channels, values),
      (e) => !signal.aborted && showNoDistribution($("chart"), $("words"), e.message),
    ),
    layer === "none"
      ? showField(grid, null)
      : ask(`/api/models/${encodeURIComponent(id)}/receptive-field?${query}`, null, signal).then(
          (answer) => showField(grid, answer),
          (e) => !signal.aborted && showField(grid, null, e.message),
        ),
  ]);

  function showField(grid, answer, problem) {
    grid.field = answer && { seen: new Set(answer.field), blind: new Set(answer.blindSpot) };
    grid.paint();
    $("field").textContent = answer
      ? `${answer.field.length} of ${width * height} pixels seen; blind spot: ${answer.blindSpot.length || "none"}.`
      : (problem ?? "");
  }
}

const STEPS = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };

function listen(grid) {
  const { canvas, model } = grid;
  let isDown = false;
  const brush = () => Number($("brush").value);
  const isCutting = () => $("cutting").checked && !page.stream;
  const cut = (position) => {
    grid.cut(position, brush());
    showButtons();
  };
  canvas.addEventListener("pointerdown", (event) => {
    isDown = isCutting();
    if (isDown) {
      canvas.setPointerCapture(event.pointerId);
      cut(grid.positionAt(event));
    }
  });
  canvas.addEventListener("pointerup", () => (isDown = false));
  canvas.addEventListener("pointermove", (event) => {
    const position = grid.positionAt(event);
    if (isDown) cut(position);
    if (position !== grid.cursor || page.chosen !== grid) choose(grid, position);
  });
  canvas.addEventListener("click", (event) => choose(grid, grid.positionAt(event)));
  canvas.addEventListener("focus", () => {
    if (page.chosen !== grid || grid.cursor === null) choose(grid, grid.cursor ?? 0);
  });
  canvas.addEventListener("keydown", (event) => {
    const step = STEPS[event.key];
    const cursor = grid.cursor ?? 0;
    if (step) {
      const row = Math.min(model.height - 1, Math.max(0, Math.floor(cursor / model.width) + step[0]));
      const column = Math.min(model.width - 1, Math.max(0, (cursor % model.width) + step[1]));
      choose(grid, row * model.width + column);
      event.preventDefault();
    } else if (event.key === " ") {
      if (isCutting()) cut(cursor);
      event.preventDefault();
    }
  });
  canvas.classList.toggle("cutting", $("cutting").checked);
}

// The form.

/** Runs what a control asks for; what is refused is shown. */
function attempt(action) {
  try {
    action();
  } catch (e) {
    if (!(e instanceof Refused)) throw e;
    complain(e.message, e.field);
  }
}

$("form").addEventListener("submit", (event) => {
  event.preventDefault();
  attempt(() => start(null));
});
$("pause").addEventListener("click", () => {
  page.paused = !page.paused;
  say(page.paused ? `Paused after ${page.painted} of ${page.total} pixels.` : "Drawing…");
  showButtons();
});
$("cancel").addEventListener("click", () => page.stream?.cancel());
$("new-seed").addEventListener("click", () => {
  $("seed").value = String(crypto.getRandomValues(new Uint32Array(1))[0]);
});
$("model").addEventListener("change", () => {
  page.stream?.cancel();
  page.drawing = null;
  showModel();
});
$("layer").addEventListener("change", inspect);
$("cutting").addEventListener("change", () =>
  page.grids.forEach((it) => it.canvas.classList.toggle("cutting", $("cutting").checked)),
);
$("no-hole").addEventListener("click", () => {
  page.chosen?.closeHole();
  showButtons();
});
$("complete").addEventListener("click", () =>
  attempt(() => {
    const grid = page.chosen;
    start({ values: Array.from(grid.values), mask: grid.hole.map((it) => !it) });
  }),
);
$("picture").addEventListener("change", async () => {
  const [file] = $("picture").files;
  if (!file || page.stream) return;
  try {
    const pixels = await readPicture(file, model());
    const grid = new Grid(model(), 1, 1, side(1));
    pixels.forEach((values, i) => grid.set(Math.floor(i / model().width), i % model().width, values));
    page.drawing = null;
    show([grid]);
    say("A picture of yours, at the model's size and levels. Cut a hole in it.");
    $("cutting").checked = true;
    grid.canvas.classList.add("cutting");
  } catch {
    complain(`${file.name} is no picture that this browser can read; give a PNG or a JPEG`);
  }
});
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () =>
  page.grids.forEach((it) => it.paint()),
);

try {
  const { models, limits } = await ask("/api/models");
  Object.assign(page, { models, limits });
  $("count").max = limits.count;
  $("model").replaceChildren(...models.map((it) => new Option(it.id, it.id)));
  readAddress();
  requestAnimationFrame(frame);
} catch (e) {
  complain(`The server does not answer: ${e.message}`);
}
