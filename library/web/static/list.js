// Copying a citation, and adding to the list without leaving the page. Both work without this script too.

for (const button of document.querySelectorAll("button.copy")) {
  if (navigator.clipboard === undefined) break;
  const words = button.querySelector("span");
  const before = words.textContent;
  button.hidden = false;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(document.getElementById(button.dataset.copies).textContent);
    words.textContent = button.dataset.done;
    setTimeout(() => { words.textContent = before; }, 3000);
  });
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
