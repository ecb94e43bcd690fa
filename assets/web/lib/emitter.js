/**
 * Calls the functions that asked for a name. One that throws is reported to the
 * console and does not keep the others from being called.
 */
export class Emitter {
  /** @type {Map<string, Set<(...args: any[]) => void>>} */
  #listeners = new Map();

  /**
   * Calls fn each time that name happens.
   * @param {string} name
   * @param {(...args: any[]) => void} fn
   * @returns {() => void} ends it
   */
  on(name, fn) {
    const set = this.#listeners.get(name) ?? new Set();
    this.#listeners.set(name, set);
    set.add(fn);
    return () => set.delete(fn);
  }

  /**
   * @param {string} name
   * @param {...any} args
   */
  emit(name, ...args) {
    for (const fn of this.#listeners.get(name) ?? []) {
      try {
        fn(...args);
      } catch (err) {
        console.error(err);
      }
    }
  }
}
