// Duplicates are asked for while a record is typed.

const CURIOSITY = 400;
const form = document.getElementById("sheet");
const duplicates = document.getElementById("duplicates");
const toDuplicates = document.getElementById("to-duplicates");

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
