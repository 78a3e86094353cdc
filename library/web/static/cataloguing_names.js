// Names and subjects are offered from the authority records while they are typed, in any alphabet.
// Without this script, or without an answer, they are typed as they are.

const PAUSE = 200;
const LEAST = 2;
const form = document.getElementById("sheet");
let waiting = 0;
let asked = null;

const listOf = (input) => {
  const known = input.getAttribute("list");
  if (known !== null) return document.getElementById(known);
  const list = document.createElement("datalist");
  list.id = `names-${input.name}`;
  form.append(list);
  input.setAttribute("list", list.id);
  input.autocomplete = "off";
  return list;
};

// RUSMARC and IRBIS keep initials or forenames in the part after the surname: a name is divided at its comma there.
const partAfter = (input) => {
  const parts = input.name.split(".");
  const next = { a: "b", A: "B" }[parts[2]];
  return next === undefined ? null : form.elements.namedItem([parts[0], parts[1], next, parts[3]].join("."));
};

function take(input, heading) {
  const given = partAfter(input);
  const comma = heading.indexOf(",");
  if (form.dataset.divided === undefined || input.dataset.authority !== "person" || given === null || comma < 0) {
    input.value = heading;
    return;
  }
  input.value = heading.slice(0, comma);
  given.value = heading.slice(comma + 1).trim();
  given.dispatchEvent(new Event("input", { bubbles: true }));
}

async function offer(input) {
  asked?.abort();
  asked = new AbortController();
  const query = new URLSearchParams({ kind: input.dataset.authority, q: input.value });
  const answer = await fetch(`/authorities/suggestions?${query}`, { signal: asked.signal, headers: { Accept: "application/json" } });
  if (!answer.ok) return;
  const found = await answer.json();
  listOf(input).replaceChildren(...found.map((one) => {
    const option = document.createElement("option");
    option.value = one.heading;
    if (one.form !== one.heading) option.label = `${one.heading} (${one.form})`;
    return option;
  }));
}

form?.addEventListener("input", (event) => {
  const input = event.target;
  if (input.dataset.authority === undefined) return;
  clearTimeout(waiting);
  // What was chosen from the list comes at once, and whole.
  const chosen = [...listOf(input).options].some((option) => option.value === input.value);
  if (chosen) {
    take(input, input.value);
    return;
  }
  if (input.value.trim().length >= LEAST) waiting = setTimeout(() => offer(input).catch(() => {}), PAUSE);
});
