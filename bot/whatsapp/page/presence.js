// Who is online: told only where the owner wants that kept, and only when it changes.
(() => {
  'use strict';
  if (!window.alexia || window.alexia.commands.presence) return;
  const { commands, kit: { id, known, tell, hear } } = window.alexia;

  const last = new Map();
  const asked = new Set();
  let following = false;

  async function ask(addresses) {
    const fresh = addresses.filter((one) => !asked.has(one) && /@(c\.us|lid)$/.test(one));
    fresh.forEach((one) => asked.add(one));
    if (fresh.length) await WPP.contact.subscribePresence(fresh);
  }

  commands.presence = async ({ on }) => {
    following = on;
    if (on) await ask((await WPP.chat.list({ onlyUsers: true, ignoreGroupMetadata: true })).map((chat) => id(chat.id)));
    return true;
  };

  // Hears of one person from now on, where that is kept at all.
  commands.presence_ask = async ({ chat }) => {
    if (!following) throw Object.assign(new Error(''), { code: 'presence_is_off' });
    await ask([chat]);
    return true;
  };

  // What others see of us: that somebody is at this number, or nobody.
  commands.appear = async ({ on }) => (on ? WPP.conn.markAvailable() : WPP.conn.markUnavailable());

  hear(() => {
    WPP.on('chat.presence_change', (event) => {
      if (!following || !event.isUser) return;
      const who = known(event.id);
      const online = Boolean(event.isOnline);
      if (last.get(who) === online) return;
      last.set(who, online);
      tell({ kind: 'presence', raw: { who, online, t: event.t } });
    });
    WPP.on('chat.new_message', (msg) => {
      if (following && !msg.id.fromMe) ask([id(msg.id.remote)]).catch(() => {});
    });
  });
})();
