/**
 * Cuewire's time, as well as it can be told from here. The device's own clock
 * may be wrong by hours: all arithmetic uses performance.now(), which only ever
 * grows, and an offset learnt from answered pings.
 *
 * A ping that left at a and was answered with server time s at b means that the
 * offset lies between s - b and s - a: the smaller the round trip, the more exactly
 * it is known. What all of the last answers agree on is more exact still, for the
 * quickest way there and the quickest way back need not be the same ping's. An old
 * answer counts as less exact, because the two clocks drift apart.
 */
export class ServerClock {
  static #WINDOW = 48; // answers remembered
  static #DRIFT = 50e-6; // ms that two ordinary clocks part in a ms
  static #SLACK = 2; // ms by which answers may contradict each other before a clock must have jumped
  static #BACK = 100; // ms by which a correction does not turn the time back

  /** @type {{low: number, high: number, at: number}[]} */
  #samples = [];
  /** @type {{low: number, high: number, at: number} | null} what they agree on, at that time */
  #agreed = null;
  #last = -Infinity;

  /** Whether anything is known at all: before that, now() means nothing. */
  get known() {
    return this.#agreed !== null;
  }

  /** What to add to performance.now() to get Cuewire's time, in ms since 1970. */
  get offset() {
    if (!this.#agreed) return 0;
    const { low, high } = this.#agreed;
    return high < Infinity ? (low + high) / 2 : low;
  }

  /** The offset is right to ± this many ms; Infinity until a ping was answered. */
  get error() {
    if (!this.#agreed) return Infinity;
    const { low, high, at } = this.#agreed;
    return Math.max(0.5, (high - low) / 2) + (performance.now() - at) * ServerClock.#DRIFT;
  }

  /** The smallest round trip of the answers that the offset comes from, in ms. */
  get roundTrip() {
    return Math.min(Infinity, ...this.#samples.map(({ low, high }) => high - low - 1));
  }

  /**
   * Cuewire's time now, in ms since 1970, with fractions. A small correction never
   * turns it back: it stands until it is right.
   */
  now() {
    const now = performance.now() + this.offset;
    if (now >= this.#last || now < this.#last - ServerClock.#BACK) this.#last = now;
    return this.#last;
  }

  /**
   * Takes in an answered ping. All three are ms; sent and received are
   * performance.now() values. Returns whether the offset moved.
   * @param {number} serverTime
   * @param {number} sent
   * @param {number} received
   */
  answer(serverTime, sent, received) {
    const before = this.offset;
    const sample = { low: serverTime - received, high: serverTime + 1 - sent, at: received }; // server times are whole, rounded down
    this.#samples.push(sample);
    if (this.#samples.length > ServerClock.#WINDOW) this.#samples.shift();
    let low = -Infinity;
    let high = Infinity;
    for (const { low: l, high: h, at } of this.#samples) {
      const drift = (received - at) * ServerClock.#DRIFT;
      low = Math.max(low, l - drift);
      high = Math.min(high, h + drift);
    }
    this.#agreed = { low, high, at: received };
    if (low > high + ServerClock.#SLACK) {
      this.#samples = [sample]; // one of the clocks jumped: what was learnt before is wrong
      this.#agreed = sample;
    }
    return before !== this.offset;
  }

  /**
   * Takes in a server time that came without being asked for. It is late by an
   * unknown delay, so it counts only while nothing better is known, or when it
   * shows that Cuewire's time has left ours behind: the device slept.
   * @param {number} serverTime
   * @param {number} received
   */
  hint(serverTime, received) {
    const low = serverTime - received;
    if (this.#agreed && low < this.#agreed.high + (received - this.#agreed.at) * ServerClock.#DRIFT + ServerClock.#SLACK) return;
    this.#samples = [];
    this.#agreed = { low, high: Infinity, at: received };
  }
}
