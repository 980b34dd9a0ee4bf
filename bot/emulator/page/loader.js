// The module loader's surface: __d, require('__debug'), importNamespace, ErrorGuard.

const modulesMap = {};
const missing = new Set();

/** Leave out these module ids and export names from here on. */
export function leaveOut(names) {
  for (const name of names) missing.add(name);
}

/** Register a module with its exports. */
export function define(id, exports) {
  if (missing.has(id)) return;
  for (const name of Object.keys(exports)) {
    if (missing.has(name)) delete exports[name];
  }
  modulesMap[id] = { exports, factory: () => exports };
}

function load(id) {
  if (id === '__debug') return { modulesMap };
  const found = modulesMap[id];
  if (!found) throw new Error(`Requiring unknown module "${id}"`);
  return found.exports;
}

/** Put the loader's globals on the window: from then on wa-js may look around. */
export function openLoader() {
  window.ErrorGuard = { skipGuardGlobal() {} };
  window.importNamespace = load;
  window.require = load;
  window.__d = (id, _dependencies, factory) => {
    modulesMap[id] = { exports: {}, factory };
  };
}
