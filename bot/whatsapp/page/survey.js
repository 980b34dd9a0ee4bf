// Looks for what we need in the page: names below WPP; reading one makes wa-js look for it.
(() => {
  'use strict';
  if (!window.alexia || window.alexia.commands.survey) return;

  const there = (path) => {
    try {
      const found = path.split('.').reduce((at, name) => at[name], WPP);
      return found !== undefined && found !== null;
    } catch {
      return false;
    }
  };

  window.alexia.commands.survey = ({ paths }) => ({
    page: String((window.Debug && window.Debug.VERSION) || ''), wa_js: String(WPP.version || ''),
    missing: paths.filter((path) => !there(path)),
  });
})();
