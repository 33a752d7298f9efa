
"use strict";
const search = document.getElementById("search");
const count = document.getElementById("count");
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
    const fits = wire.has(change.wire) && rust.has(change.rust) && words.every((word) => change.text.includes(word));
    change.element.hidden = !fits;
    if (fits) {
      shown += 1;
      open.add(change.section);
    }
  }
  for (const section of document.querySelectorAll("section")) {
    section.hidden = !open.has(section);
  }
  count.textContent = shown + " of " + changes.length + " changes";
}
document.querySelector("form").addEventListener("submit", (event) => event.preventDefault());
document.querySelector("form").addEventListener("input", filter);
filter();
