// The table of modules: under which id and names wa-js finds each thing.

import * as actions from './actions.js';
import * as chats from './chats.js';
import * as entities from './entities.js';
import { Emitter } from './events.js';
import * as getters from './getters.js';
import * as groups from './groups.js';
import * as history from './history.js';
import { Wid, makeMsgKey, newStanzaId, widFactory } from './ids.js';
import { inertModules } from './inert.js';
import { lids } from './lids.js';
import { link } from './link.js';
import { define, leaveOut } from './loader.js';
import * as media from './media.js';
import { Collection, Model, defineModel } from './models.js';
import { connectReceiving } from './receive.js';
import * as send from './send.js';
import * as session from './session.js';
import * as stores from './stores.js';
import * as words from './words.js';

/** WhatsApp's time (ms), which the page knows whatever this computer's clock says. */
const serverTime = () => Date.now() - 1000 * link.faults.clock_behind_s;

const VERSION = '2.3000.1045220589';

function ids(MsgKey) {
  define('WAWebWid', { default: Wid });
  define('WAWebWidFactory', widFactory);
  define('WAWebMsgKey', { default: MsgKey });
  define('WAWebApiContact', {
    getCurrentLid: (wid) => lids.lid(wid) ?? null,
    getPhoneNumber: (wid) => lids.phone(wid) ?? null,
  });
  define('WAWebLidPnCache', {
    lidPnCache: { getCurrentLid: (wid) => lids.lid(wid), getPhoneNumber: (wid) => lids.phone(wid) },
  });
  define('WAWebLidMigrationUtils', {
    toUserLid: (wid) => (wid.isLid() ? wid : lids.lid(wid)),
    toUserLidOrThrow: (wid) => lids.lid(wid) ?? wid,
    shouldHaveAccountLid: (wid) => wid.isUser(),
  });
  define('WAWebLid1X1MigrationGating', { Lid1X1MigrationUtils: { isLidMigrated: () => link.faults.lid_chats } });
}

function sessionModules() {
  define('WAWebUserPrefsMeUser', {
    getMaybeMeUser: () => stores.me(),
    getMaybeMePnUser: () => stores.me(),
    getMaybeMeLidUser: () => stores.myLid(),
    getMeLidUserOrThrow: () => stores.myLid(),
    getMePnUserOrThrow: () => stores.me(),
    getMe: () => stores.me(),
    assertGetMe: () => stores.me(),
  });
  define('WAWebUserPrefsGeneral', {
    getPushname: () => link.account?.push_name, setBrowserId() {}, getUserPrivacySettings: () => ({}),
  });
  define('WAWebConnModel', { Conn: session.Conn, ConnImpl: session.ConnImpl });
  define('WAWebStreamModel', { Stream: session.Stream });
  define('WAWebSocketModel', { Socket: session.Socket });
  define('WAWebCmd', { Cmd: session.Cmd, CmdImpl: session.CmdImpl });
  define('WAWebNetworkStatus', { default: session.NetworkStatus });
  define('WAWebBackendEventBus', { BackendEventBus: new Emitter(), BackendEvent: {} });
  define('WAWebLinkDeviceEvents', { WAWebLinkDeviceEvents: new session.LinkDeviceEvents() });
  define('WAWebSessionLogin', { isLoggedIn: () => Boolean(link.account) });
  define('WAWebRegistration', { isRegistered: () => Boolean(link.account) });
  define('WAWebLogoutReason', session.logoutReason);
  define('WAWebAltDeviceLinkingApi', {
    initializeAltDeviceLinking: async () => {},
    genLinkDeviceCodeForPhoneNumber: session.linkCode,
  });
  const key = () => crypto.getRandomValues(new Uint8Array(32));
  const [identity, noise, secret] = [key(), key(), key()];
  const encodeB64 = (bytes) => btoa(String.fromCharCode(...bytes));
  define('WAWebSignalStore', { waSignalStore: { getRegistrationInfo: async () => ({ identityKeyPair: { pubKey: identity } }) } });
  define('WAWebNoiseInfo', { waNoiseInfo: { get: async () => ({ staticKeyPair: { pubKey: noise } }) } });
  define('WAWebAdvStore', { getADVSecretKey: async () => encodeB64(secret), setADVSignedIdentity() {} });
  define('WABase64', { encodeB64, decodeB64: (text) => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0)) });
  define('WAWebVersion', { SANITIZED_VERSION_STR: VERSION });
  window.Debug = { VERSION };
}

