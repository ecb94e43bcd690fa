/**
 * The frames of the combined page: each source's page apart from all others.
 *
 * A frame is made once and stays where it is in the document, because moving an
 * iframe loads it anew: where it is seen is a transform, what is in front a
 * z-index. A page of ours tells that it lives (lib/alive.js); when it falls silent,
 * or any page floods this one with messages, its frame is taken away and made
 * again after a pause, a few times.
 *
 * @typedef {import('./library.js').Source} Source
 * @typedef {import('./library.js').Placement} Placement
 *
 * @typedef {object} Wanted
 * @property {Source} source
 * @property {string} src its address, as frameAddress makes it
 * @property {Placement | null} at null for loaded, but out of sight
 * @property {number} layer larger is in front
 */
import { ALIVE } from './alive.js';

const LOOK_EVERY = 1000;
const SILENT_AFTER = 12000;
const FLOOD = 300; // messages in one second
const FIRST_PAUSE = 5000; // so that Chromium ends the process of what hung
const FALLS = 5; // within
const FORGIVE_AFTER = 600_000;

/** What a frame may do; everything else, from dialogs to popups and top navigation, it may not. */
const SANDBOX = 'allow-scripts allow-same-origin';

/** One source's frame. */
class Frame {
  /** @type {HTMLIFrameElement | null} null while it is taken away */
  element = null;
  /** When our page last told that it lives, 0 for never since it was loaded. */
  alive = 0;
  /** When the second began in which `messages` are counted. */
  second = 0;
  messages = 0;
  /** When it had to be taken away. @type {number[]} */
  falls = [];
  /** When it is made again, Infinity when it has fallen too often. */
  due = 0;
  /** Its page could not be reached when it was loaded. */
  blind = false;

  /** @param {Wanted} wanted */
  constructor(wanted) {
    this.wanted = wanted;
  }
}

/** All frames of the page. */
export class Frames {
  #stage;
  #ours;
  /** @type {Map<string, Frame>} by source */
  #frames = new Map();
  #lastLook = performance.now();
  /** Whether a page that is loaded now can be reached: Cuewire's own, others'. */
  reachable = { ours: true, others: navigator.onLine };

  /**
   * @param {HTMLElement} stage that they are put into
   * @param {string} ours the origin of our own frames
   */
  constructor(stage, ours) {
    this.#stage = stage;
    this.#ours = ours;
    window.addEventListener('message', (event) => this.#hear(event));
    setInterval(() => this.#look(), LOOK_EVERY);
  }

  /**
   * Shows exactly these.
   * @param {Wanted[]} list
   */
  show(list) {
    const ids = new Set(list.map((wanted) => wanted.source.id));
    for (const [id, frame] of this.#frames) {
      if (ids.has(id)) continue;
      this.#remove(frame);
      this.#frames.delete(id);
    }
    for (const wanted of list) {
      let frame = this.#frames.get(wanted.source.id);
      if (frame && frame.wanted.src !== wanted.src) {
        this.#remove(frame);
        frame = undefined; // another page begins with a clean record
      }
      if (!frame) this.#frames.set(wanted.source.id, (frame = new Frame(wanted)));
      frame.wanted = wanted;
      if (!frame.element && performance.now() >= frame.due) this.#make(frame);
      place(frame);
    }
  }

  /**
   * Loads again what could not be reached when it was loaded.
   * @param {'ours' | 'others'} which
   */
  retry(which) {
    this.reachable[which] = true;
    for (const frame of this.#frames.values()) {
      if (!frame.blind || this.#isOurs(frame) !== (which === 'ours')) continue;
      frame.blind = false;
      if (!frame.element || frame.alive > 0) continue;
      this.#remove(frame);
      this.#make(frame);
      place(frame);
    }
  }

  /** @param {Frame} frame */
  #isOurs(frame) {
    return new URL(frame.wanted.src).origin === this.#ours;
  }

  /** @param {Frame} frame */
  #make(frame) {
    const { source, src } = frame.wanted;
    const element = document.createElement('iframe');
    element.sandbox.value = SANDBOX;
    element.allow = 'autoplay';
    element.referrerPolicy = 'no-referrer';
    element.dataset.source = source.id;
    element.src = src;
    frame.element = element;
    frame.alive = frame.messages = 0;
    frame.blind = !this.reachable[this.#isOurs(frame) ? 'ours' : 'others'];
    place(frame);
    this.#stage.append(element);
  }

  /** @param {Frame} frame */
  #remove(frame) {
    frame.element?.remove();
    frame.element = null;
  }

  /**
   * Takes a frame away that harms, for longer each time.
   * @param {Frame} frame
   * @param {string} why
   */
  #fell(frame, why) {
    const now = performance.now();
    this.#remove(frame);
    frame.falls = [...frame.falls.filter((at) => now - at < FORGIVE_AFTER), now];
    frame.due = frame.falls.length >= FALLS ? Infinity : now + FIRST_PAUSE * 2 ** (frame.falls.length - 1);
    console.info(`${frame.wanted.source.name}: ${why}; ${frame.due === Infinity ? 'taken away for good' : 'loaded again soon'}`);
  }

