// The player of an episode's page. The browser's own <audio> or <video> plays; this adds what that has not: chapters
// and a transcript that follow and lead, speed, links to a moment, and a memory of where you were. Every word comes
// from the page, in its language; what a page leaves out is not missed.

const player = document.querySelector(".player");
const media = player.querySelector("audio, video");
const words = player.dataset;
const here = location.href.split("#")[0];

const all = (selector) => [...player.querySelectorAll(selector)];
const each = (selector, act) => all(selector).forEach(act);
const on = (selector, type, act) => each(selector, (element) => element.addEventListener(type, act));
const when = (types, act) => types.split(" ").forEach((type) => media.addEventListener(type, act));
const say = (...parts) => each(".said", (element) => element.replaceChildren(...parts));

// What the browser keeps for this site. It may refuse to; then the player forgets.
const memory = {
  read(name) {
    try {
      return localStorage.getItem(`podfeed ${name}`);
    } catch {
      return null;
    }
  },
  write(name, value) {
    try {
      localStorage.setItem(`podfeed ${name}`, value);
    } catch {}
  },
};

// ---- Moments

// Seconds: 01:05, and 01:00:05 from an hour on.
function clock(seconds) {
  const parts = [seconds / 3600, (seconds / 60) % 60, seconds % 60].map(Math.floor);
  if (!parts[0]) parts.shift();
  return parts.map((part) => String(part).padStart(2, "0")).join(":");
}

// Where “#t=90”, “#t=1:30” and “#t=1:30,2:00” begin and end (W3C, Media Fragments); null for other anchors.
function moment(hash) {
  const found = /^#t=(?:npt:)?([\d:.]+)(?:,([\d:.]+))?$/.exec(hash) ?? [];
  const inSeconds = (text) => text?.split(":").reduce((sum, part) => sum * 60 + Number(part), 0);
  const [start, end] = found.slice(1).map(inSeconds);
  return start >= 0 ? { start, end } : null;
}

// ---- Playing

let wanted = null; // where to begin once the sound is there: Safari forgets what it was told before
let end = Infinity; // where to pause, after a link to a part

const now = () => wanted ?? media.currentTime;
const length = () => (Number.isFinite(media.duration) ? media.duration : Number(words.seconds));

function seek(start, until) {
  const to = Math.min(Math.max(start, 0), length() || Infinity);
  end = until > start ? until : Infinity;
  if (media.readyState) media.currentTime = to;
  else wanted = to;
  show();
}

function play() {
  say();
  if (media.error) {
    wanted = now();
    media.load();
  }
  media.play().catch(() => {}); // the event “error” says what is wrong
}

function go({ start, end }) {
  seek(start, end);
  play();
}

const pause = () => media.pause();
const toggle = () => (media.paused ? play() : pause());
const skip = (seconds) => seek(now() + seconds);

function setSpeed(speed) {
  media.defaultPlaybackRate = media.playbackRate = speed; // the default is for loading it again
  show();
}

function changeSpeed(steps) {
  each(".speed", ({ options, selectedIndex }) => {
    const chosen = options[selectedIndex + steps]?.value;
    if (!chosen) return;
    setSpeed(chosen);
    say(words.speed.replace("{speed}", chosen));
  });
}

when("loadedmetadata", () => {
  if (wanted !== null) media.currentTime = wanted;
  wanted = null;
});
when("timeupdate", () => {
  if (now() < end) return;
  pause();
  end = Infinity;
});
when("ratechange", () => memory.write("speed", media.playbackRate));
when("error", () => {
  const isOffline = media.error.code === MediaError.MEDIA_ERR_NETWORK || !navigator.onLine;
  const download = document.querySelector("a[download]")?.cloneNode(true) ?? "";
  say(isOffline ? words.offline : words.unplayable, " ", download);
});

