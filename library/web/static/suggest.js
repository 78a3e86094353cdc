// What a reader may be typing, under the search box: the combobox pattern of ARIA. Without scripts the box works alone.

const PATIENCE = 150;
const SHORTEST = 2;
const box = document.getElementById("q");
const list = document.getElementById("suggestions");
const status = document.getElementById("suggestions-status");

let timer = 0;
let asked = null;
let marked = -1;

function close() {
  clearTimeout(timer);
  asked?.abort();
  list.hidden = true;
  list.replaceChildren();
  status.textContent = "";
  box.setAttribute("aria-expanded", "false");
  box.removeAttribute("aria-activedescendant");
  marked = -1;
}

function mark(place) {
  const options = [...list.children];
  marked = place;
  for (const [number, option] of options.entries()) {
    option.setAttribute("aria-selected", String(number === place));
  }
  if (place < 0) {
    box.removeAttribute("aria-activedescendant");
    return;
  }
  box.setAttribute("aria-activedescendant", options[place].id);
  options[place].scrollIntoView({ block: "nearest" });
}

// A title is searched for; an author or subject is the filter of that name.
function choose(option) {
  const { field, text } = option.dataset;
  close();
  if (field === "title") {
    box.value = text;
    box.form.requestSubmit();
    return;
  }
  window.location.assign(`/search?${new URLSearchParams([[field, text]])}`);
}

function show(suggestions) {
  const options = suggestions.map(({ text, field }, number) => {
    const option = document.createElement("li");
    const words = document.createElement("bdi");
    const kind = document.createElement("span");
    option.id = `suggestion-${number}`;
    option.setAttribute("role", "option");
    option.setAttribute("aria-selected", "false");
    Object.assign(option.dataset, { field, text });
    words.textContent = text;
    kind.textContent = list.dataset[field] ?? "";
    kind.className = "muted small";
    option.append(words, kind);
    return option;
  });
  list.replaceChildren(...options);
  list.hidden = options.length === 0;
  marked = -1;
  box.removeAttribute("aria-activedescendant");
  box.setAttribute("aria-expanded", String(options.length > 0));
  status.textContent = options.length > 0 ? `${status.dataset.said}: ${options.length}` : "";
}

async function ask() {
  const typed = box.value.trim();
  asked?.abort();
  if (typed.length < SHORTEST) {
    close();
    return;
  }
  asked = new AbortController();
  try {
    const answer = await fetch(`/api/v1/suggest?${new URLSearchParams({ q: typed, limit: 8 })}`, { signal: asked.signal });
    if (!answer.ok) {
      close();
      return;
    }
    const { suggestions } = await answer.json();
    if (document.activeElement === box && box.value.trim() === typed) show(suggestions);
  } catch (error) {
    // Aborted by the next letter, or the server is away: the box works without suggestions.
    if (error.name !== "AbortError") close();
  }
}

function onKey(event) {
  const last = list.children.length - 1;
  if (event.key === "Escape" && !list.hidden) {
    event.preventDefault();
    close();
  } else if (event.key === "Enter" && marked >= 0) {
    event.preventDefault();
    choose(list.children[marked]);
  } else if (event.key === "ArrowDown" && last >= 0) {
    event.preventDefault();
    mark(marked >= last ? -1 : marked + 1);
  } else if (event.key === "ArrowUp" && last >= 0) {
    event.preventDefault();
    mark(marked < 0 ? last : marked - 1);
  }
}

if (box !== null && list !== null) {
  box.setAttribute("role", "combobox");
  box.setAttribute("aria-autocomplete", "list");
  box.setAttribute("aria-expanded", "false");
  box.setAttribute("aria-controls", list.id);
  box.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(ask, PATIENCE);
  });
  box.addEventListener("keydown", onKey);
  box.addEventListener("blur", close);
  list.addEventListener("pointerdown", (event) => event.preventDefault());
  list.addEventListener("click", (event) => {
    const option = event.target.closest("[role=option]");
    if (option !== null) choose(option);
  });
}
