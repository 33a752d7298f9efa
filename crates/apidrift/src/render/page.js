
"use strict";
const search = document.getElementById("search");
const breaking = document.getElementById("breaking");
const sort = document.getElementById("sort");
const count = document.getElementById("count");
const sections = Array.from(document.querySelectorAll("section"));
const changes = Array.from(document.querySelectorAll(".change"), (element) => ({
  element,
  section: element.closest("section"),
  wire: element.dataset.wire,
  rust: element.dataset.rust,
  text: (element.closest("section").querySelector("h2").textContent + " " + element.textContent).toLowerCase(),
}));
function chosen(name) {
  const boxes = document.querySelectorAll('input[name="' + name + '"]:checked');
  return new Set(Array.from(boxes, (box) => box.value));
}
function filter() {
  const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
  const wire = chosen("wire");
  const rust = chosen("rust");
  const open = new Set();
  let shown = 0;
  for (const change of changes) {
    const breaks = change.wire === "breaking" || change.rust === "breaking";
    const fits = wire.has(change.wire) && rust.has(change.rust) && (breaks || !breaking.checked)
      && words.every((word) => change.text.includes(word));
    change.element.hidden = !fits;
    if (fits) {
      shown += 1;
      open.add(change.section);
    }
  }
  for (const section of sections) {
    section.hidden = !open.has(section);
  }
  count.textContent = shown + " of " + changes.length + " changes";
}
function arrange() {
  const number = (section) => Number(section.dataset.position);
  const byPlace = (a, b) => a.dataset.place < b.dataset.place ? -1 : a.dataset.place > b.dataset.place ? 1 : number(a) - number(b);
  const order = sort.value === "place" ? byPlace : (a, b) => number(a) - number(b);
  for (const article of document.querySelectorAll("article")) {
    const own = sections.filter((section) => section.parentElement === article).sort(order);
    article.append(...own);
  }
}
function target() {
  const element = document.getElementById(location.hash.slice(1));
  if (element && element.matches(".change")) {
    element.open = true;
    element.scrollIntoView();
  }
}
document.querySelector("form").addEventListener("submit", (event) => event.preventDefault());
document.querySelector("form").addEventListener("input", filter);
sort.addEventListener("input", arrange);
window.addEventListener("hashchange", target);
filter();
target();