  /** @param {MessageEvent} event */
  #hear(event) {
    const frame = this.#frameOf(/** @type {Window | null} */ (event.source));
    if (!frame) return;
    const now = performance.now();
    if (now - frame.second >= 1000) {
      frame.second = now;
      frame.messages = 0;
    }
    if (++frame.messages > FLOOD) this.#fell(frame, 'floods with messages');
    else if (event.origin === this.#ours && event.data === ALIVE) frame.alive = now;
  }

  /**
   * Returns the frame that a window is in, however deep.
   * @param {Window | null} source
   */
  #frameOf(source) {
    for (let w = source; w && w !== window; w = w.parent) {
      for (const frame of this.#frames.values()) if (frame.element?.contentWindow === w) return frame;
      if (w === w.parent) return undefined;
    }
    return undefined;
  }

  /** Looks after the frames: takes away who fell silent, brings back who may come back. */
  #look() {
    const now = performance.now();
    const late = now - this.#lastLook > LOOK_EVERY * 3 || document.visibilityState === 'hidden';
    this.#lastLook = now;
    for (const frame of this.#frames.values()) {
      if (frame.element && frame.alive > 0) {
        if (late) frame.alive = now; // we slept ourselves, or browsers let nobody run who is not looked at
        else if (now - frame.alive > SILENT_AFTER) this.#fell(frame, 'does not answer');
      } else if (!frame.element && now >= frame.due) {
        this.#make(frame);
      }
    }
  }
}

/** @param {Frame} frame */
function place({ element, wanted: { source, at, layer } }) {
  if (!element) return;
  const style = element.style;
  if (element.title !== source.name) element.title = source.name;
  style.width = `${source.width}px`;
  style.height = `${source.height}px`;
  style.transform = at ? transformOf(source, at) : 'translate(-32768px)'; // out of sight, where it is not drawn, at its full size
  style.zIndex = String(at ? layer : 0);
}

/**
 * Returns what puts a page of the source's size where the placement says: its top
 * left corner before rotation at x, y, turned clockwise about it.
 * @param {Pick<Source, 'width' | 'height'>} source
 * @param {Placement} at
 */
export function transformOf(source, at) {
  const wide = ((at.width || source.width) / source.width) * (at.scaleX || 1);
  const high = ((at.height || source.height) / source.height) * (at.scaleY || 1);
  return `translate(${at.x}px, ${at.y}px) rotate(${at.rotation || 0}deg) scale(${wide}, ${high})`;
}

/**
 * Returns the address that shows a source in a frame, or '' when it may not be in
 * one. Our own pages come from `ours`, the origin that nobody controls from.
 * @param {Source} source
 * @param {string} ours
 */
export function frameAddress(source, ours) {
  let url;
  try {
    url = new URL(source.url, location.href);
  } catch {
    return '';
  }
  if (url.protocol !== 'http:' && url.protocol !== 'https:') return '';
  if (!isOwn(url)) return url.href;
  if (url.pathname === '/overlay/combined') return ''; // a mirror in a mirror
  const page = new URL(url.pathname + url.search + url.hash, ours);
  if (source.cssCustom || source.jsCustom) {
    page.searchParams.set('source', source.id);
    page.searchParams.set('v', fingerprint(source.cssCustom + source.jsCustom));
  }
  return page.href;
}

/** @param {URL} url */
function isOwn(url) {
  const loopback = /^(([\w-]+\.)*localhost|127\.\d+\.\d+\.\d+|\[::1\])\.?$/;
  if (url.protocol !== 'http:' || url.port !== location.port) return false;
  return url.hostname === location.hostname || (loopback.test(url.hostname) && loopback.test(location.hostname));
}

/**
 * A short text that differs when the one given does, so that a changed style loads.
 * @param {string} text
 */
function fingerprint(text) {
  let hash = 5381;
  for (let i = 0; i < text.length; i++) hash = ((hash * 33) ^ text.charCodeAt(i)) >>> 0;
  return hash.toString(36);
}