// One plays at a time, in all windows of this site.
const otherWindows = new BroadcastChannel("podfeed");
otherWindows.onmessage = pause;
when("play", () => otherWindows.postMessage("playing"));
function pauseOthers({ target }) {
  for (const other of document.querySelectorAll("audio, video")) if (other !== target) other.pause();
}
document.addEventListener("play", pauseOthers, true);

// Where you were in this sound; at its beginning, once you have heard its end.
const place = `at ${media.src}`;
let kept = 0;

function keep() {
  if (!media.readyState) return;
  kept = now();
  memory.write(place, media.ended ? 0 : Math.floor(kept));
}

when("pause ended seeked", keep);
when("timeupdate", () => Math.abs(now() - kept) >= 5 && keep());
addEventListener("pagehide", keep);

// ---- What is seen

function show() {
  const [at, whole, isPlaying] = [now(), length(), !media.paused && !media.error];
  const text = words.position.replace("{time}", clock(at)).replace("{length}", clock(whole));
  player.classList.toggle("playing", isPlaying);
  each(".play", (button) => button.setAttribute("aria-label", isPlaying ? words.pause : words.play));
  each(".seek", (line) => {
    line.max = Math.floor(whole);
    line.value = at;
    line.style.setProperty("--at", at / whole || 0);
    line.setAttribute("aria-valuetext", text);
  });
  each(".elapsed", (element) => (element.textContent = clock(at)));
  each(".remaining", (element) => (element.textContent = `−${clock(Math.max(whole - at, 0))}`));
  each(".speed", (choice) => (choice.value = media.playbackRate));
  each(".volume input", (line) => (line.value = media.volume));
  mark(chapters, at);
  transcripts.forEach((follow) => follow(at));
  tellSession?.(at, whole);
}

// Marks what is on, of elements that begin at moments, and gives it.
function mark(elements, at) {
  const current = elements.findLast((element) => element.dataset.t <= at + 0.01);
  if (!current?.ariaCurrent) {
    for (const element of elements) element.removeAttribute("aria-current");
    current?.setAttribute("aria-current", "true");
  }
  return current;
}

const chapters = all(".chapters [data-t]");

// ---- Transcripts

const isCalm = matchMedia("(prefers-reduced-motion: reduce)");

// Gives the times of a transcript links into the sound, and the function that keeps in sight what is being said, until
// you scroll. The page around its box and the focus stay where they are.
function transcript(details) {
  const box = details.querySelector(".words");
  const paragraphs = [...box.querySelectorAll("[data-t]")];
  const follows = details.querySelector("[type=checkbox]");
  const links = paragraphs.map((paragraph) => {
    const link = document.createElement("a");
    link.href = `${here}#t=${paragraph.dataset.t}`;
    link.textContent = clock(paragraph.dataset.t);
    paragraph.prepend(link, " ");
    return link;
  });

  // Tab stops at one of them; the arrows lead to the others.
  const offer = (link) => links.forEach((other) => (other.tabIndex = other === link ? 0 : -1));
  const stop = () => (follows.checked = false);

  function follow(at) {
    const current = details.open && mark(paragraphs, at);
    if (!current) return;
    if (current.firstChild.tabIndex && !box.contains(document.activeElement)) offer(current.firstChild);
    const top = current.offsetTop - (box.clientHeight - current.clientHeight) / 2;
    if (follows.checked) box.scrollTo({ top, behavior: isCalm.matches ? "instant" : "smooth" });
  }

  offer(links[0]);
  follows.parentElement.hidden = !links.length;
  follows.addEventListener("change", show);
  details.addEventListener("toggle", show);
  box.addEventListener("focusin", ({ target }) => offer(target));
  box.addEventListener("wheel", stop, { passive: true });
  box.addEventListener("touchmove", stop, { passive: true });
  box.addEventListener("pointerdown", ({ target }) => target === box && stop()); // its scroll bar
  box.addEventListener("click", ({ target }) => {
    const paragraph = target.closest("[data-t]");
    if (!paragraph || !getSelection().isCollapsed) return; // words were selected
    follows.checked = true;
    if (!target.closest("a")) paragraph.firstChild.click();
  });
  box.addEventListener("keydown", (event) => {
    const steps = { ArrowUp: -1, ArrowDown: 1 }[event.key];
    if (!steps) return;
    event.preventDefault();
    stop();
    links[links.indexOf(document.activeElement) + steps]?.focus();
  });
  return follow;
}

