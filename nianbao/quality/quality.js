"use strict";
const answers = Array.from(document.querySelectorAll("input.answer"));
const person = document.getElementById("person");
const done = document.getElementById("done");
const place = "nianbao-quality-" + document.body.dataset.sample;

function remembered() {
  try { return JSON.parse(localStorage.getItem(place)) || {}; } catch { return {}; }
}

function remember() {
  const said = { person: person.value };
  for (const each of answers) said[each.name] = each.value;
  try { localStorage.setItem(place, JSON.stringify(said)); } catch { /* a file may have no storage */ }
  count();
}

function count() {
  done.textContent = answers.filter((each) => each.value.trim()).length + " / " + answers.length;
}

function quoted(text) {
  return '"' + text.replaceAll('"', '""') + '"';
}

function save() {
  const rows = answers.map((each) => quoted(each.name) + "," + quoted(each.value));
  const name = (person.value.trim() || "someone").replace(/[^\p{L}\p{N}]+/gu, "-");
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob(["id,answer\n" + rows.join("\n") + "\n"], { type: "text/csv" }));
  link.download = "answers-" + name + ".csv";
  link.click();
  URL.revokeObjectURL(link.href);
}

const before = remembered();
person.value = before.person || "";
for (const each of answers) each.value = before[each.name] || "";
document.addEventListener("input", remember);
document.getElementById("save").addEventListener("click", save);
count();
