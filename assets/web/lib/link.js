import { Emitter } from './emitter.js';
import { ServerClock } from './clock.js';
import { smoothness } from './frames.js';

const PING_WHEN_QUIET = 1500;
const STALE_AFTER = 3000;
const DROP_AFTER = 6000; // a connection that is silent for so long is replaced
const OPEN_WITHIN = 5000;
const PING_EVERY = 5000; // keeps the clock right
const PING_EVERY_UNSURE = 1000; // while the time is known less exactly than that:
const SURE = 5; // ± ms
const FIRST_PINGS = 6; // sent quickly after opening, to know the time well at once
const FIRST_PINGS_UNSURE = 30; // on a network whose delays differ much
const FIRST_PINGS_EVERY = 150;
const HELLO_EVERY = 15000;
const HELLO_IN_OBS_EVERY = 1000; // Cuewire refreshes a visible browser source that it does not hear of

/** This page is a browser source; a frame of one is not. */
const inOBS = 'obsstudio' in window && window.parent === window;

/**
 * How the connection stands:
 * - `connecting`: never heard from Cuewire yet;
 * - `live`: heard from it within the last 3 seconds;
 * - `stale`: still connected, but nothing heard for 3 seconds;
 * - `reconnecting`: the connection is lost, a new one is being tried;
 * - `gone`: Cuewire answers, but what the page shows does not exist (any more);
 * - `refused`: Cuewire answers, but this device may not look at the page.
 * In every state but `live` it goes on trying.
 * @typedef {'connecting' | 'live' | 'stale' | 'reconnecting' | 'gone' | 'refused'} LinkState
 */

/**
 * A WebSocket to Cuewire that mends itself, notices silence and learns Cuewire's
 * time. It is what SourceSaver and Room have in common.
 *
 * It emits `state` (LinkState) when that changes and `clock` when the idea of
 * Cuewire's time moved.
 */
export class Link extends Emitter {
  /** Cuewire's time. */
  clock = new ServerClock();

  #address;
  /** @type {LinkState} */
  #state = 'connecting';
  /** @type {WebSocket | null} */
  #socket = null;
  #closed = false;
  #tries = 0;
  #heard = performance.now();
  #pings = 0;
  #pingSent = 0; // when the ping left that is not answered yet, 0 for none
  #overtaken = 0; // answers still to come to pings that tell nothing any more
  #lastPing = 0;
  #lastHello = 0;
  #due = 0; // when the timer should fire
  #timer = 0;
  #excused = false;
  #wallAhead = Date.now() - performance.now();

