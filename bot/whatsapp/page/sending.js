// Sends under ids of ours: texts, files in parts, polls, places, cards; and files that came.
(() => {
  'use strict';
  if (!window.alexia || window.alexia.commands.send) return;
  const { commands, kit: { id, stanza, known, calm, talk, resolve } } = window.alexia;

  const HELD = 300000; // ms that a file is kept for its next part
  const files = new Map();

  // The chat that WhatsApp resolves an address to, and the options of a send under an id of ours.
  async function prepare({ chat: address, id: bare, quoted, mentions }) {
    const chat = await resolve(address);
    const resolved = id(chat.id);
    let key = `true_${resolved}_${bare}`;
    if (resolved.endsWith('@g.us')) {
      const made = id(await WPP.chat.generateMessageID(resolved)).split('_').at(-1);
      key = `true_${resolved}_${bare}_${made.includes('@') ? made : id(WPP.conn.getMyUserId())}`;
    }
    const options = {
      messageId: key, waitForAck: false, markIsRead: false, delay: 0, linkPreview: false,
      detectMentioned: false, createChat: true,
    };
    if (quoted) {
      const held = chat.msgs.getModelsArray().find((msg) => stanza(msg.id) === quoted);
      if (held && held.type !== 'revoked') options.quotedMsg = id(held.id);
    }
    if (mentions && mentions.length) options.mentionedList = mentions.map((one) => seenAs(chat, one));
    return [resolved, options];
  }

  // A member's address as the group has it: in some groups the number is hidden.
  function seenAs(chat, address) {
    const all = calm(() => chat.groupMetadata.participants.getModelsArray(), []);
    const held = all.find((one) => id(one.id) === address || known(one.id) === address);
    return held ? id(held.id) : address;
  }

  // A text with the people who are mentioned, each as `@` and the digits of the address that the
  // group has; who is not named in the text stands before it.
  function naming(said, asked, listed) {
    const sign = (address) => `@${address.split('@')[0]}`;
    const names = (listed || []).map(sign);
    const named = names.reduce((found, name, place) => found.replaceAll(sign(asked[place]), name), said);
    return [...names.filter((name) => !named.includes(name)), named].filter(Boolean).join(' ');
  }

  const told = (sent) => ({ id: id(sent.id), ack: sent.ack });

  async function send(command) {
    const [chat, options] = await prepare(command);
    const body = naming(command.text, command.mentions, options.mentionedList);
    return told(await WPP.chat.sendTextMessage(chat, body, options));
  }

  function hold(token, value) {
    files.set(token, value);
    setTimeout(() => { if (files.get(token) === value) files.delete(token); }, HELD);
  }

  // A part of a file that Python sends; part 0 begins it anew.
  function add({ token, number, data }) {
    if (!number) hold(token, []);
    files.get(token).push(Uint8Array.from(atob(data), (letter) => letter.charCodeAt(0)));
    return true;
  }

  // Gets a message's file into the page, to be read in parts.
  async function open({ of: address, id: bare, moment, most, token }) {
    const same = (msg) => stanza(msg.id) === bare;
    const msg = WPP.whatsapp.MsgStore.getModelsArray().find(same)
      || (await talk(await resolve(address), moment)).find(same);
    if (!msg) throw Object.assign(new Error('the message is not there any more'), { code: 'msg_not_found' });
    const check = (size) => {
      if (size > most) throw Object.assign(new Error(`${size} bytes are too many`), { code: 'too_large' });
    };
    check(msg.size);
    const blob = await WPP.chat.downloadMedia(id(msg.id)).catch((error) => {
      if (msg.size === 0) return new Blob([]);
      throw error;
    });
    check(blob.size);
    hold(token, blob);
    return { size: blob.size };
  }

  const part = ({ token, from, to }) => new Promise((done, fail) => {
    const reader = new FileReader();
    reader.onload = () => done(String(reader.result).split(',')[1] || '');
    reader.onerror = () => fail(reader.error);
    reader.readAsDataURL(files.get(token).slice(from, to));
  });

  async function file(command) {
    const [chat, options] = await prepare(command);
    const content = new File(files.get(command.token), command.name, { type: command.mimetype });
    files.delete(command.token);
    const voice = command.kind === 'voice';
    return told(await WPP.chat.sendFileMessage(chat, content, {
      ...options, type: voice ? 'audio' : command.kind, isPtt: voice, waveform: false,
      caption: naming(command.text, command.mentions, options.mentionedList) || undefined, filename: command.name, mimetype: command.mimetype,
    }));
  }

  async function poll(command) {
    const [chat, options] = await prepare(command);
    return told(await WPP.chat.sendCreatePollMessage(chat, command.ask, command.options, {
      ...options, selectableCount: command.multiple ? 0 : 1,
    }));
  }

  async function place(command) {
    const [chat, options] = await prepare(command);
    return told(await WPP.chat.sendLocationMessage(chat, {
      ...options, lat: command.lat, lng: command.lng, name: command.name,
    }));
  }

  async function card(command) {
    const [chat, options] = await prepare(command);
    return told(await WPP.chat.sendVCardContactMessage(chat, { id: command.whom, name: command.name }, options));
  }

  Object.assign(commands, { send, add, open, part, close: ({ token }) => files.delete(token), file, poll, place, card });
})();
