import { $, make } from "./dom.js";
import { thumbnail } from "./keep.js";

/** So many drawings are remembered, in this browser alone. */
const MOST = 16;
const KEY = "weft.past";

const MARKUP = `
  <h2 id="past-title">Drawn before</h2>
  <ul aria-labelledby="past-title"></ul>`;

/** Drawings of before, each an address that draws it again and a small picture of it. */
export function showPast() {
  const drawings = read();
  $("past").hidden = drawings.length === 0;
  if (!$("past").firstElementChild) $("past").innerHTML = MARKUP;
  $("past").querySelector("ul").replaceChildren(
    ...drawings.map(({ hash, name, picture }) =>
      make("li", {}, make("a", { href: hash }, make("img", { src: picture, alt: "" }), make("span", {}, name))),
    ),
  );
}

/** Remembers what the address draws; what was remembered of it before is forgotten. */
export function remember(grids, name) {
  const { hash } = location;
  const drawing = { hash, name, picture: thumbnail(grids) };
  const drawings = [drawing, ...read().filter((it) => it.hash !== hash)].slice(0, MOST);
  try {
    localStorage.setItem(KEY, JSON.stringify(drawings));
  } catch {
    // No room, or none for this page: what was drawn before is not shown then.
  }
  showPast();
}

function read() {
  try {
    return JSON.parse(localStorage.getItem(KEY)) ?? [];
  } catch {
    return [];
  }
}
