// Shows new messages as they come, the newest first, and plays the owners of phones and mailboxes.
// What is being typed stays: of an owner who is there already only the list changes.
async function refresh() {
  const answer = await fetch("/").catch(() => undefined); // the machine may be down
  if (!answer?.ok) return;
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("main");
  onReadersClock(fresh);
  arrange(document.querySelector("main"), [...fresh.children].map(current));
}

/** The section that is shown already, with the new list, or the new one. */
function current(section) {
  const shown = section.id && document.getElementById(section.id);
  if (!shown) return section;
  const [next, list] = [section.querySelector("ol"), shown.querySelector("ol")];
  if (next.innerHTML !== list.innerHTML) list.replaceWith(next);
  return shown;
}

/** Puts the sections in order around the one that is typed in, which would lose the focus if it moved. */
function arrange(main, sections) {
  for (const old of [...main.children]) if (!sections.includes(old)) old.remove();
  if (sections.every((section, place) => section === main.children[place])) return;
  const typedIn = sections.findIndex((section) => section.contains(document.activeElement));
  sections.forEach((section, place) => {
    if (place < typedIn) main.insertBefore(section, sections[typedIn]);
    else if (place > typedIn) main.append(section);
  });
}

/** Says when it was by the clock and in the words of whoever looks. */
function onReadersClock(within) {
  for (const time of within.querySelectorAll("time")) {
    const at = new Date(time.dateTime);
    const isToday = at.toDateString() === new Date().toDateString();
    time.textContent = isToday ? at.toLocaleTimeString() : at.toLocaleString();
  }
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

document.getElementById("clear").addEventListener("click", async () => {
  await fetch("/messages", { method: "DELETE" }).catch(() => undefined);
  await refresh();
});

onReadersClock(document);
setInterval(refresh, 2000);
