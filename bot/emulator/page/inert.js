// Functions that wa-js wraps or calls but that do nothing here: the cryptography and the screen.

const same = () => (value) => value;
const done = () => async () => {};

function cardOf(contact) {
  const number = contact.id.user;
  const vcard = `BEGIN:VCARD\nVERSION:3.0\nFN:${contact.name}\nTEL;type=CELL;waid=${number}:+${number}\nEND:VCARD`;
  return { displayName: contact.name, vcard };
}

class SearchQuery {
  updateLabelQuery(filter) {
    this.filter = filter;
  }
}

/** Return fresh functions by module id; each must be an object of its own, for wa-js to wrap. */
export function inertModules() {
  return {
    WAWebOfficialClient: { isOfficialClient: true },
    WAWebCreateMsgProtobuf: { createMsgProtobuf: (msg) => ({ conversation: msg.body }) },
    WAWebEncryptAndSendMsg: { encryptAndSendMsg: done() },
    WAWebEncryptAndSendStatusMsg: { encryptAndSendStatusMsg: done() },
    WAWebMediaTypeFromProtobuf: { mediaTypeFromProtobuf: () => null },
    WAWebTypeAttributeFromProtobuf: { typeAttributeFromProtobuf: () => 'text' },
    WAWebIsUnreadTypeMsg: { getIsUnreadType: () => true },
    WAWebCreateChatRecord: { createChatRecord: done() },
    WAWebChatSearchQuery: { SearchQuery },
    WAWebInboxFilters: { isFilterExcludedFromSearchTreatmentInInboxFlow: () => false },
    WAWebGetNumChatsPinned: { getNumChatsPinned: () => 0 },
    WAWebProcessRawSticker: { processRawSticker: same() },
    WAWebVideoThumbs: { generateVideoThumbsAndDuration: async () => ({ duration: 0, thumbs: [] }) },
    WAWebUploadMedia: { uploadMedia: done() },
    WAWebABProps: { getABPropConfigValue: () => undefined },
    WAWebLinkPreviewMinimal: { genMinimalLinkPreview: done() },
    WAWebFetchLinkPreview: { getLinkPreview: done() },
    WAWebFirstWebLink: { findFirstWebLink: () => null },
    WAWebPrimaryFeatures: { primaryFeatureEnabled: () => false },
    WAWebHandleSingleMsg: { handleSingleMsg: done() },
    WAWebEncodeMediaType: { encodeMaybeMediaType: same() },
    WAWebCreateFanoutMsgStanza: { createFanoutMsgStanza: async () => ({ content: [] }) },
    WAWebHistorySyncProgress: {
      getHistorySyncProgressModel: () => ({ realProgress: 100, remainingPausedSeconds: 0 }),
    },
    WAMd5: { md5: same(), md5ArrayBufferHex: same() },
    WAWebVcard: { vcardFromContactModel: cardOf },
  };
}
