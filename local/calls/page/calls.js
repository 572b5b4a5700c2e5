// Shows the numbers as they change.
async function refresh() {
  const answer = await fetch("/calls").catch(() => undefined); // the machine may be down
  if (!answer?.ok) return;
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("main");
  const shown = document.querySelector("main");
  if (fresh.innerHTML !== shown.innerHTML) shown.replaceWith(fresh);
}

setInterval(refresh, 2000);
