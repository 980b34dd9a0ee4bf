// What the phones know: fetched once, then kept fresh by server-sent events.

export const world = { accounts: new Map(), people: new Map(), groups: new Map(), messages: [], typing: new Map(), account: '', lost: false };

export const GONE = 'The demo does not answer. Start it again; this page goes on by itself.';

const listeners = [];
export function onChange(callback) {
  listeners.push(callback);
}

let planned = false;
function changed() {
  if (planned) return;
  planned = true;
  requestAnimationFrame(() => {
    planned = false;
    for (const callback of listeners) callback();
  });
}

function chooseAccount() {
  if (!world.accounts.has(world.account)) world.account = [...world.accounts.keys()][0] ?? '';
}

const appliers = {
  message: ({ message }) => { world.messages[message.n - 1] = message; },
  change: ({ n, values }) => { Object.assign(world.messages[n - 1] ?? {}, values); },
  person: ({ person }) => { world.people.set(person.id, person); },
  group: ({ group }) => { world.groups.set(group.id, group); },
  account: ({ account }) => { world.accounts.set(account.id, account); chooseAccount(); },
  event: ({ event }) => { if (event.kind === 'chatstate') type(event); },
};

const TYPING = 25_000; // milliseconds after which typing is taken for ended

function type({ account, chat, state }) {
  const key = `${account} ${chat}`;
  clearTimeout(world.typing.get(key)?.timer);
  if (state === 'paused') world.typing.delete(key);
  else world.typing.set(key, { state, timer: setTimeout(() => { world.typing.delete(key); changed(); }, TYPING) });
}

function apply(entry) {
  if (entry.k === 'message') stopTyping(entry.message);
  appliers[entry.k]?.(entry);
}

function stopTyping(message) {
  if (!message.incoming) world.typing.delete(`${message.account} ${message.chat}`);
}

/** Fetch everything, then listen. */
export async function connect() {
  const source = new EventSource('/phone/events');
  source.onmessage = (event) => {
    for (const entry of JSON.parse(event.data)) apply(entry);
    changed();
  };
  source.onerror = () => {
    world.lost = true;
    changed();
  };
  source.onopen = async () => {
    world.lost = false;
    const data = await (await fetch('/phone/data')).json();
    for (const account of data.accounts) world.accounts.set(account.id, account);
    for (const person of data.people) world.people.set(person.id, person);
    for (const group of data.groups) world.groups.set(group.id, group);
    for (const message of data.messages) world.messages[message.n - 1] = message;
    chooseAccount();
    changed();
  };
}

/** Ask the control API for something; a refusal is thrown with its sentence. */
export async function control(path, values) {
  const response = await fetch(`/control/${path}`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(values),
  }).catch(() => { throw new Error(GONE); });
  const answer = await response.json();
  if (!response.ok) throw new Error(answer.error);
  return answer;
}

/** The messages of a chat as its people got them: a dropped repeat never arrived. */
export function talkOf(chat) {
  return world.messages.filter((one) => one && one.account === world.account && one.chat === chat && !one.dropped);
}

export function nameOf(id) {
  const known = world.people.get(id) ?? world.groups.get(id) ?? world.accounts.get(id);
  return known?.name || known?.subject || known?.push_name || `+${id.split('@')[0]}`;
}
