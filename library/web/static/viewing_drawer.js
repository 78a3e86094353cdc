// The drawer of the viewer: thumbnails and places of words come into it instead of standing on pages of their own.

const viewer = document.getElementById("viewer");
const drawer = document.getElementById("drawer");
const thumbnails = document.getElementById("thumbnails");
const places = document.getElementById("places");
const close = document.getElementById("drawer-close");
const isNarrow = window.matchMedia("(max-width: 719px)");
let shownFor = 0;

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
  drawer.querySelector("summary").focus();
}

function markHere(page) {
  let here = null;
  for (const link of drawer.querySelectorAll(".outline a")) {
    link.removeAttribute("aria-current");
    if (Number(link.dataset.page) <= page) here = link;
  }
  here?.setAttribute("aria-current", "true");
  for (const link of thumbnails.querySelectorAll("a[data-page]")) {
    link.ariaCurrent = String(Number(link.dataset.page) === page);
  }
}

async function bringThumbnails(address) {
  await bring(address, "thumbnails-part", thumbnails);
  markHere(Number(viewer.dataset.page));
}

close.hidden = !isNarrow.matches;
isNarrow.addEventListener("change", () => { close.hidden = !isNarrow.matches; });
close.addEventListener("click", shut);

drawer.addEventListener("toggle", () => {
  const page = Number(viewer.dataset.page);
  if (!drawer.open || shownFor === page) return;
  shownFor = page;
  bringThumbnails(`${viewer.dataset.file}/pages?page=${page}`);
});
drawer.addEventListener("keydown", (event) => {
  if (event.key === "Escape") shut();
});
// Beside the drawer that lies over the page.
drawer.addEventListener("click", (event) => {
  const link = event.target instanceof Element ? event.target.closest("a") : null;
  if (link?.closest(".steps")) {
    event.preventDefault();
    bringThumbnails(link.href);
  } else if (link?.dataset.page && isNarrow.matches) {
    drawer.open = false;
    document.getElementById("stage").focus({ preventScroll: true });
  }
});

document.querySelector("form.viewer-search")?.addEventListener("submit", async (event) => {
  event.preventDefault();
  const words = new FormData(event.target).get("words").trim();
  if (words === "") return;
  viewer.dataset.words = words;
  await bring(`${viewer.dataset.file}/search?${new URLSearchParams({ words })}`, "places-part", places);
});

viewer.addEventListener("turned", (event) => markHere(event.detail));
markHere(Number(viewer.dataset.page));
