// Runs the scenarios in Node, and what only a server does: node node.js ADDRESS APP
// where APP is what cuewire app create prints.
import { createRequire } from 'node:module';
import { readFileSync } from 'node:fs';
import { WebSocket } from 'ws';
import PusherServer from 'pusher';
import { broadcasttJS, equal, heard, pusherJS, within } from './scenario.js';

const require = createRequire(import.meta.url);
const Pusher = require('pusher-js');
const { hostname: host, port, origin } = new URL(process.argv[2]);
const app = JSON.parse(process.argv[3]);

// broadcastt-js is an ES module without saying so, and takes these from a browser.
const source = readFileSync(require.resolve('broadcastt-js'), 'utf8');
const { default: Broadcastt } = await import('data:text/javascript,' + encodeURIComponent(source));
globalThis.WebSocket = WebSocket;
globalThis.document = { cookie: '' };
globalThis.XMLHttpRequest = class {
  headers = {};
  open(method, url) { Object.assign(this, { method, url }); }
  setRequestHeader(name, value) { this.headers[name] = value; }
  async send(body) {
    const answer = await fetch(this.url, { method: this.method, headers: this.headers, body });
    this.status = answer.status;
    this.responseText = await answer.text();
    this.onload();
  }
};

const server = new PusherServer({ appId: app.id, key: app.key, secret: app.secret, host, port, useTLS: false });
const publish = ({ batch, name, channels, data, socket_id }) =>
  batch ? server.triggerBatch(batch) : server.trigger(channels, name, data, { socket_id });
const common = { host, port: Number(port), key: app.key, auth: origin + '/broadcasting/auth', publish };

/** Whatever the server's library is refused, with its status. */
async function refused(status, promise) {
  const error = await promise.then(() => null, (e) => e);
  equal('refused', error?.status, status);
}

/** The library on a server of one's own: who is signed in, queries, refusals. */
async function pusherServer() {
  const user = (n) => ({ user_id: n, user_info: { name: 'User ' + n } });
  const connect = (n) => new Pusher(app.key, { cluster: '', wsHost: host, wsPort: common.port, forceTLS: false, enabledTransports: ['ws'],
    disableStats: true, channelAuthorization: {
      customHandler: ({ socketId, channelName }, done) => done(null, server.authorizeChannel(socketId, channelName, user(n))),
    } });
  const ana = connect('ana'), rui = connect('rui');
  for (const client of [ana, rui]) {
    const room = client.subscribe('presence-studio');
    await heard((f) => room.bind('pusher:subscription_succeeded', f)).next('presence');
  }
  equal('channels', await (await server.get({ path: '/channels', params: { filter_by_prefix: 'presence-', info: 'user_count' } })).json(),
    { channels: { 'presence-studio': { user_count: 2 } } });
  equal('channel', await (await server.get({ path: '/channels/presence-studio', params: { info: 'user_count,subscription_count' } })).json(),
    { occupied: true, subscription_count: 2, user_count: 2 });
  equal('users', await (await server.get({ path: '/channels/presence-studio/users' })).json(), { users: [{ id: 'ana' }, { id: 'rui' }] });
  equal('info', await (await server.trigger('presence-studio', 'x', {}, { info: 'user_count' })).json(), { channels: { 'presence-studio': { user_count: 2 } } });

  const wrong = new PusherServer({ appId: app.id, key: app.key, secret: 'wrong', host, port, useTLS: false });
  const nobody = new PusherServer({ appId: '1', key: app.key, secret: app.secret, host, port, useTLS: false });
  await refused(401, wrong.trigger('alerts', 'x', {}));
  await refused(401, wrong.get({ path: '/channels' }));
  await refused(404, nobody.trigger('alerts', 'x', {}));
  await refused(403, server.trigger('obs', 'obs:sceneChanged', {}));
  await refused(413, server.trigger('alerts', 'x', 'x'.repeat(10_241)));
  await refused(400, server.triggerBatch(Array(11).fill({ name: 'x', channel: 'alerts', data: {} })));
  await refused(400, server.get({ path: '/channels/alerts/users' }));
  const forged = connect('eve');
  const denied = forged.subscribe('private-desk');
  forged.config.channelAuthorizer = ({ socketId, channelName }, done) => done(null, wrong.authorizeChannel(socketId, channelName));
  const [error] = await heard((f) => denied.bind('pusher:subscription_error', f)).next('subscription_error');
  equal('forged', [error.status, error.type], [401, 'AuthError']);
  for (const client of [ana, rui, forged]) client.disconnect();
  return ['authorize, queries, refusals'];
}

const done = {
  'pusher-js': await within('pusher-js', pusherJS({ ...common, Pusher })),
  'broadcastt-js': await within('broadcastt-js', broadcasttJS({ ...common, Broadcastt })),
  pusher: await within('pusher', pusherServer()),
};
console.log(JSON.stringify(done));
process.exit(0);
