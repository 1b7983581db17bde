// Shows the rows whose standing is ticked and that hold the words; unfolds all of them for printing.
const form = document.getElementById("filters");
const words = document.getElementById("words");
const rows = document.querySelectorAll("tbody tr");
form.addEventListener("input", () => {
  const ticked = new Set([...form.querySelectorAll("input:checked")].map((box) => box.value));
  const wanted = words.value.toLowerCase();
  for (const row of rows) {
    row.hidden = !ticked.has(row.className) || !row.textContent.toLowerCase().includes(wanted);
  }
});
form.addEventListener("submit", (event) => event.preventDefault());
addEventListener("beforeprint", () => document.querySelectorAll("details").forEach((part) => (part.open = true)));
