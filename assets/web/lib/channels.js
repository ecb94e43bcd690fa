import { Link } from './link.js';

/**
 * The channels of an app: what programs publish to them, and what is on Cuewire's
 * bus. docs/protocols/broadcastt.md tells which there are and how to publish.
 *
 *     const alerts = new Channels('KEY', ['alerts', 'timers']);
 *     alerts.on('event', (name, data, { channel }) => {
 *       if (name === 'donation') show(data.from, data.amount);
 *     });
 *
 * Emits `event` with (name, data, {channel, user_id}), data read where it is JSON;
 * `subscribed` with a channel's name; and `refusal` ({code,
 * message, channel}) when Cuewire refuses the key or a channel. Also `state` and
 * `clock`, see Link.
 */
export class Channels extends Link {
  #channels;

  /**
   * @param {string} key the app's
   * @param {string[]} channels private and presence ones too, on this computer
   * @param {{name?: string}} [options] name tells people which page this is
   */
  constructor(key, channels, { name = '' } = {}) {
    super(`/app/${encodeURIComponent(key)}${name ? '?' + new URLSearchParams({ name }) : ''}`);
    this.#channels = channels;
  }

  /** @override */
  pingFrame() {
    return { event: 'broadcastt:ping', data: {} };
  }

  /**
   * @override
   * @param {object} about
   */
  helloFrame(about) {
    return { event: 'broadcastt:hello', data: about };
  }

  /**
   * @override
   * @param {any} frame
   */
  received(frame) {
    const data = read(frame.data);
    switch (frame.event) {
      case 'broadcastt:pong':
        return data.serverTime;
      case 'broadcastt:connection_established':
        for (const channel of this.#channels) void this.#subscribe(channel, data.socket_id);
        break;
      case 'broadcastt_internal:subscription_succeeded':
        this.emit('subscribed', frame.channel);
        break;
      case 'broadcastt:subscription_error':
        this.emit('refusal', { code: data.status, message: data.error, channel: frame.channel });
        break;
      case 'broadcastt:error':
        if (data.code >= 4000 && data.code < 4100) this.close(); // not to be tried again
        this.emit('refusal', { code: data.code, message: data.message });
        break;
      default:
        this.emit('event', frame.event, data, frame);
    }
    return undefined;
  }

  /**
   * @param {string} channel
   * @param {string} socket
   */
  async #subscribe(channel, socket) {
    let signed = {};
    if (/^(private|presence)-/.test(channel)) {
      const answer = await fetch('/broadcasting/auth', {
        method: 'POST',
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify({ socket_id: socket, channel_name: channel }),
      }).catch(() => null);
      if (!answer?.ok) return void this.emit('refusal', { code: answer?.status ?? 0, message: '', channel });
      signed = await answer.json();
    }
    this.send({ event: 'broadcastt:subscribe', data: { channel, ...signed } });
  }
}

/** @param {string} text */
function read(text) {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
