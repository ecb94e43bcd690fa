// What the published clients of Broadcastt and Pusher do, step by step, the same in
// Node and in a browser. The libraries are handed in as npm has them.

const patience = 60_000;

/** The promise, or an error that says what did not happen. */
export function within(what, promise) {
  let timer;
  const late = new Promise((_, reject) => { timer = setTimeout(() => reject(new Error('not in time: ' + what)), patience); });
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}

export function equal(what, got, want) {
  if (JSON.stringify(got) !== JSON.stringify(want)) throw new Error(`${what}: got ${JSON.stringify(got)}, want ${JSON.stringify(want)}`);
}

/** What binds as the libraries do, as a queue that can be waited on. */
export function heard(bind) {
  const waiting = [], there = [];
  bind((...args) => { waiting.length ? waiting.shift()(args) : there.push(args); });
  return {
    next: (what) => within(what, there.length ? Promise.resolve(there.shift()) : new Promise((resolve) => waiting.push(resolve))),
    none: (what) => equal(what + ' heard nothing', there, []),
  };
}

/**
 * pusher-js: everything that a page does with it. publish(event, options) goes over
 * the HTTP interface.
 */
export async function pusherJS({ Pusher, host, port, key, auth, publish }) {
  const steps = [];
  const options = { cluster: '', wsHost: host, wsPort: port, forceTLS: false, enabledTransports: ['ws'], disableStats: true,
    channelAuthorization: { endpoint: auth, transport: 'ajax' } };
  const connect = async (more = {}) => {
    const pusher = new Pusher(key, { ...options, ...more });
    const failed = heard((f) => pusher.connection.bind('error', f));
    await within('connected', new Promise((resolve) => pusher.connection.bind('connected', resolve)));
    return { pusher, failed };
  };
  const on = (channel, event) => heard((f) => channel.bind(event, f));

  const a = await connect(), b = await connect();
  const alerts = a.pusher.subscribe('alerts'), donation = on(alerts, 'donation');
  await on(alerts, 'pusher:subscription_succeeded').next('alerts');
  await publish({ name: 'donation', channels: ['alerts'], data: { amount: 5, from: 'Zoë <b>' } });
  equal('donation', (await donation.next('donation'))[0], { amount: 5, from: 'Zoë <b>' });
  await publish({ name: 'donation', channels: ['alerts', 'other'], data: 'plain text' });
  equal('text', (await donation.next('text'))[0], 'plain text');
  steps.push('subscribe, publish');

  await publish({ name: 'donation', channels: ['alerts'], data: {}, socket_id: a.pusher.connection.socket_id });
  await publish({ batch: [{ name: 'donation', channel: 'alerts', data: { n: 1 } }, { name: 'donation', channel: 'alerts', data: { n: 2 } }] });
  equal('batch', (await donation.next('batch'))[0], { n: 1 });
  equal('batch', (await donation.next('batch'))[0], { n: 2 });
  steps.push('batch, without the sender');

  const again = a.pusher.subscribe('later'), mark = on(again, 'mark');
  await on(again, 'pusher:subscription_succeeded').next('later');
  a.pusher.unsubscribe('alerts');
  await on(a.pusher.subscribe('last'), 'pusher:subscription_succeeded').next('last');
  await publish({ name: 'donation', channels: ['alerts'], data: {} });
  await publish({ name: 'mark', channels: ['later'], data: {} });
  await mark.next('mark');
  donation.none('an unsubscribed channel');
  steps.push('unsubscribe');

  const privateA = a.pusher.subscribe('private-desk'), privateB = b.pusher.subscribe('private-desk');
  const waveA = on(privateA, 'client-wave'), waveB = on(privateB, 'client-wave');
  await Promise.all([on(privateA, 'pusher:subscription_succeeded').next('private'), on(privateB, 'pusher:subscription_succeeded').next('private')]);
  if (!privateA.trigger('client-wave', { to: 'all' })) throw new Error('trigger');
  equal('client event', (await waveB.next('client event'))[0], { to: 'all' });
  privateB.trigger('client-wave', { back: true });
  equal('client event', (await waveA.next('client event'))[0], { back: true });
  steps.push('private, client events');

  const roomA = a.pusher.subscribe('presence-room');
  await on(roomA, 'pusher:subscription_succeeded').next('presence');
  equal('alone', [roomA.members.count, roomA.members.me.id], [1, 'local-' + a.pusher.connection.socket_id]);
  const added = on(roomA, 'pusher:member_added'), removed = on(roomA, 'pusher:member_removed');
  const roomB = b.pusher.subscribe('presence-room');
  const [members] = await on(roomB, 'pusher:subscription_succeeded').next('presence');
  equal('both', [members.count, Object.keys(members.members).length], [2, 2]);
  const second = 'local-' + b.pusher.connection.socket_id;
  equal('joined', (await added.next('member_added'))[0].id, second);
  roomB.trigger('client-wave', {});
  equal('who waved', (await on(roomA, 'client-wave').next('client event'))[1], { user_id: second });
  b.pusher.unsubscribe('presence-room');
  equal('left', (await removed.next('member_removed'))[0].id, second);
  await on(b.pusher.subscribe('presence-room'), 'pusher:subscription_succeeded').next('presence');
  equal('joined', (await added.next('member_added'))[0].id, second);
  b.pusher.disconnect();
  equal('gone', (await removed.next('member_removed'))[0].id, second);
  steps.push('presence');

  const refused = a.pusher.subscribe('alerts', {});
  await on(refused, 'pusher:subscription_succeeded').next('alerts');
  a.pusher.send_event('client-wave', {}, 'alerts');
  equal('4301', (await a.failed.next('error'))[0].data.code, 4301);
  equal('stays', a.pusher.connection.state, 'connected');
  a.pusher.disconnect();
  steps.push('refused client event');

  const pinging = await connect({ activityTimeout: 300, pongTimeout: patience });
  const pong = heard((f) => pinging.pusher.connection.bind('message', (m) => { if (m.event === 'pusher:pong') f(); }));
  await pong.next('pong');
  pinging.pusher.disconnect();
  steps.push('ping');

  const stranger = new Pusher('nobody', options);
  const wrong = heard((f) => stranger.connection.bind('error', f));
  const states = heard((f) => stranger.connection.bind('disconnected', f));
  equal('unknown key', (await wrong.next('unknown key'))[0].error.data.code, 4001);
  await states.next('disconnected');
  equal('unknown key', stranger.connection.state, 'disconnected');
  steps.push('unknown key');
  return steps;
}

