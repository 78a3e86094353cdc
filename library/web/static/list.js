// Copying, printing, and adding to the list without leaving the page. All of it can be had without this script too.

async function words({ copies, file }) {
  if (copies !== undefined) return document.getElementById(copies).textContent;
  const answer = await fetch(file);
  if (!answer.ok) throw new Error(answer.statusText);
  return answer.text();
}

for (const button of document.querySelectorAll("button.copy")) {
  if (navigator.clipboard === undefined) break;
  const label = button.querySelector("span");
  const before = label.textContent;
  button.hidden = false;
  button.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(await words(button.dataset));
    } catch {
      // The reader forbade it, or the server is away: the file can still be had.
      if (button.dataset.file !== undefined) window.location.assign(button.dataset.file);
      return;
    }
    label.textContent = button.dataset.done;
    setTimeout(() => { label.textContent = before; }, 3000);
  });
}

for (const button of document.querySelectorAll("button.print")) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}

// A button of the list is replaced by what the server shows after the change; on any trouble the page itself goes on.
document.addEventListener("submit", async (event) => {
  const form = event.target;
  const button = event.submitter;
  if (form.id !== "list-form" || button === null || !button.id.startsWith("keep-")) return;
  event.preventDefault();
  const content = new FormData(form, button);
  try {
    const answer = await fetch(form.action, { method: "POST", body: content });
    if (!answer.ok) throw new Error(answer.statusText);
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const changed = page.getElementById(button.id);
    button.replaceWith(changed);
    document.getElementById("kept-count").replaceWith(page.getElementById("kept-count"));
    changed.focus();
  } catch {
    const field = document.createElement("input");
    field.type = "hidden";
    field.name = button.name;
    field.value = button.value;
    form.append(field);
    form.submit();
  }
});
