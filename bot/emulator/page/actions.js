// What the owner does besides sending: opening chats, reacting, editing, revoking, blocking, labels.

import { ContactModel } from './entities.js';
import { toWid } from './ids.js';
import { lids } from './lids.js';
import { call, link, tell } from './link.js';
import { Cmd } from './session.js';
import { BlocklistStore, ChatStore, LabelStore, MsgStore, PresenceStore } from './stores.js';

/** Ask the back end whether anybody is at an address. */
export async function lookUp(wid) {
  const { person } = await call('lookup', { address: String(wid) });
  if (person) lids.put(person.lid, person.id);
  return person;
}

/** Open the chat with somebody; WhatsApp may resolve a number to the person's hidden address. */
export async function findOrCreateLatestChat(wid) {
  let id = toWid(wid);
  if (link.faults.lid_redirect && id.server === 'c.us') {
    if (!lids.lid(id)) await lookUp(id);
    id = lids.lid(id) ?? id;
  }
  const created = !ChatStore.get(id);
  const chat = ChatStore.open(id, { silent: !link.faults.events });
  return { chat: { id: chat.id }, created };
}

export async function queryWidExists(wid) {
  const person = await lookUp(wid);
  return person ? { wid: toWid(wid), biz: false, bizInfo: undefined, username: undefined } : null;
}

export async function sendReactionToMsg(msg, emoji) {
  await tell('react', msg.id.remote, { id: msg.id.id, emoji });
  return 'OK';
}

export async function addAndSendMessageEdit(msg, raw) {
  await tell('edited', msg.id.remote, { id: msg.id.id, text: raw.body });
  msg.set({ body: raw.body, latestEditSenderTimestampMs: raw.latestEditSenderTimestampMs, latestEditMsgKey: raw.latestEditMsgKey });
}

Cmd.sendRevokeMsgs = async (chat, { list }) => {
  for (const msg of list) {
    await tell('revoked', chat.id, { id: msg.id.id });
    msg.set({ type: 'revoked', body: undefined });
  }
};

Cmd.sendDeleteMsgs = async (chat, { list }) => {
  for (const msg of list) {
    chat.msgs.remove(msg.id);
    MsgStore.remove(msg.id);
  }
};

export async function subscribePresence(wid) {
  (PresenceStore.get(wid) ?? PresenceStore.make(wid)).isSubscribed = true;
}

// blocking

/** Take in who is blocked; a list that grows is sorted anew. */
export function takeBlocked(ids) {
  for (const id of ids) BlocklistStore.add({ id: toWid(id) });
  if (ids.length) BlocklistStore.trigger('sort', BlocklistStore);
}

/** The owner blocked somebody on the phone, or does so no longer. */
export function onBlocked({ id, on }) {
  if (on) takeBlocked([id]);
  else BlocklistStore.remove(toWid(id));
}

export async function blockContact({ contact }) {
  takeBlocked([contact.id]);
  await tell('blocked', contact.id);
}

export async function unblockContact(contact) {
  const id = contact instanceof ContactModel ? contact.id : (contact.contact?.id ?? contact.id);
  BlocklistStore.remove(id);
  await tell('unblocked', id);
}

// labels

const COLOURS = ['#ff9485', '#64c4ff', '#ffd429', '#dfaef0', '#99b6c1', '#55ccb3', '#ff9dff', '#d3a91d'];
export const colours = {
  colorIndexToHex: (index) => COLOURS[index % COLOURS.length],
  getAllLabelColors: () => [...COLOURS],
};

export const getNextLabelId = async () => LabelStore.length + 1;

function addLabel(id, name, colorIndex) {
  const label = LabelStore.add({ id, name, colorIndex, hexColor: colours.colorIndexToHex(colorIndex), count: 0 });
  label.labelItemCollection = { _models: [] };
  return label;
}

function setLabel(chat, id, how) {
  const others = (chat.labels ?? []).filter((one) => one !== id);
  chat.labels = how === 'add' ? [...others, id] : others;
  const items = LabelStore.get(id)?.labelItemCollection;
  if (!items) return;
  items._models = items._models.filter((item) => item.parentId !== String(chat.id));
  if (how === 'add') items._models.push({ parentType: 'Chat', parentId: String(chat.id) });
}

export async function labelAddAction(name, colorIndex) {
  const id = String(await getNextLabelId());
  addLabel(id, name, colorIndex);
  await tell('label', '', { do: 'new', label: id, name, colour: colorIndex });
  return id;
}

function changeLabel(id, name, colorIndex) {
  LabelStore.get(id)?.set({ name, colorIndex, hexColor: colours.colorIndexToHex(colorIndex) });
}

function dropLabel(id) {
  LabelStore.remove(id);
  for (const chat of ChatStore.getModelsArray()) chat.labels = (chat.labels ?? []).filter((one) => one !== id);
}

export async function labelEditAction(id, name, _, colorIndex) {
  changeLabel(String(id), name, colorIndex);
  await tell('label', '', { do: 'edit', label: String(id), name, colour: colorIndex });
}

export async function labelDeleteAction(id, name, colorIndex) {
  dropLabel(String(id));
  await tell('label', '', { do: 'gone', label: String(id), name, colour: colorIndex });
}

/** Take in what was done with labels before this page was loaded. */
export function takeLabels(events) {
  for (const event of events) {
    if (event.do === 'new') addLabel(event.label, event.name, event.colour);
    else if (event.do === 'edit') changeLabel(event.label, event.name, event.colour);
    else if (event.do === 'gone') dropLabel(event.label);
    else setLabel(ChatStore.open(event.chat, { silent: true }), event.label, event.do);
  }
}

/** The owner labelled a chat on the phone; `exported` is the module that wa-js wraps. */
export function onLabel(event, exported) {
  takeLabels([event]);
  if (event.do === 'add') exported.addToLabelCollection(String(event.chat), event.label);
  if (event.do === 'remove') exported.removeLabelFromCollection(String(event.chat), event.label);
}

/** Put labels on chats and take them off; `exported` is the module that wa-js wraps. */
export function connectLabels(exported) {
  LabelStore.addOrRemoveLabels = async (changes, chats) => {
    for (const chat of chats) {
      for (const { id, type } of changes) {
        setLabel(chat, id, type);
        if (type === 'add') exported.addToLabelCollection(String(chat.id), id);
        else exported.removeLabelFromCollection(String(chat.id), id);
        await tell('label', chat.id, { do: type, label: id });
      }
    }
  };
}

/** Send copies of messages to another chat. */
export async function forwardMessages({ chat, msgs }) {
  for (const msg of msgs) {
    const id = link.modules.newKey(chat.id);
    const medium = msg.mediaData ? { caption: msg.caption, mimetype: msg.mimetype, filename: msg.filename, size: msg.size, isMedia: true, mediaData: msg.mediaData } : {};
    const raw = { ...medium, id, type: msg.type, body: msg.body, from: toWid(link.account.id), to: chat.id, t: Math.floor(Date.now() / 1000), ack: 0, self: 'out', isNewMsg: true, isForwarded: true };
    const [, result] = await link.modules.send.addAndSendMsgToChat(chat, raw);
    await result;
  }
  return msgs.map(() => ({ messageSendResult: 'OK' }));
}
