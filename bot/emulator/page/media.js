// Files of messages: preparing, uploading, downloading, and the caches that wa-js asks.

import { MsgModel, connectModels } from './entities.js';
import { link } from './link.js';
import { defineModel } from './models.js';

export class OpaqueDataBase {
  throwIfReleased() {}
}

export class OpaqueData extends OpaqueDataBase {
  constructor(blob, mimetype) {
    super();
    this.blob = blob;
    this.mimetype = mimetype;
  }

  static async createFromData(blob, mimetype) {
    return new OpaqueData(blob, mimetype);
  }

  type() { return this.mimetype; }
  size() { return this.blob.size; }
  forceToBlob() { return this.blob; }
  retain() {}
  release() {}
  autorelease() {}
}

export const MediaDataModel = defineModel('mediaData', ['type', 'mediaStage', 'mimetype', 'filehash', 'size', 'filename', 'mediaBlob']);

const blobs = new Map();
export const lruMediaStore = {
  async get() { return null; },
  async put() {},
  async del() {},
  async clear() {},
  async count() { return 0; },
  async has() { return false; },
};
export const mediaBlobCache = {
  has: (hash) => blobs.has(hash),
  get: (hash) => blobs.get(hash),
  put: (hash, blob) => blobs.set(hash, blob),
};
export class InMemoryMediaBlobCacheImpl {}

export function mediaDataOf(media, type) {
  return new MediaDataModel({ type, mediaStage: 'RESOLVED', mimetype: media.mimetype, filehash: media.sha256, size: media.size, filename: media.filename });
}

async function download(msg) {
  const { filehash, mimetype } = msg.mediaData;
  const response = await fetch(`/page/media/${filehash}`);
  if (!response.ok) throw new Error(`medium ${filehash}: ${response.status}`);
  const blob = new Blob([await response.arrayBuffer()], { type: mimetype });
  mediaBlobCache.put(filehash, blob);
  msg.mediaData.mediaBlob = new OpaqueData(blob, mimetype);
}
connectModels({ download });

function typeOf(opaque, options) {
  if (options.asSticker) return 'sticker';
  const kind = opaque.type().split('/')[0];
  if (options.asDocument) return 'document';
  if (kind === 'audio') return options.isPtt ? 'ptt' : 'audio';
  return kind === 'image' || kind === 'video' ? kind : 'document';
}

/** A file on its way into a chat. */
export class MediaPrep {
  constructor(opaque, options) {
    this.opaque = opaque;
    this.mediaData = new MediaDataModel({ type: typeOf(opaque, options), mediaStage: 'PREPARING', mimetype: opaque.type(), size: opaque.size() });
  }

  async waitForPrep() {
    return this.mediaData;
  }

  async sendToChat({ chat, options }) {
    const raw = options.productMsgOptions;
    const blob = this.opaque.forceToBlob();
    const filename = raw.filename ?? blob.name ?? 'file';
    const response = await fetch(`/page/media?filename=${encodeURIComponent(filename)}`, {
      method: 'POST',
      headers: { 'Content-Type': this.mediaData.mimetype || 'application/octet-stream' },
      body: blob,
    });
    if (!response.ok) return { messageSendResult: 'ERROR_UPLOAD', t: null };
    const { sha256 } = await response.json();
    this.mediaData.set({ filehash: sha256, mediaStage: 'RESOLVED', mediaBlob: this.opaque });
    const { type, mimetype, size } = this.mediaData;
    const msg = new MsgModel({
      ...raw, type, mimetype, size, filename, filehash: sha256, isMedia: true, mediaData: this.mediaData,
      caption: options.caption ?? '', body: '', mentionedJidList: raw.mentionedJidList ?? [],
    });
    const [, result] = await link.modules.send.addAndSendMsgToChat(chat, msg);
    return result;
  }
}

export const mediaPrepModule = {
  MediaPrep,
  uploadProductImage: async () => '',
  prepRawMedia: (opaque, options) => new MediaPrep(opaque, options ?? {}),
};

/** The largest file of a kind, in bytes. */
export function getUploadLimit(type) {
  return type === 'document' ? 2_000_000_000 : 104_857_600;
}

