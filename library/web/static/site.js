// Improvements of pages that work without them.

// "/" leads to the search box, unless something is being typed.
document.addEventListener("keydown", (event) => {
  if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.target instanceof Element && event.target.closest("input, select, textarea, [contenteditable]")) return;
  const box = document.getElementById("q");
  if (box === null) return;
  event.preventDefault();
  box.focus();
  box.select();
});

// Browsers that cannot show folded facets by style alone get them opened on wide screens.
const refine = document.querySelector("details.refine");
if (refine !== null && !CSS.supports("selector(::details-content)")) {
  refine.open = window.matchMedia("(min-width: 720px)").matches;
}

// The list of languages closes when the reader goes elsewhere.
const languages = document.querySelector("details.languages");
document.addEventListener("click", (event) => {
  if (languages.open && !languages.contains(event.target)) languages.open = false;
});
languages.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  languages.open = false;
  languages.querySelector("summary").focus();
});
