// Players of other sites in show notes. Nobody there hears of a visitor before they ask for the player.

const SANDBOX = "allow-scripts allow-same-origin allow-popups allow-presentation";
const ALLOW = "autoplay; encrypted-media; fullscreen; picture-in-picture";

function player(link) {
  const frame = document.createElement("iframe");
  frame.title = link.textContent;
  frame.setAttribute("sandbox", SANDBOX);
  frame.allow = ALLOW;
  // YouTube plays nothing for pages that do not say whose they are.
  frame.referrerPolicy = "strict-origin";
  frame.src = link.dataset.player;
  return frame;
}

for (const link of document.querySelectorAll("a[data-player]")) {
  link.addEventListener("click", (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    const frame = player(link);
    link.replaceWith(frame);
    frame.focus();
  });
}
