// The phones side by side: contacts on the left, an open chat each, a box to write in.

import { drawTalk, element, inShort } from './bubbles.js';
import { GONE, connect, control, nameOf, onChange, talkOf, world } from './world.js';

const NARROW = window.matchMedia('(max-width: 46rem)');
const WIDTH = 340; // pixels that one phone needs
const opened = []; // chats, the newest first
const phones = new Map(); // chat -> its parts
const read = new Map(); // chat -> messages seen
const byId = (id) => document.getElementById(id);

function notify(text) {
  const notice = byId('notice');
  notice.textContent = text;
  notice.hidden = false;
  clearTimeout(notify.timer);
  notify.timer = setTimeout(() => { notice.hidden = true; }, 6000);
}

async function ask(path, values) {
  try {
    const answer = await control(path, values);
    byId('notice').hidden = true;
    return answer;
  } catch (error) {
    notify(error.message);
    return null;
  }
}

function face(chat) {
  const made = element('span', 'face', nameOf(chat).replace('+', '').charAt(0).toUpperCase());
  const hue = [...chat].reduce((sum, letter) => sum + letter.charCodeAt(0) * 7, 0) % 360;
  made.style.setProperty('--hue', hue);
  made.setAttribute('aria-hidden', 'true');
  return made;
}

function readFile(file) {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(String(reader.result).split(',')[1] ?? '');
    reader.onerror = () => reject(reader.error);
    reader.readAsDataURL(file);
  });
}

function composer(chat, speaker) {
  const form = element('form', 'write');
  const box = element('textarea');
  box.rows = 1;
  box.placeholder = 'Message';
  box.setAttribute('aria-label', `Write as ${nameOf(chat)}`);
  const label = element('label', 'file');
  const looks = element('span', 'plus', '+');
  const file = element('input');
  file.type = 'file';
  file.setAttribute('aria-label', 'Attach a file');
  label.append(looks, file);
  const button = element('button', '', 'Send');
  form.append(label, box, button);
  const send = (values) => ask('messages', { account: world.account, chat, from: speaker(), ...values });
  const more = extras(send);
  let typing = 0;
  box.addEventListener('input', () => {
    if (Date.now() - typing < 3000) return;
    typing = Date.now();
    ask('typing', { account: world.account, chat, from: speaker(), state: 'composing' });
  });
  box.addEventListener('keydown', (event) => {
    if (event.key === 'Enter' && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      form.requestSubmit();
    }
  });
  form.addEventListener('submit', async (event) => {
    event.preventDefault();
    const text = box.value.trim();
    const chosen = file.files[0];
    if (!text && !chosen) return;
    if (!world.account) {
      notify('No bot is linked yet. Open the bot, then press "Link the bot".');
      return;
    }
    const message = { account: world.account, chat, from: speaker(), text };
    if (chosen) message.media = { mimetype: chosen.type || 'application/octet-stream', filename: chosen.name, base64: await readFile(chosen) };
    typing = 0;
    if (await ask('messages', message)) form.reset();
    box.focus();
  });
  return { form, box, more };
}

function field(name, placeholder) {
  const made = element('input');
  made.name = name;
  made.placeholder = placeholder;
  made.required = true;
  made.autocomplete = 'off';
  made.setAttribute('aria-label', placeholder);
  return made;
}

function extra(title, inputs, values, send) {
  const form = element('form', 'extra');
  form.append(...inputs, element('button', '', title));
  form.addEventListener('submit', async (event) => {
    event.preventDefault();
    const written = values(new FormData(form));
    if (typeof written === 'string') notify(written);
    else if (await send(written)) form.reset();
  });
  return form;
}

// The place that is written, or what is wrong with it.
function placeOf(data) {
  const [lat, lng] = ['lat', 'lng'].map((name) => Number(data.get(name).trim().replace(',', '.') || NaN));
  if (!(Math.abs(lat) <= 90)) return 'A latitude is a number from -90 to 90, such as -23.55.';
  if (!(Math.abs(lng) <= 180)) return 'A longitude is a number from -180 to 180, such as -46.63.';
  return { location: { name: data.get('name'), lat, lng } };
}

// The poll that is written, or what is wrong with it.
function pollOf(data) {
  const options = [...new Set(data.get('options').split(',').map((one) => one.trim()).filter(Boolean))];
  if (options.length < 2) return 'A poll has at least two different options, with commas between.';
  return { text: data.get('ask'), options };
}

// What is more than a text or a file: a place and a poll.
function extras(send) {
  const made = element('details', 'more');
  made.append(
    element('summary', '', 'Place or poll'),
    extra('Send place', [field('name', 'Name of the place'), field('lat', 'Latitude'), field('lng', 'Longitude')],
      placeOf, send),
    extra('Send poll', [field('ask', 'Question'), field('options', 'Options, with commas between')],
      pollOf, send),
  );
  return made;
}

// What stood at the lower edge of a talk stays there when a form below it opens or closes.
function holdLowerEdge(talk) {
  let below = 0;
  let height = 0;
  talk.addEventListener('scroll', () => {
    if (talk.clientHeight === height) below = talk.scrollHeight - talk.scrollTop - height;
  });
  new ResizeObserver(() => {
    height = talk.clientHeight;
    talk.scrollTop = talk.scrollHeight - height - below;
  }).observe(talk);
}

