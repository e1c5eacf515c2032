const SVG = "http://www.w3.org/2000/svg";

function element(name, attributes) {
  const made = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  return made;
}

const percent = (p) => `${(100 * p).toFixed(p < 0.1 ? 1 : 0)} %`;

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

/**
 * Shows a distribution for each channel, in words and as bars: from the darkest level to the
 * lightest, or of codes the likeliest.
 * drawn: the levels that the pixel has, or null.
 */
export function showDistribution(chart, text, channels, drawn) {
  chart.classList.toggle("colour", channels.length === 3);
  const names = namesOf(channels.length);
  const shown = channels.map(({ probabilities }, channel) => {
    const most = Math.max(...probabilities);
    const said = words(probabilities, drawn ? drawn[channel] : null);
    const bars = barsOf(probabilities);
    const svg = element("svg", {
      viewBox: `0 0 ${bars.length} 1`,
      preserveAspectRatio: "none",
      role: "img",
      "aria-label": `${names[channel]}. ${said}`,
      class: `channel-${channel}`,
      "data-sum": probabilities.reduce((sum, p) => sum + p, 0).toFixed(6),
    });
    bars.forEach(({ p, level }, at) =>
      svg.append(
        element("rect", {
          x: at + 0.05,
          y: 1 - (0.95 * p) / most,
          width: 0.9,
          height: (0.95 * p) / most,
          class: drawn && drawn[channel] === level ? "drawn" : "bar",
        }),
      ),
    );
    const line = document.createElement("p");
    line.textContent = channels.length === 1 ? said : `${names[channel]}. ${said}`;
    return { svg, line };
  });
  chart.replaceChildren(...shown.map((it) => it.svg));
  text.replaceChildren(...shown.map((it) => it.line));
}

export function showNoDistribution(chart, text, why) {
  chart.replaceChildren();
  text.textContent = why;
}
