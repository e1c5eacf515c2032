import { colourOf } from "./palette.js";

const SVG = "http://www.w3.org/2000/svg";

/** The drawing, in its own units: where the bars are, and what lies around them. */
const [WIDTH, HEIGHT, LEFT, TOP, FLOOR] = [320, 150, 40, 16, 116];
const SWATCH = 10;

function element(name, attributes, text = "") {
  const made = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.textContent = text;
  return made;
}

/** A share as people write it: "97 %", "0.4 %", "< 0.1 %". */
function percent(p) {
  if (p > 0 && p < 0.001) return "< 0.1 %";
  return `${(100 * p).toFixed(p > 0 && p < 0.1 ? 1 : 0)} %`;
}

/** In words: the likeliest levels, how uncertain the pixel is, how likely what was drawn. */
function words(probabilities, drawn) {
  const ranked = probabilities
    .map((p, level) => ({ p, level }))
    .sort((a, b) => b.p - a.p)
    .slice(0, 3)
    .map(({ p, level }) => `${level}: ${percent(p)}`);
  const bits = probabilities.reduce((sum, p) => (p > 0 ? sum - p * Math.log2(p) : sum), 0);
  const here = drawn === null ? "" : ` Level ${drawn} had ${percent(probabilities[drawn])}.`;
  return `Likeliest levels: ${ranked.join(", ")}. Entropy ${bits.toFixed(2)} bits.${here}`;
}

/** Of more levels than this, which are codes, only the likeliest have bars. */
const MOST_BARS = 256;

/** What has a bar, {p, level}: every level in its order, or the likeliest codes. */
function barsOf(probabilities) {
  const all = probabilities.map((p, level) => ({ p, level }));
  if (all.length <= MOST_BARS) return all;
  return all.sort((a, b) => b.p - a.p).slice(0, MOST_BARS / 4);
}

function namesOf(channels) {
  if (channels === 1) return ["Value"];
  if (channels === 3) return ["Red", "Green", "Blue"];
  return Array.from({ length: channels }, (_, i) => `Channel ${i}`);
}

/** The colour that a level of a channel adds to a pixel; of codes that of the code. */
function swatchOf(level, levels, channel, channels) {
  const values = channels === 3 ? [0, 0, 0].map((_, i) => (i === channel ? level : 0)) : [level];
  return `rgb(${colourOf(values, levels).join(" ")})`;
}

/** The end of the axis: a round share that no bar is above. */
const endOf = (most) => [0.01, 0.02, 0.05, 0.1, 0.2, 0.5].find((it) => most <= it) ?? 1;

function axis(end) {
  return [0, end / 2, end].flatMap((share) => {
    const y = FLOOR - (share / end) * (FLOOR - TOP);
    return [
      element("line", { x1: LEFT, x2: WIDTH, y1: y, y2: y, class: "rule" }),
      element("text", { x: LEFT - 5, y: y + 4, "text-anchor": "end" }, percent(share)),
    ];
  });
}

/** Which bars have their level below them: each of a few, else the ends and some between. */
function isNamed(at, count) {
  if (count <= 16) return true;
  const step = Math.ceil(count / 4);
  return at === count - 1 || (at % step === 0 && count - at > step / 2);
}

function drawBars(svg, probabilities, levels, channel, channels, drawn) {
  const bars = barsOf(probabilities);
  const end = endOf(Math.max(...probabilities));
  const step = (WIDTH - LEFT) / bars.length;
  const gap = bars.length > 64 ? 0 : step * 0.1;
  const areCodes = probabilities.length > MOST_BARS;
  svg.append(...axis(end));
  bars.forEach(({ p, level }, at) => {
    const [x, width, height] = [LEFT + at * step + gap, step - 2 * gap, (p / end) * (FLOOR - TOP)];
    const middle = x + width / 2;
    const kind = level === drawn ? "bar drawn" : "bar";
    const fill = swatchOf(level, levels, channel, channels);
    svg.append(
      element("rect", { x, y: FLOOR - height, width, height, class: kind }),
      // Many touch each other, and leave no seams.
      element("rect", {
        x,
        y: FLOOR + 3,
        width: bars.length > 64 ? width + 0.5 : width,
        height: SWATCH,
        fill,
        class: bars.length > 64 ? "" : "swatch",
      }),
    );
    if (bars.length <= 8) {
      svg.append(element("text", { x: middle, y: FLOOR - height - 4, "text-anchor": "middle" }, percent(p)));
    }
    if (!areCodes && isNamed(at, bars.length)) {
      const anchor = bars.length > 16 && at === bars.length - 1 ? "end" : "middle";
      const end = anchor === "end" ? x + width : middle;
      svg.append(element("text", { x: end, y: HEIGHT - 6, "text-anchor": anchor }, level));
    }
  });
}

/**
 * Shows a distribution for each channel, in words and as bars over the swatches of their levels:
 * from the darkest level to the lightest, or of codes the likeliest.
 * drawn: the levels that the pixel has, or null.
 */
export function showDistribution(chart, text, channels, levels, drawn) {
  const names = namesOf(channels.length);
  const shown = channels.map(({ probabilities }, channel) => {
    const said = words(probabilities, drawn ? drawn[channel] : null);
    const svg = element("svg", {
      viewBox: `0 0 ${WIDTH} ${HEIGHT}`,
      role: "img",
      "aria-label": `${names[channel]}. ${said}`,
      class: `channel-${channel}`,
      "data-sum": probabilities.reduce((sum, p) => sum + p, 0).toFixed(6),
    });
    drawBars(svg, probabilities, levels, channel, channels.length, drawn ? drawn[channel] : null);
    const line = document.createElement("p");
    line.textContent = channels.length === 1 ? said : `${names[channel]}. ${said}`;
    return { svg, line };
  });
  chart.replaceChildren(...shown.map((it) => it.svg));
  chart.classList.toggle("colour", channels.length === 3);
  text.replaceChildren(...shown.map((it) => it.line));
}

export function showNoDistribution(chart, text, why) {
  chart.replaceChildren();
  text.textContent = why;
}
