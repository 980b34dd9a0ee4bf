// How the account keeps its chats, and what was said in them long ago.
(() => {
  'use strict';
  if (!window.alexia || window.alexia.commands.chats) return;
  const { commands, kit: { id, stanza, known, plain, text, calm, talk, resolve, keepBack, letGo, seconds, listed } } = window.alexia;

  const RELEASE = 10000; // ms after which a forwarded message is told, whoever forgot it

  function labelsOf(chat) {
    return (chat.labels || []).map((one) => calm(() => text(WPP.whatsapp.LabelStore.get(one).name), '')).filter(Boolean);
  }

  function kept(chat) {
    return {
      id: known(chat.id), name: text(chat.name || calm(() => chat.contact.name, '') || ''), unread: chat.unreadCount || 0,
      archived: Boolean(chat.archive), pinned: Boolean(chat.pin), muted: calm(() => chat.mute.expiration, 0) || 0,
      expires: chat.ephemeralDuration || 0, t: seconds(chat.t), labels: labelsOf(chat),
    };
  }

  async function older({ chat: address, before, most, known }) {
    const stored = new Set(known);
    const found = await talk(await resolve(address), before, Math.ceil(most / 100) + 1);
    const past = found.filter((msg) => seconds(msg.t) <= before && !stored.has(stanza(msg.id)));
    return past.slice(-most).map(plain);
  }

  async function forward({ chat: address, of, id: bare }) {
    const same = (msg) => stanza(msg.id) === bare;
    const msg = WPP.whatsapp.MsgStore.getModelsArray().find(same) || (await talk(await resolve(of), 0)).find(same);
    if (!msg) throw Object.assign(new Error('the message is not there any more'), { code: 'msg_not_found' });
    const to = await resolve(address);
    const before = new Set(to.msgs.getModelsArray().map((one) => id(one.id)));
    keepBack(id(to.id));
    setTimeout(letGo, RELEASE, id(to.id));
    try {
      await WPP.chat.forwardMessages(id(to.id), [msg]);
    } catch (error) {
      letGo(id(to.id));
      throw error;
    }
    return to.msgs.getModelsArray().filter((one) => one.id.fromMe && one.isForwarded && !before.has(id(one.id)))
      .map((one) => id(one.id));
  }

  const place = async (address) => id((await resolve(address)).id);

  Object.assign(commands, {
    chats: async () => [...(await listed())]
      .sort((one, other) => seconds(other.t) - seconds(one.t)).map(kept),
    chat_archive: async ({ chat, on }) => {
      const at = await resolve(chat);
      if (Boolean(at.archive) === on) return true;
      return on ? WPP.chat.archive(id(at.id)) : WPP.chat.unarchive(id(at.id));
    },
    chat_pin: async ({ chat, on }) => {
      const at = await resolve(chat);
      if (Boolean(at.pin) === on) return true;
      return on ? WPP.chat.pin(id(at.id)) : WPP.chat.unpin(id(at.id));
    },
    chat_mute: async ({ chat, until }) => (until
      ? WPP.chat.mute(await place(chat), { expiration: until }) : WPP.chat.unmute(await place(chat))),
    chat_unread: async ({ chat }) => WPP.chat.markIsUnread(await place(chat)),
    chat_older: older,
    chat_forward: forward,
    chat_forwarded: async ({ chat }) => { letGo(await place(chat)); return true; },
  });
})();
