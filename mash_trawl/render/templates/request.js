"use strict";
const form = document.getElementById("form");
const told = document.getElementById("told");
function answers() {
  const out = { form: form.dataset.form, request: form.dataset.request, signature: form.dataset.signature,
    who: {}, people: {}, answers: {}, records: [] };
  const records = {};
  for (const field of form.querySelectorAll("[data-group]")) {
    const { group, row, key } = field.dataset;
    if (group === "who") { out.who[key] = field.value; continue; }
    const rows = group === "records" ? records : out[group];
    rows[row] = rows[row] || {};
    rows[row][key] = field.value;
  }
  out.records = Object.values(records).filter((one) => Object.values(one).some((text) => text.trim()));
  return out;
}
const more = document.getElementById("more");
if (more) more.addEventListener("click", () => {
  const rows = document.getElementById("rows");
  const copy = rows.lastElementChild.cloneNode(true);
  const number = String(rows.children.length + 1);
  copy.querySelector("legend").textContent = "Record " + number;
  for (const field of copy.querySelectorAll("[data-group]")) { field.dataset.row = number; field.value = ""; }
  rows.append(copy);
  copy.querySelector("select, input").focus();
});
document.getElementById("save").addEventListener("click", () => {
  const link = document.createElement("a");
  const file = new Blob([JSON.stringify(answers(), null, 1)], { type: "application/json" });
  link.href = URL.createObjectURL(file);
  link.download = form.dataset.name;
  link.click();
  URL.revokeObjectURL(link.href);
  told.textContent = "Saved as " + form.dataset.name + ". Send that file back, then delete it.";
});
