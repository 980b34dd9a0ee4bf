// What WhatsApp computes of a person or a chat; wa-js patches these onto the models.

import { me, myLid } from './stores.js';

const nothing = () => undefined;
const no = () => false;
const digits = (contact) => `+${contact.id.user}`;
const nameOf = (contact) => contact.name ?? contact.pushname ?? digits(contact);

export const contactGetters = {
  getNotifyName: (contact) => contact.pushname,
  getPremiumMessageName: nothing,
  getUserid: (contact) => contact.id.user,
  getUserhash: (contact) => contact.id.user,
  getIsMe: (contact) => contact.id.equals(me()) || contact.id.equals(myLid()),
  getIsUser: (contact) => contact.id.isUser(),
  getIsGroup: (contact) => contact.id.isGroup(),
  getIsBroadcast: (contact) => contact.id.isBroadcast(),
  getIsNewsletter: (contact) => contact.id.isNewsletter(),
  getIsPSA: (contact) => contact.id.isPSA(),
  getIsIAS: no,
  getIsSupportAccount: (contact) => contact.id.user === '0',
  getIsWAContact: (contact) => contact.id.isUser(),
  getCanRequestPhoneNumber: (contact) => contact.id.isLid(),
  getShowBusinessCheckmarkAsPrimary: (contact) => Boolean(contact.verifiedLevel),
  getShowBusinessCheckmarkAsSecondary: (contact) => Boolean(contact.verifiedLevel === 1),
  getShowBusinessCheckmarkInChatlist: (contact) => Boolean(contact.verifiedLevel === 2),
  getIsDisplayNameApproved: (contact) => Boolean(contact.verifiedName),
  getShouldForceBusinessUpdate: (contact) => Boolean(contact.isBusiness && contact.stale),
};

export const nameGetters = {
  getTextStatusString: nothing,
  getPhoneNumber: (contact) => contact.id,
  getDisplayName: (contact) => nameOf(contact),
  getPnForLid: (contact) => (contact.id.isLid() ? contact.phoneNumber : null),
  getUserDisplayNameForLid: (contact) => `${nameOf(contact)}`,
  getFormattedPhone: (contact) => digits(contact),
  getFormattedUsernameOrPhone: (contact) => contact.username ?? digits(contact),
  getFormattedShortNameWithNonBreakingSpaces: (contact) => nameOf(contact).split(' ')[0],
  getFormattedShortName: (contact) => contact.shortName ?? nameOf(contact),
  getFormattedName: (contact) => `${nameOf(contact)}`.trim(),
  getFormattedUser: (contact) => contact.id.user.toString(),
  getSearchName: (contact) => nameOf(contact).toLowerCase(),
};

export const frontContactGetters = {
  getIsMyContact: (contact) => Boolean(contact.isAddressBookContact),
  getMentionName: (contact) => contact.shortName ?? contact.pushname ?? digits(contact),
};

export const headerGetters = {
  getSearchVerifiedName: (contact) => contact.verifiedName?.toLowerCase(),
  getHeader: (contact) => nameOf(contact)[0],
};

export const chatGetters = {
  getShouldAppearInList: (chat) => !chat.archive,
  getPreviewMessage: (chat) => chat.msgs.last(),
  getShowChangeNumberNotification: no,
  getShouldShowUnreadDivider: (chat) => chat.unreadCount > 0,
};

export const unreadGetters = {
  getHasUnread: (chat) => (chat.unreadCount ?? 0) !== 0,
};
