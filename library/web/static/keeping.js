// What is typed into a form is kept on the server every few seconds. Where the form has a version, each copy is a new one.

const PATIENCE = 3000;
const RETRY = 10000;
const form = document.querySelector("form[data-keep]");
const { version } = form.elements;
const kept = document.getElementById("kept");
const time = new Intl.DateTimeFormat(document.documentElement.lang, { hour: "2-digit", minute: "2-digit" });

let timer = 0;
let changed = false;
let sending = false;
let underway = null;

function tell(text, wrong) {
  kept.textContent = text;
  kept.className = wrong ? "wrong is-error" : "muted";
}

function content() {
  return new URLSearchParams(new FormData(form));
}

async function keep() {
  changed = false;
  try {
    const options = { method: "POST", body: content(), headers: { Accept: "application/json" } };
    const answer = await fetch(form.dataset.keep, options);
    if (answer.ok && !answer.redirected) {
      if (version) version.value = (await answer.json()).version;
      tell(`${form.dataset.kept}: ${time.format(new Date())}`, false);
    } else if (answer.status === 409) {
      tell(form.dataset.elsewhere, true);
    } else {
      tell([400, 401, 403].includes(answer.status) ? form.dataset.signedOut : form.dataset.notKept, true);
    }
  } catch {
    changed = true;
    tell(form.dataset.notKept, true);
    plan(RETRY);
  }
}

function plan(patience) {
  clearTimeout(timer);
  timer = setTimeout(() => {
    if (sending || !changed) return;
    if (underway === null) underway = keep().finally(() => { underway = null; });
    else plan(PATIENCE);
  }, patience);
}

form.addEventListener("input", (event) => {
  if (!event.target.name) return;
  changed = true;
  plan(PATIENCE);
});

// The version that an answer under way brings belongs to what is sent now.
form.addEventListener("submit", (event) => {
  if (sending) {
    event.preventDefault();
    return;
  }
  sending = true;
  clearTimeout(timer);
  if (underway === null) return;
  event.preventDefault();
  const { submitter } = event;
  underway.finally(() => {
    sending = false;
    form.requestSubmit(submitter);
  });
});

// Whoever comes back to the page goes on with it; an older version cannot be gone on with.
window.addEventListener("pageshow", (event) => {
  if (!event.persisted) return;
  if (version) window.location.reload();
  sending = false;
});

// Whoever leaves the page within these seconds loses nothing either.
window.addEventListener("pagehide", () => {
  if (changed && !sending) navigator.sendBeacon(form.dataset.keep, content());
});
