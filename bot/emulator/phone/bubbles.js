// One chat's bubbles. Texts go in as text only.

import { nameOf, talkOf, world } from './world.js';

const TICKS = { '-1': ['!', 'failed'], 0: ['◷', 'waiting'], 1: ['✓', 'sent'], 2: ['✓✓', 'delivered'], 3: ['✓✓', 'read'] };
const MOST = 300; // bubbles shown of a long chat

export function element(name, className, text) {
  const made = document.createElement(name);
  if (className) made.className = className;
  if (text !== undefined) made.textContent = text;
  return made;
}

// WhatsApp's marks around whole words; what is inside is text again, never markup.
const MARKS = { '*': 'strong', _: 'em', '~': 's', '```': 'code' };
const MARKED = /(```|[*_~])(?=\S)([^\n]*?\S)\1(?![\p{L}\p{N}])/u;

function written(text) {
  const made = element('span');
  let rest = text;
  for (let found = MARKED.exec(rest); found; found = MARKED.exec(rest)) {
    const before = rest.slice(0, found.index);
    const inWord = /[\p{L}\p{N}]$/u.test(before);
    made.append(before, inWord ? found[0] : element(MARKS[found[1]], '', found[2]));
    rest = rest.slice(found.index + found[0].length);
  }
  made.append(rest);
  return made;
}

function mediumOf(message) {
  const { sha256, mimetype, filename } = message.media;
  const address = `/phone/media/${sha256}?kind=${encodeURIComponent(mimetype)}`;
  const kind = mimetype.split('/')[0];
  if (kind === 'image' && mimetype !== 'image/svg+xml') {
    const picture = element('img');
    picture.src = address;
    picture.alt = message.body || filename;
    return picture;
  }
  if (kind === 'audio' || kind === 'video') {
    const player = element(kind);
    player.src = address;
    player.controls = true;
    return player;
  }
  const file = element('a', 'paper');
  file.append(element('span', 'ending', filename.includes('.') ? filename.split('.').pop().slice(0, 4) : 'file'), filename);
  file.href = address;
  file.download = filename;
  return file;
}

function mapOf({ lat, lng, name }) {
  const made = element('div', 'map');
  made.append(element('span', 'pin'), element('span', '', name || 'Location'),
    element('span', 'quiet', `${Number(lat).toFixed(5)}, ${Number(lng).toFixed(5)}`));
  return made;
}

function cardOf(message) {
  const made = element('div', 'map');
  const number = /TEL[^:\n]*:\s*([^\n]*)/i.exec(message.body)?.[1] ?? '';
  made.append(element('span', 'head', (message.card || '?').charAt(0).toUpperCase()), element('span', '', message.card || 'Contact'), element('span', 'quiet', number.trim()));
  return made;
}

/** What the list of chats shows of a message. */
export function inShort(message) {
  if (message.revoked) return 'deleted';
  if (message.type === 'vcard') return message.card || 'contact';
  return message.body || message.place?.name || message.media?.filename || message.type;
}

function foot(message, fromBot) {
  const line = element('div', 'foot');
  const time = element('time', '', new Date(message.t * 1000).toLocaleTimeString([], { hour: '2-digit', minute: '2-digit' }));
  time.dateTime = new Date(message.t * 1000).toISOString();
  if (message.edited) line.append(element('span', '', 'edited'));
  line.append(time);
  const reactions = Object.values(message.reactions ?? {}).filter(Boolean).join('');
  if (reactions) line.prepend(element('span', '', reactions));
  if (fromBot) {
    const [sign, word] = TICKS[message.ack] ?? TICKS[3];
    const ticks = element('span', `ticks ${word}`, sign);
    ticks.setAttribute('role', 'img');
    ticks.setAttribute('aria-label', word);
    line.append(ticks);
  }
  return line;
}

function poll(message, vote) {
  return message.options.map((option) => {
    const button = element('button', 'option', option);
    button.type = 'button';
    button.addEventListener('click', () => vote(message, option));
    return button;
  });
}

function bubble(message, vote) {
  const fromBot = !message.incoming || message.from_me;
  const made = element('li', fromBot ? 'bubble' : 'bubble mine');
  made.append(element('span', 'hidden-text', fromBot ? 'Bot: ' : `${nameOf(message.sender)}: `));
  if (!fromBot && message.chat.endsWith('@g.us')) made.append(element('div', 'who', nameOf(message.sender)));
  if (message.revoked) {
    made.append(element('span', 'gone', 'This message was deleted'));
  } else {
    const quoted = message.quoted && world.messages.find((one) => one?.id === message.quoted && one.account === message.account);
    if (quoted) made.append(element('div', 'quote', quoted.body || quoted.type));
    if (message.media) made.append(mediumOf(message));
    if (message.place) made.append(mapOf(message.place));
    else if (message.type === 'vcard') made.append(cardOf(message));
    else made.append(written(message.body || (message.media ? '' : `[${message.type}]`)));
    made.append(...poll(message, vote));
  }
  made.append(foot(message, fromBot));
  return made;
}

function dots() {
  const made = element('li', 'dots');
  made.append(element('i'), element('i'), element('i'), element('span', 'hidden-text', 'The bot is typing'));
  return made;
}

/** Draw a chat's bubbles; stays at the end when it was there. `vote` takes a poll and an option. */
export function drawTalk(list, chat, vote) {
  const atEnd = list.scrollHeight - list.scrollTop - list.clientHeight < 80;
  const made = [];
  let day = '';
  for (const message of talkOf(chat).slice(-MOST)) {
    const its = new Date(message.t * 1000).toLocaleDateString();
    if (its !== day) made.push(element('li', 'day', (day = its)));
    made.push(bubble(message, vote));
  }
  if (world.typing.has(`${world.account} ${chat}`)) made.push(dots());
  list.replaceChildren(...made);
  if (atEnd || !list.dataset.drawn) list.scrollTop = list.scrollHeight;
  list.dataset.drawn = 'yes';
}
