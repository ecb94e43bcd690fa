/**
 * Sends where sources stand while a hand moves them: one call at a time for each,
 * twenty a second at most, and always the last. Until Cuewire has told of it, what
 * was sent counts as true.
 *
 * @typedef {import('./library.js').Placement} Placement
 */
import { Emitter } from './emitter.js';

const EVERY = 50; // ms between two calls
const SETTLES = 400; // ms after the last answer in which earlier events may still come

/** Emits `change` when what counts as true became different. */
export class Sender extends Emitter {
  #send;
  /** @type {Map<string, {config: Placement, waiting: Partial<Placement> | null, busy: boolean, held: boolean, continues: boolean, timer: number}>} */
  #moving = new Map();

  /**
   * @param {(scene: string, id: string, fields: Partial<Placement>, continues: boolean) => Promise<boolean>} send
   *   returns whether it was taken
   */
  constructor(send) {
    super();
    this.#send = send;
  }

  /**
   * Returns where a source stands as far as is known here, undefined where nothing is under way.
   * @param {string} scene
   * @param {string} id
   */
  now(scene, id) {
    return this.#moving.get(key(scene, id))?.config;
  }

  /**
   * Changes where a source stands.
   * @param {string} scene
   * @param {string} id
   * @param {Placement} config as it is
   * @param {Partial<Placement>} fields
   * @param {{held?: boolean, continues?: boolean}} [options] held: a hand has it still, so that
   *   nobody else's change shows; continues: it goes on with the change before
   */
  change(scene, id, config, fields, { held = false, continues = false } = {}) {
    const at = key(scene, id);
    const moving = this.#moving.get(at) ?? { config, waiting: null, busy: false, held, continues, timer: 0 };
    if (moving.waiting === null) moving.continues = continues;
    moving.config = { ...moving.config, ...fields };
    moving.waiting = { ...moving.waiting, ...fields };
    moving.held = held;
    clearTimeout(moving.timer);
    this.#moving.set(at, moving);
    this.emit('change');
    void this.#run(scene, id, at);
  }

  /**
   * Lets go of a source: others' changes show again when all is sent.
   * @param {string} scene
   * @param {string} id
   */
  release(scene, id) {
    const moving = this.#moving.get(key(scene, id));
    if (!moving) return;
    moving.held = false;
    if (!moving.busy) this.#settle(key(scene, id), SETTLES);
  }

  /**
   * @param {string} scene
   * @param {string} id
   * @param {string} at
   */
  async #run(scene, id, at) {
    const moving = this.#moving.get(at);
    if (!moving || moving.busy) return;
    moving.busy = true;
    while (moving.waiting) {
      const fields = moving.waiting;
      const continues = moving.continues;
      moving.waiting = null;
      const began = performance.now();
      const taken = await this.#send(scene, id, fields, continues);
      if (!taken) {
        moving.waiting = null;
        moving.busy = false;
        this.#settle(at, 0); // back to what Cuewire has
        return;
      }
      await new Promise((done) => setTimeout(done, EVERY - (performance.now() - began)));
    }
    moving.busy = false;
    if (!moving.held) this.#settle(at, SETTLES);
  }

  /**
   * @param {string} at
   * @param {number} after ms
   */
  #settle(at, after) {
    const moving = this.#moving.get(at);
    if (!moving) return;
    clearTimeout(moving.timer);
    moving.timer = window.setTimeout(() => {
      if (moving.busy || moving.held || moving.waiting || this.#moving.get(at) !== moving) return;
      this.#moving.delete(at);
      this.emit('change');
    }, after);
  }
}

/**
 * @param {string} scene
 * @param {string} id
 */
function key(scene, id) {
  return `${id} ${scene}`;
}
