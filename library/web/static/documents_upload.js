// Files sent in pieces, with progress, from a form that works without this script too: connections may be lost.

const { Refused, Upload } = await import(document.querySelector("script[data-pieces]").dataset.pieces);

const MEGA = 1e6;
const page = document.getElementById("upload");
const list = document.getElementById("uploads");
const status = document.getElementById("upload-status");
const chooser = page.elements.file;
const words = page.dataset;
const waiting = [];
let isBusy = false;

function made(tag, values, ...children) {
  const element = Object.assign(document.createElement(tag), values);
  element.append(...children);
  return element;
}

function megabytes(count) {
  return (count / MEGA).toLocaleString(document.documentElement.lang, { maximumFractionDigits: 1 });
}

// What the page shows of one file.
class Row {
  constructor(file) {
    this.file = file;
    this.name = made("bdi", { textContent: file.name });
    this.text = made("span", { className: "muted small", textContent: words.waits });
    this.bar = made("progress", { max: Math.max(file.size, 1), value: 0 });
    this.bar.setAttribute("aria-label", file.name);
    this.button = made("button", { type: "button", className: "quiet", textContent: words.cancel });
    this.button.append(made("span", { className: "unseen", textContent: `: ${file.name}` }));
    this.line = made("li", {}, made("div", { className: "upload-head" }, this.name, this.button), this.bar, this.text);
    list.append(this.line);
  }

  show(state, received) {
    if (received !== undefined) this.bar.value = received;
    const far = words.sending.replace("%1", megabytes(this.bar.value)).replace("%2", megabytes(this.file.size));
    this.text.textContent = state === "sending" ? far : `${words[state]} (${far})`;
    if (state === "lost" || state === "goeson") this.say(words[state]);
  }

  say(text) {
    status.textContent = `${this.file.name}: ${text}`;
  }

  end(text, address) {
    const hadFocus = this.line.contains(document.activeElement);
    this.button.remove();
    this.bar.remove();
    this.text.textContent = text;
    if (address !== undefined) this.name.replaceWith(made("a", { href: address }, this.name.cloneNode(true)));
    this.say(text);
    if (hadFocus) chooser.focus();
  }
}

function begin(file, fields) {
  const row = new Row(file);
  if (file.size === 0) return row.end(words.empty);
  if (file.size > Number(words.largest)) return row.end(words.toolarge);
  const upload = new Upload(file, fields, Number(words.piece), (state, received) => row.show(state, received), words.uploads);
  row.button.addEventListener("click", () => {
    upload.isCancelled = true;
    row.end(words.cancelled);
    upload.cancel().catch(() => { /* What came stays in quarantine until it is swept. */ });
  });
  waiting.push({ row, upload });
}

async function send({ row, upload }) {
  if (upload.isCancelled) return;
  row.say(words.sending.replace("%1", "0").replace("%2", megabytes(row.file.size)));
  try {
    row.end(words.came, await upload.run());
  } catch (error) {
    if (upload.isCancelled) return;
    row.end(error instanceof Refused && error.message !== "" ? error.message : words.failed);
  }
}

async function sendAll() {
  isBusy = true;
  while (waiting.length > 0) await send(waiting.shift());
  isBusy = false;
  document.getElementById("uploads-done")?.remove();
  const again = made("a", { href: words.address ?? `/documents/new?record=${page.elements.record.value}`, textContent: words.show });
  status.textContent = `${status.textContent} · ${words.allcame}`;
  status.after(made("p", { id: "uploads-done" }, again));
}

page.addEventListener("submit", (event) => {
  event.preventDefault();
  const { file, ...fields } = Object.fromEntries(new FormData(page));
  list.hidden = false;
  for (const one of chooser.files) begin(one, fields);
  chooser.value = "";
  if (!isBusy && waiting.length > 0) sendAll();
});

// Whoever leaves while files are on their way is asked; what came stays, and goes on when the file is chosen again.
window.addEventListener("beforeunload", (event) => {
  if (isBusy) event.preventDefault();
});