  /** @param {string} address path and query on the page's own origin */
  constructor(address) {
    super();
    this.#address = address;
    const retry = () => this.#hurry();
    window.addEventListener('online', retry);
    document.addEventListener('visibilitychange', () => {
      this.#hello();
      if (document.visibilityState === 'visible') retry();
    });
    queueMicrotask(() => this.#connect()); // once the subclass is made
  }

  /** How the connection stands. */
  get state() {
    return this.#state;
  }

  /** Ms since Cuewire was last heard, or since the start if never. */
  get quiet() {
    return performance.now() - this.#heard;
  }

  /**
   * Sends a frame if connected. Returns whether it was handed to the connection.
   * @param {object} frame
   */
  send(frame) {
    if (this.#socket?.readyState !== WebSocket.OPEN) return false;
    this.#socket.send(JSON.stringify(frame));
    return true;
  }

  /** @protected Lets go of the connection and makes a new one. */
  reconnect() {
    this.#lost();
  }

  /** Ends the connection for good. */
  close() {
    this.#closed = true;
    this.#letGo();
  }

  /** @protected The frame that asks for the time. @returns {object} */
  pingFrame() {
    throw new Error('pingFrame is the subclass’s to say');
  }

  /**
   * @protected The frame that tells of this page.
   * @param {object} _about
   * @returns {object}
   */
  helloFrame(_about) {
    throw new Error('helloFrame is the subclass’s to say');
  }

  /** @protected Called on each new connection, to ask for what is wanted. */
  opened() {}

  /**
   * @protected Called with each frame. Returns the server time, ms since 1970, if
   * the frame answers a ping.
   * @param {any} _frame
   * @returns {number | undefined}
   */
  received(_frame) {
    return undefined;
  }

  #connect() {
    if (this.#closed) return;
    this.#letGo();
    const url = new URL(this.#address, location.href);
    url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:';
    const socket = new WebSocket(url);
    this.#socket = socket;
    let opened = false;
    socket.onopen = () => {
      opened = true;
      this.#heard = performance.now();
      this.#pings = 0;
      this.#pingSent = this.#overtaken = 0;
      this.#hello();
      this.#ping();
      this.opened();
      this.#watch();
    };
    socket.onmessage = (message) => this.#take(message.data);
    socket.onclose = () => {
      this.#lost();
      if (!opened) this.#askWhy();
    };
    this.#after(OPEN_WITHIN, () => this.#lost());
  }

  /** @param {string} text */
  #take(text) {
    const at = performance.now();
    this.#noticeSleep();
    this.#heard = at;
    this.#tries = 0;
    let frame;
    try {
      frame = JSON.parse(text);
    } catch {
      return; // not ours to understand
    }
    if (frame === null || typeof frame !== 'object') return;
    const serverTime = this.received(frame);
    if (serverTime !== undefined && this.#overtaken > 0) {
      this.#overtaken--;
    } else if (serverTime !== undefined && this.#pingSent > 0) {
      const moved = this.clock.answer(serverTime, this.#pingSent, at);
      this.#pingSent = 0;
      if (moved) this.emit('clock');
    }
    this.#enter('live');
    this.#watch();
  }

  #ping() {
    if (this.#pingSent > 0) return;
    const now = performance.now();
    if (!this.send(this.pingFrame())) return;
    this.#pings++;
    this.#pingSent = this.#lastPing = now;
  }

  /** Tells Cuewire which page this is and how well it knows the time. */
  #hello() {
    const known = this.clock.known && Number.isFinite(this.clock.error);
    const sent = this.send(
      this.helloFrame({
        url: location.href,
        visible: document.visibilityState === 'visible',
        inObs: inOBS,
        ...smoothness(),
        ...(known && {
          offsetMs: Math.round(performance.timeOrigin + performance.now() - this.clock.now()),
          offsetErrorMs: Math.round(this.clock.error * 10) / 10,
          rttMs: Math.round(this.clock.roundTrip * 10) / 10,
        }),
      }),
    );
    if (sent) this.#lastHello = performance.now();
  }

  /** Looks after a connection: pings, notices silence, gives up on it. */
  #watch() {
    const now = performance.now();
    const quiet = now - this.#heard;
    this.#noticeSleep();
    if (quiet >= STALE_AFTER && this.#state === 'live') this.#enter('stale');
    if (quiet >= DROP_AFTER) return this.#lost();
    const nextPing = this.#lastPing + this.#pingEvery();
    if (now >= nextPing || quiet >= PING_WHEN_QUIET) this.#ping();
    const nextHello = this.#lastHello + (inOBS ? HELLO_IN_OBS_EVERY : HELLO_EVERY);
    if (now >= nextHello) this.#hello();

    let due = this.#heard + (quiet < STALE_AFTER ? STALE_AFTER : DROP_AFTER);
    due = Math.min(due, now >= nextHello ? this.#lastHello + HELLO_IN_OBS_EVERY : nextHello);
    if (this.#pingSent === 0) due = Math.min(due, nextPing, this.#heard + PING_WHEN_QUIET);
    this.#after(Math.max(20, due - now), () => {
      // A timer that comes late (a hidden or busy page) must not be taken for
      // silence: messages may be waiting behind it.
      const late = performance.now() - this.#due > 1000;
      if (late && !this.#excused) {
        this.#excused = true;
        this.#ping();
        this.#after(500, () => this.#watch());
        return;
      }
      this.#excused = false;
      this.#watch();
    });
  }

  /** How long a ping waits after the one before, in ms. */
  #pingEvery() {
    const sure = this.clock.error < SURE;
    if (this.#pings < (sure ? FIRST_PINGS : FIRST_PINGS_UNSURE)) return FIRST_PINGS_EVERY;
    return sure ? PING_EVERY : PING_EVERY_UNSURE;
  }

  /**
   * Asks for the time anew when the device slept or its clock was set: what we
   * know of Cuewire's time may be off.
   */
  #noticeSleep() {
    const asleep = Date.now() - performance.now() - this.#wallAhead;
    if (Math.abs(asleep) <= 500) return;
    this.#wallAhead += asleep;
    this.#pings = 0;
    if (this.#pingSent > 0) this.#overtaken++; // how long it was under way cannot be told
    this.#pingSent = 0;
  }

  #lost() {
    this.#letGo();
    if (this.#closed) return;
    if (this.#state === 'live' || this.#state === 'stale') this.#enter('reconnecting');
    const here = /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])\.?$/.test(location.hostname);
    const most = Math.min(here ? 3000 : 8000, 250 * 2 ** (this.#tries - 1));
    const wait = this.#tries === 0 ? 50 + 100 * Math.random() : most * (0.5 + 0.5 * Math.random());
    this.#tries++;
    this.#after(wait, () => this.#connect());
  }

  /** Finds out why a connection was refused: a browser does not tell. */
  async #askWhy() {
    if (this.#closed) return;
    let status = 0;
    try {
      const answer = await fetch(this.#address, { method: 'HEAD', cache: 'no-store', signal: AbortSignal.timeout(OPEN_WITHIN) });
      status = answer.status;
    } catch {
      return; // nobody there
    }
    if (this.#state === 'live') return;
    if (status === 404) this.#enter('gone');
    if (status === 401 || status === 403) this.#enter('refused');
    if (status === 401 && !inOBS && window.parent === window) await this.#askToPair();
  }

  /** In place of a page that this device may not open any more, Cuewire says so and asks for a code. */
  async #askToPair() {
    const page = await fetch(location.href, { method: 'HEAD', cache: 'no-store' }).catch(() => null);
    if (page?.status === 401 && this.#state === 'refused') location.reload();
  }

  /** Tries at once what would have been tried later. */
  #hurry() {
    if (this.#closed) return;
    if (this.#socket === null) this.#connect();
    else if (this.#socket.readyState === WebSocket.OPEN) {
      this.#ping();
      this.#watch();
    }
  }

  /** @param {LinkState} state */
  #enter(state) {
    if (state === this.#state) return;
    this.#state = state;
    this.emit('state', state);
  }

  #letGo() {
    clearTimeout(this.#timer);
    const socket = this.#socket;
    this.#socket = null;
    if (!socket) return;
    socket.onopen = socket.onmessage = socket.onclose = null;
    socket.close();
  }

  /**
   * Sets the one timer.
   * @param {number} ms
   * @param {() => void} fn
   */
  #after(ms, fn) {
    clearTimeout(this.#timer);
    this.#due = performance.now() + ms;
    this.#timer = window.setTimeout(fn, ms);
  }
}
