/**
 * Cuewire's time, as well as it can be told from here. The device's own clock
 * may be wrong by hours: all arithmetic uses performance.now(), which only ever
 * grows, and an offset learnt from answered pings.
 *
 * A ping that left at a and was answered with server time s at b means that
 * s - (a+b)/2 is the offset, wrong by at most half the round trip. Of the last
 * answers the most exact one wins; an old one counts as less exact, because the
 * two clocks drift apart.
 */
export class ServerClock {
  static #WINDOW = 24; // answers remembered
  static #DRIFT = 50e-6; // ms that two ordinary clocks part in a ms

  /** @type {{offset: number, error: number, at: number}[]} */
  #samples = [];
  /** @type {{offset: number, error: number, at: number} | null} */
  #best = null;

  /** Whether anything is known at all: before that, now() means nothing. */
  get known() {
    return this.#best !== null;
  }

  /** What to add to performance.now() to get Cuewire's time, in ms since 1970. */
  get offset() {
    return this.#best?.offset ?? 0;
  }

  /** The offset is right to ± this many ms; Infinity until a ping was answered. */
  get error() {
    return this.#best ? this.#errorOf(this.#best, performance.now()) : Infinity;
  }

  /** The round trip of the answer that the offset comes from, in ms. */
  get roundTrip() {
    return this.#best ? 2 * (this.#best.error - 0.5) : Infinity;
  }

  /** Cuewire's time now, in ms since 1970, with fractions. */
  now() {
    return performance.now() + this.offset;
  }

  /**
   * Takes in an answered ping. All three are ms; sent and received are
   * performance.now() values. Returns whether the offset moved.
   * @param {number} serverTime
   * @param {number} sent
   * @param {number} received
   */
  answer(serverTime, sent, received) {
    const sample = {
      offset: serverTime + 0.5 - (sent + received) / 2, // server times are whole, rounded down
      error: (received - sent) / 2 + 0.5,
      at: received,
    };
    const best = this.#best;
    if (best && Math.abs(best.offset - sample.offset) > this.#errorOf(best, received) + sample.error + 2) {
      this.#samples = []; // one of the clocks jumped: what was learnt before is wrong
    }
    this.#samples.push(sample);
    if (this.#samples.length > ServerClock.#WINDOW) this.#samples.shift();
    this.#best = this.#samples.reduce((a, b) => (this.#errorOf(b, received) <= this.#errorOf(a, received) ? b : a));
    return !best || best.offset !== this.#best.offset;
  }

  /**
   * Takes in a server time that came without being asked for. It is late by an
   * unknown delay, so it counts only while nothing better is known.
   * @param {number} serverTime
   * @param {number} received
   */
  hint(serverTime, received) {
    if (!this.#best) this.#best = { offset: serverTime - received, error: Infinity, at: received };
  }

  /** Forgets all answers but goes on with the present offset until the next one. */
  restart() {
    this.#samples = [];
    if (this.#best) this.#best = { ...this.#best, error: Infinity };
  }

  /**
   * @param {{error: number, at: number}} sample
   * @param {number} now
   */
  #errorOf(sample, now) {
    return sample.error + (now - sample.at) * ServerClock.#DRIFT;
  }
}
