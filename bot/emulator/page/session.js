// Connection state: codes, pairing, login, logout, conflict.

import { Emitter } from './events.js';
import { call, link, tell } from './link.js';
import { defineModel } from './models.js';
import { clearClock, writeLogin } from './storage.js';

const CODE_LIFE = 20_000; // milliseconds, as on a phone
const CODES = 6; // shown one after the other, then the page waits for refreshQR

export const ConnImpl = defineModel('conn', ['ref', 'refTTL', 'connected', 'platform', 'pushname', 'wid', 'isSMB', 'me', 'battery']);
export const Conn = new ConnImpl({ platform: 'android', connected: false });

const StreamImpl = defineModel('stream', ['mode', 'info', 'needsUpdate', 'available']);
StreamImpl.prototype.markAvailable = function markAvailable() { tell('available', '', { online: true }); };
StreamImpl.prototype.markUnavailable = function markUnavailable() { tell('available', '', { online: false }); };
export const Stream = new StreamImpl({ mode: undefined, info: undefined, needsUpdate: false });

const SocketImpl = defineModel('socket', ['state', 'stream', 'hasSynced']);
SocketImpl.prototype.initConn = function initConn() {};
SocketImpl.prototype.poke = function poke() { showCodes(); };
SocketImpl.prototype.logout = function logout() {
  call('logout').then(() => leave('user_initiated'), (error) => console.warn('logout', error.message));
};
export const Socket = new SocketImpl({ state: 'OPENING' });

export class CmdImpl extends Emitter {
  refreshQR() { showCodes(); }
  setActiveFilter() {}
}
export const Cmd = new CmdImpl();
Cmd.isMainLoaded = false;

const NetworkStatusImpl = defineModel('networkStatus', ['online']);
NetworkStatusImpl.prototype.checkOnline = function checkOnline() { return this.online; };
export const NetworkStatus = new NetworkStatusImpl({ online: true });

export class LinkDeviceEvents extends Emitter {
  triggerRefreshAltLinkingCode() {}
}

export const logoutReason = {
  getErrorCodeFromLogoutReason: (reason) => (reason === 'user_initiated' ? '0' : '1'),
  setPrevLogoutReasonCode() {},
  setPrevCustomLogoutMessage() {},
  getPrevLogoutReasonCode: () => null,
  getPrevCustomLogoutMessage: () => null,
};

let codeTimer;
let onScreen = () => {};

export function onSessionChange(callback) {
  onScreen = callback;
}

function randomText(bytes) {
  const values = crypto.getRandomValues(new Uint8Array(bytes));
  return btoa(String.fromCharCode(...values)).replaceAll(',', '');
}

/** Show six codes, 20 seconds each, then wait to be asked again. */
export function showCodes() {
  clearTimeout(codeTimer);
  Stream.set({ mode: 'QR', info: 'NORMAL' });
  Socket.state = 'UNPAIRED';
  let left = CODES;
  const next = () => {
    const ref = left > 0 ? `2@${randomText(48)}` : undefined;
    left -= 1;
    if (!ref) Socket.state = 'UNPAIRED_IDLE';
    Conn.ref = ref;
    call('code', { code: ref ?? null }).catch((error) => console.warn('code', error.message));
    onScreen();
    if (ref) codeTimer = setTimeout(next, CODE_LIFE);
  };
  next();
}

/** A code of eight letters that the owner types on the phone. */
export async function linkCode(phone, _notify) {
  if (!/^\d{8,15}$/.test(phone)) throw new Error('invalid phone number');
  const letters = '123456789ABCDEFGHJKLMNPQRSTVWXYZ';
  const code = Array.from(crypto.getRandomValues(new Uint8Array(8)), (byte) => letters[byte & 31]).join('');
  await call('code', { code });
  return code;
}

/** Store the login that the phone gave, and tell the back end so. */
export async function storeLogin(account) {
  clearTimeout(codeTimer);
  Socket.state = 'PAIRING';
  await writeLogin('account', account.id);
  const known = await call('paired', { account: account.id });
  Conn.ref = undefined;
  return known;
}

/** The account is known: say so to whoever listens. */
export function enterMain() {
  const account = link.account;
  Conn.set({ connected: true, pushname: account.push_name, isSMB: account.business });
  Socket.set({ state: 'CONNECTED', stream: 'CONNECTED', hasSynced: true });
  Stream.set({ info: 'NORMAL', available: true });
  Cmd.isMainLoaded = true;
  Cmd.trigger('main_loaded');
  Stream.mode = 'MAIN';
  onScreen();
}

/** The login is gone, for the given reason; WhatsApp loads itself anew then. */
export async function leave(reason) {
  link.account = null;
  await writeLogin('account', null);
  await clearClock();
  const code = logoutReason.getErrorCodeFromLogoutReason(reason);
  logoutReason.setPrevLogoutReasonCode(code);
  Cmd.isMainLoaded = false;
  Cmd.trigger('logout');
  Socket.state = 'UNPAIRED';
  Stream.mode = 'QR';
  setTimeout(() => location.reload(), 500);
}

/** What the phone or a test does to the session. */
export function sessionChange(change) {
  if (change === 'logout') leave('account_sync_error');
  if (change === 'reload') location.reload();
  if (change === 'conflict') {
    Socket.state = 'CONFLICT';
    Stream.mode = 'CONFLICT';
  }
  if (change === 'needs_update') Stream.needsUpdate = true;
  if (change === 'freeze') for (;;); // a renderer that answers nothing any more
  onScreen();
}

