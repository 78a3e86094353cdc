// Turning pages, and showing them larger, without leaving the page. Every link and form here works without it.
// The other scripts of the viewer ask for a page or a size by events: "turn" with a number, "zoom" with a step.

const viewer = document.getElementById("viewer");
const [sheet, stage, number, trouble, turned] = ["sheet", "stage", "number", "trouble", "turned"].map((id) => document.getElementById(id));
const sizes = [...document.querySelectorAll(".zooms a")];
const pages = Number(viewer.dataset.pages);
let page = Number(viewer.dataset.page);
let zoom = Number(viewer.dataset.zoom);
let asked = 0;
let isSecondTry = false;

document.documentElement.classList.add("is-live");

function address(of) {
  const query = new URLSearchParams({ page: of });
  if (zoom !== 100) query.set("zoom", zoom);
  if (viewer.dataset.words) query.set("words", viewer.dataset.words);
  return `${viewer.dataset.file}?${query}`;
}

function fail(words) {
  const again = document.createElement("button");
  again.type = "button";
  again.textContent = viewer.dataset.again;
  again.addEventListener("click", () => show(page));
  const told = document.createElement("p");
  told.textContent = words;
  trouble.replaceChildren(told, again);
  trouble.hidden = false;
  sheet.hidden = true;
}

async function show(wanted) {
  const turn = ++asked;
  page = Math.min(Math.max(wanted, 1), pages);
  mark();
  sheet.classList.add("is-turning");
  let answer;
  let told;
  try {
    answer = await fetch(`${viewer.dataset.file}/turn/${page}?zoom=${zoom}`, { headers: { Accept: "application/json" } });
    told = await answer.json();
  } catch {
    // No network, or no answer that we know: the reader may try again.
  }
  // The reader has turned on meanwhile.
  if (turn !== asked) return;
  sheet.classList.remove("is-turning");
  if (!answer?.ok || told === undefined) {
    fail(told?.error?.message ?? viewer.dataset.failed);
    return;
  }
  trouble.hidden = true;
  sheet.hidden = false;
  sheet.width = told.width;
  sheet.height = told.height;
  sheet.alt = told.label;
  sheet.src = told.src;
  turned.textContent = told.label;
}

// What says where one is: the number, the links, the address, the line of the contents.
function mark() {
  viewer.dataset.page = page;
  number.value = page;
  for (const [id, to] of [["previous", page - 1], ["next", page + 1]]) {
    const link = document.getElementById(id);
    const isThere = to >= 1 && to <= pages;
    if (isThere) {
      link.href = address(to);
      link.removeAttribute("aria-disabled");
    } else {
      link.removeAttribute("href");
      link.setAttribute("aria-disabled", "true");
    }
  }
  for (const link of sizes) {
    const to = new URL(link.href);
    to.searchParams.set("page", page);
    link.href = to;
    link.ariaCurrent = String(Number(link.dataset.zoom) === zoom);
  }
  history.replaceState(null, "", address(page));
  viewer.dispatchEvent(new CustomEvent("turned", { detail: page }));
}

function turn(to) {
  if (to < 1 || to > pages || to === page) return;
  isSecondTry = false;
  show(to);
  stage.scrollTo(0, 0);
  const top = stage.getBoundingClientRect().top - 76;
  if (top < 0) window.scrollBy(0, top);
}

function resize(to) {
  if (to === undefined || to === zoom) return;
  zoom = to;
  sheet.className = `zoom-${zoom}`;
  document.getElementById("zoom").textContent = `${zoom} %`;
  show(page);
}

// An address of an image holds for minutes: one that is too old is asked for anew, once.
sheet.addEventListener("error", () => {
  if (isSecondTry) {
    fail(viewer.dataset.failed);
    return;
  }
  isSecondTry = true;
  show(page);
});
sheet.addEventListener("load", () => { isSecondTry = false; });
if (sheet.complete && sheet.naturalWidth === 0) sheet.dispatchEvent(new Event("error"));

viewer.addEventListener("turn", (event) => turn(event.detail));
viewer.addEventListener("zoom", (event) => {
  const steps = sizes.map((link) => Number(link.dataset.zoom));
  resize(steps[steps.indexOf(zoom) + event.detail]);
});

viewer.addEventListener("click", (event) => {
  const link = event.target instanceof Element ? event.target.closest("a") : null;
  if (link === null || event.ctrlKey || event.metaKey || event.shiftKey) return;
  if (link.dataset.zoom) resize(Number(link.dataset.zoom));
  else if (link.id === "previous") turn(page - 1);
  else if (link.id === "next") turn(page + 1);
  else if (link.dataset.page) turn(Number(link.dataset.page));
  else return;
  event.preventDefault();
  link.closest(".zooms")?.removeAttribute("open");
});

number.form.addEventListener("submit", (event) => {
  event.preventDefault();
  const wanted = Number(number.value);
  if (Number.isInteger(wanted) && wanted > 0) turn(Math.min(wanted, pages));
  number.value = page;
});
number.addEventListener("focus", () => number.select());
