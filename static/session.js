"use strict";

// Warns before the session ends, makes it longer without leaving the page, and clears the
// screen when it has ended or the quick exit is pressed. Without this file everything still
// works: the page says when the session ends and has a button. The words are in the page,
// not here.
(() => {
  const dialog = document.getElementById("session-dialog");
  const print = document.getElementById("print");
  if (print) {
    print.hidden = false;
    print.addEventListener("click", () => window.print());
  }

  // A page that the browser kept in memory must not come back after the session is gone.
  window.addEventListener("pageshow", (event) => {
    if (event.persisted) window.location.reload();
  });
  // On a slow line the next page takes a while: whoever leaves in a hurry leaves at once.
  const exit = document.getElementById("quick-exit");
  if (exit) exit.addEventListener("submit", () => { document.body.hidden = true; });
  if (!dialog || !dialog.showModal) return;

  const left = document.getElementById("session-left");
  const words = document.getElementById("session-words");
  const form = document.getElementById("session-extend");
  const clock = document.getElementById("session-clock");
  const others = "BroadcastChannel" in window ? new BroadcastChannel("session") : null;
  let ends = Date.parse(dialog.dataset.ends);
  let said = Infinity;

  const say = (key) => {
    const word = words.querySelector(`[data-left="${key}"]`);
    if (word) left.textContent = word.textContent;
  };

  // Only three moments are announced: a countdown read out each second helps nobody. Whoever
  // closes the warning reads on in peace until the next of them.
  const announce = (seconds) => {
    const mark = [30, 60, 120].find((m) => seconds <= m && said > m);
    if (!mark) return;
    said = mark;
    if (!dialog.open) {
      dialog.showModal();
      document.getElementById("session-title").focus();
    }
    say(mark);
  };

  const tick = () => {
    const seconds = Math.round((ends - Date.now()) / 1000);
    if (seconds <= 0) {
      document.body.hidden = true;
      window.location.replace(dialog.dataset.ended);
      return;
    }
    announce(seconds);
  };

  const renew = (answer) => {
    const instant = Date.parse(answer.ends);
    if (!(instant > ends)) return false;
    ends = instant;
    said = Infinity;
    left.textContent = "";
    if (clock && answer.clock) clock.textContent = answer.clock;
    if (dialog.open) dialog.close();
    return true;
  };

  const extend = async (event) => {
    event.preventDefault();
    try {
      const answer = await fetch(form.action, {
        method: "POST",
        body: new URLSearchParams(new FormData(form)),
        headers: { Accept: "application/json" },
        redirect: "error",
      });
      if (!answer.ok) throw new Error(String(answer.status));
      const news = await answer.json();
      if (!renew(news)) say(-1);
      else if (others) others.postMessage(news);
    } catch {
      say(-1);
    }
  };

  if (form) form.addEventListener("submit", extend);
  if (others) others.addEventListener("message", (event) => renew(event.data));
  document.addEventListener("visibilitychange", tick);
  if (!Number.isNaN(ends)) {
    window.setInterval(tick, 1000);
    tick();
  }
})();
