// Our side of the page: hears wa-js, tells Python in batches, and carries out its commands.
(() => {
  'use strict';
  if (window !== window.top || location.host !== ALEXIA_HOST || window.alexia) return;

  const MOST = 256;       // events told at once
  const LONGEST = 65536;  // characters of a text
  const PAGE = 100;       // messages read back at once
  const PAGES = 200;      // pages read back of one chat
  const TRIES = 3;        // further tries to read a page of a chat, each after twice the time
  const READS = 7000;     // ms within which a page of a chat is read, or is not
  const SPARE = 100;      // failures in a row after which nothing is tried again
  const ARRIVES = 20000;  // ms in which a page may get its chats bit by bit
  const CODE_WITHIN = 2000; // ms that WhatsApp may take for a login code
  const SOON = 300;       // ms after which it is said that there is none yet
  const UNDER_WAY = 60000; // ms in which a send that the page is at counts as one that may leave
  const LEAST_AHEAD = 3;  // s by which clocks may differ for nothing
  const MOST_AHEAD = 172800; // s; two days are no clock that is wrong, but a time that is none
  const SENDS = new Set(['send', 'file', 'poll', 'place', 'card']);
  const under = new Map();
  const born = `${Date.now()}-${Math.random()}`;
  const fates = new Map();
  const FATES = 1000;     // sends of which it is kept what WhatsApp said
  const WARNS = /risk|restrict|limited|banned|riesgo|restring|limitad|risco|banid/i;
  let opened = Infinity;  // when it first showed its chats, ms
  let watching = false;
  let queue = [];
  let telling = false;

  const text = (value) => (typeof value === 'string' ? value.slice(0, LONGEST) : '');
  const calm = (read, other) => { try { return read(); } catch { return other; } };

  // The text of an address or of a message's key, whichever form it has.
  function id(value) {
    if (value === null || value === undefined) return '';
    const said = String(value);
    if (typeof value !== 'object' || !said.startsWith('[object')) return said;
    if (typeof value._serialized === 'string') return value._serialized;
    if (value.user && value.server) return `${value.user}@${value.server}`;
    if (!value.id || !value.remote) return '';
    return [Boolean(value.fromMe), id(value.remote), value.id, id(value.participant)].filter((part) => part !== '').join('_');
  }

  // The stanza id of a message's key: true_CHAT_ID[_PARTICIPANT]. It may hold underscores of its own.
  const KEY = /^(?:true|false)_[^_]+_([^]+?)(?:_[^_@\s]+@[a-z.]+)?$/;
  const stanza = (key) => (KEY.exec(id(key)) || [])[1] || id(key);

  // Whether a key is that of a message of ours; it may be an object or its text.
  const isOurs = (key) => (typeof key === 'string' ? key.startsWith('true_') : Boolean(calm(() => key.fromMe, false)));
  const chatOf = (key) => (typeof key === 'string' ? key.split('_')[1] : calm(() => key.remote, null));

  // By how many seconds WhatsApp's clock is ahead of this computer's, as its page knows; 0: hardly.
  // Asked for each message: a page learns it when it connects, and tells what waited right then.
  let lead = 0;
  function ahead() {
    const told = calm(() => WPP.whatsapp.functions.unixTime() - Date.now() / 1000 + 0.5, NaN);
    if (!Number.isFinite(told)) return lead;
    const holds = Math.abs(told) > LEAST_AHEAD && Math.abs(told) < MOST_AHEAD;
    if (Math.abs(told - lead) > LEAST_AHEAD) lead = holds ? Math.round(told) : 0; // else order would waver
    return lead;
  }

  // A moment in seconds of this computer's clock; WhatsApp's may be in milliseconds or a text. 0: it
  // cannot be read.
  function seconds(moment) {
    const told = typeof moment === 'string' && Number.isNaN(Number(moment)) ? Date.parse(moment) : Number(moment);
    if (!(told > 0)) return 0;
    return (told > 1e11 ? told / 1000 : told) - ahead();
  }
  const when = (msg) => seconds(msg.t);

  // What somebody chose of a list or of buttons, where it does not stand in the body.
  const chosen = (msg) => [
    () => msg.listResponse?.title, () => msg.listResponse?.singleSelectReply?.selectedRowId, () => msg.selectedDisplayText,
    () => msg.buttonsResponse?.selectedDisplayText, () => msg.templateButtonReplyMessage?.selectedDisplayText,
    () => msg.interactiveResponse?.body?.text,
  ].map((read) => text(calm(read, ''))).find(Boolean) || '';

  // Whether the page itself says of a type that nobody sends it.
  const isSystem = (type) => calm(() => {
    const listed = WPP.whatsapp.SYSTEM_MESSAGE_TYPES;
    if (!listed) return false;
    return listed.has ? listed.has(type) : Object.values(listed).includes(type);
  }, false);

  // A hidden address is shown by its number, where WhatsApp knows it.
  function known(address) {
    const bare = id(address);
    if (!bare.endsWith('@lid')) return bare;
    return calm(() => {
      const wid = typeof address === 'string' ? WPP.whatsapp.WidFactory.createWid(address) : address;
      const entry = WPP.whatsapp.lidPnCache.getPhoneNumber(wid);
      return entry ? id(entry) : bare;
    }, bare);
  }

  // The hidden address behind one that is shown by its number.
  const alias = (address) => (known(address) === id(address) ? '' : id(address));

  // The names under which WhatsApp knows this account.
  const ourNames = () => [calm(() => id(WPP.conn.getMyUserId()), ''), calm(() => id(WPP.conn.getMyUserLid()), '')];

  // What is empty is not told: a common message is a third as long without it.
  const said = (value) => value || undefined;

  // Nothing here may throw in a common message: each error costs more than all else of it.
  function plain(msg) {
    const key = msg.id;
    const fromMe = isOurs(key);
    const chat = chatOf(key) || (fromMe ? msg.to : msg.from);
    const sender = calm(() => msg.author, null) || calm(() => key.participant, null) || msg.from;
    const whom = id(chat).endsWith('@g.us') ? sender : chat;
    const mentions = calm(() => (msg.mentionedJidList || []).map(known), []);
    const [where, who] = [known(chat), known(sender)];
    return {
      id: id(key), chat: where, sender: who === where ? undefined : who, alias: said(alias(whom)), fromMe: said(fromMe),
      type: text(msg.type), system: said(isSystem(msg.type)), body: text(msg.body) || chosen(msg), caption: said(text(msg.caption)),
      t: when(msg) || (msg.isNewMsg ? Date.now() / 1000 : 0), ack: msg.ack, isNew: said(Boolean(msg.isNewMsg)),
      name: said(text(calm(() => msg.notifyName, ''))),
      mimetype: said(text(msg.mimetype)), filename: said(text(msg.filename)), size: msg.size,
      lat: msg.lat, lng: msg.lng, loc: said(text(msg.loc)),
      quoted: said(text(calm(() => msg.quotedStanzaID, ''))),
      quotedText: said(text(calm(() => msg.quotedMsg?.body || msg.quotedMsg?.caption, ''))),
      card: said(text(calm(() => msg.vcardFormattedName, ''))),
      viewOnce: said(Boolean(calm(() => msg.isViewOnce, false))), expires: said(msg.ephemeralDuration),
      mentioned: said(mentions.length > 0 && mentions.some((one) => ourNames().includes(one))),
      edited: said(calm(() => msg.latestEditSenderTimestampMs, 0)),
    };
  }

  // Chats into which something is being forwarded: what is ours there is told once its id is known.
  const waiting = new Map();
  const keepBack = (chat) => waiting.set(chat, waiting.get(chat) || []);
  const letGo = (chat) => { const told = waiting.get(chat) || []; waiting.delete(chat); told.forEach(tell); };

  function tell(event) {
    const chat = event.kind === 'message' && event.raw.fromMe ? event.raw.id.split('_')[1] : '';
    if (chat && waiting.has(chat)) { waiting.get(chat).push(event); return; }
    queue.push(event);
    if (!telling) { telling = true; queueMicrotask(flush); }
  }

  // What one task of the page raises is told together, and so is what comes while that is taken in.
  // What was not taken in stays, and is told again.
  async function flush() {
    while (queue.length) {
      const batch = queue.slice(0, MOST);
      try {
        await window.alexiaTake(JSON.stringify({ born, events: batch, unswept: window.alexia.unswept() }));
        queue = queue.slice(batch.length);
      } catch {
        await new Promise((done) => setTimeout(done, 200));
      }
    }
    telling = false;
  }

  // What WhatsApp said of our sends, by bare id: 0 that it took one, else why not. The store knows less.
  function watchSends() {
    watching = true;
    const sends = calm(() => WPP.loader.search((found) => found.addAndSendMsgToChat), null);
    if (!sends) return;
    const send = sends.addAndSendMsgToChat;
    sends.addAndSendMsgToChat = (chat, msg, ...more) => {
      const sent = send(chat, msg, ...more);
      note(sent).catch(() => null);
      return sent;
    };
  }

  async function note(sent) {
    const [msg, result] = await sent;
    const [held, said] = [await msg, await result];
    const code = [said.errorCode, said.code, said.error].find((one) => Number.isFinite(one));
    fates.set(stanza(held.id), said.messageSendResult === 'OK' ? 0 : code);
    if (fates.size > FATES) fates.delete(fates.keys().next().value);
  }

  // The banner in which WhatsApp warns of a risk to the account; "" when there is none.
  function warning() {
    const shown = [...document.querySelectorAll('[role="alert"]')].filter((one) => !one.hidden && one.getClientRects().length);
    return shown.map((one) => one.textContent.trim()).find((said) => WARNS.test(said)) || '';
  }

  const inside = () => Boolean(calm(() => WPP.conn.isAuthenticated(), false));

  // The login code, asked for once at a time. While WhatsApp is slow to tell, that of before, for a while.
  const asked = { code: '', since: 0, answer: null };
  function loginCode() {
    if (!asked.answer) {
      asked.since = performance.now();
      asked.answer = WPP.conn.getAuthCode().then((found) => (found ? found.fullCode : ''), () => '').then((code) => {
        Object.assign(asked, { code, answer: null });
        return code;
      });
    }
    const before = () => (performance.now() - asked.since < CODE_WITHIN ? asked.code : '');
    return Promise.race([asked.answer, new Promise((done) => setTimeout(() => done(before()), SOON))]);
  }

  async function state() {
    if (!window.WPP || !WPP.isFullReady) return { born, ready: false };
    if (!watching) watchSends();
    const authenticated = inside();
    const told = calm(() => id(WPP.whatsapp.Stream.mode), '');
    const mode = calm(() => id(WPP.whatsapp.Socket.state), '') === 'CONFLICT' ? 'CONFLICT' : told;
    if (mode === 'MAIN') opened = Math.min(opened, performance.now());
    let code = '';
    if (!authenticated) code = await loginCode();
    return {
      born, ready: true, authenticated, mode, code, queued: queue.length, unswept: window.alexia.unswept(), outdated: calm(() => WPP.whatsapp.Stream.needsUpdate === true, false),
      account: authenticated ? calm(() => id(WPP.conn.getMyUserId()), '') : '',
      online: calm(() => WPP.conn.isOnline() !== false, true), warning: text(calm(warning, '')).slice(0, 200),
    };
  }

  // What a page is asked, unless it takes too long: some questions are never answered.
  const LATE = Object.assign(new Error('it is not read in time'), { code: 'late' });
  const inTime = (asked) => Promise.race([asked, new Promise((_, fail) => setTimeout(fail, READS, LATE))]);

  // What the page fails at is asked again, as often as it has failures to spare; a missing function is not.
  let spare = SPARE;
  async function again(ask) {
    for (let tries = 1; ; tries += 1) {
      try {
        const answer = await ask();
        spare = Math.min(spare + 1, SPARE);
        return answer;
      } catch (error) {
        if (error instanceof TypeError || error === LATE || tries > TRIES || spare < 1) throw error;
        spare -= 1;
        await new Promise((done) => setTimeout(done, 50 * 2 ** tries));
      }
    }
  }

  // A page of a chat's history before or after a key; the page's own models where they are held.
  const reach = (address, key, direction) => again(() => inTime(WPP.chat.getMessages(address, { id: key, direction, count: PAGE })));

  // What the page knows of a chat since a moment, the oldest first, read back only as far as needed.
  async function talk(chat, moment, least = 0) {
    const held = heldIn(chat);
    const last = calm(() => (chat.lastReceivedKey ? id(chat.lastReceivedKey) : ''), '') || (held.length ? id(held.at(-1).id) : '');
    const address = id(chat.id);
    const names = new Set(held.map((msg) => id(msg.id)));
    const stranger = (msg) => !names.has(id(msg.id));
    let found = [...held];
    if (!last) return found;
    let newest = last;
    const later = [];
    for (let page = 0; page < PAGES; page += 1) {
      const read = inOrder(await reach(address, newest, 'after'));
      const after = read.filter(stranger);
      after.forEach((msg) => names.add(id(msg.id)));
      later.push(...after);
      if (!after.length || read.length < PAGE) break;
      newest = id(read.at(-1).id);
    }
    let oldest = held.length ? held[0] : null;
    for (let page = 0; page < PAGES && (page < least || !oldest || when(oldest) >= moment); page += 1) {
      const read = await reach(address, oldest ? id(oldest.id) : last, 'before');
      const before = inOrder(read.filter(stranger));
      if (!before.length) break;
      before.forEach((msg) => names.add(id(msg.id)));
      found = [...before, ...found];
      oldest = before[0];
    }
    const itself = names.has(last) ? null : await between(address, found.at(-1), last, later[0]);
    if (held.length > 1) found = await filled(address, found, held, stranger);
    return [...found, ...(itself ? [itself] : []), ...later];
  }

  // With what the page's history has among the messages that it holds, and it does not hold.
  async function filled(address, found, held, stranger) {
    const read = inOrder(await reach(address, id(held.at(-1).id), 'before'));
    if (!read.some(stranger)) return found;
    const whole = [...found];
    let place = 0; // times are whole seconds: each stands behind the one that is before it in the history
    read.forEach((msg) => {
      const at = whole.findIndex((one) => id(one.id) === id(msg.id));
      if (at < 0) whole.splice(place, 0, msg);
      place = at < 0 ? place + 1 : at + 1;
    });
    return whole;
  }

  const inOrder = (messages) => messages.sort((one, other) => when(one) - when(other));

  // The message of a key from which was read on: it is in neither part, and may not be held.
  async function between(address, before, key, after) {
    if (!before && !after) return WPP.chat.getMessageById(key).catch(() => null);
    const read = await (after ? reach(address, id(after.id), 'before') : reach(address, id(before.id), 'after'));
    return read.find((msg) => id(msg.id) === key);
  }

  const isBare = (chat) => !heldIn(chat).length && !calm(() => chat.lastReceivedKey, null);
  const heldIn = (chat) => calm(() => chat?.msgs?.getModelsArray() || [], []);
  // All chats; where they cannot be listed, those that the page holds.
  const listed = () => WPP.chat.list({ ignoreGroupMetadata: true }).catch(() => WPP.whatsapp.ChatStore.getModelsArray());

  const resolve = (address) => again(() => WPP.chat.find(address));

  // Our message by its bare id in what the page holds; undefined: not there.
  const own = (bare) => WPP.whatsapp.MsgStore.getModelsArray().find(
    (msg) => calm(() => msg.id.fromMe, false) && stanza(msg.id) === bare);

  // The whole key of a message that the page holds.
  function named(bare) {
    const held = WPP.whatsapp.MsgStore.getModelsArray().find((msg) => stanza(msg.id) === bare);
    if (!held) throw Object.assign(new Error('the message is not there any more'), { code: 'msg_not_found' });
    return id(held.id);
  }

  const standing = (held, bare) => ({
    ack: held ? (held.ack < 0 && fates.get(bare) === 0 ? 1 : held.ack) : null, code: fates.get(bare) || null });

  // The ack of a message of ours, in the chat under any of its names; null: not there. A history
  // that cannot be read raises, and so does a chat that holds nothing while the page may yet get
  // its chats: "not there" would send it again.
  async function ack({ chat: address, id: bare }) {
    const found = own(bare);
    if (found) return standing(found, bare);
    if (performance.now() - (under.get(bare) ?? -Infinity) < UNDER_WAY) {
      throw Object.assign(new Error('the page is still at sending it'), { code: 'under_way' });
    }
    let [held, empty] = [undefined, true];
    for (const chat of sameChats(address, await resolve(address))) {
      const messages = await talk(chat, Number.MAX_SAFE_INTEGER, 1);
      held ||= messages.find((msg) => stanza(msg.id) === bare) || own(bare);
      empty &&= isBare(chat);
    }
    if (!held && empty && performance.now() - opened < ARRIVES) {
      throw Object.assign(new Error('the page has not got its chat yet'), { code: 'chat_not_there' });
    }
    return standing(held, bare);
  }

  // The chat that an address resolves to, and those that the page keeps under the person's other names.
  function sameChats(address, resolved) {
    const wid = (name) => WPP.whatsapp.WidFactory.createWid(name);
    const hidden = (name) => calm(() => id(WPP.whatsapp.lidPnCache.getCurrentLid(wid(name))), '');
    const names = [address, known(address), known(resolved.id), hidden(address), hidden(id(resolved.id))];
    const others = [...new Set(names)].filter((name) => name && name !== id(resolved.id));
    return [resolved, ...others.map((name) => calm(() => WPP.whatsapp.ChatStore.get(wid(name)), null)).filter(Boolean)];
  }

  const commands = {
    ack, state,
    typing: async ({ chat, on }) => (on ? WPP.chat.markIsComposing(chat) : WPP.chat.markIsPaused(chat), true),
    recording: async ({ chat }) => { await WPP.chat.markIsRecording(chat); return true; },
    read: async ({ chat }) => { await WPP.chat.markIsRead(chat); return true; },
    react: async ({ id: bare, emoji }) => { await WPP.chat.sendReactionToMessage(named(bare), emoji); return true; },
    edit: async ({ id: bare, text: body }) => { await WPP.chat.editMessage(named(bare), body, { linkPreview: false, delay: 0 }); return true; },
    revoke: async ({ chat, id: bare }) => {
      await WPP.chat.deleteMessage(id((await resolve(chat)).id), named(bare), true, true);
      return true;
    },
    logout: async () => { await WPP.conn.logout(); return true; },
    refresh: async () => { await WPP.conn.refreshQR(); return true; },
    link: async ({ phone }) => ({ code: text(await WPP.conn.startLinkDeviceCodeForPhoneNumber(phone)) }),
  };

  // What is meant for the page before this one is not done in it: it may not be ready for that.
  function carry(command) {
    if (command.born && command.born !== born && command.do !== 'state') {
      throw Object.assign(new Error('the page was loaded anew'), { code: 'another_page' });
    }
    return SENDS.has(command.do) ? sending(command) : commands[command.do](command);
  }

  // Sends that the page is at, by bare id, and since when: they may yet leave.
  async function sending(command) {
    under.set(command.id, performance.now());
    try {
      return await commands[command.do](command);
    } finally {
      under.delete(command.id);
    }
  }

  // What was thrown, which may be anything. Only wa-js and we give codes in words: a refusal. A code
  // that the page gives, or a number as the browser's own errors have, says nothing of what was done.
  function failure(thrown) {
    const [code, name] = [calm(() => thrown.code, ''), calm(() => thrown.name, '')];
    const isRefusal = calm(() => thrown instanceof Error, false) && typeof code === 'string' && /^([a-z]|NOT_)\w+$/.test(code);
    const kind = typeof name === 'string' && name.endsWith('Error') ? name : 'error';
    return { code: isRefusal ? code : kind, said: calm(() => String(thrown.message || thrown), '?').slice(0, 300) };
  }

  // Sends of one chat go in the order of asking; chats go side by side.
  async function run(list) {
    const lanes = new Map();
    return JSON.stringify(await Promise.all(list.map((command) => {
      const lane = command.chat || '';
      const before = lanes.get(lane) || Promise.resolve();
      const now = before.then(() => carry(command)).then(
        (value) => ({ ok: true, value: value === undefined ? null : value }),
        (error) => ({ ok: false, ...failure(error) }));
      lanes.set(lane, now);
      return now;
    })));
  }

  // What further scripts of ours need: the same words, and to be called once wa-js can be heard.
  const hear = (what) => { if (window.WPP && WPP.on) what(); else setTimeout(hear, 1, what); };

  window.alexia = { run, born, commands, kit: { id, stanza, known, plain, text, calm, tell, hear, talk, resolve, keepBack, letGo, seconds, listed, heldIn, isBare, chatOf, isOurs, alias }, unswept: () => 0 };
})();
