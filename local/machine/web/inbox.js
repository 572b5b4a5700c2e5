// Shows new messages as they come.
setInterval(async () => {
  const answer = await fetch("/").catch(() => undefined); // the machine may be down
  if (!answer?.ok) return;
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("main");
  const shown = document.querySelector("main");
  if (fresh && shown.innerHTML !== fresh.innerHTML) shown.replaceWith(fresh);
}, 2000);
