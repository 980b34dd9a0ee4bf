// What comes from the back end: messages, receipts, typing, edits, revokes, votes, reactions.

import { onBlocked, onLabel } from './actions.js';
import { takeChats } from './chats.js';
import { MsgModel } from './entities.js';
import { onGroup } from './groups.js';
import { toWid } from './ids.js';
import { call, link } from './link.js';
import { mediaDataOf } from './media.js';
import { addToChat, onReceipt } from './send.js';
import { NetworkStatus, sessionChange } from './session.js';
import { ChatStore, MsgStore, PresenceStore, me, takePerson } from './stores.js';

const DECRYPTION = 15; // milliseconds between the ciphertext and its real type

let MsgKey;
let exported;

/** Learn the class of keys and the exports that wa-js may have wrapped. */
export function connectReceiving(keyClass, modules) {
  MsgKey = keyClass;
  exported = modules;
}

/** Statuses and newsletters are told to many: they stand in no chat. */
export const isTold = (chat) => String(chat).startsWith('status@') || String(chat).endsWith('@newsletter');

export function keyFrom(wire) {
  return new MsgKey({ fromMe: wire.fromMe, remote: wire.chat, id: wire.id, participant: wire.participant ?? undefined });
}

/** Return a message in the form that the store takes. */
export function rawFrom(wire) {
  const id = keyFrom(wire);
  const chat = toWid(wire.chat);
  const raw = {
    id,
    type: wire.revoked ? 'revoked' : wire.type,
    t: wire.t,
    ack: wire.ack,
    from: wire.fromMe ? me() : chat,
    to: wire.fromMe ? chat : me(),
    self: wire.fromMe ? 'out' : 'in',
    notifyName: wire.notifyName,
    mentionedJidList: (wire.mentions ?? []).map(toWid),
  };
  if (wire.viewOnce) raw.isViewOnce = true;
  if (wire.expires) raw.ephemeralDuration = wire.expires;
  if (wire.forwarded) raw.isForwarded = true;
  if (wire.participant && !wire.fromMe) raw.author = toWid(wire.participant);
  if (wire.quoted) {
    raw.quotedStanzaID = wire.quoted.id;
    raw.quotedParticipant = toWid(wire.quoted.sender);
    raw.quotedMsg = { type: wire.quoted.type, body: wire.quoted.body };
  }
  if (wire.options) {
    raw.pollName = wire.body;
    raw.pollOptions = wire.options.map((name, localId) => ({ name, localId }));
  }
  if (wire.revoked) return raw;
  if (wire.place) Object.assign(raw, { lat: wire.place.lat, lng: wire.place.lng, loc: wire.place.name });
  if (wire.card) raw.vcardFormattedName = wire.card;
  if (!wire.media) return { ...raw, body: wire.body };
  const { mimetype, filename, size, sha256 } = wire.media;
  return {
    ...raw, body: '', caption: wire.body, mimetype, filename, size, filehash: sha256, isMedia: true,
    mediaData: mediaDataOf(wire.media, wire.type),
  };
}

/** The store's own door for arrivals; wa-js wraps it on the instance. */
MsgStore.processMultipleMessages = async function processMultipleMessages(chatId, msgs) {
  const silent = { silent: !link.faults.events };
  for (const raw of msgs) {
    if (raw.type === 'protocol') {
      applyRevoke(raw);
      continue;
    }
    if (MsgStore.get(raw.id)) continue;
    if (isTold(chatId)) {
      MsgStore.add(new MsgModel(raw), silent);
      continue;
    }
    const { arrives, ...values } = raw;
    const chat = ChatStore.open(chatId, silent);
    const msg = new MsgModel(arrives ? { ...values, type: 'ciphertext', body: undefined } : values);
    addToChat(chat, msg, silent);
    if (!raw.id.fromMe) chat.set('unreadCount', Math.max(chat.unreadCount ?? 0, 0) + 1, silent);
    if (arrives) setTimeout(() => msg.set({ body: values.body, type: values.type }), DECRYPTION);
  }
};

function applyRevoke(raw) {
  const msg = MsgStore.get(raw.protocolMessageKey);
  msg?.set({ type: 'revoked', body: undefined, subtype: raw.subtype });
}

function arrivals(items) {
  let start = 0;
  while (start < items.length) {
    let end = start + 1;
    while (end < items.length && items[end].chat === items[start].chat) end += 1;
    const raws = items.slice(start, end).map((wire) => ({
      ...rawFrom(wire), isNewMsg: link.faults.live_delivery !== 'history', ...(wire.ciphertextFirst ? { arrives: true } : {}),
    }));
    MsgStore.processMultipleMessages(toWid(items[start].chat), raws);
    start = end;
  }
}

