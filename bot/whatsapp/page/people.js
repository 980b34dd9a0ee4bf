// Asks WhatsApp about people.
(() => {
  'use strict';
  if (!window.alexia || window.alexia.commands.exists) return;

  // The first of these addresses that is somebody's on WhatsApp, as WhatsApp writes it; '' for none.
  window.alexia.commands.exists = async ({ addresses }) => {
    for (const address of addresses) {
      const found = await WPP.contact.queryWidExists(address);
      if (found) {
        const named = String(found.wid || '');
        return named.endsWith('@c.us') ? named : address;
      }
    }
    return '';
  };
})();
