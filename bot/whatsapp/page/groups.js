// Groups: who is in them, what is done to them, and what happens there.
(() => {
  'use strict';
  if (!window.alexia || window.alexia.commands.groups) return;
  const { commands, kit: { id, known, text, calm, tell, hear } } = window.alexia;

  function fail(code, said) {
    throw Object.assign(new Error(said), { code });
  }

  function plain(chat) {
    const about = chat.groupMetadata || {};
    const all = about.participants;
    return {
      id: id(chat.id), subject: text(about.subject || chat.name || ''), description: text(about.desc || ''),
      owner: about.owner ? known(about.owner) : '', created: about.creation,
      isMember: calm(() => all.iAmMember(), false), isAdmin: calm(() => all.iAmAdmin(), false),
      members: calm(() => all.getModelsArray(), []).map((one) => ({
        id: known(one.id), admin: Boolean(one.isAdmin || one.isSuperAdmin), owner: Boolean(one.isSuperAdmin),
      })),
    };
  }

  // The members of whom WhatsApp knows, and the others.
  async function sorted(members) {
    const found = await Promise.all(members.map((one) => WPP.contact.queryWidExists(one).catch(() => null)));
    return [members.filter((_, place) => found[place]), members.filter((_, place) => !found[place])];
  }

  const results = (told, absent) => [
    ...Object.values(told).map((one) => ({ id: known(one.wid), code: one.code, invite: text(one.invite_code || '') })),
    ...absent.map((one) => ({ id: one, code: 404 })),
  ];

  async function create({ subject, members }) {
    const [real, absent] = await sorted(members);
    if (!real.length) fail('not_on_whatsapp', '');
    const made = await WPP.group.create(subject, real);
    return { id: id(made.gid), results: results(made.participants, absent) };
  }

  async function addTo({ chat, members }) {
    await WPP.group.ensureGroup(chat, true);
    const [real, absent] = await sorted(members);
    return results(real.length ? await WPP.group.addParticipants(chat, real) : {}, absent);
  }

  // Changes those for whom it changes something; of the others it is told that nothing had to be.
  async function change({ chat, members }, call, changes) {
    const group = await WPP.group.ensureGroup(chat, true);
    const all = group.groupMetadata.participants.getModelsArray();
    const held = new Map(members.map((one) => [one, all.find((its) => [id(its.id), known(its.id)].includes(one))]));
    const meant = members.filter((one) => held.get(one) && changes(held.get(one)));
    if (members.every((one) => !held.get(one))) fail('not_valid_group_participants', '');
    if (meant.length) await call(chat, meant);
    return members.map((one) => ({ id: one, code: meant.includes(one) ? 200 : held.get(one) ? 409 : 0 }));
  }

  const isAdmin = (one) => Boolean(one.isAdmin || one.isSuperAdmin);

  Object.assign(commands, {
    groups: async () => (await WPP.chat.list({ onlyGroups: true })).map(plain),
    group: async ({ chat }) => plain(await WPP.group.ensureGroup(chat)),
    group_create: create,
    group_add: addTo,
    group_remove: (command) => change(command, WPP.group.removeParticipants, () => true),
    group_promote: (command) => change(command, WPP.group.promoteParticipants, (one) => !isAdmin(one)),
    group_demote: (command) => change(command, WPP.group.demoteParticipants, isAdmin),
    group_subject: ({ chat, text: subject }) => WPP.group.setSubject(chat, subject),
    group_description: ({ chat, text: description }) => WPP.group.setDescription(chat, description),
    group_invite: async ({ chat, renew }) => text(
      await (renew ? WPP.group.revokeInviteCode(chat) : WPP.group.getInviteCode(chat))),
    group_join: async ({ code }) => {
      const { id: joined, pendingApproval } = await WPP.group.join(code);
      if (pendingApproval) fail('join_awaits_approval', '');
      return id(joined);
    },
    group_leave: async ({ chat }) => {
      const group = await WPP.group.ensureGroup(chat);
      if (!group.groupMetadata.participants.iAmMember()) fail('not_a_member', '');
      await WPP.group.leave(chat);
      return true;
    },
  });

  hear(() => {
    WPP.on('group.participant_changed', (event) => tell({
      kind: 'group',
      raw: {
        chat: id(event.groupId), action: event.action, by: event.author ? known(event.author) : '',
        t: Date.now(), members: event.participants.map(known),
      },
    }));
    // A line that WhatsApp writes into the chat: the group itself may be another now.
    WPP.on('chat.new_message', (msg) => {
      if (msg.type === 'gp2') tell({ kind: 'group', raw: { chat: id(msg.id.remote), action: 'changed', by: '', t: Date.now(), members: [] } });
    });
  });
})();