function onTyping(item) {
  const presence = PresenceStore.get(item.chat) ?? PresenceStore.make(item.chat);
  const sender = toWid(item.from);
  const type = item.state === 'paused' ? 'available' : item.state === 'recording' ? 'recording_audio' : 'composing';
  if (presence.isGroup) {
    const state = presence.chatstates.get(sender) ?? presence.chatstates.add({ id: sender });
    state.type = type;
  }
  presence.hasData = true;
  presence.chatstate.set({ type, t: Date.now() });
  PresenceStore.trigger('change:chatstate.type', presence.chatstate);
}

function onPresence(item) {
  const presence = PresenceStore.get(item.id) ?? PresenceStore.make(item.id);
  presence.isOnline = item.online;
  if (!presence.isSubscribed) return; // WhatsApp tells it to those who asked
  presence.hasData = true;
  presence.chatstate.type = item.online ? 'available' : 'unavailable';
  PresenceStore.trigger('change:chatstate.type', presence.chatstate);
}

function onRevoke(item) {
  const key = keyFrom(item.key);
  const own = new MsgKey({ ...key, id: item.own });
  const remote = toWid(item.key.chat);
  MsgStore.processMultipleMessages(remote, [{
    id: own, type: 'protocol', subtype: key.fromMe ? 'sender_revoke' : 'revoke', isNewMsg: true,
    protocolMessageKey: key, from: key.fromMe ? me() : remote, to: key.fromMe ? remote : me(),
    author: key.participant,
  }]);
}

function onEdit(item) {
  const msg = MsgStore.get(keyFrom(item.key));
  if (!msg) return;
  msg.body = item.text;
  msg.latestEditSenderTimestampMs = Date.now();
  msg.latestEditMsgKey = new MsgKey({ ...keyFrom(item.key), id: item.own });
}

function onReact(item) {
  const parent = keyFrom(item.key);
  const own = new MsgKey({ fromMe: false, remote: parent.remote, id: item.own });
  exported.reactions.addOrUpdateReactionsModelCollection({
    msgKey: String(own), parentMsgKey: String(parent), reactionText: item.emoji, orphan: 0,
    read: false, senderUserJid: item.from, t: Date.now(),
  }, true);
}

function onVote(item) {
  exported.votes.upsertVotesDb([{
    parentMsgKey: keyFrom(item.key), selectedOptionLocalIds: item.options,
    senderTimestampMs: Date.now(), sender: toWid(item.from),
  }]);
}

function onFaults(item) {
  link.faults = item.faults;
  NetworkStatus.online = item.faults.online;
  document.getElementById('banner').hidden = !item.faults.warning_banner;
}

let onPaired = () => {};
export function whenPaired(callback) {
  onPaired = callback;
}

const handlers = {
  receipt: onReceipt,
  typing: onTyping,
  presence: onPresence,
  revoke: onRevoke,
  edit: onEdit,
  react: onReact,
  vote: onVote,
  group: (item) => onGroup(item, exported),
  chat: ({ kind, ...item }) => takeChats([item]),
  label: (item) => onLabel(item, exported.labels),
  faults: onFaults,
  person: (item) => takePerson(item.person),
  blocked: onBlocked,
  session: (item) => sessionChange(item.do),
  paired: (item) => onPaired(item.account),
  welcome: () => {},
};

/** wa-js hears what comes from now on; without it there is nobody to wait for. */
async function listenersReady() {
  for (let waited = 0; waited < 8000 && window.WPP && !window.WPP.isFullReady; waited += 50) {
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  await new Promise((resolve) => setTimeout(resolve, 100));
}

let before = Promise.resolve();
let held = 0;

/** Take a batch of news in, in its order; what came while no page was open waits for listeners. */
export function takeNews(items) {
  if (held === 0 && !items.some((item) => item.late)) {
    applyNews(items);
    return;
  }
  held += 1;
  before = before
    .then(() => (items.some((item) => item.late) ? listenersReady() : undefined))
    .then(() => applyNews(items))
    .finally(() => { held -= 1; });
}

function applyNews(items) {
  let messages = [];
  let last = 0;
  const flush = () => {
    if (messages.length) arrivals(messages);
    messages = [];
  };
  for (const item of items) {
    if (item.kind === 'message') {
      messages.push(item);
      if (!item.fromMe || item.n > last) last = item.n;
    } else {
      flush();
      handlers[item.kind]?.(item);
    }
  }
  flush();
  if (last) tellTaken(last);
}

let toTell = 0;
let isTelling = false;

/** Tell up to where everything is taken in: one call at a time, so that a flood leaves lines for sends. */
async function tellTaken(last) {
  toTell = last;
  if (isTelling) return;
  isTelling = true;
  try {
    for (let told = 0; told !== toTell;) {
      const n = toTell;
      await call('taken', { n });
      told = n;
    }
  } catch (error) {
    console.warn('taken', error.message);
  }
  isTelling = false;
}
