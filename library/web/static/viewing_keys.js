// The viewer by keys and by fingers: what the buttons do, done sooner. Pinching is left to the browser.

const viewer = document.getElementById("viewer");
const stage = document.getElementById("stage");
const drawer = document.getElementById("drawer");
const help = document.getElementById("keys-help");
const [full, keys, smaller, larger] = ["full", "keys", "smaller", "larger"].map((id) => document.getElementById(id));
const FARTHEST_ASIDE = 60;
const SHORTEST_SWIPE = 60;
const LONGEST_TOUCH = 700;

const here = () => Number(viewer.dataset.page);
const last = () => Number(viewer.dataset.pages);
const turn = (page) => viewer.dispatchEvent(new CustomEvent("turn", { detail: page }));
const zoom = (step) => viewer.dispatchEvent(new CustomEvent("zoom", { detail: step }));
// A page that is wider than its place is moved about, not turned.
const isMoved = () => stage.scrollWidth > stage.clientWidth + 1;

function toggleFull() {
  if (document.fullscreenElement === null) viewer.requestFullscreen();
  else document.exitFullscreen();
}

function search() {
  const words = document.getElementById("words");
  if (words === null) return;
  drawer.open = true;
  words.focus();
  words.select();
}

const DEEDS = {
  ArrowLeft: () => turn(here() - 1),
  ArrowRight: () => turn(here() + 1),
  PageUp: () => turn(here() - 1),
  PageDown: () => turn(here() + 1),
  Home: () => turn(1),
  End: () => turn(last()),
  "+": () => zoom(1),
  "=": () => zoom(1),
  "-": () => zoom(-1),
  f: toggleFull,
  "/": search,
  "?": () => help.showModal(),
};

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || help.open) return;
  if (event.target instanceof Element && event.target.closest("input, select, textarea")) return;
  const deed = DEEDS[event.key];
  if (deed === undefined) return;
  if (event.key.startsWith("Arrow") && isMoved()) return;
  event.preventDefault();
  deed();
});

for (const [button, deed] of [[keys, () => help.showModal()], [smaller, () => zoom(-1)], [larger, () => zoom(1)]]) {
  button.hidden = false;
  button.addEventListener("click", deed);
}
if (document.fullscreenEnabled) {
  full.hidden = false;
  full.addEventListener("click", toggleFull);
}

// A swipe to the side turns the page, and so does a touch on its outer quarter.
let touch = null;
stage.addEventListener("touchstart", (event) => {
  const [finger] = event.touches;
  touch = event.touches.length === 1 ? { x: finger.clientX, y: finger.clientY, at: event.timeStamp } : null;
}, { passive: true });
stage.addEventListener("touchend", (event) => {
  const isZoomed = (window.visualViewport?.scale ?? 1) > 1.05;
  if (touch === null || isZoomed || isMoved() || event.timeStamp - touch.at > LONGEST_TOUCH) return;
  const [finger] = event.changedTouches;
  const aside = finger.clientX - touch.x;
  const far = Math.abs(finger.clientY - touch.y);
  touch = null;
  if (Math.abs(aside) >= SHORTEST_SWIPE && far <= FARTHEST_ASIDE) {
    turn(here() + (aside < 0 ? 1 : -1));
  } else if (Math.abs(aside) < 10 && far < 10 && event.target.id === "sheet") {
    const place = (finger.clientX - stage.getBoundingClientRect().left) / stage.clientWidth;
    if (place < 0.25) turn(here() - 1);
    else if (place > 0.75) turn(here() + 1);
  }
}, { passive: true });
