/**
 * Cuewire's client library for overlays, remotes and other pages that Cuewire
 * serves. It needs no build step:
 *
 *     <script type="module">  (in a file of its own: pages allow no inline script)
 *     import { SourceSaver, Room } from '/assets/cuewire.js';
 *
 *     // Everything about OBS, and the state as it is now right away:
 *     const bus = new SourceSaver(['obs:*']);
 *     bus.on('obs:sceneChanged', ({ currentScene }) => { title.textContent = currentScene; });
 *     bus.on('state', (state) => document.body.classList.toggle('stale', state !== 'live'));
 *
 *     // A room's timer, drawn without waiting for a message each second:
 *     const room = new Room('ABC234');
 *     let next = 0;
 *     function draw() {
 *       clearTimeout(next);
 *       if (!room.current) return;
 *       const { text, change } = face(room.current, room.playback, room.room, room.clock.now());
 *       digits.textContent = text;
 *       if (change < Infinity) next = setTimeout(draw, Math.ceil(change));
 *     }
 *     room.on('change', draw);
 *     room.on('clock', draw);
 *
 * Both mend their connection by themselves, tell when they are stale (see
 * LinkState in lib/link.js) and know Cuewire's time whatever the device's clock
 * says. Put what they bring on the page with textContent, never as HTML.
 * docs/pages.md tells the rest.
 */
import { Link } from './lib/link.js';
import { tellAlive } from './lib/alive.js';
import { follow } from './lib/direct.js';

export { auxFace, clockText, elapsed, face, fillIn, outputTime, timeOfDay, zones } from './lib/playback.js';
export { Channels } from './lib/channels.js';
export { plan } from './lib/schedule.js';
export { loadTexts } from './lib/texts.js';

tellAlive(); // when the combined page frames us

/**
 * @typedef {import('./lib/types.js').RoomInfo} RoomInfo
 * @typedef {import('./lib/types.js').Timer} Timer
 * @typedef {import('./lib/types.js').Message} Message
 * @typedef {import('./lib/types.js').Playback} Playback
 * @typedef {import('./lib/types.js').AuxTimer} AuxTimer
 * @typedef {import('./lib/types.js').Question} Question
 */

/**
 * The event bus: scenes and outputs of OBS, rooms, timers, messages, performance.
 *
 * Emits each event under its own name with (data, frame). After every (re)connection
 * it emits `reset`, then the present state as ordinary events. Also `state` and
 * `clock`, see Link.
 */
export class SourceSaver extends Link {
  #events;

  /**
   * @param {string[]} events names and patterns: 'obs:*', 'timers:playback'.
   *   'system:heartbeat' comes along by itself: it shows once a second that Cuewire lives.
   */
  constructor(events) {
    super('/');
    this.#events = [...events, 'system:heartbeat'];
  }

  /** @override */
  pingFrame() {
    return { action: 'ping', timestamp: new Date().toISOString() };
  }

  /**
   * @override
   * @param {object} about
   */
  helloFrame(about) {
    return { action: 'hello', ...about };
  }

