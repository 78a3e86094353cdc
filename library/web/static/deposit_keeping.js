// What is typed into the form of a deposit is kept on the server every few seconds.

const PATIENCE = 3000;
const RETRY = 10000;
const form = document.getElementById("deposit");
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
    if (answer.ok) {
      form.elements.version.value = (await answer.json()).version;
      tell(`${form.dataset.kept}: ${time.format(new Date())}`, false);
    } else if (answer.status === 409) {
      tell(form.dataset.elsewhere, true);
    } else {
      tell(answer.status === 403 || answer.status === 400 ? form.dataset.signedOut : form.dataset.notKept, true);
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
    if (sending || !changed || underway !== null) return;
    underway = keep().finally(() => {
      underway = null;
      if (changed) plan(PATIENCE);
    });
  }, patience);
}

form.addEventListener("input", () => {
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

// Whoever comes back to the page finds it as it was kept.
window.addEventListener("pageshow", (event) => {
  if (event.persisted) window.location.reload();
});

// Whoever leaves the page within these seconds loses nothing either.
window.addEventListener("pagehide", () => {
  if (changed && !sending) navigator.sendBeacon(form.dataset.keep, content());
});
