// Labels of a business account: which chat wears which, and changing that.
(() => {
  'use strict';
  if (!window.alexia || window.alexia.commands.labels) return;
  const { commands, kit: { id, known, text, calm, tell, hear, resolve } } = window.alexia;

  const COLOURS = 7; // of the palette's first, which every account has

  const nameOf = (label) => calm(() => text(WPP.whatsapp.LabelStore.get(label).name), '');

  function forBusiness() {
    if (!WPP.profile.isBusiness()) throw Object.assign(new Error(''), { code: 'is_not_business' });
  }

  async function every() {
    forBusiness();
    const chats = await WPP.chat.list({ ignoreGroupMetadata: true });
    return chats.flatMap((chat) => (chat.labels || []).map(nameOf).filter(Boolean)
      .map((label) => ({ chat: known(chat.id), label })));
  }

  async function put({ chat: address, label: name, on }) {
    forBusiness();
    const chat = await resolve(address);
    const labels = await WPP.labels.getAllLabels();
    let label = labels.find((one) => one.name === name);
    const worn = label && (chat.labels || []).map(String).includes(String(label.id));
    if (Boolean(worn) === on) return true;
    if (!label && !on) return true;
    if (!label) label = await WPP.labels.addNewLabel(name, { labelColor: 1 + (labels.length % COLOURS) });
    await WPP.labels.addOrRemoveLabels([id(chat.id)], [{ labelId: label.id, type: on ? 'add' : 'remove' }]);
    return true;
  }

  const shown = (one) => ({ id: String(one.id), name: text(one.name), place: Number(one.colorIndex) || 0, colour: text(one.hexColor) });

  async function list() {
    forBusiness();
    return (await WPP.labels.getAllLabels()).map(shown);
  }

  async function create({ label: name }) {
    const all = await list();
    const known = all.find((one) => one.name === name);
    if (known) return known;
    await WPP.labels.addNewLabel(name, { labelColor: 1 + (all.length % COLOURS) });
    return (await list()).find((one) => one.name === name);
  }

  function there(all, label) {
    const found = all.find((one) => one.id === label);
    if (!found) throw Object.assign(new Error('there is no such label'), { code: 'label_not_found' });
    return found;
  }

  async function edit({ label, name, place }) {
    there(await list(), label);
    const colour = place === null ? {} : { labelColor: place };
    await WPP.labels.editLabel(label, { name, ...colour });
    return there(await list(), label);
  }

  async function remove({ label }) {
    there(await list(), label);
    await WPP.labels.deleteLabel(label);
    return true;
  }

  Object.assign(commands, {
    labels: every, label: put, label_list: list, label_new: create, label_edit: edit, label_gone: remove,
  });

  hear(() => WPP.on('chat.update_label', (event) => tell({
    kind: 'label',
    raw: {
      chat: calm(() => known(event.chat.id), ''), added: event.type === 'add',
      labels: (event.labels || []).map((one) => text(calm(() => one.name, ''))),
    },
  })));
})();
