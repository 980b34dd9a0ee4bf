// Looking for messages of the past; the page holds all of its history in memory.

import { ChatStore, MsgStore } from './stores.js';

function around(anchor, count, direction, keep = () => true) {
  const chat = ChatStore.get(anchor.remote);
  const all = (chat?.msgs.list ?? []).filter((msg) => keep(msg) || msg.id.equals(anchor));
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
  const found = { get: (key) => MsgStore.get(key), loadAroundPromise: Promise.resolve() };
  return { collection: found, msg, chat };
}