  /** @override */
  opened() {
    this.send({ action: 'subscribe', events: this.#events, snapshot: true });
  }

  /**
   * @override
   * @param {any} frame
   */
  received(frame) {
    const { event, data } = frame;
    if (event === 'pong') return Date.parse(data.serverTimestamp);
    if (event === 'clients:direct') follow(data);
    if (event === 'system:heartbeat') this.clock.hint(Number(data.serverTime) || Date.parse(data.serverTime), performance.now());
    if (event === 'subscription:confirmed') this.emit('reset');
    else this.emit(event, data, frame);
    return undefined;
  }
}

/**
 * A room with all that is in it, always as it is now.
 *
 * Emits `change` when anything of it changed, `sound` ({timer_id, sound}) when a cue
 * makes one, `preset` ({name, deleted}) when a look changed, and `refusal` ({code,
 * message}) when Cuewire refused what was sent. Also `state` and `clock`, see Link.
 */
export class Room extends Link {
  /** @type {RoomInfo | null} null until the first state came; its timezone is the one that counts */
  room = null;
  /** @type {Timer[]} in rundown order */
  timers = [];
  /** @type {Message[]} */
  messages = [];
  /** @type {AuxTimer[]} in the order in which they were made */
  aux = [];
  /** @type {Question[]} the audience's, likewise; for moderator and above */
  questions = [];
  /** @type {Playback} */
  playback = { state: 'stopped', current_timer_id: null, elapsed_ms: 0, duration_ms: 0, server_time: 0, blackout: false, flash: false, focus: false };

  /**
   * @param {string} code the room's id or short code, 'first' for the first one
   * @param {{output?: string, name?: string}} [options] output is viewer (default),
   *   agenda, moderator, operator or controller; name tells people which device this is
   */
  constructor(code, { output = 'viewer', name = '' } = {}) {
    const query = new URLSearchParams(name ? { output, name } : { output });
    super(`/ws/${encodeURIComponent(code)}?${query}`);
  }

  /** The timer that playback is on. */
  get current() {
    return this.timers.find((timer) => timer.id === this.playback.current_timer_id);
  }

  /** The timer after the current one, of those that are not skipped. */
  get next() {
    const at = this.timers.findIndex((timer) => timer.id === this.playback.current_timer_id);
    return at < 0 ? undefined : this.timers.find((timer, i) => i > at && !timer.skip);
  }

  /** The message that is shown. */
  get message() {
    return this.messages.find((message) => message.visible);
  }

  /**
   * Sends a control, for outputs that may: `control('add_time', {value: 60000})`.
   * @param {string} action
   * @param {{timer_id?: string, value?: number}} [rest]
   */
  control(action, rest = {}) {
    return this.send({ type: 'control', action, ...rest });
  }

  /**
   * Presses a control of an auxiliary timer, for operator and controller.
   * @param {string} id
   * @param {string} action
   * @param {number} [value]
   */
  auxControl(id, action, value) {
    return this.send({ type: 'aux', id, action, value });
  }

  /**
   * Puts a question to another state, for moderator and above.
   * @param {string} id
   * @param {Question['state']} state
   */
  question(id, state) {
    return this.send({ type: 'question', id, state });
  }

  /** @override */
  pingFrame() {
    return { type: 'ping' };
  }

  /**
   * @override
   * @param {object} about
   */
  helloFrame(about) {
    return { type: 'hello', ...about };
  }

  /** @override */
  opened() {
    this.send({ type: 'request_state' });
  }

  /**
   * @override
   * @param {any} frame
   */
  received(frame) {
    switch (frame.type) {
      case 'pong':
        return frame.server_time;
      case 'room':
        this.room = { ...frame.room, timezone: frame.zone || frame.room.timezone };
        this.timers = frame.timers ?? [];
        this.messages = frame.messages ?? [];
        this.aux = frame.aux_timers ?? [];
        this.questions = frame.questions ?? [];
        this.#play({ server_time: frame.server_time, ...frame.playback });
        break;
      case 'playback_status':
        this.#play(frame);
        break;
      case 'timer_update':
        this.#place(frame.timer.action, frame.timer.timer);
        break;
      case 'message_update':
        this.#put(frame.message.action, frame.message.message);
        break;
      case 'aux_update':
        this.aux = placed(this.aux, frame.action, frame.timer);
        break;
      case 'question_update':
        this.questions = placed(this.questions, frame.action, frame.question);
        break;
      case 'sound':
        this.emit('sound', { timer_id: frame.timer_id, sound: frame.sound });
        return undefined;
      case 'direct':
        follow(frame);
        return undefined;
      case 'preset_update':
        this.emit('preset', { name: frame.name, deleted: frame.deleted });
        return undefined;
      case 'error':
        if (frame.code === 'ROOM_DELETED') this.reconnect(); // to hear what is there in its place
        this.emit('refusal', { code: frame.code, message: frame.message });
        return undefined;
      default:
        return undefined;
    }
    this.emit('change');
    return undefined;
  }

  /** @param {any} status */
  #play(status) {
    this.clock.hint(status.server_time, performance.now());
    const id = status.current_timer_id ?? status.timer_id ?? null;
    const timer = this.timers.find((t) => t.id === id);
    this.playback = { ...status, current_timer_id: id, duration_ms: status.duration_ms ?? timer?.duration_ms ?? 0 };
    if (status.message_id !== undefined) {
      this.messages = this.messages.map((m) => ({ ...m, visible: m.id === status.message_id }));
    }
  }

  /**
   * @param {string} action
   * @param {Timer} timer
   */
  #place(action, timer) {
    const was = this.timers.findIndex((t) => t.id === timer.id);
    const timers = this.timers.filter((t) => t.id !== timer.id);
    if (action !== 'delete') {
      const at = timer.position ?? (was < 0 ? timers.length : was);
      timers.splice(at, 0, { ...this.timers[was], ...timer });
    }
    this.timers = timers;
  }

  /**
   * @param {string} action
   * @param {Message} message
   */
  #put(action, message) {
    const at = this.messages.findIndex((m) => m.id === message.id);
    const messages = this.messages.filter((m) => m.id !== message.id);
    if (action !== 'delete') {
      const put = { ...this.messages[at], ...message };
      if (action === 'show' || action === 'hide') put.visible = action === 'show';
      messages.splice(at < 0 ? messages.length : at, 0, put);
      if (put.visible) for (const m of messages) if (m !== put && m.visible) messages[messages.indexOf(m)] = { ...m, visible: false };
    }
    this.messages = messages;
  }
}

/**
 * A list after something in it changed: what is new comes last.
 * @template {{id: string}} T
 * @param {T[]} list
 * @param {string} action
 * @param {T} item
 */
function placed(list, action, item) {
  if (action === 'delete') return list.filter((known) => known.id !== item.id);
  if (list.some((known) => known.id === item.id)) return list.map((known) => (known.id === item.id ? item : known));
  return [...list, item];
}
