import { make } from "./dom.js";

export const bytesOf = (bytes) => `${bytes.toLocaleString("en")} bytes`;

/** Shows how long each of some things is, [name, bytes], as a list with bars. */
export function showSizes(list, sizes) {
  const most = Math.max(...sizes.map(([, bytes]) => bytes));
  list.replaceChildren(
    ...sizes.map(([name, bytes]) => {
      const meter = make("meter", { max: most, value: bytes, "aria-label": `${name}: ${bytesOf(bytes)}` });
      return make("li", {}, make("span", {}, name), meter, make("span", {}, bytesOf(bytes)));
    }),
  );
}