function storeModules() {
  define('WAWebEventEmitter', { default: Emitter });
  define('WAWebBaseModel', { BaseModel: Model, defineModel });
  define('WAWebBaseCollection', { BaseCollection: Collection });
  define('WAWebChatModel', { default: entities.ChatModel });
  define('WAWebContactModel', { default: entities.ContactModel });
  define('WAWebMsgModel', { default: entities.MsgModel });
  define('WAWebParticipantModel', { default: entities.ParticipantModel });
  define('WAWebGroupMetadataModel', { default: entities.GroupMetadataModel });
  define('WAWebLabelModel', { default: entities.LabelModel });
  define('WAWebBlocklistModel', { default: entities.BlocklistModel });
  define('WAWebProfilePicThumbModel', { default: entities.ProfilePicThumbModel });
  define('WAWebCallModel', { default: entities.CallModel });
  define('WAWebMediaDataModel', { default: media.MediaDataModel });
  define('WAWebChatCollection', { ChatCollection: stores.ChatStore, ChatCollectionImpl: stores.ChatCollectionImpl });
  define('WAWebMsgCollection', { MsgCollection: stores.MsgStore, MsgCollectionImpl: stores.MsgCollectionImpl });
  define('WAWebContactCollection', { ContactCollection: stores.ContactStore, ContactCollectionImpl: stores.ContactCollectionImpl });
  define('WAWebPresenceCollection', { PresenceCollection: stores.PresenceStore });
  define('WAWebChatstateCollection', { Chatstate: entities.ChatstateModel, ChatstateCollection: entities.ChatstateCollection, Presence: entities.PresenceModel });
  define('WAWebGroupMetadataCollection', { default: stores.GroupMetadataStore });
  define('WAWebParticipantCollection', { default: stores.ParticipantCollection });
  define('WAWebProfilePicThumbCollection', { ProfilePicThumbCollection: stores.ProfilePicThumbStore });
  define('WAWebTextStatusCollection', { TextStatusCollection: stores.TextStatusStore });
  define('WAWebBlocklistCollection', { BlocklistCollection: stores.BlocklistStore });
  define('WAWebLabelCollection', { LabelCollection: stores.LabelStore });
  define('WAWebStatusV3Collection', { StatusV3CollectionImpl: stores.StatusV3CollectionImpl, StatusV3Collection: stores.StatusV3Store });
  define('WAWebCallCollection', { default: stores.CallStore, CallCollectionImpl: stores.CallCollectionImpl });
  define('WAWebNewsletterCollection', { default: stores.NewsletterStore });
  define('WAWebBotProfileCollection', { BotProfileCollection: stores.BotProfileStore });
  define('WAWebMsgInfoCollection', { MsgInfoCollection: stores.MsgInfoStore });
}

function getterModules() {
  define('WAWebContactGetters', getters.contactGetters);
  define('WAWebContactNameGetters', getters.nameGetters);
  define('WAWebFrontendContactGetters', getters.frontContactGetters);
  define('WAWebContactHeaderGetters', getters.headerGetters);
  define('WAWebChatGetters', getters.chatGetters);
  define('WAWebChatUnreadGetters', getters.unreadGetters);
}

function sending(MsgKey) {
  link.modules.send = { addAndSendMsgToChat: send.addAndSendMsgToChat };
  link.modules.newKey = (to) => new MsgKey({
    fromMe: true, remote: to, id: newStanzaId(), participant: to.isGroup() ? stores.myLid() : undefined,
  });
  define('WAWebChatForwardMessage', { forwardMessages: actions.forwardMessages });
  define('WAWebForwardMessagesToChats', {
    forwardMessagesToChats: async (msgs, chats) => {
      for (const chat of chats) await actions.forwardMessages({ chat, msgs });
    },
  });
  define('WAWebSendMsgChatAction', link.modules.send);
  define('WAWebSendMessageEditAction', { addAndSendMessageEdit: actions.addAndSendMessageEdit });
  define('WAWebFindChatAction', { findOrCreateLatestChat: actions.findOrCreateLatestChat });
  define('WAWebFindExistingChat', { findChat: async (wid) => stores.ChatStore.get(wid) });
  define('WAWebCreateChat', { createChat: async (wid) => stores.ChatStore.open(wid) });
  define('WAWebEphemeralFields', {
    getEphemeralFields: (chat) => (chat.ephemeralDuration ? { ephemeralDuration: chat.ephemeralDuration } : {}),
  });
  define('WATimeUtils', { unixTime: () => Math.floor(serverTime() / 1000), unixTimeMs: serverTime });
  define('WAWebHandleChatReceipt', send.receipts);
  define('WAWebUpdateUnreadChatAction', { sendSeen: send.sendSeen, markUnread: chats.markUnread });
  define('WAWebSetPin', { setPin: chats.setPin });
  define('WAWebArchiveChat', { setArchive: chats.setArchive });
  define('WAWebMuteModel', { default: chats.MuteModel });
  define('WAWebMarkPlayed', { markPlayed: async () => {}, canMarkPlayed: () => true });
  define('WAWebChatPresence', send.chatPresence);
  define('WAWebContactPresenceBridge', { subscribeUserPresence: actions.subscribePresence, subscribeGroupPresence: actions.subscribePresence });
  define('WAWebSendReactionMsgAction', { sendReactionToMsg: actions.sendReactionToMsg });
  define('WAWebMsgReply', { canReplyMsg: (msg) => msg.type !== 'revoked' });
  define('WAWebMsgEdit', { canEditText: (msg) => Boolean(msg.id.fromMe && msg.type === 'chat') });
  define('WAWebMsgEditCaption', { canEditCaption: (msg) => Boolean(msg.id.fromMe && msg.isMedia) });
  define('WAWebQuotedMsg', { getQuotedMsgObj: quotedMsg });
  define('WAWebMsgFind', history.finding);
  define('WAWebMsgFindMedia', history.findingMedia);
  define('WAWebSearchContext', { getSearchContext: history.getSearchContext });
  define('WAWebQueryExistsJob', { queryWidExists: actions.queryWidExists, queryPhoneExists: actions.queryWidExists });
}

