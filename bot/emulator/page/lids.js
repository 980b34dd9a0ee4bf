// Which hidden address (@lid) belongs to which phone number (@c.us).

import { toWid } from './ids.js';

const phoneOf = new Map();
const lidOf = new Map();

export const lids = {
  put(lid, phone) {
    if (lid === phone) return;
    phoneOf.set(lid, phone);
    lidOf.set(phone, lid);
  },

  phone(lid) {
    const found = phoneOf.get(String(lid));
    return found ? toWid(found) : undefined;
  },

  lid(phone) {
    const found = lidOf.get(String(phone));
    return found ? toWid(found) : undefined;
  },
};
