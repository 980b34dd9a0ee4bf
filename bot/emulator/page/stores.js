// The stores: one collection each, filled from the back end.

import {
  BlocklistModel, CallModel, ChatModel, ChatMsgs, ChatstateCollection, ChatstateModel, ContactModel,
  GroupMetadataModel, LabelModel, MsgModel, ParticipantModel, PresenceModel, ProfilePicThumbModel,
  TextStatusModel, connectModels,
} from './entities.js';
import { toWid } from './ids.js';
import { lids } from './lids.js';
import { link } from './link.js';
import { Collection } from './models.js';

export class ContactCollectionImpl extends Collection {
  make(id) {
    return this.add({ id: toWid(id), type: 'in' }, { silent: true });
  }
}
ContactCollectionImpl.prototype.modelClass = ContactModel;

export class PresenceCollection extends Collection {
  make(id) {
    const wid = toWid(id);
    const presence = new PresenceModel({ id: wid, isOnline: false, hasData: true });
    presence.chatstate = new ChatstateModel({ id: wid });
    presence.chatstates = new ChatstateCollection();
    return this.add(presence, { silent: true });
  }
}
PresenceCollection.prototype.modelClass = PresenceModel;

export class ParticipantCollection extends Collection {
  iAmMember() {
    return Boolean(this.mine());
  }

  iAmAdmin() {
    return Boolean(this.mine()?.isAdmin);
  }

  iAmSuperAdmin() {
    return this.iAmAdmin();
  }

  mine() {
    return this.get(link.account.id) ?? this.get(link.account.lid);
  }

  canAdd() { return this.iAmAdmin(); }
  canRemove() { return this.iAmAdmin(); }
  canPromote(one) { return this.iAmAdmin() && !one.isAdmin; }
  canDemote(one) { return this.iAmAdmin() && Boolean(one.isAdmin); }
}
ParticipantCollection.prototype.modelClass = ParticipantModel;

export class GroupMetadataCollection extends Collection {
  onParentGroupChange() {}

  make(id) {
    const group = new GroupMetadataModel({ id: toWid(id), subject: '', stale: false });
    group.participants = new ParticipantCollection();
    return this.add(group, { silent: true });
  }
}
GroupMetadataCollection.prototype.modelClass = GroupMetadataModel;

export class ChatCollectionImpl extends Collection {
  open(id, options) {
    const wid = toWid(id);
    const known = this.get(wid);
    if (known) return known;
    const chat = new ChatModel({ id: wid, unreadCount: 0, t: 0, labels: [], archive: false });
    chat.msgs = new ChatMsgs();
    chat.presence = PresenceStore.get(wid) ?? PresenceStore.make(wid);
    chat.contact = ContactStore.get(wid) ?? ContactStore.make(wid);
    if (wid.isGroup()) chat.groupMetadata = GroupMetadataStore.get(wid) ?? GroupMetadataStore.make(wid);
    chat.name = chat.groupMetadata?.subject || chat.contact.name;
    this.dress(chat);
    return this.add(chat, options);
  }

  make(id) {
    return this.open(id);
  }

  /** Give a new chat what another module keeps of it. */
  dress() {}
}
ChatCollectionImpl.prototype.modelClass = ChatModel;

export class MsgCollectionImpl extends Collection {}
MsgCollectionImpl.prototype.modelClass = MsgModel;

class ProfilePicThumbCollection extends Collection {
  make(id) {
    return this.add({ id: toWid(id) }, { silent: true });
  }
}
ProfilePicThumbCollection.prototype.modelClass = ProfilePicThumbModel;

class TextStatusCollection extends Collection {
  make(id) {
    return this.add({ id: toWid(id), status: '' }, { silent: true });
  }
}
TextStatusCollection.prototype.modelClass = TextStatusModel;

class BlocklistCollection extends Collection {}
BlocklistCollection.prototype.modelClass = BlocklistModel;
class LabelCollection extends Collection {}
LabelCollection.prototype.modelClass = LabelModel;
class StatusV3CollectionImpl extends Collection {
  getMyStatus() {
    return { msgs: new ChatMsgs() };
  }
}
class CallCollectionImpl extends Collection {
  processIncomingCall() {}
  setActiveCall() {}
}
CallCollectionImpl.prototype.modelClass = CallModel;
export class NewsletterCollection extends Collection {}
export class BotProfileCollection extends Collection {}
export class MsgInfoCollection extends Collection {
  make() {
    return { delivery: [], read: [], played: [], deliveryRemaining: 0, readRemaining: 0, playedRemaining: 0 };
  }
}

export const ContactStore = new ContactCollectionImpl();
export const PresenceStore = new PresenceCollection();
export const GroupMetadataStore = new GroupMetadataCollection();
export const ChatStore = new ChatCollectionImpl();
export const MsgStore = new MsgCollectionImpl();
export const ProfilePicThumbStore = new ProfilePicThumbCollection();
export const TextStatusStore = new TextStatusCollection();
export const BlocklistStore = new BlocklistCollection();
export const LabelStore = new LabelCollection();
export const StatusV3Store = new StatusV3CollectionImpl();
export const CallStore = new CallCollectionImpl();
export const NewsletterStore = new NewsletterCollection();
export const BotProfileStore = new BotProfileCollection();
export const MsgInfoStore = new MsgInfoCollection();
export { BlocklistCollection, CallCollectionImpl, LabelCollection, StatusV3CollectionImpl, TextStatusCollection };

/** The wid of the account itself. */
export function me() {
  return link.account ? toWid(link.account.id) : undefined;
}

export function myLid() {
  return link.account ? toWid(link.account.lid) : undefined;
}

connectModels({ Contact: ContactStore, me });

/** Take a person of the address book in, under both addresses. */
export function takePerson(person) {
  lids.put(person.lid, person.id);
  for (const id of new Set([person.id, person.lid])) {
    const contact = ContactStore.get(id) ?? ContactStore.make(id);
    contact.set({
      name: person.name ?? undefined,
      shortName: (person.name ?? '').split(' ')[0] || undefined,
      pushname: person.push_name ?? undefined,
      isBusiness: person.business,
      verifiedName: person.verified_name ?? undefined,
      username: person.username ?? undefined,
      isAddressBookContact: person.name ? 1 : 0,
    });
    const status = TextStatusStore.get(id) ?? TextStatusStore.make(id);
    status.status = person.about ?? '';
    const picture = ProfilePicThumbStore.get(id) ?? ProfilePicThumbStore.make(id);
    picture.set({ img: person.picture ?? undefined, imgFull: person.picture ?? undefined });
    const presence = PresenceStore.get(id) ?? PresenceStore.make(id);
    presence.isOnline = person.online;
    const chat = ChatStore.get(id);
    if (chat) chat.name = person.name ?? undefined;
  }
}

/** Take a group in as it is now. */
export function takeGroup(group) {
  const metadata = GroupMetadataStore.get(group.id) ?? GroupMetadataStore.make(group.id);
  metadata.set({
    subject: group.subject, desc: group.description || undefined, creation: group.created,
    owner: group.owner ? toWid(group.owner) : undefined, stale: false,
  });
  metadata.participants.reset();
  for (const one of group.participants) {
    metadata.participants.add({ id: toWid(one.id), isAdmin: one.admin, isSuperAdmin: one.admin && one.id === group.owner });
  }
  const chat = ChatStore.open(group.id);
  chat.name = group.subject;
  return metadata;
}