function quotedMsg(msg) {
  if (!msg.quotedStanzaID) return undefined;
  const chat = stores.ChatStore.get(msg.id.remote);
  return chat?.msgs.list.find((one) => one.id.id === msg.quotedStanzaID);
}

function mediaModules() {
  define('WAWebOpaqueDataBase', { default: media.OpaqueDataBase });
  define('WAWebOpaqueData', { default: media.OpaqueData });
  define('WAWebMediaPrep', media.mediaPrepModule);
  define('WAWebLruMediaStore', { LruMediaStore: media.lruMediaStore });
  define('WAWebMediaBlobCache', { InMemoryMediaBlobCache: media.mediaBlobCache, InMemoryMediaBlobCacheImpl: media.InMemoryMediaBlobCacheImpl });
  define('WAWebMediaGatingUtils', { getUploadLimit: (type) => media.getUploadLimit(type) });
}

function groupModules(exported) {
  define('WAWebGroupCreateJob', { createGroup: groups.createGroup, GroupAlreadyExistsError: class GroupAlreadyExistsError extends Error {} });
  define('WAWebGroupModifyParticipantsJob', {
    addGroupParticipants: groups.addGroupParticipants,
    removeGroupParticipants: async () => {},
    promoteGroupParticipants: async () => {},
    demoteGroupParticipants: async () => {},
  });
  define('WAWebModifyParticipantsGroupAction', groups.groupChanges);
  define('WAWebExitGroupAction', { sendExitGroup: groups.sendExitGroup });
  define('WAWebGroupQueryJob', { queryAllGroups: groups.queryAllGroups });
  define('WAWebGroupModifyInfoJob', groups.groupInfo);
  const { queryGroupInviteCode, sendQueryGroupInvite, ...others } = groups.invites;
  define('WAWebGroupInviteCodeJob', { queryGroupInviteCode });
  define('WAWebGroupInviteInfoJob', { sendQueryGroupInvite });
  define('WAWebGroupInviteJob', others);
  define('WAWebBlockContactAction', { blockContact: actions.blockContact, unblockContact: actions.unblockContact });
  define('WAWebLabelColors', actions.colours);
  define('WAWebNextLabelId', { getNextLabelId: actions.getNextLabelId });
  define('WAWebLabelSync', { labelAddAction: actions.labelAddAction, labelDeleteAction: actions.labelDeleteAction, labelEditAction: actions.labelEditAction });
  define('WAWebLabelItems', exported.labels);
  actions.connectLabels(exported.labels);
  define('WAWebHandleGroupAction', exported.groupActions);
  define('WAWebReactionsAction', exported.reactions);
  define('WAWebPollVotes', exported.votes);
}

/** Register everything; answers the class of message keys that is in use. */
export function registerModules() {
  leaveOut(link.faults.missing_modules);
  link.modules = {};
  const MsgKey = makeMsgKey(link.faults.serialized_key);
  const exported = {
    groupActions: { updateDBForGroupAction: async () => {} },
    reactions: { addOrUpdateReactionsModelCollection: () => {} },
    votes: { upsertVotesDb: async () => {} },
    labels: {
      addToLabelCollection: async () => {},
      removeLabelFromCollection: async () => {},
      createLabelItemId: (label, chat) => `${label}_${chat}`,
      getParentCollection: () => stores.ChatStore,
      initializeLabels: async () => {},
    },
  };
  ids(MsgKey);
  sessionModules();
  storeModules();
  getterModules();
  for (const [id, exports] of Object.entries(words)) define(`WAWeb${id}`, exports);
  sending(MsgKey);
  mediaModules();
  groupModules(exported);
  for (const [id, exports] of Object.entries(inertModules())) define(id, exports);
  connectReceiving(MsgKey, exported);
  return MsgKey;
}