const transcripts = all(".transcript").map(transcript);

// ---- Lock screens and headphones

function mediaSession(session) {
  const artwork = words.artwork ? [{ src: words.artwork }] : [];
  session.metadata = new MediaMetadata({ title: words.title, artist: words.show, artwork });
  const actions = {
    play,
    pause,
    seekbackward: ({ seekOffset }) => skip(-(seekOffset || 15)),
    seekforward: ({ seekOffset }) => skip(seekOffset || 30),
    seekto: ({ seekTime }) => seek(seekTime),
  };
  for (const [name, act] of Object.entries(actions)) {
    try {
      session.setActionHandler(name, act);
    } catch {} // not every browser knows every action
  }
  return (position, duration) => {
    if (position <= duration) session.setPositionState({ duration, position, playbackRate: media.playbackRate });
  };
}

const tellSession = navigator.mediaSession && mediaSession(navigator.mediaSession);

// ---- Hands

async function share() {
  const page = document.querySelector("link[rel=canonical]")?.href ?? here;
  const url = `${page}#t=${Math.floor(now())}`;
  try {
    if (navigator.share) return await navigator.share({ title: words.title, url });
    await navigator.clipboard.writeText(url);
    say(words.copied);
  } catch (error) {
    if (error.name !== "AbortError") say(url); // to be copied by hand
  }
}

const back = () => skip(-15);
const forward = () => skip(30);
on(".play", "click", toggle);
on(".back", "click", back);
on(".forward", "click", forward);
on(".share", "click", share);
on(".seek", "input", ({ target }) => seek(Number(target.value)));
on(".volume input", "input", ({ target }) => (media.volume = target.value));
on(".speed", "change", ({ target }) => setSpeed(target.value));

const slower = () => changeSpeed(-1);
const faster = () => changeSpeed(1);
const arrows = { ArrowLeft: back, ArrowRight: forward };
const keys = { " ": toggle, k: toggle, j: back, l: forward, ",": slower, ".": faster, ...arrows };

// They work in the player, on nothing that has a use for the key itself.
player.addEventListener("keydown", (event) => {
  const { key, target } = event;
  const isTaken =
    target.matches("select") ||
    (key === " " && target.matches("button, summary, [type=checkbox]")) ||
    (key.startsWith("Arrow") && target.matches("[type=range]"));
  if (!keys[key] || isTaken || event.ctrlKey || event.altKey || event.metaKey) return;
  event.preventDefault();
  keys[key]();
});

document.addEventListener("click", (event) => {
  const link = event.target.closest("a");
  const linked = link?.href === here + link?.hash && moment(link.hash);
  if (!linked || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  go(linked);
});

let followed = location.hash; // the way back from a footnote does not lead there again
addEventListener("hashchange", () => {
  const linked = moment(location.hash);
  if (!linked || location.hash === followed) return;
  followed = location.hash;
  go(linked);
});

// ---- The beginning

for (const chapter of chapters.slice(1)) {
  const tick = document.createElement("i");
  tick.style.setProperty("--at", chapter.dataset.t / length());
  each(".line", (line) => line.append(tick));
}
each("a[data-t]", (link) => (link.href = here + link.hash)); // not the bare sound
each(".controls", (controls) => (controls.hidden = false));
media.controls = media.matches("video");
player.classList.add("ready");

const linked = moment(location.hash);
if (linked) player.scrollIntoView({ block: "nearest" });
const start = linked?.start ?? Number(memory.read(place));
if (linked || start) seek(start, linked?.end);
when("play pause timeupdate seeked durationchange ratechange volumechange error", show);
setSpeed(Number(memory.read("speed")) || 1);
