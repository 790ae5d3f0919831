// A token after the # of the address never travels to the server with the address: take it from
// there into the form, wipe it from the address bar and the history, and log in.
const match = /^#token=([\x21-\x7e]+)$/.exec(window.location.hash);
if (match) {
  window.history.replaceState(null, "", window.location.pathname);
  document.getElementById("token").value = match[1];
  document.getElementById("login").submit();
}
