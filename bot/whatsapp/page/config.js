// Read by wa-js when it starts: no analytics host, no third-party link previews.
if (window === window.top && location.host === ALEXIA_HOST) {
  window.WPPConfig = { disableGoogleAnalytics: true, linkPreviewApiServers: [] };
}
