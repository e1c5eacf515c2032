import { $, enable, onPress } from "./dom.js";

/** The tool that is chosen, and its size. */
export const brush = () => ({
  name: document.querySelector("[name=tool]:checked").value,
  size: Number($("brush").value),
});

const TOOLS = `
  <fieldset class="chips">
    <legend>Tool</legend>
    <label class="chip"><input type="radio" name="tool" value="brush" checked><span>Brush</span></label>
    <label class="chip"><input type="radio" name="tool" value="eraser"><span>Eraser</span></label>
    <label class="chip"><input type="radio" name="tool" value="rectangle"><span>Rectangle</span></label>
  </fieldset>
  <div class="size field">
    <label for="brush">Size: <output id="brush-unit" for="brush"></output></label>
    <input id="brush" type="range" min="1" max="9" value="3">
  </div>`;

const STROKES = `
  <button id="undo" type="button" aria-disabled="true">Undo</button>
  <button id="redo" type="button" aria-disabled="true">Redo</button>`;

/** What people cut or paint with, and how they take strokes back. */
export class Toolbar {
  #strokes;

  /** strokes(): those of the image that is shown, or null */
  constructor(strokes) {
    this.#strokes = strokes;
    $("tools").insertAdjacentHTML("afterbegin", TOOLS);
    $("tools").insertAdjacentHTML("beforeend", STROKES);
    onPress($("undo"), () => strokes().undo());
    onPress($("redo"), () => strokes().redo());
    const showSize = () => ($("brush-unit").textContent = `${$("brush").value} pixels`);
    $("brush").addEventListener("input", showSize);
    showSize();
  }

  /** Shows which strokes can be taken back. */
  show() {
    enable($("undo"), this.#strokes()?.canUndo);
    enable($("redo"), this.#strokes()?.canRedo);
  }
}
