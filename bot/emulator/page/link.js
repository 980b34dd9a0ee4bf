// The line to the emulator's back end: calls by fetch, news by server-sent events.

export const link = { page: '', faults: {}, account: null };

/** Call the back end; answers its JSON. */
export async function call(path, values = {}) {
  const response = await fetch(`/page/${path}`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ page: link.page, ...values }),
  });
  const answer = await response.json();
  if (!response.ok) throw new Error(answer.error);
  return answer;
}

/** Tell the back end that something happened here. */
export function tell(kind, chat, more = {}) {
  return call('tell', { kind, chat: String(chat), more });
}

let source;

/** Hear the news; `onItems` gets each batch. */
export function listen(onItems) {
  source?.close();
  source = new EventSource(`/page/events?page=${link.page}`);
  source.onerror = () => {
    // The back end does not know this page any more: it was started anew.
    if (source.readyState === EventSource.CLOSED) setTimeout(() => location.reload(), 1500);
  };
  source.onmessage = (event) => onItems(JSON.parse(event.data));
  return new Promise((resolve) => {
    source.addEventListener('open', () => resolve(), { once: true });
  });
}
