// Tells what arrives, each chat in its order: what came before it there and was not raised goes first.
(() => {
  'use strict';
  if (!window.alexia || window.alexia.noteSwept) return;
  const { kit: { id, plain, calm, tell, hear, seconds, heldIn, chatOf } } = window.alexia;

  const MOST_KNOWN = 20000; // messages that are known to have been raised or swept
  const GAP = 50;           // messages that were not raised, told before one that was
  const known = new Set();
  let since = Infinity;     // moment (s) from which on everything was swept, or must be told

  function note(name) {
    known.add(name);
    if (known.size > MOST_KNOWN) known.delete(known.values().next().value);
  }

  function arrived(msg) {
    for (const one of [...unheardBefore(msg), msg]) {
      note(id(one.id));
      tell({ kind: 'message', raw: plain(one) });
    }
  }

  // What the chat has got since it was swept, right before a message: raised or not, it is older.
  function unheardBefore(msg) {
    const held = heldIn(calm(() => WPP.whatsapp.ChatStore.get(chatOf(msg.id)), null));
    const place = held.lastIndexOf(msg);
    const found = [];
    for (let at = (place < 0 ? held.length : place) - 1; at >= 0 && found.length < GAP; at -= 1) {
      const one = held[at];
      if (known.has(id(one.id)) || !(one.isNewMsg || seconds(one.t) >= since)) break;
      found.unshift(one);
    }
    return found;
  }

  // Everything from a moment on was read back: these messages are told already.
  window.alexia.noteSwept = (moment, names) => {
    since = Math.min(since, moment);
    for (const name of names) note(name);
  };

  hear(() => WPP.on('chat.new_message', arrived));
})();
