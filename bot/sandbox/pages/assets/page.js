// Keeps the page as it is on the server: asks for the version once a second, and where something
// changed fetches the page again and puts in the parts that differ. Without it, the page reads
// the same and is as old as its loading.

"use strict";

const POLL_MS = 1000;
const TRIES = 3;
const STEPS = [[60, "second"], [60, "minute"], [24, "hour"], [30, "day"]];

let version = document.body.dataset.version;
let failures = 0;
// The server's HTML of each part, so that a menu that somebody opened is no change.
const known = new Map();

function keyOf(element) {
  return element.dataset.live || element.id;
}

function parts(root) {
  const listed = [...root.querySelectorAll("[data-live-list]")].flatMap((list) => [...list.children]);
  return [...root.querySelectorAll("[data-live]"), ...listed];
}

function remember() {
  for (const part of parts(document)) known.set(keyOf(part), part.outerHTML);
}

function tellTimes(root) {
  for (const time of root.querySelectorAll("time")) {
    let amount = Math.max(0, (Date.now() - Date.parse(time.dateTime)) / 1000);
    const found = STEPS.find(([size, unit]) => amount < size || ((amount /= size), false));
    if (!found) continue;
    const [, unit] = found;
    const count = Math.floor(amount);
    time.textContent = unit === "second" ? "now" : `${count} ${unit}${count === 1 ? "" : "s"} ago`;
  }
}

function arrive(fresh) {
  known.set(keyOf(fresh), fresh.outerHTML);
  const adopted = document.importNode(fresh, true);
  tellTimes(adopted);
  return adopted;
}

// Puts the new part where the old one was, and keeps what a person had opened or focused.
function swap(old, fresh) {
  if (known.get(keyOf(fresh)) === fresh.outerHTML) return;
  const focused = old.contains(document.activeElement) ? document.activeElement.id : "";
  const adopted = arrive(fresh);
  for (const opened of old.querySelectorAll("details[id]")) {
    const again = adopted.querySelector(`#${CSS.escape(opened.id)}`);
    if (again) again.open = opened.open;
  }
  old.replaceWith(adopted);
  if (focused) document.getElementById(focused)?.focus();
}

function reconcile(list, fresh) {
  const wanted = new Set([...fresh.children].map((child) => child.id));
  for (const child of [...list.children]) if (!wanted.has(child.id)) child.remove();
  [...fresh.children].forEach((child, place) => {
    const old = [...list.children].find((one) => one.id === child.id);
    if (old) return swap(old, child);
    const added = arrive(child);
    added.classList.add("arrived");
    list.insertBefore(added, list.children[place] || null);
  });
}

function announce(fresh) {
  const said = fresh.querySelector("[data-announce]")?.dataset.announce || "";
  const announcer = document.getElementById("announcer");
  if (said && said !== announcer.dataset.said) {
    if (announcer.dataset.said !== undefined) announcer.textContent = said;
    announcer.dataset.said = said;
  }
}

async function refresh() {
  const answer = await fetch(location.href, { headers: { Accept: "text/html" } });
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
  for (const part of document.querySelectorAll("[data-live]")) {
    const next = fresh.querySelector(`[data-live="${part.dataset.live}"]`);
    if (next) swap(part, next);
  }
  for (const list of document.querySelectorAll("[data-live-list]")) {
    const next = fresh.querySelector(`[data-live-list="${list.dataset.liveList}"]`);
    if (next) reconcile(list, next);
  }
  announce(fresh);
  version = fresh.body.dataset.version;
}

async function poll() {
  if (document.hidden) return;
  try {
    const watched = encodeURIComponent(document.body.dataset.watch);
    const answer = await fetch(`/_sandbox/version?of=${watched}`);
    if ((await answer.text()) !== version) await refresh();
    failures = 0;
  } catch {
    failures += 1;
  }
  document.getElementById("stopped").hidden = failures < TRIES;
}

async function watch() {
  await poll();
  tellTimes(document);
  setTimeout(watch, POLL_MS);
}

// Menus close as menus do.
document.addEventListener("click", (event) => {
  for (const menu of document.querySelectorAll("details.menu[open]")) {
    if (!menu.contains(event.target)) menu.open = false;
  }
});
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") {
    for (const menu of document.querySelectorAll("details.menu[open]")) menu.open = false;
  }
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && event.target.id === "body") {
    event.preventDefault();
    document.getElementById("post").click();
  }
});

remember();
announce(document);
tellTimes(document);
setTimeout(watch, POLL_MS);
