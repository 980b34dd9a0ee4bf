// Tells what the page raises. What arrives is told in the order of its chat: what came before it there
// and was not raised goes first.
(() => {
  'use strict';
  if (!window.alexia || window.alexia.noteSwept) return;
  const { kit: { id, known, plain, text, calm, tell, hear, seconds, heldIn, chatOf, isOurs, alias } } = window.alexia;

  const MOST_TOLD = 20000; // messages that are known to have been raised or swept
  const GAP = 200;         // messages that were not raised, told before one that was
  const UNRAISED = 500;    // ms after which what was added, and not raised as new, is told anyway
  const told = new Map();   // by key: what each was like when it was told, '' where it was only swept
  let since = Infinity;     // moment (s) from which on everything was swept, or must be told

  // What may be another of a message after it was told.
  const shape = (msg) => calm(
    () => `${msg.type} ${text(msg.body).length} ${text(msg.caption).length} ${msg.latestEditSenderTimestampMs || 0}`, '');

  function note(name, as = '') {
    if (as || !told.has(name)) told.set(name, as);
    if (told.size > MOST_TOLD) told.delete(told.keys().next().value);
  }

  function arrived(msg) {
    for (const one of [...unheardBefore(msg), msg]) {
      note(id(one.id));
      const raw = plain(one);
      tell({ kind: 'message', raw });
      note(id(one.id), shape(one));
      if (isMute(raw)) calm(() => awaitWords(one));
    }
  }

  // Some messages come without their words, which are filled in; wa-js tells that of ciphertexts.
  const isMute = (raw) => (raw.type === 'chat' || raw.type === 'unknown') && !raw.body && !raw.caption;

  // Tells a message again as soon as it says something.
  const CHANGES = ['change:body', 'change:type', 'change:caption'];
  function awaitWords(msg) {
    let said = false;
    const look = () => {
      const raw = plain(msg);
      if (said || isMute(raw) || raw.type === 'revoked') return;
      said = true;
      for (const name of CHANGES) calm(() => msg.off(name, look));
      tell({ kind: 'message', raw });
      note(id(msg.id), shape(msg));
    };
    for (const name of CHANGES) msg.on(name, look);
  }

  // What the chat has got since it was swept, right before a message: raised or not, it is older.
  function unheardBefore(msg) {
    const held = heldIn(calm(() => WPP.whatsapp.ChatStore.get(chatOf(msg.id)), null));
    const place = held.lastIndexOf(msg);
    const found = [];
    for (let at = (place < 0 ? held.length : place) - 1; at >= 0 && found.length < GAP; at -= 1) {
      const one = held[at];
      if (told.has(id(one.id)) || !(one.isNewMsg || seconds(one.t) >= since)) break;
      found.unshift(one);
    }
    return found;
  }

  // What the page takes for history though it is new is added to its store, and not raised.
  let adding = false;
  function hearAdded() {
    if (adding) return;
    adding = true;
    calm(() => WPP.whatsapp.MsgStore.on('add', (msg) => {
      if (msg.isNewMsg || calm(() => seconds(msg.t), 0) < since) return;
      setTimeout(() => { if (!told.has(id(msg.id))) arrived(msg); }, UNRAISED);
    }));
  }

  // What somebody did to a message: its text of now, or that it is gone.
  function change(key, sender, more) {
    const chat = chatOf(key);
    return {
      id: id(key), chat: known(chat), alias: alias(chat), fromMe: isOurs(key), sender: known(sender || chat), ...more,
    };
  }

  const edited = ({ msg }) => change(msg.id, calm(() => msg.author, null), {
    text: text(msg.type === 'chat' ? msg.body : msg.caption), t: Number(calm(() => msg.latestEditSenderTimestampMs, 0)) || Date.now(),
  });

  const revoked = ({ refId, author }) => change(refId, calm(() => refId.participant, null) || author, {
    revoked: true, t: Date.now(),
  });

  // A reaction to a message of ours, in the form of a message.
  function reaction(event) {
    const sender = known(event.sender);
    return {
      id: `${id(event.msgId)}-r-${sender}-${event.timestamp}`, chat: known(chatOf(event.msgId)), sender,
      fromMe: sender === calm(() => id(WPP.conn.getMyUserId()), ''), type: 'alexia_reaction',
      t: seconds(event.timestamp), reaction: text(event.reactionText), ours: isOurs(event.msgId),
    };
  }

  // A vote in a poll of ours, in the form of a message.
  function vote(event) {
    const sender = known(event.sender);
    const chosen = (event.selectedOptions || []).filter(Boolean).map((option) => text(option.name));
    return {
      id: `${id(event.msgId)}-v-${sender}-${event.timestamp}`, chat: known(event.chatId), sender,
      fromMe: sender === calm(() => id(WPP.conn.getMyUserId()), ''), type: 'alexia_vote',
      t: seconds(event.timestamp), votes: chosen, ours: isOurs(event.msgId),
    };
  }

  function listen() {
    WPP.on('chat.new_message', arrived);
    WPP.on('chat.new_reaction', (event) => tell({ kind: 'message', raw: reaction(event) }));
    WPP.on('chat.poll_response', (event) => tell({ kind: 'message', raw: vote(event) }));
    WPP.on('chat.msg_edited', (event) => tell({ kind: 'change', raw: edited(event) }));
    WPP.on('chat.msg_revoke', (event) => tell({ kind: 'change', raw: revoked(event) }));
    WPP.on('chat.msg_ack_change', (change) => tell({
      kind: 'receipt', raw: {
        ack: change.ack, ids: (change.ids || []).map(id), sender: change.sender ? known(change.sender) : '',
      },
    }));
  }

  // Whether a message was told by itself, as it is now. What was only read back does not count: who
  // asked for that may not have got it.
  window.alexia.wasTold = (msg) => {
    const as = shape(msg);
    return as !== '' && told.get(id(msg.id)) === as;
  };

  // Everything from a moment on was read back: these messages are told already.
  window.alexia.noteSwept = (moment, names) => {
    since = Math.min(since, moment);
    for (const name of names) note(name);
    hearAdded();
  };

  hear(listen);
})();
