// Runs in a copy of a page, uses it as a reader does, and tells the page around it what it saw.
addEventListener("load", () => setTimeout(() => {
  const loaded = performance.now();
  const seen = {};
  const all = (selector) => [...document.querySelectorAll(selector)];
  const press = (key) =>
    (document.activeElement || document.body).dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true }));
  const posts = all("article");
  const form = document.getElementById("filter");
  const shown = () => posts.filter((post) => !post.hidden).length;
  const set = (element, value) => {
    if (element.type === "checkbox") element.checked = value;
    else element.value = value;
    element.dispatchEvent(new Event("input", { bubbles: true }));
  };

  seen.posts = posts.length;
  seen.tooWide = document.documentElement.scrollWidth > innerWidth;
  seen.scrollWidth = document.documentElement.scrollWidth;
  seen.output = form.querySelector("output").textContent;

  press("j");
  seen.first = document.activeElement.id;
  press("ArrowDown");
  seen.second = document.activeElement.id;
  seen.isInSight = Math.abs(document.activeElement.getBoundingClientRect().top) < innerHeight / 2;
  press("k");
  seen.before = document.activeElement.id;
  press("f");
  seen.filter = document.activeElement.name;
  document.activeElement.blur();
  press("/");
  seen.search = document.activeElement.name;
  document.activeElement.blur();
  press("?");
  seen.help = document.getElementById("help").open;
  document.getElementById("help").close();

  const started = performance.now();
  set(form.search, posts[1].querySelector(".text").textContent.slice(0, 6));
  seen.found = shown();
  seen.searchMilliseconds = Math.round(performance.now() - started);
  set(form.search, "");
  set(form.box, true);
  seen.boxed = shown();
  set(form.box, false);
  set(form.trouble, true);
  seen.troubled = shown();
  set(form.trouble, false);
  if (form.differs) {
    set(form.differs, true);
    seen.differing = shown();
    set(form.differs, false);
  }
  set(form.type, form.type.options[1].value);
  seen.typed = shown();
  set(form.type, "");

  const box = document.querySelector(".box[data-n]");
  box.dispatchEvent(new MouseEvent("mouseover", { bubbles: true }));
  const post = box.closest("article");
  seen.lit = [...post.querySelectorAll(".lit")].map((element) => element.localName).sort().join(" ");
  seen.otherLit = all(".lit").length - post.querySelectorAll(".lit").length;

  post.scrollIntoView();
  const image = post.querySelector("img");
  const [outer, inner, drawn] = [post.querySelector(".frame"), image, box].map((e) => e.getBoundingClientRect());
  seen.pictureFits = Math.abs(outer.width - inner.width) < 1 && Math.abs(outer.height - inner.height) < 1;
  seen.boxIsInPicture =
    drawn.left >= outer.left - 1 && drawn.right <= outer.right + 1 && drawn.top >= outer.top - 1 && drawn.bottom <= outer.bottom + 1;
  const colour = (element, property) => getComputedStyle(element).getPropertyValue(property);
  const mark = post.querySelector('mark[data-n="' + box.dataset.n + '"]');
  seen.sameColour = colour(box, "--c") === colour(mark, "--c") && colour(box, "--c") !== "";
  seen.back = colour(document.body, "background-color");
  seen.loadMilliseconds = Math.round(loaded);

  // Down to the end, a screen at a time, as long as there is patience.
  const start = performance.now();
  let frames = 0;
  const scroll = () => {
    scrollBy(0, innerHeight);
    frames += 1;
    const atEnd = scrollY + innerHeight >= document.documentElement.scrollHeight - 2;
    if (!atEnd && frames < 200) return setTimeout(scroll, 16);
    seen.scrollMillisecondsPerScreen = Math.round((performance.now() - start) / frames);
    seen.imagesLoaded = all("img").filter((i) => i.complete && i.naturalWidth > 0).length;
    parent.postMessage(JSON.stringify(seen), "*");
  };
  setTimeout(scroll, 16);
}, 50));