function makePhone(chat) {
  const section = element('section', 'phone');
  section.setAttribute('aria-label', `Chat of ${nameOf(chat)} with the bot`);
  const header = element('header');
  const names = element('div');
  const title = element('h2', '', nameOf(chat));
  const status = element('p', 'quiet');
  names.append(title, status);
  const close = element('button', 'close', '✕');
  close.type = 'button';
  close.setAttribute('aria-label', `Close the chat of ${nameOf(chat)}`);
  close.addEventListener('click', () => { opened.splice(opened.indexOf(chat), 1); draw(); });
  header.append(face(chat), names, close);
  let speaker = () => chat;
  if (chat.endsWith('@g.us')) {
    const choice = element('select');
    choice.setAttribute('aria-label', 'Who writes');
    for (const one of world.groups.get(chat)?.participants ?? []) {
      if (!world.accounts.has(one)) choice.append(new Option(nameOf(one), one));
    }
    speaker = () => choice.value;
    names.append(choice);
  }
  const talk = element('ul', 'talk');
  talk.setAttribute('aria-live', 'polite');
  talk.tabIndex = 0;
  talk.setAttribute('aria-label', 'Messages');
  holdLowerEdge(talk);
  const { form, box, more } = composer(chat, speaker);
  section.append(header, talk, more, form);
  return { section, talk, title, status, box, speaker };
}

function open(chat, focus = true) {
  if (opened.includes(chat)) opened.splice(opened.indexOf(chat), 1);
  opened.unshift(chat);
  const most = NARROW.matches ? 1 : Math.max(1, Math.floor(byId('phones').clientWidth / WIDTH));
  opened.length = Math.min(opened.length, most);
  draw();
  if (focus) phones.get(chat)?.box.focus();
}

function chats() {
  const all = new Set([...world.people.keys(), ...world.groups.keys()]);
  for (const one of world.messages) if (one?.account === world.account) all.add(one.chat);
  const last = new Map(world.messages.filter((one) => one?.account === world.account).map((one) => [one.chat, one]));
  return [...all].map((chat) => ({ chat, last: last.get(chat) })).sort((one, other) => (other.last?.n ?? 0) - (one.last?.n ?? 0));
}

function drawList() {
  const focused = document.activeElement?.dataset?.chat;
  const rows = chats().map(({ chat, last }) => {
    const row = element('li');
    const button = element('button', 'contact');
    button.type = 'button';
    button.dataset.chat = chat;
    button.setAttribute('aria-pressed', String(opened.includes(chat)));
    button.append(face(chat), element('span', 'who', nameOf(chat)), element('span', 'last', last ? inShort(last) : `+${chat.split('@')[0]}`));
    const count = talkOf(chat).filter((one) => !one.incoming).length;
    if (opened.includes(chat)) read.set(chat, count);
    const fresh = count - (read.get(chat) ?? count);
    if (!read.has(chat)) read.set(chat, count);
    if (fresh > 0) button.append(element('span', 'new', String(fresh)));
    button.addEventListener('click', () => open(chat));
    row.append(button);
    return row;
  });
  byId('list').replaceChildren(...rows);
  if (focused) byId('list').querySelector(`[data-chat="${CSS.escape(focused)}"]`)?.focus();
}

function drawPhones() {
  for (const [chat, phone] of phones) {
    if (opened.includes(chat)) continue;
    phone.section.remove();
    phones.delete(chat);
  }
  const place = byId('phones');
  for (const [at, chat] of opened.entries()) {
    if (!phones.has(chat)) phones.set(chat, makePhone(chat));
    const phone = phones.get(chat);
    if (place.querySelectorAll('.phone')[at] !== phone.section) place.insertBefore(phone.section, place.querySelectorAll('.phone')[at] ?? null);
    phone.title.textContent = nameOf(chat);
    const typing = world.typing.get(`${world.account} ${chat}`);
    phone.status.textContent = typing ? (typing.state === 'recording' ? 'bot is recording…' : 'bot is typing…') : `+${chat.split('@')[0]}`;
    phone.status.className = typing ? 'typing quiet' : 'quiet';
    drawTalk(phone.talk, chat, (message, option) => ask('vote', { account: message.account, id: message.id, from: phone.speaker(), options: [option] }));
  }
  place.querySelector('.empty')?.remove();
  if (!opened.length) place.append(element('p', 'empty', 'Add a contact or choose one, and write to the bot as that person.'));
}

function drawAccounts() {
  const account = world.accounts.get(world.account);
  byId('account').textContent = world.lost ? GONE : account ? `You are everybody who writes to ${account.push_name} (+${account.id.split('@')[0]})` : 'No bot is linked yet.';
  byId('account-choice').hidden = world.accounts.size < 2;
  const options = [...world.accounts.values()].map((one) => new Option(`${one.push_name} +${one.id.split('@')[0]}`, one.id, false, one.id === world.account));
  byId('accounts').replaceChildren(...options);
}

function draw() {
  drawAccounts();
  drawPhones();
  drawList();
}

byId('accounts').addEventListener('change', (event) => { world.account = event.target.value; draw(); });
byId('pair').addEventListener('click', async () => {
  const account = world.account || '5511900000001@c.us';
  if (await ask('pair', { account })) draw();
});
byId('add').addEventListener('submit', async (event) => {
  event.preventDefault();
  const number = byId('add-number').value.replace(/\D/g, '');
  const name = byId('add-name').value.trim();
  if (number.length < 8 || number.length > 15) {
    notify('A number has 8 to 15 digits, with the country first.');
    return;
  }
  if (world.accounts.has(`${number}@c.us`)) {
    notify('This is the number of the bot; take another one for a customer.');
    return;
  }
  if (await ask('contacts', [{ id: `${number}@c.us`, name, push_name: name }])) {
    event.target.reset();
    world.people.set(`${number}@c.us`, { ...world.people.get(`${number}@c.us`), id: `${number}@c.us`, name });
    open(`${number}@c.us`);
  }
});

let first = true;
onChange(() => {
  if (first && !NARROW.matches) {
    first = false;
    for (const { chat } of chats().slice(0, 2).reverse()) open(chat, false);
  }
  draw();
});
draw();
connect();
