// WhatsApp's own constants, each group under the names that wa-js looks for.

export const Ack = {
  ACK: {
    MD_DOWNGRADE: -7, INACTIVE: -6, CONTENT_UNUPLOADABLE: -5, CONTENT_TOO_BIG: -4, CONTENT_GONE: -3,
    EXPIRED: -2, FAILED: -1, CLOCK: 0, SENT: 1, RECEIVED: 2, READ: 3, PLAYED: 4, PEER: 5,
  },
  EDIT_ATTR: { SENDER_REVOKE: 7, ADMIN_REVOKE: 8 },
  ACK_STRING: { SENDER: 'sender', DELIVERY: 'delivery', READ: 'read', PLAYED: 'played', INACTIVE: 'inactive' },
};

export const SendMsgResultAction = {
  SendMsgResult: {
    OK: 'OK', ERROR_NETWORK: 'ERROR_NETWORK', ERROR_EXPIRED: 'ERROR_EXPIRED',
    ERROR_CANCELLED: 'ERROR_CANCELLED', ERROR_UPLOAD: 'ERROR_UPLOAD', ERROR_UNKNOWN: 'ERROR_UNKNOWN',
  },
};

const states = [
  'OPENING', 'PAIRING', 'UNPAIRED', 'UNPAIRED_IDLE', 'CONNECTED', 'TIMEOUT', 'CONFLICT', 'UNLAUNCHED',
  'PROXYBLOCK', 'TOS_BLOCK', 'SMB_TOS_BLOCK', 'DEPRECATED_VERSION',
];
export const SocketConstants = {
  SOCKET_STATE: Object.fromEntries(states.map((state) => [state, state])),
  SOCKET_STREAM: { DISCONNECTED: 'DISCONNECTED', SYNCING: 'SYNCING', RESUMING: 'RESUMING', CONNECTED: 'CONNECTED' },
  WATCHED_SOCKET_STATE: { OPEN: 'OPEN', CLOSED: 'CLOSED' },
};

export const LogoutReasonConstants = {
  LogoutReason: { UserInitiated: 'user_initiated', AccountSyncError: 'account_sync_error', UnknownCompanion: 'unknown_companion' },
  LOGOUT_REASON_CODE: { CLIENT_FATAL: '0', SYNC_FAIL: '1', INITIAL_HISTORY_SYNC_TIMEOUT: '2', ACCOUNT_LOCKED: '3' },
};

export const MsgType = {
  MSG_TYPE: {
    CHAT: 'chat', IMAGE: 'image', VIDEO: 'video', AUDIO: 'audio', PTT: 'ptt', DOCUMENT: 'document',
    STICKER: 'sticker', LOCATION: 'location', VCARD: 'vcard', POLL_CREATION: 'poll_creation',
    REVOKED: 'revoked', CIPHERTEXT: 'ciphertext', PROTOCOL: 'protocol', CALL_LOG: 'call_log',
  },
  SYSTEM_MESSAGE_TYPES: ['gp2', 'e2e_notification', 'notification_template'],
};

export const CallStates = { CALL_STATES: { INCOMING_RING: 'INCOMING_RING', ReceivedCall: 4, ReceivedCallWithoutOffer: 5 } };
export const NonJidMention = { default: { MENTION_ALL: 1 } };
export const GroupSettings = { GROUP_SETTING_TYPE: { ANNOUNCEMENT: 'announcement', RESTRICT: 'restrict' } };
export const Jids = { GROUP_JID: 'g.us', CHAT_JID: 'c.us' };
export const StatusJid = { STATUS_JID: 'status@broadcast' };
export const DropAttr = { DROP_ATTR: Symbol('drop') };
export const ServerProps = { MAX_FILE_SIZE_BYTES: 2_000_000_000, MULTICAST_LIMIT_GLOBAL: 5 };
