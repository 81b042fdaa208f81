"use strict";
// Dials are sent as they are turned; the answer is fetched whenever the server says that it changed.
const form = document.getElementById("dials");
const status = document.getElementById("status");
const problem = document.getElementById("problem");
const result = document.getElementById("result");
const here = location.pathname;
let stream = null, away = false, waiting = 0, seen = -1, firms = 0;
let turned = 0, taken = 0, sending = null;  // how often a dial was turned, and up to which turn the app knows
let wanted = result.dataset.answer, fetching = false;  // the answer that there is, and whether it is on its way

const WORDS = {
  turned: () => "Taking that over …",
  waiting: () => "Waiting for its turn …",
  compiling: () => "The model is being compiled for this machine, once; this takes up to a minute. You can go on turning dials.",
  simulating: s => firms ? `${firms} firms simulated; more are on the way …` : "Simulating the first firms …",
  sharpening: s => `${s.firms} of ${s.asked} firms simulated; the answer is being sharpened …`,
  done: s => `${s.firms} firms simulated.`,
  failed: () => "This could not be simulated.",
  away: () => "The app does not answer. Your settings are kept here; trying again …",
};

function doing(word, state) {
  status.textContent = (WORDS[word] || (() => ""))(state);
  status.dataset.doing = word;
}

// States come by the stream and as replies, and may overtake each other; one of before a turn says nothing about it.
function say(state) {
  if (state.version < seen) return;
  seen = state.version;
  problem.textContent = state.problem;
  problem.hidden = !state.problem;
  if (taken < turned) return;
  firms = state.firms;
  doing(state.doing, state);
  status.dataset.firms = state.firms;
  status.dataset.answer = wanted = state.answer;
  if (state.firms) refresh();
}

// One answer is fetched at a time, until the page shows the latest: replies that overtook each other would leave
// an older one, and a state that was passed over in the stream would leave its answer out.
async function refresh() {
  if (fetching) return;
  fetching = true;
  try {
    while (wanted && result.dataset.answer !== wanted) {
      const reply = await fetch(here + "answer");
      if (!reply.ok) throw new Error(reply.statusText);
      place(await reply.text());
      result.dataset.answer = reply.headers.get("x-answer");
    }
  } catch {
    setTimeout(refresh, 1000);
  } finally {
    fetching = false;
  }
}

function place(text) {
  const opened = [...result.querySelectorAll("details[open] > summary")].map(e => e.textContent);
  result.innerHTML = text;
  for (const summary of result.querySelectorAll("details > summary")) {
    if (opened.includes(summary.textContent)) summary.parentElement.open = true;
  }
}

function listen() {
  if (stream) stream.close();
  stream = new EventSource(here + "events");
  stream.onmessage = event => say(JSON.parse(event.data));
  stream.onerror = lost;
}

function lost() {
  if (away) return;
  away = true;
  if (stream) stream.close();
  doing("away");
  setTimeout(comeBack, 1000);
}

// The server may have been started anew, and know nothing: it is told everything, and counts from the beginning.
async function comeBack() {
  seen = -1;
  away = !await send();
  if (away) setTimeout(comeBack, 1000);
  else listen();
}

function send() {
  if (!sending) sending = sendAll().finally(() => { sending = null; });
  return sending;
}

// One form is sent at a time, until the app knows the latest turn. Whether it answered.
async function sendAll() {
  try {
    do {
      const turn = turned;
      const reply = await fetch(form.action, {
        method: "POST", body: new URLSearchParams(new FormData(form)), headers: { accept: "application/json" },
      });
      if (!reply.ok) throw new Error(reply.statusText);
      const state = await reply.json();
      if (state.document) form.elements.document.value = state.document;
      taken = turn;
      say(state);
    } while (taken < turned);
    return true;
  } catch {
    return false;
  }
}

function show() {
  for (const dial of form.querySelectorAll("[data-only-if]")) {
    const other = form.elements[dial.dataset.onlyIf];
    if (!other) continue;
    const wanted = dial.dataset.onlyValue, value = other.value;
    const number = wanted !== "" && !isNaN(wanted);
    dial.hidden = number ? Number(value) < Number(wanted) : value !== wanted;
  }
}

form.addEventListener("input", event => {
  const output = event.target.parentElement.querySelector("output");
  if (output && event.target.type === "range") output.textContent = event.target.value;
  show();
  if (event.target.name === "programme-new-name" || event.target.name === "programme-new-policy") return;
  turned += 1;
  if (!away) doing("turned");
  clearTimeout(waiting);
  waiting = setTimeout(async () => { if (!await send()) lost(); }, event.target.type === "text" ? 500 : 120);
});
document.getElementById("simulate").textContent = "Take over";

// The wizard shows one step at a time; without this script all steps are there.
const steps = [...form.querySelectorAll("fieldset.step")];
const links = [...document.querySelectorAll("#steps a")];
const back = document.getElementById("back"), next = document.getElementById("next");
function go(place, focus) {
  steps.forEach((step, i) => { step.hidden = i !== place; });
  links.forEach((link, i) => { i === place ? link.setAttribute("aria-current", "step") : link.removeAttribute("aria-current"); });
  back.hidden = place === 0;
  next.hidden = place === steps.length - 1;
  if (focus) (steps[place].querySelector("input, select, summary") || steps[place]).focus();
  sessionStorage.setItem(here, place);
}
const at = () => steps.findIndex(step => !step.hidden);
back.addEventListener("click", () => go(at() - 1, true));
next.addEventListener("click", () => go(at() + 1, true));
links.forEach((link, i) => link.addEventListener("click", event => { event.preventDefault(); go(i, true); }));
go(Math.min(Number(sessionStorage.getItem(here)) || 0, steps.length - 1), false);
show();
listen();
