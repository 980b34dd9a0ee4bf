// Looking for messages of the past: those that the page holds, and those that are found on demand.

import { MsgModel } from './entities.js';
import { ChatStore, MsgStore } from './stores.js';

const kept = new Map(); // chat -> raw messages, the oldest first, that no store holds

export const archive = {
  put(chat, raw) { kept.set(chat, [{ ...raw, attributes: raw }, ...(kept.get(chat) ?? [])]); },
  has: (wire) => (kept.get(wire.chat) ?? []).some((raw) => raw.id.id === wire.id),
  find(key) {
    const found = (kept.get(String(key.remote)) ?? []).find((raw) => raw.id.equals(key));
    return found && new MsgModel(found.attributes);
  },
};

function around(anchor, count, direction, keep = () => true) {
  const chat = ChatStore.get(anchor.remote);
  const held = [...(kept.get(String(anchor.remote)) ?? []), ...(chat?.msgs.list ?? [])];
  const all = held.filter((msg) => keep(msg) || msg.id.equals(anchor));
  const place = all.findIndex((msg) => msg.id.equals(anchor));
  if (place < 0) return { messages: [], status: 404 };
  const many = Math.max(0, Math.min(count, all.length));
  const found = direction === 'after' ? all.slice(place + 1, place + 1 + many) : all.slice(Math.max(0, place - many), place);
  return { messages: found.map((msg) => msg.attributes), status: 200 };
}

export const finding = {
  msgFindByDirection: async ({ anchor, count, direction }) => around(anchor, count, direction),
  msgFindBefore: async ({ anchor, count }) => around(anchor, count, 'before'),
  msgFindAfter: async ({ anchor, count }) => around(anchor, count, 'after'),
};

export const findingMedia = {
  msgFindMedia: async ({ anchor, count, direction }) => around(anchor, count, direction, (msg) => msg.isMedia),
};

/** The messages around a key, as the search opens them. */
export function getSearchContext({ chat, msgKey }) {
  const msg = MsgStore.get(msgKey);
  const found = { get: (key) => MsgStore.get(key) ?? archive.find(key), loadAroundPromise: Promise.resolve() };
  return { collection: found, msg, chat };
}
