// Follows the project: a page of the preview is loaded again when a file has changed, where it was, playing on.

const bar = document.querySelector("[data-version]");
const key = `podfeed-preview:${location.pathname}`;
const players = () => [...document.querySelectorAll("audio, video")];
const folds = () => [...document.querySelectorAll("details")];

/** Remember what a reload would lose: where each player is, and what is unfolded. */
function remember() {
  const state = {
    players: players().map(each => ({ at: each.currentTime, plays: !each.paused })),
    open: folds().map(each => each.open),
    top: scrollY,
  };
  sessionStorage.setItem(key, JSON.stringify(state));
}

function recall() {
  const state = JSON.parse(sessionStorage.getItem(key) ?? "null");
  sessionStorage.removeItem(key);
  if (!state) return;
  folds().forEach((each, number) => { each.open = state.open[number] ?? each.open; });
  players().forEach((each, number) => {
    const { at, plays } = state.players[number] ?? { at: 0 };
    if (at) each.currentTime = at;
    if (plays) each.play().catch(() => {}); // a browser may want a click first
  });
  scrollTo({ top: state.top, behavior: "instant" });
}

let news;
/** Hear of changes while somebody looks: browsers keep few connections to one server. */
function listen() {
  news?.close();
  if (document.hidden) return;
  news = new EventSource("/-/live");
  news.onmessage = ({ data }) => {
    bar.querySelector(".preview-lost").hidden = true;
    if (data === bar.dataset.version) return;
    remember();
    location.reload();
  };
  news.onerror = () => { bar.querySelector(".preview-lost").hidden = false; };
}

document.addEventListener("visibilitychange", listen);
document.addEventListener("click", ({ target }) => {
  const jump = target.closest("[data-at]");
  const sound = document.querySelector("#sound");
  if (!jump || !sound) return;
  sound.currentTime = Number(jump.dataset.at);
  sound.play();
});
if (document.readyState === "complete") recall();
else addEventListener("load", recall);
listen();
