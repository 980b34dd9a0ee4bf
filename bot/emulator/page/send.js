// Sending: into the store, into the clock, to the back end; then acks and receipts.

import { MsgModel } from './entities.js';
import { toWid } from './ids.js';
import { call, link, tell } from './link.js';
import { NetworkStatus } from './session.js';
import { putInClock, takeFromClock } from './storage.js';
import { ChatStore, MsgStore } from './stores.js';

const RETRY = 1000; // milliseconds between two tries to reach the back end

const pause = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

/** Put a message in its chat and in the store of all messages. */
export function addToChat(chat, msg, options) {
  chat.msgs.add(msg, options);
  MsgStore.add(msg, options);
  msg.collection = MsgStore;
  if ((msg.t ?? 0) >= (chat.t ?? 0)) {
    chat.set({ t: msg.t, lastReceivedKey: msg.id }, options);
  }
}

function wireOf(msg) {
  const media = msg.mediaData;
  return {
    id: msg.id.id,
    chat: String(msg.to),
    type: msg.type,
    body: msg.caption ?? msg.body ?? msg.pollName ?? '',
    t: msg.t,
    quoted: msg.quotedStanzaID ?? null,
    mentions: (msg.mentionedJidList ?? []).map(String),
    forwarded: Boolean(msg.isForwarded),
    expires: msg.ephemeralDuration ?? 0,
    options: (msg.pollOptions ?? []).map((option) => option.name),
    place: msg.type === 'location' ? { lat: msg.lat, lng: msg.lng, name: msg.loc ?? '' } : null,
    card: msg.vcardFormattedName ?? '',
    media: media?.filehash
      ? { sha256: media.filehash, mimetype: media.mimetype, filename: msg.filename ?? 'file', size: media.size }
      : null,
  };
}

async function untilOnline() {
  while (!NetworkStatus.online) await pause(50);
}

async function post(wire) {
  for (;;) {
    await untilOnline();
    const [low, high] = link.faults.send_latency_ms;
    const latency = low + Math.random() * (high - low);
    const here = latency * Math.random(); // in this part the message dies with the page
    if (here > 0) await pause(here);
    try {
      return await call('send', { ...wire, delay: latency - here });
    } catch (error) {
      console.warn('send', error.message);
      await pause(RETRY);
    }
  }
}

async function deliver(msg, wire) {
  const key = String(msg.id);
  await putInClock(key, { key, wire, raw: { t: msg.t, type: msg.type, body: msg.body } });
  const answer = await post(wire);
  await takeFromClock(key);
  if (answer.ok) {
    if ((msg.ack ?? 0) < 1 && link.faults.acks) msg.ack = 1;
    return { messageSendResult: 'OK', t: answer.t };
  }
  msg.ack = -1;
  return { messageSendResult: 'ERROR_UNKNOWN', errorCode: answer.code, t: null };
}

/** Send a message: answers the promise of its model and the promise of the result. */
export async function addAndSendMsgToChat(chat, raw) {
  const known = MsgStore.get(raw.id);
  let msg = known;
  if (known && known.ack >= 0) {
    if (link.faults.equal_id === 'throw') throw new Error(`a message with the id ${raw.id} exists`);
    if (link.faults.equal_id === 'merge') {
      return [Promise.resolve(known), Promise.resolve({ messageSendResult: 'OK', t: known.t })];
    }
  } else if (known) {
    known.ack = 0;
  } else {
    msg = raw instanceof MsgModel ? raw : new MsgModel({ ...raw, mentionedJidList: raw.mentionedJidList ?? [] });
    addToChat(chat, msg, { silent: !link.faults.events });
  }
  return [Promise.resolve(msg), deliver(msg, wireOf(msg))];
}

/** Bring back what was in the clock when the page died, and send it again unless told not to. */
export function resumeClock(kept, MsgKey) {
  for (const { key, wire, raw } of kept) {
    const id = MsgKey.fromString(key);
    const known = MsgStore.get(id);
    const isThere = known && known.ack >= 1; // the servers have it, only the answer was lost
    if (isThere || (known && !link.faults.resend_clock_on_start)) {
      takeFromClock(key);
      continue;
    }
    const chat = ChatStore.open(id.remote);
    const msg = known ?? new MsgModel({
      ...raw, id, from: toWid(link.account.id), to: id.remote, self: 'out', ack: 0, mentionedJidList: [],
    });
    if (!known) addToChat(chat, msg, { silent: true });
    if (link.faults.resend_clock_on_start) deliver(msg, { ...wire, again: true });
  }
}

/** The receipts: the store learns the ack. Called through the module's exports. */
export const receipts = {
  handleChatSimpleReceipt: takeReceipt,
  handleGroupSimpleReceipt: (data) => takeReceipt(data),
  handleStatusSimpleReceipt: (data) => takeReceipt(data, true),
};

async function takeReceipt(data) {
  const chat = ChatStore.get(data.from);
  for (const id of data.externalIds) {
    const msg = chat?.msgs.list.findLast((one) => one.id.fromMe && one.id.id === id);
    if (msg && data.ack > msg.ack) msg.ack = data.ack;
  }
}

/** A receipt has come from the back end. */
export function onReceipt(item) {
  const chat = ChatStore.get(item.chat);
  const msg = chat?.msgs.list.findLast((one) => one.id.fromMe && one.id.id === item.id);
  if (msg && msg.ack < 1) msg.ack = 1; // the answer to the send is still on its way
  if (item.ack < 2) return;
  const data = {
    type: 'receipt',
    stanzaId: item.id,
    externalIds: [item.id],
    from: toWid(item.chat),
    participant: item.reader ? toWid(item.reader) : null,
    recipient: null,
    ts: Math.floor(Date.now() / 1000),
    ack: item.ack,
    ackString: { 2: 'delivery', 3: 'read', 4: 'played' }[item.ack],
    offline: null,
  };
  if (item.reader) receipts.handleGroupSimpleReceipt(data);
  else receipts.handleChatSimpleReceipt(data);
}

/** The chat has been read here. */
export async function sendSeen({ chat }) {
  chat.unreadCount = 0;
  await tell('seen', chat.id);
}

/** Typing and recording, as the other side sees it. */
export const chatPresence = {
  markComposing: (chat) => tell('chatstate', chat.id, { state: 'composing' }),
  markRecording: (chat) => tell('chatstate', chat.id, { state: 'recording' }),
  markPaused: (chat) => tell('chatstate', chat.id, { state: 'paused' }),
};
