// Groups: what the owner does to them, and what wa-js hears of what others do.

import { toWid } from './ids.js';
import { call } from './link.js';
import { GroupMetadataStore, takeGroup } from './stores.js';

const addresses = (some) => some.map((one) => String(one.phoneNumber ?? one.id ?? one));

const change = async (id, how, members = [], text = '') => {
  const answer = await call('group', { do: how, id: String(id), members: addresses(members), text });
  takeGroup(answer);
  return answer;
};

// WhatsApp tells of each member that was to be added what became of it.
const toldOf = ({ told }) => told.map((one) => ({
  userWid: toWid(one.id), code: one.code, invite_code: one.invite, invite_code_exp: one.until,
}));

export async function createGroup(settings, members) {
  const made = await call('group', { do: 'create', text: settings.title, members: addresses(members) });
  takeGroup(made.group);
  const participants = made.told.map((one) => ({
    wid: toWid(one.id), error: one.code === '200' ? null : one.code, invite_code: one.invite, invite_code_exp: one.until,
  }));
  return { wid: toWid(made.group.id), participants };
}

export async function addGroupParticipants(id, members) {
  return { status: 207, participants: toldOf(await change(id, 'add', members)) };
}

export const groupChanges = {
  addParticipants: (chat, members) => change(chat.id, 'add', members),
  removeParticipants: (chat, members) => change(chat.id, 'remove', members),
  promoteParticipants: (chat, members) => change(chat.id, 'promote', members),
  demoteParticipants: (chat, members) => change(chat.id, 'demote', members),
  promoteCommunityParticipants: (chat, members) => change(chat.id, 'promote', members),
  demoteCommunityParticipants: (chat, members) => change(chat.id, 'demote', members),
};

export const groupInfo = {
  setGroupSubject: (id, subject) => change(id, 'subject', [], subject),
  setGroupDescription: (id, description) => change(id, 'description', [], description),
  setGroupProperty: async () => {},
};

export const sendExitGroup = (chat) => change(chat.id, 'leave');
export const queryAllGroups = async () => GroupMetadataStore.getModelsArray()
  .filter((group) => group.participants.iAmMember())
  .map((group) => ({ id: group.id, subject: group.subject }));

export const invites = {
  queryGroupInviteCode: (id) => call('group', { do: 'invite', id: String(id) }),
  resetGroupInviteCode: (id) => change(id, 'revoke'),
  async sendQueryGroupInvite(code) {
    const { id, subject, size } = await call('group', { do: 'look', text: code });
    return { groupInfo: { id: toWid(id), subject, size, participants: [], membershipApprovalMode: false } };
  },
  async joinGroupViaInvite(code) {
    const joined = await call('group', { do: 'join', text: code });
    takeGroup(joined);
    return { gid: toWid(joined.id) };
  },
};

/** Others changed a group: take it in, and let wa-js hear of it through the exports. */
export function onGroup(item, exported) {
  const before = GroupMetadataStore.get(item.id);
  takeGroup(item);
  for (const { action, members, by, by_link: byLink } of before ? item.changes : []) {
    exported.groupActions.updateDBForGroupAction(
      { chatId: toWid(item.id), author: toWid(by), pushname: '' },
      { actionType: action, isInvite: byLink, participants: members.map((id) => ({ id: toWid(id) })) },
    );
  }
}
