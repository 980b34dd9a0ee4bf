// People: who is on WhatsApp, what it shows of them, and who is blocked.
(() => {
  'use strict';
  if (!window.alexia || window.alexia.commands.exists) return;
  const { commands, kit: { id, known, text, calm, tell, hear } } = window.alexia;

  const LARGEST = 4 * 1024 * 1024; // bytes of a picture; WhatsApp's own are far smaller
  const NAMES = 'change:name change:pushname change:verifiedName change:isBusiness change:username';
  const looking = new Set(); // whom we ask about ourselves: what comes of that is no news
  const shown = new Map(); // about text and picture as last told, by address
  let following = false;

  const isPerson = (address) => /@(c\.us|lid)$/.test(id(address));

  // The first of these addresses that is somebody's on WhatsApp, as WhatsApp writes it; '' for none.
  commands.exists = async ({ addresses }) => {
    for (const address of addresses) {
      const found = await WPP.contact.queryWidExists(address);
      if (found) {
        const named = String(found.wid || '');
        return named.endsWith('@c.us') ? named : address;
      }
    }
    return '';
  };

  function profile(contact) {
    const [who, own] = [known(contact.id), id(contact.id)];
    const saved = Boolean(calm(() => contact.isMyContact, false));
    const read = (name) => text(calm(() => contact[name], '') || '').slice(0, 200);
    return {
      who, alias: who === own ? '' : own, mine: saved, saved: saved ? read('name') : '', push: read('pushname'),
      verified: read('verifiedName'), username: read('username'), business: Boolean(calm(() => contact.isBusiness, false)),
    };
  }

  const everyBlocked = () => WPP.blocklist.all().filter(isPerson).map(known);

  // An address of a picture without what is signed anew each time.
  const named = (url) => (url ? String(url).split('?')[0] : '');

  // Tells of changes from now on.
  function follow() {
    if (following) return;
    following = true;
    const changed = (contact) => {
      if (isPerson(contact.id)) tell({ kind: 'person', raw: profile(contact) });
    };
    const redrawn = (model) => {
      const who = calm(() => known(model.id), '');
      const last = shown.get(who);
      const same = last && [last.about, last.tag].includes(model.status ?? named(model.imgFull || model.img));
      if (isPerson(who) && !looking.has(who) && !same) tell({ kind: 'portrait', raw: { who } });
    };
    const barred = () => tell({ kind: 'blocked', raw: { all: everyBlocked() } });
    calm(() => WPP.whatsapp.ContactStore.on(NAMES, changed));
    calm(() => WPP.whatsapp.ContactStore.on('add', changed));
    calm(() => WPP.whatsapp.ProfilePicThumbStore.on('change:img change:imgFull', redrawn));
    calm(() => WPP.whatsapp.StatusStore.on('change:status', redrawn));
    calm(() => WPP.whatsapp.BlocklistStore.on('add remove', barred));
  }

  // A part of all people that the page knows, and where the next part begins; null: it was the last.
  commands.people = async ({ from, most }) => {
    follow();
    const all = (await WPP.contact.list()).filter((contact) => isPerson(contact.id));
    const part = all.slice(from, from + most).map(profile);
    return { people: part, next: from + most < all.length ? from + most : null };
  };

  commands.blocked = () => everyBlocked();

  const base64 = (blob) => new Promise((done, fail) => {
    const reader = new FileReader();
    reader.onload = () => done(String(reader.result).split(',')[1] || '');
    reader.onerror = () => fail(reader.error);
    reader.readAsDataURL(blob);
  });

  // About text and picture of one person; the picture only where it is another than `tag` says.
  commands.portrait = async ({ chat, tag }) => {
    const who = known(chat);
    looking.add(who);
    try {
      const about = await WPP.contact.getStatus(chat).then((said) => said || '', () => null);
      const url = await WPP.contact.getProfilePictureUrl(chat);
      const now = named(url);
      shown.set(who, { about, tag: now });
      if (!now || now === tag) return { about, tag: now, data: '' };
      const answer = await fetch(url);
      if (!answer.ok) throw Object.assign(new Error(`status ${answer.status}`), { code: 'no_picture' });
      const blob = await answer.blob();
      if (blob.size > LARGEST) throw Object.assign(new Error(`${blob.size} bytes`), { code: 'too_large' });
      return { about, tag: now, data: await base64(blob) };
    } finally {
      looking.delete(who);
    }
  };

  commands.block = async ({ chat, on }) => {
    const done = await (on ? WPP.blocklist.blockContact(chat) : WPP.blocklist.unblockContact(chat));
    return Boolean(done.isBlocked);
  };

  hear(() => WPP.on('blocklist.sync', () => {
    if (following) tell({ kind: 'blocked', raw: { all: everyBlocked() } });
  }));
})();
