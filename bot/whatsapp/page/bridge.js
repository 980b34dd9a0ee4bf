// Our side of the page: hears wa-js, tells Python in batches, and carries out its commands.
(() => {
  'use strict';
  if (window !== window.top || location.host !== ALEXIA_HOST || window.alexia) return;

  const PAUSE = 2;        // ms that events are gathered
  const MOST = 256;       // events told at once
  const LONGEST = 65536;  // characters of a text
  const born = `${Date.now()}-${Math.random()}`;
  let queue = [];
  let telling = false;

  const text = (value) => (typeof value === 'string' ? value.slice(0, LONGEST) : '');
  const id = (value) => (value === null || value === undefined ? '' : String(value));
  const calm = (read, other) => { try { return read(); } catch { return other; } };

  // A hidden address is shown by its number, where WhatsApp knows it.
  function known(address) {
    const bare = id(address);
    if (!bare.endsWith('@lid')) return bare;
    return calm(() => {
      const entry = WPP.whatsapp.lidPnCache.getPhoneNumber(address);
      return entry ? id(entry) : bare;
    }, bare);
  }

  function plain(msg) {
    const key = msg.id;
    const chat = calm(() => key.remote, null) || msg.from;
    const sender = calm(() => msg.author, null) || calm(() => key.participant, null) || msg.from;
    const fromMe = Boolean(calm(() => key.fromMe, false));
    const mentions = calm(() => (msg.mentionedJidList || []).map(id), []);
    const me = calm(() => id(WPP.conn.getMyUserId()), '');
    return {
      id: id(key), chat: known(chat), sender: known(sender), fromMe,
      type: text(msg.type), body: text(msg.body), caption: text(msg.caption),
      t: msg.t, ack: msg.ack, isNew: Boolean(msg.isNewMsg),
      name: text(calm(() => msg.notifyName, '') || ''),
      mimetype: text(msg.mimetype), filename: text(msg.filename), size: msg.size,
      lat: msg.lat, lng: msg.lng, loc: text(msg.loc),
      quoted: text(calm(() => msg.quotedStanzaID, '') || ''),
      mentioned: mentions.includes(me),
    };
  }

  function tell(event) {
    queue.push(event);
    if (!telling) { telling = true; setTimeout(flush, PAUSE); }
  }

  // What was not taken in stays, and is told again.
  async function flush() {
    while (queue.length) {
      const batch = queue.slice(0, MOST);
      try {
        await window.alexiaTake(JSON.stringify({ born, events: batch }));
        queue = queue.slice(batch.length);
      } catch {
        await new Promise((done) => setTimeout(done, 200));
      }
    }
    telling = false;
  }

  function listen() {
    WPP.on('chat.new_message', (msg) => tell({ kind: 'message', raw: plain(msg) }));
    WPP.on('chat.msg_ack_change', (change) => tell({
      kind: 'receipt', raw: { ack: change.ack, ids: (change.ids || []).map(id) },
    }));
  }

  async function state() {
    if (!window.WPP || !WPP.isFullReady) return { born, ready: false };
    const authenticated = calm(() => WPP.conn.isAuthenticated(), false);
    const mode = calm(() => id(WPP.whatsapp.Stream.mode), '');
    let code = '';
    if (!authenticated) {
      code = await WPP.conn.getAuthCode().then((found) => (found ? found.fullCode : ''), () => '');
    }
    return {
      born, ready: true, authenticated, mode, code,
      account: authenticated ? calm(() => id(WPP.conn.getMyUserId()), '') : '',
      online: calm(() => WPP.conn.isOnline() !== false, true),
    };
  }

  // All messages since a moment (s), of all chats, both ways.
  async function since(moment) {
    const found = [];
    for (const chat of await WPP.chat.list()) {
      const address = id(chat.id);
      if (address.startsWith('status@') || address.endsWith('@newsletter')) continue;
      const held = calm(() => chat.msgs.getModelsArray(), []);
      if (!held.length && (chat.t || 0) < moment) continue;
      let messages = held;
      if (!held.length || (held[0].t || 0) >= moment) {
        messages = await WPP.chat.getMessages(address, { count: -1 }).catch(() => held);
      }
      // Times are whole seconds: within one, the order in which the chat keeps its messages counts.
      const kept = calm(() => chat.msgs.getModelsArray(), []);
      const names = new Set(kept.map((msg) => id(msg.id)));
      const all = [...messages.filter((msg) => !names.has(id(msg.id))), ...kept];
      for (const msg of all) if ((msg.t || 0) >= moment) found.push(plain(msg));
    }
    return found.sort((one, other) => one.t - other.t);
  }

  async function resolve(address) {
    const chat = await WPP.chat.find(address);
    return chat;
  }

  async function send({ chat: address, text: body, id: bare, quoted }) {
    const chat = await resolve(address);
    const resolved = id(chat.id);
    let key = `true_${resolved}_${bare}`;
    if (resolved.endsWith('@g.us')) {
      const made = id(await WPP.chat.generateMessageID(resolved)).split('_');
      key = `true_${resolved}_${bare}_${made[3] || id(WPP.conn.getMyUserId())}`;
    }
    const options = {
      messageId: key, waitForAck: false, markIsRead: false, delay: 0, linkPreview: false,
      detectMentioned: false, createChat: true,
    };
    if (quoted) {
      const held = chat.msgs.getModelsArray().find((msg) => id(msg.id).split('_')[2] === quoted);
      if (held) options.quotedMsg = id(held.id);
    }
    const sent = await WPP.chat.sendTextMessage(resolved, body, options);
    return { id: id(sent.id), ack: sent.ack };
  }

  // The ack of a message of ours by its bare id, in the chat under any of its names; null: not there.
  async function ack({ chat: address, id: bare }) {
    const found = WPP.whatsapp.MsgStore.getModelsArray().find(
      (msg) => calm(() => msg.id.fromMe, false) && id(msg.id).split('_')[2] === bare);
    if (found) return { ack: found.ack };
    const chat = await resolve(address);
    const messages = await WPP.chat.getMessages(id(chat.id), { count: 100 }).catch(() => []);
    const held = messages.find((msg) => id(msg.id).split('_')[2] === bare);
    return { ack: held ? held.ack : null };
  }

  const commands = {
    send, ack, since: ({ moment }) => since(moment), state,
    typing: async ({ chat, on }) => (on ? WPP.chat.markIsComposing(chat) : WPP.chat.markIsPaused(chat), true),
    read: async ({ chat }) => { await WPP.chat.markIsRead(chat); return true; },
    react: async ({ chat, id: bare, emoji }) => {
      const held = WPP.whatsapp.MsgStore.getModelsArray().find((msg) => id(msg.id).split('_')[2] === bare);
      if (held) await WPP.chat.sendReactionToMessage(id(held.id), emoji);
      return Boolean(held);
    },
    logout: async () => { await WPP.conn.logout(); return true; },
    refresh: async () => { await WPP.conn.refreshQR(); return true; },
  };

  // Sends of one chat go in the order of asking; chats go side by side.
  async function run(list) {
    const lanes = new Map();
    return JSON.stringify(await Promise.all(list.map((command) => {
      const lane = command.chat || '';
      const before = lanes.get(lane) || Promise.resolve();
      const now = before.then(() => commands[command.do](command)).then(
        (value) => ({ ok: true, value }),
        (error) => ({ ok: false, code: String(error?.code || error?.name || 'error'), said: String(error?.message || error).slice(0, 300) }));
      lanes.set(lane, now);
      return now;
    })));
  }

  window.alexia = { run, born };
  (function wait() { if (window.WPP && WPP.on) listen(); else setTimeout(wait, 1); })();
})();