/** broadcastt-js, whose options have no path for anything but its own address. */
export async function broadcasttJS({ Broadcastt, host, port, key, auth, publish }) {
  const steps = [];
  const options = { host, port, encrypted: false, authEndpoint: auth, reconnectInterval: 50 };
  const on = (channel, event) => heard((f) => channel.bind(event, f));
  const connect = () => new Broadcastt(key, options);
  const ready = (client) => within('connected', (async () => { while (!client.socketId) await new Promise((resolve) => setTimeout(resolve, 10)); })());

  const a = connect(), b = connect();
  const alerts = a.join('alerts'), donation = on(alerts, 'donation');
  await on(alerts, 'broadcastt:subscription_succeeded').next('alerts');
  await publish({ name: 'donation', channels: ['alerts'], data: { amount: 5, from: 'Zoë <b>' } });
  equal('donation', (await donation.next('donation'))[0], { amount: 5, from: 'Zoë <b>' });
  await publish({ name: 'donation', channels: ['alerts'], data: 'plain text' });
  equal('text', (await donation.next('text'))[0], 'plain text');
  steps.push('subscribe, publish');

  await publish({ batch: [{ name: 'donation', channel: 'alerts', data: { n: 1 } }, { name: 'donation', channel: 'alerts', data: { n: 2 } }] });
  equal('batch', (await donation.next('batch'))[0], { n: 1 });
  equal('batch', (await donation.next('batch'))[0], { n: 2 });
  steps.push('batch');

  const later = a.join('later'), mark = on(later, 'mark');
  await on(later, 'broadcastt:subscription_succeeded').next('later');
  a.leave('alerts');
  await on(a.join('last'), 'broadcastt:subscription_succeeded').next('last');
  await publish({ name: 'donation', channels: ['alerts'], data: {} });
  await publish({ name: 'mark', channels: ['later'], data: {} });
  await mark.next('mark');
  donation.none('an unsubscribed channel');
  steps.push('unsubscribe');

  await ready(b);
  const privateA = a.private('desk');
  await on(privateA, 'broadcastt:subscription_succeeded').next('private');
  const privateB = b.private('desk'), waveB = on(privateB, 'client-wave');
  await on(privateB, 'broadcastt:subscription_succeeded').next('private');
  privateA.send('client-wave', { to: 'all' }); // it names no channel
  equal('client event', (await waveB.next('client event'))[0], { to: 'all' });
  steps.push('private, client events');

  const roomA = a.presence('room');
  await on(roomA, 'broadcastt:subscription_succeeded').next('presence');
  equal('alone', roomA.members.count, 1);
  const added = heard((f) => roomA.joining(f)), removed = heard((f) => roomA.leaving(f));
  const roomB = b.presence('room');
  const [members] = await heard((f) => roomB.here(f)).next('presence');
  equal('both', [members.count, members.ids.length], [2, 2]);
  equal('joined', (await added.next('joining'))[0].user_id, 'local-' + b.socketId);
  b.leave('presence-room');
  equal('left', (await removed.next('leaving'))[0].user_id, 'local-' + b.socketId);
  steps.push('presence');

  const pongs = heard((f) => a._socket.addEventListener('message', (m) => { if (JSON.parse(m.data).event === 'broadcastt:pong') f(); }));
  a.options.activityTimeout = 0.1; // what the server said is 120 s
  a.activityCheck();
  await pongs.next('pong');
  await pongs.next('the next pong');
  equal('stays', a._socket.readyState, 1);
  steps.push('ping');

  const stranger = new Broadcastt('nobody', options);
  let reconnected = 0;
  const init = stranger.init;
  stranger.init = function () { reconnected++; init.call(this); };
  await within('closed', new Promise((resolve) => stranger._socket.addEventListener('close', resolve)));
  equal('unknown key', stranger.errorCode, 4001);
  await new Promise((resolve) => setTimeout(resolve, 500)); // ten times its pause
  equal('connected again', reconnected, 0);
  steps.push('unknown key');
  for (const client of [a, b]) {
    client.init = () => {};
    clearTimeout(client.activityTimer);
    client._socket.close();
  }
  return steps;
}
