// What is typed is kept on the server every few seconds, and duplicates are asked for while it is typed.

const PATIENCE = 3000;
const RETRY = 10000;
const CURIOSITY = 400;
const form = document.getElementById("sheet");
const kept = document.getElementById("kept");
const duplicates = document.getElementById("duplicates");
const toDuplicates = document.getElementById("to-duplicates");
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
    const answer = await fetch("/cataloguing/keep", { method: "POST", body: content() });
    if (answer.status === 204) {
      tell(`${form.dataset.kept}: ${time.format(new Date())}`, false);
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
    if (sending || !changed) return;
    underway = keep().finally(() => { underway = null; });
  }, patience);
}

form.addEventListener("input", (event) => {
  if (!event.target.name) return;
  changed = true;
  plan(PATIENCE);
});

// Nothing is kept after the form was sent, else what was just saved would come back as not saved.
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

window.addEventListener("pageshow", (event) => {
  if (event.persisted) sending = false;
});

// Whoever leaves the page within these seconds loses nothing either.
window.addEventListener("pagehide", () => {
  if (changed && !sending) navigator.sendBeacon("/cataloguing/keep", content());
});

let curious = 0;
let asked = null;
let last = "";

async function ask() {
  const query = new URLSearchParams({ besides: duplicates.dataset.besides });
  for (const input of form.querySelectorAll("[data-telling]")) {
    const typed = input.value.trim();
    const { telling } = input.dataset;
    if (typed !== "" && (telling === "isbn" || !query.has(telling))) query.append(telling, typed.slice(0, 500));
  }
  if (query.toString() === last) return;
  last = query.toString();
  asked?.abort();
  asked = new AbortController();
  try {
    const answer = await fetch(`/cataloguing/duplicates?${query}`, { signal: asked.signal });
    if (!answer.ok) return;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const before = duplicates.textContent;
    if (page.body.textContent.trim() === before.trim()) return;
    duplicates.replaceChildren(...page.body.childNodes);
    const count = duplicates.querySelector("strong");
    toDuplicates.hidden = count === null;
    toDuplicates.textContent = count?.textContent ?? "";
  } catch (error) {
    // Aborted by the next letter, or the server is away: it is asked again with the next change, and when it is saved.
    if (error.name !== "AbortError") last = "";
  }
}

form.addEventListener("input", (event) => {
  if (event.target.dataset.telling === undefined) return;
  clearTimeout(curious);
  curious = setTimeout(ask, CURIOSITY);
});
