import * as address from "./address.js";
import { $, attempt, complain, make, Refused } from "./dom.js";
import { ask } from "./stream.js";

/** The pages of the server: where each is, and which models it can show. */
const PAGES = [
  { path: "/", name: "Draw", serves: () => true },
  { path: "/complete", name: "Complete", serves: (model) => !model.obstacle },
  { path: "/compress", name: "Compress", serves: (model) => model.isCodec && !model.obstacle },
  { path: "/scales", name: "Scales", serves: (model) => model.scale && !model.obstacle },
  { path: "/anomalies", name: "Anomalies", serves: (model) => model.isDetector },
];

const MARKUP = `
  <a class="skip" href="#stage">To the images</a>
  <a class="brand" href="/"><img src="/icon.svg" alt="" width="32" height="32"><span>Weft</span></a>
  <nav aria-label="Pages"><ul id="pages"></ul></nav>
  <label class="model">Model <select id="model"></select></label>
  <p id="about" class="quiet"></p>`;

/**
 * Opens a page: shows the header, and follows the address, now and whenever it changes.
 * follow(model, fields, limits): shows what an address asks for
 */
export async function openPage(follow) {
  $("header").innerHTML = MARKUP;
  document.querySelector(".skip").addEventListener("click", (event) => {
    event.preventDefault();
    ($("stage").querySelector("canvas[tabindex='0']") ?? $("stage")).focus();
  });
  try {
    const { models, limits } = await ask("/api/models");
    const here = PAGES.find((it) => it.path === location.pathname);
    const served = models.filter((it) => here.serves(it));
    showPages(models);
    if (!served.length) return complain("No model that is served has this page; the others are above.");
    $("model").replaceChildren(...served.map((it) => new Option(it.id, it.id)));
    $("model").addEventListener("change", () => (location.hash = address.of({ model: $("model").value })));
    const go = () =>
      attempt(async () => {
        const fields = address.read();
        const model = modelOf(served, fields.get("model"));
        showModel(model);
        showPages(models, model);
        await follow(model, fields, limits);
      });
    window.addEventListener("hashchange", go);
    await go();
  } catch (e) {
    complain(`The server does not answer: ${e.message}`);
  }
}

function modelOf(models, id) {
  const model = models.find((it) => it.id === (id ?? ($("model").value || models[0].id)));
  if (model) return model;
  throw new Refused(`the address asks for the model "${id}"; there are ${models.map((it) => it.id).join(", ")}`);
}

function showModel(model) {
  $("model").value = model.id;
  $("about").textContent =
    `${model.name}: ${model.height}×${model.width}×${model.channels}, ${model.levels} levels, ` +
    `${model.parameters.toLocaleString("en")} parameters` +
    ([1, 3].includes(model.channels) ? "" : "; of its channels the first is shown");
}

/** Shows the pages that there are for some of the models, each with the one that is shown if it can. */
function showPages(models, model) {
  $("pages").replaceChildren(
    ...PAGES.filter((page) => models.some((it) => page.serves(it))).map((page) => {
      const goal = model && page.serves(model) ? address.of({ model: model.id }) : "";
      const link = make("a", { href: page.path + goal }, page.name);
      if (page.path === location.pathname) link.setAttribute("aria-current", "page");
      return make("li", {}, link);
    }),
  );
}
