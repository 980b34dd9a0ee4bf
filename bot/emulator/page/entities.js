// The models: people, chats, messages, presence, groups.

import { toWid } from './ids.js';
import { Collection, Model, defineModel } from './models.js';

export const ContactModel = defineModel('contact', [
  'id', 'name', 'shortName', 'pushname', 'type', 'verifiedName', 'isBusiness', 'isEnterprise',
  'verifiedLevel', 'labels', 'username', 'status', 'isAddressBookContact',
]);

export const ChatstateModel = defineModel('chatstate', ['id', 'type', 't', 'deny']);

export const PresenceModel = defineModel('presence', ['id', 'isOnline', 'hasData', 'isSubscribed']);
Object.defineProperties(PresenceModel.prototype, {
  isUser: { get() { return this.id?.isUser(); }, configurable: true },
  isGroup: { get() { return this.id?.isGroup(); }, configurable: true },
});
PresenceModel.prototype.subscribe = async function subscribe() {
  this.isSubscribed = true;
};

export class ChatstateCollection extends Collection {}
ChatstateCollection.prototype.modelClass = ChatstateModel;

export const GroupMetadataModel = defineModel('groupMetadata', [
  'id', 'subject', 'desc', 'descId', 'owner', 'creation', 'stale', 'groupType', 'memberAddMode', 'announce', 'restrict',
]);
const mayChange = function mayChange() { return this.participants.iAmMember() && (!this.restrict || this.participants.iAmAdmin()); };
Object.assign(GroupMetadataModel.prototype, {
  canSetSubject: mayChange, canSetDescription: mayChange, canSetGroupProperty: mayChange, canSetEphemeralSetting: mayChange,
});

export const ParticipantModel = defineModel('participant', ['id', 'isAdmin', 'isSuperAdmin']);

export const ProfilePicThumbModel = defineModel('profilePicThumb', ['id', 'img', 'imgFull', 'eurl', 'tag']);
export const TextStatusModel = defineModel('status', ['id', 'status', 'stale']);
export const BlocklistModel = defineModel('blocklist', ['id']);
export const LabelModel = defineModel('label', ['id', 'name', 'colorIndex', 'count', 'hexColor', 'labelItemCollection']);
export const CallModel = class CallModel extends Model {};

/** A chat's messages, kept in the order of their time. */
export class ChatMsgs extends Collection {
  insert(msg) {
    let place = this.list.length;
    while (place > 0 && (this.list[place - 1].t ?? 0) > (msg.t ?? 0)) place -= 1;
    this.list.splice(place, 0, msg);
  }
}

export const ChatModel = defineModel('chat', [
  'id', 'name', 'unreadCount', 't', 'archive', 'pin', 'muteExpiration', 'lastReceivedKey', 'active',
  'labels', 'isReadOnly', 'ephemeralDuration', 'kind', 'mute',
]);
Object.defineProperties(ChatModel.prototype, {
  hasUnread: { get() { return (this.unreadCount ?? 0) !== 0; }, configurable: true },
});

export const MsgModel = defineModel('msg', [
  'id', 'type', 'subtype', 'body', 'caption', 'from', 'to', 'author', 't', 'ack', 'isNewMsg', 'self',
  'local', 'notifyName', 'mimetype', 'filename', 'filehash', 'size', 'isForwarded', 'isMedia',
  'quotedMsg', 'quotedStanzaID', 'quotedParticipant', 'quotedRemoteJid', 'mentionedJidList',
  'nonJidMentions', 'pollName', 'pollOptions', 'pollSelectableOptionsCount', 'pollEncKey',
  'messageSecret', 'latestEditMsgKey', 'latestEditSenderTimestampMs', 'protocolMessageKey', 'lat',
  'lng', 'loc', 'vcardFormattedName', 'vcardList', 'list', 'listResponse', 'interactiveMessage',
  'mediaData', 'star', 'invis', 'isViewOnce', 'ephemeralDuration', 'forwardingScore', 'isCaptionByUser', 'footer', 'title', 'hasReaction', 'duration',
]);

const stores = {};

/** Tell the models where people, chats and messages are kept. */
export function connectModels(connected) {
  Object.assign(stores, connected);
}

Object.defineProperties(MsgModel.prototype, {
  sender: { get() { return this.attributes && (this.author ?? this.from); }, configurable: true },
  senderObj: {
    get() {
      const sender = this.attributes && (this.id?.fromMe ? stores.me() : this.sender);
      return sender ? stores.Contact.get(sender) ?? new ContactModel({ id: sender }) : undefined;
    },
    configurable: true,
  },
  isSentByMe: { get() { return this.id?.fromMe; }, configurable: true },
});

/** What a reply carries of the message that it quotes. */
MsgModel.prototype.msgContextInfo = function msgContextInfo() {
  const quoted = { type: this.type, body: this.body, caption: this.caption };
  return {
    quotedMsg: quoted,
    quotedStanzaID: this.id.id,
    quotedParticipant: this.id.fromMe ? stores.me() : toWid(this.author ?? this.from),
  };
};

MsgModel.prototype.updateAck = function updateAck(ack) {
  if (ack > (this.ack ?? 0)) this.ack = ack;
};

MsgModel.prototype.downloadMedia = function downloadMedia() {
  return stores.download(this);
};
