// Addresses (Wid) and keys of messages (MsgKey), with WhatsApp's two spellings of the latter.

export class Wid {
  constructor(text) {
    const at = text.indexOf('@');
    this.user = text.slice(0, at).split(':')[0];
    this.server = text.slice(at + 1);
    this._serialized = `${this.user}@${this.server}`;
  }

  toString() {
    return this._serialized;
  }

  toJid() {
    return this._serialized.replace('@c.us', '@s.whatsapp.net');
  }

  toJSON() {
    return this._serialized;
  }

  equals(other) {
    return Boolean(other) && String(other) === this._serialized;
  }

  isUser() {
    return this.server === 'c.us' || this.server === 'lid';
  }

  isRegularUser() {
    return this.isUser();
  }

  isRegularUserPn() {
    return this.server === 'c.us';
  }

  isLid() {
    return this.server === 'lid';
  }

  isGroup() {
    return this.server === 'g.us';
  }

  isNewsletter() {
    return this.server === 'newsletter';
  }

  isBroadcast() {
    return this.server === 'broadcast';
  }

  isStatus() {
    return this._serialized === 'status@broadcast';
  }

  isStatusV3() {
    return this.isStatus();
  }

  isPSA() {
    return this._serialized === '0@c.us';
  }

  isBot() {
    return this.server === 'bot';
  }

  isIAS() {
    return false;
  }

  isServer() {
    return this.server === 's.whatsapp.net';
  }

  isCompanion() {
    return false;
  }

  static isXWid(kind, id) {
    return Wid.isWid(id) && toWid(id).server === kind;
  }

  static isWid(id) {
    return id instanceof Wid || (typeof id === 'string' && id.includes('@'));
  }

  static isGroup(id) {
    return Wid.isWid(id) && toWid(id).isGroup();
  }

  static isUser(id) {
    return Wid.isWid(id) && toWid(id).isUser();
  }

  static isLid(id) {
    return Wid.isWid(id) && toWid(id).isLid();
  }

  static isNewsletter(id) {
    return Wid.isWid(id) && toWid(id).isNewsletter();
  }

  static isBroadcast(id) {
    return Wid.isWid(id) && toWid(id).isBroadcast();
  }

  static isStatus(id) {
    return Wid.isWid(id) && toWid(id).isStatus();
  }

  static isStatusV3(id) {
    return Wid.isStatus(id);
  }
}

const wids = new Map();

/** Return the one Wid object of an address. */
export function toWid(id) {
  const text = String(id?._serialized ?? id).replace('@s.whatsapp.net', '@c.us');
  if (!text.includes('@')) throw new Error(`wid error: invalid wid: ${text}`);
  let wid = wids.get(text);
  if (!wid) wids.set(text, (wid = new Wid(text)));
  return wid;
}

const withServer = (user, server = 'c.us') => toWid(String(user).includes('@') ? user : `${user}@${server}`);

export const widFactory = {
  createWid: toWid,
  createUserWid: withServer,
  createUserWidOrThrow: withServer,
  createWidFromWidLike: toWid,
  isWidlike: (id) =>
    id instanceof Wid || (typeof id === 'object' && id !== null && 'user' in id && 'server' in id && typeof id._serialized === 'string'),
  asUserWidOrThrow: toWid,
  toUserWid: toWid,
};

const HEX = '0123456789ABCDEF';

/** Return a fresh stanza id as WhatsApp Web makes it. */
export function newStanzaId() {
  const bytes = crypto.getRandomValues(new Uint8Array(18));
  return `3EB0${Array.from(bytes, (byte) => HEX[byte & 15]).join('')}`;
}

// An id may hold underscores of its own; a participant is an address.
const KEY = /^(true|false)_([^_]+)_([^]+?)(?:_([^_@\s]+@[a-z.]+))?$/;

/** Return the class of message keys; `name` is the property that holds the serialised form. */
export function makeMsgKey(name) {
  class MsgKey {
    constructor(parts) {
      if (!parts) throw new Error('MsgKey error: obj is null/undefined');
      const out = parts.selfDir === 'out' || parts.fromMe === true;
      this.fromMe = parts.fromMe ?? out;
      this.remote = toWid(parts.remote ?? (this.fromMe ? parts.to : parts.from));
      this.id = String(parts.id);
      this.participant = parts.participant ? toWid(parts.participant) : undefined;
      const tail = this.participant ? `_${this.participant}` : '';
      this[name] = `${this.fromMe}_${this.remote}_${this.id}${tail}`;
    }

    equals(other) {
      return Boolean(other) && String(other) === this.toString();
    }

    clone() {
      return new MsgKey(this);
    }

    static fromString(text) {
      const read = KEY.exec(String(text));
      if (!read) throw new Error(`MsgKey error: cannot read ${text}`);
      const [, fromMe, remote, id, participant] = read;
      return new MsgKey({ fromMe: fromMe === 'true', remote, id, participant });
    }

    static from(parts) {
      return parts instanceof MsgKey ? parts : new MsgKey(parts);
    }

    static newId() {
      return newStanzaId();
    }

    static displayName() {
      return 'MsgKey';
    }
  }
  // wa-js learns the property's name from the source of toString, so each spelling has its own.
  MsgKey.prototype.toString =
    name === '$1'
      ? function toString() {
          return this.$1;
        }
      : function toString() {
          return this._serialized;
        };
  return MsgKey;
}
