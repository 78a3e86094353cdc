// The drawer of the viewer: thumbnails and places of words come into it instead of standing on pages of their own.

const viewer = document.getElementById("viewer");
const drawer = document.getElementById("drawer");
const thumbnails = document.getElementById("thumbnails");
const places = document.getElementById("places");
const button = document.getElementById("drawer-open");
const isNarrow = window.matchMedia("(max-width: 719px)");
const SOON_TOO_OLD = 5 * 60 * 1000;
let shown = { address: "", at: 0 };

// A part of one of our pages in the place of what is there; on any trouble the page itself is opened.
async function bring(address, part, into) {
  try {
    const answer = await fetch(address);
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const found = page.getElementById(part) ?? page.querySelector("article.message");
    into.replaceChildren(...found.childNodes);
  } catch {
    window.location.assign(address);
  }
}

function shut() {
  drawer.open = false;
  button.focus();
}

// Only its own list scrolls, never the page.
function bringIntoSight(link) {
  const list = link?.closest("ol");
  if (list) list.scrollTop = link.parentElement.offsetTop - list.clientHeight / 3;
}

function markHere(page) {
  let here = null;
  for (const link of drawer.querySelectorAll(".outline a")) {
    link.removeAttribute("aria-current");
    if (Number(link.dataset.page) <= page) here = link;
  }
  here?.setAttribute("aria-current", "true");
  bringIntoSight(here);
  for (const link of thumbnails.querySelectorAll("a[data-page]")) {
    link.ariaCurrent = String(Number(link.dataset.page) === page);
    if (Number(link.dataset.page) === page) bringIntoSight(link);
  }
}

async function bringThumbnails(address) {
  shown = { address, at: Date.now() };
  await bring(address, "thumbnails-part", thumbnails);
  markHere(Number(viewer.dataset.page));
}

button.hidden = false;
button.addEventListener("click", () => {
  drawer.open = !drawer.open;
  if (drawer.open) [...drawer.querySelectorAll("input, a, button")].find((one) => one.checkVisibility())?.focus();
});
document.getElementById("drawer-close").addEventListener("click", shut);

function follow(page) {
  const isThere = thumbnails.querySelector(`a[data-page="${page}"]`) !== null;
  if (drawer.open && !isThere) bringThumbnails(`${viewer.dataset.file}/pages?page=${page}`);
}

drawer.addEventListener("toggle", () => {
  button.ariaExpanded = String(drawer.open);
  if (drawer.open) markHere(Number(viewer.dataset.page));
  follow(Number(viewer.dataset.page));
});
// Their addresses hold for minutes; those that were not looked at until now may be too old.
thumbnails.addEventListener("error", () => {
  if (Date.now() - shown.at > SOON_TOO_OLD) bringThumbnails(shown.address);
}, true);
drawer.addEventListener("keydown", (event) => {
  if (event.key === "Escape") shut();
});
drawer.addEventListener("click", (event) => {
  const link = event.target instanceof Element ? event.target.closest("a") : null;
  if (link?.closest(".steps")) {
    event.preventDefault();
    bringThumbnails(link.href);
  } else if (link?.dataset.page && isNarrow.matches) {
    // It lies over the page that is wanted.
    drawer.open = false;
    document.getElementById("stage").focus({ preventScroll: true });
  }
});

document.addEventListener("pointerdown", (event) => {
  if (drawer.open && isNarrow.matches && !drawer.contains(event.target) && !button.contains(event.target)) shut();
});

document.querySelector("form.viewer-search")?.addEventListener("submit", async (event) => {
  event.preventDefault();
  const words = new FormData(event.target).get("words").trim();
  if (words === "") return;
  viewer.dataset.words = words;
  await bring(`${viewer.dataset.file}/search?${new URLSearchParams({ words })}`, "places-part", places);
});

viewer.addEventListener("turned", (event) => {
  markHere(event.detail);
  follow(event.detail);
});
markHere(Number(viewer.dataset.page));
