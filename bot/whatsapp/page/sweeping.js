// Reads back what chats hold since a moment, and knows which chats showed up after that.
(() => {
  'use strict';
  if (!window.alexia || window.alexia.commands.since) return;
  const { born, commands, kit: { id, plain, calm, talk, seconds, listed, heldIn, isBare } } = window.alexia;

  const SIDE = 8;         // chats read back side by side
  const READ_FOR = 5000;  // ms of reading chats back, at a time
  let swept = [];         // chats that are read back, in parts
  let looked = false;     // whether all chats were ever read back
  const COUNTS = 250;     // ms that the number of chats tells whether there are new ones
  let counted = -1;       // chats that the page had when all of them were known
  let countedAt = 0;      // when that was, ms
  const known = new Set();

  const isTold = (address) => address.startsWith('status@') || address.endsWith('@newsletter');
  const when = (msg) => seconds(msg.t);

  // All messages since a moment (s), of all chats, both ways; where there are many chats, a part of
  // them, and where the next part begins. Times are whole seconds: within one, the order in which
  // the chat keeps its messages counts. `fresh`: only of chats that showed up since; `untold`: without
  // what was told by itself, and is as it was then.
  async function since({ moment, from, fresh, untold }) {
    const [page, place] = from ? from.split(' ') : [born, '0'];
    if (page !== born) throw Object.assign(new Error('the page was loaded anew'), { code: 'another_page' });
    if (!from) swept = await (fresh ? strangers() : concerned(moment));
    const found = new Map();
    const add = (msg) => {
      if (when(msg) < moment || found.has(id(msg.id)) || (untold && window.alexia.wasTold(msg))) return;
      calm(() => found.set(id(msg.id), plain(msg)));
    };
    const ends = Date.now() + READ_FOR;
    let [at, unread] = [Number(place), 0];
    for (; at < swept.length && Date.now() < ends; at += SIDE) {
      const talks = swept.slice(at, at + SIDE).map((chat) => talk(chat, moment).catch(() => { unread += 1; return heldIn(chat); }));
      (await Promise.all(talks)).flat().forEach(add);
    }
    const done = at >= swept.length;
    if (done && !fresh) calm(() => WPP.whatsapp.MsgStore.getModelsArray(), []).forEach(add);
    window.alexia.noteSwept(moment, found.keys());
    return { messages: [...found.values()].sort((one, other) => one.t - other.t), next: done ? null : `${born} ${at}`, unread };
  }

  // The chats in which something may have been said since a moment.
  async function concerned(moment) {
    const all = await listed();
    looked = true;
    all.forEach(learn);
    return all.filter((chat) => {
      if (isTold(id(chat.id))) return false;
      const last = seconds(chat.t);
      return !last || last >= moment || heldIn(chat).some((msg) => when(msg) >= moment);
    });
  }

  // A chat that holds nothing may have been made by whoever asked for it: it is not known yet.
  const isStrange = (chat) => !known.has(id(chat.id)) && !isTold(id(chat.id)) && !isBare(chat);
  const learn = (chat) => { if (!isBare(chat)) known.add(id(chat.id)); };
  const chats = () => WPP.whatsapp.ChatStore.getModelsArray();

  function strangers() {
    const found = chats().filter(isStrange);
    found.forEach(learn);
    return found;
  }

  // How many chats the page has got since they were last read back.
  window.alexia.unswept = () => calm(() => {
    const [count, now] = [WPP.whatsapp.ChatStore.length, performance.now()];
    if (!looked || (count !== undefined && count === counted && now - countedAt < COUNTS)) return 0;
    const strange = chats().filter(isStrange).length;
    if (!strange) [counted, countedAt] = [count, now];
    return strange;
  }, 0);

  commands.since = since;
})();
