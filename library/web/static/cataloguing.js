// The cataloguing form by the keyboard, and fields added without leaving the page. All of it works without this script.

const form = document.getElementById("sheet");
const groups = () => [...document.querySelectorAll("#groups > section.group")];
const press = (button) => { if (button !== null && button !== undefined) button.click(); };

// The buttons that add and take away change the parts of the form in place, as the server draws them.
async function inPlace(button) {
  const tag = button.value.split(":")[1].split(".")[0];
  const content = new URLSearchParams(new FormData(form, button));
  const answer = await fetch(form.action, { method: "POST", body: content, headers: { Accept: "text/html" } });
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const drawn = page.getElementById("groups");
  if (!answer.ok || drawn === null) throw new Error(answer.statusText);
  document.getElementById("groups").replaceWith(drawn);
  const next = drawn.querySelector("[autofocus]") ?? drawn.querySelector(`#row-${CSS.escape(tag)} :is(input, textarea, select)`);
  (next ?? drawn.querySelector("h2")).focus();
  grow();
}

form.addEventListener("click", (event) => {
  const button = event.target.closest("button[name=do]");
  if (button === null || !/^(?:add|remove|back):/u.test(button.value) || button.dataset.plain !== undefined) return;
  event.preventDefault();
  inPlace(button).catch(() => {
    // The session ended, or the server is away: the form is sent as it is, and what was typed goes with it.
    button.dataset.plain = "";
    button.click();
  });
});

function first(within) {
  return within.querySelector("input:not([type=hidden]), textarea, select");
}

// To the field with this tag; a field that is not drawn yet is added.
function goTo(tag) {
  const row = document.getElementById(`row-${tag}`);
  if (row !== null) {
    first(row)?.focus();
    return;
  }
  press([...form.querySelectorAll(".offers button")].find((button) => button.querySelector("i").textContent === tag));
}

function toPart(step) {
  const parts = groups();
  const here = parts.findIndex((part) => part.contains(document.activeElement));
  const next = parts[Math.min(Math.max(here + step, 0), parts.length - 1)];
  if (next !== undefined) (first(next) ?? next.querySelector("h2, button")).focus();
}

const last = (nodes) => nodes[nodes.length - 1];
const around = (selector) => document.activeElement.closest(selector);
const WITH_ALT = {
  KeyN: () => press(last(around(".row")?.querySelectorAll(":scope > .more") ?? [])),
  KeyM: () => press((around(".inputs > div") ?? around(".field"))?.querySelector(".more")),
  KeyX: () => press(around(".field")?.querySelector(".less")),
  KeyG: () => document.getElementById("go-to")?.select(),
  ArrowDown: () => toPart(1),
  ArrowUp: () => toPart(-1),
};

// By the place of a key, not by its letter: the same keys work in every layout.
document.addEventListener("keydown", (event) => {
  if (event.ctrlKey && !event.altKey && event.code === "KeyS") {
    event.preventDefault();
    press(document.getElementById("do-save"));
  } else if (event.ctrlKey && (event.code === "Enter" || event.code === "NumpadEnter")) {
    event.preventDefault();
    press(document.getElementById("do-submit"));
  } else if (event.altKey && !event.ctrlKey && Object.hasOwn(WITH_ALT, event.code)) {
    event.preventDefault();
    WITH_ALT[event.code]();
  }
});

// Enter goes on to the next input; it never sends a form that is half typed, and a field has no line breaks.
form.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.ctrlKey || event.isComposing) return;
  if (event.target.tagName !== "INPUT" && !event.target.matches("#groups textarea")) return;
  event.preventDefault();
  if (event.target.id === "go-to") {
    goTo(event.target.value.trim());
    event.target.value = "";
    return;
  }
  const inputs = [...form.querySelectorAll("#groups :is(input:not([type=hidden]), textarea, select)")];
  inputs[inputs.indexOf(event.target) + 1]?.focus();
});

// Long lists of codes are fetched when the cursor comes to their input.
form.addEventListener("focusin", async (event) => {
  const list = event.target.list;
  if (!list?.dataset.url) return;
  const { url } = list.dataset;
  delete list.dataset.url;
  const answer = await fetch(url);
  if (!answer.ok) return;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  list.replaceChildren(...[...page.querySelectorAll("#codes tbody tr")].map((line) => {
    const [code, name] = line.children;
    return new Option(name.textContent, code.textContent);
  }));
});

// Browsers that cannot size a text by its content are helped.
function grow() {
  if (CSS.supports("field-sizing", "content")) return;
  for (const text of document.querySelectorAll("#groups textarea")) {
    text.rows = Math.min(12, Math.max(1, Math.ceil(text.value.length / 60)));
  }
}

for (const hidden of document.querySelectorAll("#keys, .go-to")) hidden.hidden = false;
grow();
