// Shows new messages as they come, and plays the owners of phones and mailboxes.
// What is being typed stays: of an owner who is there already only the list changes.
async function refresh() {
  const answer = await fetch("/").catch(() => undefined); // the machine may be down
  if (!answer?.ok) return;
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("main");
  const shown = document.querySelector("main");
  for (const old of [...shown.children]) {
    if (!old.id || !fresh.querySelector(`#${CSS.escape(old.id)}`)) old.remove();
  }
  [...fresh.children].forEach((section, place) => {
    const old = document.getElementById(section.id);
    if (!old) {
      shown.insertBefore(section, shown.children[place] ?? null);
      return;
    }
    const [next, list] = [section.querySelector("ol"), old.querySelector("ol")];
    if (next.innerHTML !== list.innerHTML) list.replaceWith(next);
  });
}

document.addEventListener("submit", async (event) => {
  event.preventDefault();
  const form = event.target;
  const said = event.submitter?.value || form.elements.text.value;
  form.querySelector("output").textContent = "…";
  const answer = await fetch("/sms", { method: "POST", body: JSON.stringify({ from: form.dataset.from, text: said }) }).catch(() => undefined);
  form.querySelector("output").textContent = answer?.ok ? "" : "It was not sent.";
  if (answer?.ok && said === form.elements.text.value) form.reset();
  await refresh();
});

document.addEventListener("click", async ({ target }) => {
  if (!target.classList.contains("confirm")) return;
  target.disabled = true;
  await fetch(new URL(target.value).search).catch(() => undefined);
  await refresh();
});

setInterval(refresh, 2000);
