"use strict";
// Dials are sent as they are turned; the answer is fetched whenever the server says that it changed.
const form = document.getElementById("dials");
const status = document.getElementById("status");
const problem = document.getElementById("problem");
const result = document.getElementById("result");
const here = location.pathname;
let shown = -1, firms = 0, stream = null, waiting = 0, away = false;

const WORDS = {
  waiting: () => "Waiting for its turn …",
  compiling: () => "The model is being compiled for this machine, once; this takes up to a minute. You can go on turning dials.",
  simulating: s => firms ? `${firms} firms simulated; more are on the way …` : "Simulating the first firms …",
  sharpening: s => `${s.firms} of ${s.asked} firms simulated; the answer is being sharpened …`,
  done: s => `${s.firms} firms simulated.`,
  failed: () => "This could not be simulated.",
};

function say(state) {
  firms = state.firms;
  status.textContent = (WORDS[state.doing] || (() => ""))(state);
  status.dataset.doing = state.doing;
  status.dataset.firms = state.firms;
  status.dataset.version = state.version;
  problem.textContent = state.problem;
  problem.hidden = !state.problem;
}

async function refresh(version) {
  const reply = await fetch(here + "answer");
  if (!reply.ok) return;
  const opened = [...result.querySelectorAll("details[open] > summary")].map(e => e.textContent);
  result.innerHTML = await reply.text();
  for (const summary of result.querySelectorAll("details > summary")) {
    if (opened.includes(summary.textContent)) summary.parentElement.open = true;
  }
  shown = version;
  result.dataset.version = version;  // which state of things the page shows
}

function listen() {
  if (stream) stream.close();
  stream = new EventSource(here + "events");
  let last = "";
  stream.onmessage = event => {
    away = false;
    const state = JSON.parse(event.data);
    say(state);
    const key = state.firms + "/" + state.doing;
    if (state.firms && key !== last) { last = key; refresh(state.version).catch(() => {}); }
  };
  stream.onerror = () => {
    stream.close();
    away = true;
    status.textContent = "The app does not answer. Your settings are kept here; trying again …";
    status.dataset.doing = "away";
    setTimeout(comeBack, 1000);
  };
}

async function comeBack() {
  try {
    if (await send()) listen();
    else setTimeout(comeBack, 1000);
  } catch {
    setTimeout(comeBack, 1000);
  }
}

async function send() {
  const reply = await fetch(form.action, {
    method: "POST", body: new URLSearchParams(new FormData(form)), headers: { accept: "application/json" },
  });
  if (!reply.ok) return false;
  const told = await reply.json();
  problem.textContent = told.problem;
  problem.hidden = !told.problem;
  if (told.document) form.elements.document.value = told.document;
  return true;
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
  clearTimeout(waiting);
  waiting = setTimeout(() => send().catch(() => {}), event.target.type === "text" ? 500 : 120);
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
