// How the owner keeps chats: archived, pinned, muted, unread; the back end remembers it.

import { toWid } from './ids.js';
import { tell } from './link.js';
import { Model, defineModel } from './models.js';
import { Cmd } from './session.js';
import { ChatStore } from './stores.js';

const MuteBase = defineModel('mute', ['expiration', 'isAutoMuted'], Model);

/** A chat's mute; expiration in seconds, 0 when it is not muted, -1 for ever. */
export class MuteModel extends MuteBase {
  get isMuted() { return Boolean(this.expiration); }

  canMute() { return true; }

  async mute({ expiration }) {
    this.expiration = expiration;
    await tell('chat', this.chat, { mute: expiration });
  }

  async unmute() {
    this.expiration = 0;
    await tell('chat', this.chat, { mute: 0 });
  }
}

ChatStore.dress = (chat) => {
  chat.mute = new MuteModel({ expiration: 0 });
  chat.mute.chat = chat.id;
};

export async function setPin(chat, pin) {
  chat.pin = pin;
  await tell('chat', chat.id, { pin });
}

export async function setArchive(chat, archive) {
  chat.archive = archive;
  await tell('chat', chat.id, { archive });
}
Cmd.archiveChat = setArchive;

export async function markUnread(chat) {
  chat.unreadCount = -1;
  await tell('chat', chat.id, { unread: true });
}

/** Take in how chats were kept before this page was loaded. */
export function takeChats(kept) {
  for (const { chat: id, ...values } of kept) {
    const chat = ChatStore.open(toWid(id), { silent: true });
    if ('archive' in values) chat.archive = values.archive;
    if ('pin' in values) chat.pin = values.pin;
    if ('mute' in values) chat.mute.expiration = values.mute;
    if ('expires' in values) chat.ephemeralDuration = values.expires;
    if (values.unread) chat.set('unreadCount', -1, { silent: true });
  }
}
