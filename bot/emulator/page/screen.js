// What a person sees: the code to scan, or the list of chats. Redrawn at most twice a second.

import { link } from './link.js';
import { Conn, Stream } from './session.js';
import { ChatStore, MsgStore } from './stores.js';

const MOST_CHATS = 30;
const REST = 500; // milliseconds between two drawings

let planned = false;

function element(name, text, id) {
  const made = document.createElement(name);
  if (text !== undefined) made.textContent = text;
  if (id) made.id = id;
  return made;
}

function chatList() {
  const list = element('ul', undefined, 'chats');
  const chats = [...ChatStore.list].sort((one, other) => (other.t ?? 0) - (one.t ?? 0)).slice(0, MOST_CHATS);
  for (const chat of chats) {
    const row = element('li');
    row.append(element('strong', chat.name ?? `+${chat.id.user}`));
    const last = element('span', chat.msgs.last()?.body ?? '');
    last.className = 'last';
    row.append(last);
    list.append(row);
  }
  return list;
}

function draw() {
  planned = false;
  const screen = document.getElementById('screen');
  if (link.account && Stream.mode === 'MAIN') {
    screen.replaceChildren(element('p', `Chats of ${link.account.push_name}`, 'status'), chatList());
  } else if (Stream.mode === 'CONFLICT') {
    screen.replaceChildren(element('p', 'WhatsApp is open in another window.', 'status'));
  } else if (Conn.ref) {
    screen.replaceChildren(
      element('p', 'Scan this code with your phone to log in', 'status'),
      element('p', Conn.ref, 'code'),
    );
  } else {
    screen.replaceChildren(element('p', 'The code has run out. Reload to show a new one.', 'status'));
  }
}

/** Draw soon. */
export function redraw() {
  if (planned) return;
  planned = true;
  setTimeout(draw, REST);
}

/** Keep the screen as the stores are. */
export function watch() {
  MsgStore.on('add', redraw);
  ChatStore.on('add', redraw);
  redraw();
}
