/**
 * Reads a time that a person typed: "5" and "5:00" are five minutes, "1:05:00" is
 * an hour and five. Returns ms, or null for anything else.
 * @param {string} text
 */
export function readDuration(text) {
  const parts = text.trim().split(':');
  if (parts.length > 3 || !parts.every((part) => /^\d{1,4}$/.test(part))) return null;
  if (parts.length === 1) parts.push('0');
  const [seconds, minutes, hours = 0] = parts.map(Number).reverse();
  if (seconds > 59 || (parts.length === 3 && minutes > 59)) return null;
  return ((hours * 60 + minutes) * 60 + seconds) * 1000;
}
