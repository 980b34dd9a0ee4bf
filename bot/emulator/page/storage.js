// What the browser profile keeps: the device token, the login, and messages still in the clock.

let database;

function settled(request) {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

function done(transaction) {
  return new Promise((resolve, reject) => {
    transaction.oncomplete = () => resolve();
    transaction.onerror = () => reject(transaction.error);
    transaction.onabort = () => reject(transaction.error);
  });
}

export async function openStorage() {
  const request = indexedDB.open('emulated-whatsapp', 1);
  request.onupgradeneeded = () => {
    request.result.createObjectStore('login');
    request.result.createObjectStore('clock');
  };
  database = await settled(request);
}

export async function readLogin(name) {
  return settled(database.transaction('login').objectStore('login').get(name));
}

export async function writeLogin(name, value) {
  const transaction = database.transaction('login', 'readwrite', { durability: 'strict' });
  transaction.objectStore('login').put(value, name);
  await done(transaction);
}

export async function clearClock() {
  const transaction = database.transaction('clock', 'readwrite');
  transaction.objectStore('clock').clear();
  await done(transaction);
}

export async function readClock() {
  return settled(database.transaction('clock').objectStore('clock').getAll());
}

export async function putInClock(key, message) {
  const transaction = database.transaction('clock', 'readwrite');
  transaction.objectStore('clock').put(message, key);
  await done(transaction);
}

export async function takeFromClock(key) {
  const transaction = database.transaction('clock', 'readwrite');
  transaction.objectStore('clock').delete(key);
  await done(transaction);
}
