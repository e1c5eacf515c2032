/** Small whole numbers as letters that addresses may have, and back; the first bits come first. */

const LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
const BITS = 6;

/** How many bits a number below a bound takes. */
const bitsOf = (bound) => Math.max(1, Math.ceil(Math.log2(bound)));

/** numbers: each at least 0 and below the bound */
export function pack(numbers, bound) {
  const bits = Array.from(numbers).flatMap((it) => bitsOfNumber(it, bitsOf(bound)));
  let text = "";
  for (let at = 0; at < bits.length; at += BITS) text += LETTERS[numberOfBits(bits, at, BITS)];
  return text;
}

/** Returns the numbers of a text, or null if it has not so many, or one that is not below the bound. */
export function unpack(text, count, bound) {
  const each = bitsOf(bound);
  if (text.length !== Math.ceil((count * each) / BITS)) return null;
  const letters = Array.from(text, (it) => LETTERS.indexOf(it));
  if (letters.includes(-1)) return null;
  const bits = letters.flatMap((it) => bitsOfNumber(it, BITS));
  const numbers = Array.from({ length: count }, (_, i) => numberOfBits(bits, i * each, each));
  return numbers.every((it) => it < bound) ? numbers : null;
}

const bitsOfNumber = (number, length) => Array.from({ length }, (_, i) => (number >> (length - 1 - i)) & 1);

/** Beyond the last bit there are zeros. */
function numberOfBits(bits, from, length) {
  let number = 0;
  for (let i = from; i < from + length; i++) number = 2 * number + (bits[i] ?? 0);
  return number;
}
