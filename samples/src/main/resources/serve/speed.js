import { $ } from "./dom.js";

/** Pixels a second: from a few, to see each, to as many as come, as where nobody is asked. */
export function speed() {
  const slider = Number($("speed")?.value ?? 100);
  return slider >= 100 ? Infinity : 4 * 10 ** (slider / 20);
}

/** Says the speed in its unit, beside the slider and to those who hear it. */
export function showSpeed() {
  const text = speed() === Infinity ? "as fast as they come" : `${Math.round(speed()).toLocaleString("en")} pixels a second`;
  $("speed-unit").textContent = text;
  $("speed").setAttribute("aria-valuetext", text);
}
