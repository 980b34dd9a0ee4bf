// Boot: who am I, what do I know, open the loader, show a code or the chats.

import { takeBlocked, takeLabels } from './actions.js';
import { takeChats } from './chats.js';
import { MsgModel } from './entities.js';
import { archive } from './history.js';
import { toWid } from './ids.js';
import { call, link, listen } from './link.js';
import { openLoader } from './loader.js';
import { registerModules } from './modules.js';
import { isTold, rawFrom, takeNews, whenPaired } from './receive.js';
import { redraw, watch } from './screen.js';
import { addToChat, resumeClock } from './send.js';
import { NetworkStatus, Stream, enterMain, onSessionChange, showCodes, storeLogin } from './session.js';
import { openStorage, readClock, readLogin, writeLogin } from './storage.js';
import { ChatStore, takeGroup, takePerson } from './stores.js';

/** Fill the stores with what the phone has told so far; nothing of it is new. */
function fillStores(known) {
  link.account = known.account;
  for (const person of known.people) takePerson(person);
  for (const group of known.groups) takeGroup(group);
  const later = new Map();
  for (const wire of [...known.history].reverse()) {
    const after = later.get(wire.chat) ?? 0;
    later.set(wire.chat, after + 1);
    // What the page does not hold when it opens is found on demand only.
    const most = link.faults.history_unheld ? 0 : link.faults.history_held || Infinity;
    if (after < most || isTold(wire.chat)) continue;
    const raw = rawFrom(wire);
    archive.put(wire.chat, raw);
    if (!after) ChatStore.open(toWid(wire.chat), { silent: true }).set({ t: raw.t, lastReceivedKey: raw.id }, { silent: true });
  }
  for (const wire of known.history) {
    if (isTold(wire.chat) || archive.has(wire)) continue;
    const chat = ChatStore.open(toWid(wire.chat), { silent: true });
    addToChat(chat, new MsgModel(rawFrom(wire)), { silent: true });
  }
  takeLabels(known.labels);
  takeBlocked(known.blocked);
  takeChats(known.chats);
  for (const [id, count] of Object.entries(known.unread)) ChatStore.open(id).set('unreadCount', count, { silent: true });
}

async function pairedWith(account) {
  const known = await storeLogin(account);
  fillStores(known);
  await listen(takeNews);
  enterMain();
}

async function boot() {
  await openStorage();
  const hello = await call('hello', { device: (await readLogin('device')) ?? '' });
  Object.assign(link, { page: hello.page, faults: hello.faults });
  await writeLogin('device', hello.device);
  document.getElementById('banner').hidden = !hello.faults.warning_banner;
  NetworkStatus.online = hello.faults.online;
  onSessionChange(redraw);
  whenPaired((account) => pairedWith(account));
  const MsgKey = registerModules();
  if (hello.account) fillStores(hello);
  openLoader();
  watch();
  Stream.info = 'OPENING';
  await listen(takeNews);
  if (!hello.account) {
    showCodes();
    return;
  }
  resumeClock(await readClock(), MsgKey);
  enterMain();
}

boot();
