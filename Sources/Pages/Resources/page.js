
"use strict";
// Filter, search, keys, and what belongs together lit up together. The page can be read without.
const form = document.getElementById("filter");
const posts = [...document.querySelectorAll("article")];
const help = document.getElementById("help");
const texts = new Map();
let current = -1;

form.hidden = false;

// What is searched in a post: its id, text and entities.
function text(post) {
  if (!texts.has(post)) texts.set(post, post.textContent.toLowerCase());
  return texts.get(post);
}

function choose() {
  const type = form.type.value;
  const flags = [...form.querySelectorAll("[type=checkbox]:checked")].map((box) => box.name);
  const words = form.search.value.toLowerCase().split(/\s+/).filter((word) => word);
  let shown = 0;
  for (const post of posts) {
    const is = post.dataset.is.split(" ");
    const fits =
      (type === "" || post.dataset.types.split(" ").includes(type)) &&
      flags.every((flag) => is.includes(flag)) &&
      words.every((word) => text(post).includes(word));
    post.hidden = !fits;
    if (fits) shown += 1;
  }
  form.querySelector("output").textContent = shown + " of " + posts.length + " posts";
  current = -1;
}

// Steps to the next post that is shown, from the one that was stepped to, or from what is on the screen.
function step(by) {
  let place = current;
  if (place < 0) {
    place = posts.findIndex((post) => !post.hidden && post.getBoundingClientRect().bottom > form.offsetHeight + 10);
    if (by > 0) place -= 1;
  }
  do place += by;
  while (posts[place] && posts[place].hidden);
  if (!posts[place]) return;
  current = place;
  posts[place].focus({ preventScroll: true });
  posts[place].scrollIntoView({ block: "start" });
}

function light(target) {
  for (const lit of document.querySelectorAll(".lit")) lit.classList.remove("lit");
  const part = target.closest?.("[data-n]");
  if (!part) return;
  const same = part.closest("article").querySelectorAll('[data-n="' + part.dataset.n + '"]');
  for (const element of same) element.classList.add("lit");
}

const keys = {
  j: () => step(1),
  ArrowDown: () => step(1),
  k: () => step(-1),
  ArrowUp: () => step(-1),
  f: () => form.type.focus(),
  "/": () => form.search.focus(),
  c: () => form.reset(),
  "?": () => help.showModal(),
};

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || help.open) return;
  if (event.key === "Escape") return document.activeElement.blur();
  if (event.target.closest?.("input, select, textarea")) return;
  if (!Object.hasOwn(keys, event.key)) return;
  event.preventDefault();
  keys[event.key]();
});
document.addEventListener("mouseover", (event) => light(event.target));
document.addEventListener("click", (event) => {
  light(event.target);
  const figure = event.target.closest("figure");
  if (figure) figure.classList.toggle("large");
});
form.addEventListener("input", choose);
form.addEventListener("reset", () => setTimeout(choose));
form.addEventListener("submit", (event) => event.preventDefault());
form.help.addEventListener("click", () => help.showModal());
choose();
