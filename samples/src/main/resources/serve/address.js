/** The part of the page's address after "#": what is shown, so that a link shows it again. */

/** Returns its fields, a Map. */
export const read = () => new Map(new URLSearchParams(location.hash.slice(1)));

/** Returns a part that says these fields; those without a value are left out. */
export const of = (fields) => `#${new URLSearchParams(Object.entries(fields).filter(([, value]) => value != null))}`;

/** Says what is shown now: a place to come back to, unless it is the one that the page is at. */
export function write(fields, isArrival) {
  const hash = of(fields);
  if (hash === location.hash) return;
  if (isArrival) history.replaceState(null, "", hash);
  else history.pushState(null, "", hash);
}
