/**
 * Finding an auxiliary timer.
 *
 * @typedef {import('../cuewire.js').AuxTimer} AuxTimer
 */

/**
 * Returns the timer that ?aux= names: by its id, by its name in any case of letters, or
 * 'first'.
 * @param {AuxTimer[]} list
 * @param {string} ref
 */
export function findAux(list, ref) {
  if (ref === '') return undefined;
  const name = ref.toLowerCase();
  return list.find((aux) => aux.id === ref) ?? list.find((aux) => aux.name.toLowerCase() === name) ?? (name === 'first' ? list[0] : undefined);
}
