// For phones from 2018 on: ES2017, no modules. An engine that cannot read it leaves a working form.
// Words stand in the page, never here. The page is written without template strings, shorthand
// properties and names used both for a variable and for a property, so that page/minifying.py,
// which knows no grammar, can shorten it. All that is kept is kept on this phone:
//   q:RUN  what is filled in so far (own phone only)      h:RUN  the same for a moment, while the language changes
//   o:ID   a sealed submission that waits for a signal    n:RUN  the number of the last receipt
{
// --- on every page: what a QR code holds goes along, and what waits for a signal is sent

const FIRST_GAP_S = 4;
const LONGEST_GAP_S = 300;
const LONGEST_HOLD_S = 600;
const PATIENCE_MS = 20000;
const OUTCOMES = {
  code_unknown: "code", failures_many: "code", code_used: "used", wave_closed: "closed", wave_unknown: "closed",
};
const HOPELESS = [400, 413, 415, 422];

const root = document.documentElement;
const byId = (called) => document.getElementById(called);
const all = (selector, within) => Array.from((within || document).querySelectorAll(selector));
const write = (node, first, second) => {
  node.textContent = node.dataset.text.replace("{1}", first).replace("{2}", second);
};

// A browser that refuses to keep anything counts as one that holds nothing.
const recall = (place, isBrief) => {
  try { return JSON.parse((isBrief ? sessionStorage : localStorage).getItem(place)); } catch (fault) { return null; }
};
const keep = (place, what, isBrief) => {
  try {
    (isBrief ? sessionStorage : localStorage).setItem(place, JSON.stringify(what));
    return true;
  } catch (fault) { return false; }
};
const forget = (place) => {
  try {
    localStorage.removeItem(place);
    sessionStorage.removeItem(place);
  } catch (fault) { /* nothing to forget */ }
};

// Behind the #: u=UNIT of a poster, c=CODE of a card, p=1 on a phone that is passed on. No server sees it.
const carried = {};
location.hash.replace(/[#&]([ucp])=([^&?#]+)/g, (whole, letter, string) => { carried[letter] = string; });
const carry = (letters) => letters.filter((letter) => carried[letter]).map((letter) => letter + "=" + carried[letter]);
all("a[data-carry]").forEach((link) => { link.hash = carry(["u", "c", "p"]).join("&"); });

// What waits: place -> entry. An entry has a state once the server has spoken.
const box = byId("out-box");
const queue = {};
let mine = "";
let shown = "";
let tries = 0;
let heldUntil = 0;
let timer = 0;
let isBusy = false;
let react = () => {};

const present = (outcome, place, entry) => {
  const panels = all("[data-state]", box);
  const panel = panels.find((each) => each.dataset.state === outcome);
  if (!panel || (mine && place !== mine)) return; // a page says nothing of what it has no words for
  shown = place;
  box.hidden = false;
  panels.forEach((each) => { each.hidden = each !== panel; });
  all("[data-receipt]", panel).forEach((node) => { node.textContent = entry.receipt; });
  all("[data-today]", panel).forEach((node) => {
    node.textContent = new Date().toLocaleDateString(root.lang, { year: "numeric", month: "long", day: "numeric" });
  });
  react(outcome, panel, entry);
};

// Only our own server says "received" or "never": anything else that chosen, and silence, mean "later".
const send = async (place, entry) => {
  const stop = new AbortController();
  const alarm = setTimeout(() => stop.abort(), PATIENCE_MS);
  try {
    const reply = await fetch(entry.to, {
      method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(entry.body), signal: stop.signal,
    });
    if (reply.status === 429) {
      heldUntil = Date.now() + 1000 * Math.min(reply.headers.get("Retry-After") || 60, LONGEST_HOLD_S);
    }
    const said = await reply.json();
    if (reply.ok && /^\w{4}-\w{4}$/.test(said.receipt)) {
      entry.receipt = said.receipt;
      entry.state = "received";
      delete queue[place];
      forget(place);
      keep("n:" + entry.run, entry.receipt, entry.isShared);
    } else if (said.code) {
      entry.state = OUTCOMES[said.code] || (HOPELESS.includes(reply.status) ? "refused" : "");
      if (entry.isKept) keep(place, entry);
    }
  } catch (fault) { /* later */ }
  clearTimeout(alarm);
  present(entry.state || (entry.isKept ? "waiting" : "unkept"), place, entry);
};

const deliver = async () => {
  if (isBusy) return;
  clearTimeout(timer);
  if (Date.now() < heldUntil) {
    timer = setTimeout(deliver, heldUntil - Date.now());
    return;
  }
  isBusy = true;
  for (const place of Object.keys(queue)) {
    if (queue[place].state) present(queue[place].state, place, queue[place]);
    else await send(place, queue[place]);
  }
  isBusy = false;
  if (Object.values(queue).every((entry) => entry.state)) return;
  const gap = 1000 * Math.min(FIRST_GAP_S * 2 ** tries++, LONGEST_GAP_S) * (0.5 + Math.random() / 2);
  timer = setTimeout(deliver, Math.max(gap, heldUntil - Date.now()));
};

const post = (place, entry) => {
  queue[place] = entry;
  mine = place;
  tries = 0;
  present("sending", place, entry);
  deliver();
};

// Sealed for the server alone: ECDH P-256, HKDF-SHA-256, AES-GCM; filled up with blanks, so that length tells nothing.
const bytesOf = (string) => new TextEncoder().encode(string);
const spell = (bytes) => btoa(String.fromCharCode(...new Uint8Array(bytes)));
const seal = async (lockedFor, what, boundTo, least) => {
  const vault = crypto.subtle;
  const curve = { name: "ECDH", namedCurve: "P-256" };
  const plain = bytesOf(JSON.stringify(what));
  let room = least;
  while (room < plain.length) room *= 2;
  const filled = new Uint8Array(room).fill(32);
  filled.set(plain);
  const pair = await vault.generateKey(curve, false, ["deriveBits"]);
  const point = Uint8Array.from(atob(lockedFor), (letter) => letter.charCodeAt(0));
  const bits = await vault.deriveBits(
    { name: "ECDH", public: await vault.importKey("raw", point, curve, false, []) }, pair.privateKey, 256,
  );
  const cipher = await vault.deriveKey(
    { name: "HKDF", hash: "SHA-256", salt: bytesOf(""), info: bytesOf("survey-service sealed answers") },
    await vault.importKey("raw", bits, "HKDF", false, ["deriveKey"]),
    { name: "AES-GCM", length: 256 }, false, ["encrypt"],
  );
  const start = crypto.getRandomValues(new Uint8Array(12));
  const closedText = await vault.encrypt({ name: "AES-GCM", iv: start, additionalData: bytesOf(boundTo) }, cipher, filled);
  return { epk: spell(await vault.exportKey("raw", pair.publicKey)), iv: spell(start), body: spell(closedText) };
};

// Sixteen symbols however they were typed, or nothing; whether they open anything is for the server to say.
const readCode = (string) => {
  const symbols = string.normalize("NFKC").replace(/[&?#].*$/, "").replace(/[^0-9a-z]/gi, "");
  return symbols.length === 16 ? symbols : "";
};

const actions = {
  retry: deliver,
  drop: () => {
    delete queue[shown];
    forget(shown);
    box.hidden = true;
    react("dropped");
  },
  next: (button) => {
    forget("n:" + box.dataset.run);
    react("next");
    location.replace(button.getAttribute("href") + "#p=1");
  },
  code: async (button) => {
    const entry = queue[shown];
    const input = button.previousElementSibling;
    const symbols = readCode(input.value);
    if (!symbols) return input.focus();
    entry.body.code = entry.lock ? await seal(entry.lock, symbols, entry.purpose + "|code", 64) : symbols;
    entry.state = "";
    present("sending", shown, entry);
    deliver();
  },
};
document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-act]");
  if (!button) return;
  event.preventDefault();
  actions[button.dataset.act](button);
});

const number = box && (recall("n:" + box.dataset.run) || recall("n:" + box.dataset.run, true));
if (byId("summary")) byId("summary").focus();
if (box && window.AbortController) {
  try {
    Object.keys(localStorage).filter((place) => place.startsWith("o:")).forEach((place) => {
      queue[place] = recall(place);
    });
  } catch (fault) { /* nothing waits */ }
  addEventListener("online", deliver);
  addEventListener("pageshow", deliver);
  document.addEventListener("visibilitychange", deliver);
  if (number && box.dataset.landing && !carried.p) present("answered", "", { receipt: number });
}

// --- only in the questionnaire: screens, draft, review, handing in

mine = "-"; // what others left waiting on this phone is sent silently
const form = byId("answer-form");
const LONGEST_PAUSE_MS = 60000;
const given = form.dataset;
const screens = all("[data-screen]", form);
const last = screens.length - 1;
const items = all("fieldset.item", form);
const areas = all("textarea", form);
const fields = items.concat(areas);
const legends = items.map((item) => item.querySelector("legend"));
const generic = legends.map((legend) => legend.lastChild.data);
const bar = byId("progress-bar");
const words = byId("page-status");
const resumeBox = byId("resume-box");
const missingBox = byId("missing-box");
const forward = byId("next-button");
const caption = document.title;
const draftPlace = "q:" + given.run;
const handPlace = "h:" + given.run;
let current = 0;
let ident = "";
let activeMs = 0;
let touchedAt = 0;
let isSent = false;
let asked = [];

const field = (called) => form.elements[called];
const read = (called) => (field(called) ? field(called).value : "");
const put = (called, string) => { if (field(called) && string) field(called).value = string; };
const isFilled = (node) => read(node.id).trim() !== "";
const isBlank = (node) => !isFilled(node);
const isPassedOn = () => !given.to || read("phone-kind") === "shared";
const tell = (what) => { if (words.textContent !== words.dataset[what]) words.textContent = words.dataset[what]; };
const collect = () => {
  const chosen = {};
  fields.filter(isFilled).forEach((node) => { chosen[node.id] = node.value || Number(read(node.id)); });
  return chosen;
};
const touch = () => {
  if (touchedAt) activeMs += Math.min(Date.now() - touchedAt, LONGEST_PAUSE_MS);
  touchedAt = Date.now();
};

// The draft: on one's own phone only, without unit and code, for as long as the page says.
const sketch = () => ({ t: Date.now(), s: current, a: collect(), r: read("role"), i: ident, p: activeMs });
const save = () => {
  if (isSent || !Object.keys(collect()).length) return;
  ident = ident || Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => (256 + byte).toString(16).slice(1)).join("");
  if (isPassedOn()) forget(draftPlace);
  const wasKept = !isPassedOn() && keep(draftPlace, sketch());
  tell(navigator.onLine === false ? "offline" : isPassedOn() ? "shared" : wasKept ? "saved" : "unsaved");
};
const reword = () => legends.forEach((legend, n) => {
  legend.lastChild.data = legend.getAttribute("data-" + read("role")) || generic[n];
});
const excess = (area) => Array.from(area.value).length - area.dataset.limit;
const measure = () => areas.forEach((area) => {
  const left = byId(area.id + "-left");
  left.textContent = left.dataset[excess(area) > 0 ? "over" : "under"].replace("{1}", Math.abs(excess(area)));
  byId(area.id + "-hint").hidden = !/1\d{10}|\d{17}[\dXx]|\u6211\u53eb|\u5de5\u53f7/.test(area.value);
});
const restore = (kept) => {
  Object.keys(kept.a).forEach((called) => put(called, "" + kept.a[called]));
  put("role", kept.r);
  ident = kept.i;
  activeMs = kept.p;
  reword();
  measure();
  history.replaceState({ at: kept.s }, "", address(kept.s));
  show(kept.s);
};
const prefill = () => {
  if (!read("unit")) put("unit", carried.u);
  if (field("unit") && field("unit").selectedIndex < 0) field("unit").selectedIndex = 0;
  if (!read("code")) put("code", carried.c);
  if (carried.p) put("phone-kind", "shared");
};
const clear = () => {
  forget(draftPlace);
  form.reset();
  prefill();
  ident = "";
  activeMs = 0;
  asked = [];
  reword();
  measure();
};

// What is missing on a screen. What the server needs cannot be skipped, a question can.
const findMissing = (n) => {
  const isHere = (node) => n === last || screens[n].contains(node);
  const needed = [field("code"), field("unit"), byId("role"), ...areas].filter((node) => node && node.dataset.wanted && isHere(node) && (
    node.dataset.limit ? excess(node) > 0 : node.name === "code" ? !readCode(node.value) : isBlank(node)
  ));
  const skippable = n === last ? [] : items.filter((item) => isHere(item) && isBlank(item));
  return [needed, needed.concat(skippable)];
};
const mark = (nodes) => all(".card", form).forEach((card) => {
  card.classList.toggle("wrong", nodes.some((node) => card.contains(node)));
});
const list = (nodes, place) => {
  place.textContent = "";
  nodes.forEach((node) => {
    const link = place.appendChild(document.createElement("li")).appendChild(document.createElement("a"));
    link.href = "#" + node.id;
    link.textContent = node.dataset.wanted || node.querySelector("legend").textContent;
    link.onclick = (event) => {
      event.preventDefault();
      if (!screens[current].contains(node)) turn(screens.findIndex((screen) => screen.contains(node)));
      (node.querySelector("input") || node).focus();
      scrollBy(0, node.closest(".card").getBoundingClientRect().top - bar.offsetHeight - 8);
    };
  });
};
const announce = (heading, target) => {
  document.title = heading.textContent + " · " + caption;
  scrollTo(0, 0);
  (target || heading).focus();
};
const complain = (needed, missing) => {
  const heading = missingBox.querySelector("h2");
  mark(missing);
  list(missing, missingBox.querySelector("ul"));
  heading.dataset.text = needed.length ? heading.dataset.must : heading.dataset.may;
  write(heading, missing.length);
  missingBox.hidden = false;
  if (!needed.length) forward.textContent = forward.dataset.skip;
  announce(heading, missingBox);
};

const review = () => {
  const rows = byId("review-rows");
  const model = rows.firstElementChild;
  rows.textContent = "";
  screens.slice(1, last).forEach((screen, n) => {
    const row = rows.appendChild(model.cloneNode(true));
    const nodes = fields.filter((node) => screen.contains(node));
    all("i", row).forEach((node) => { node.textContent = screen.querySelector("h2").textContent; });
    write(row.querySelector("small"), nodes.filter(isFilled).length, nodes.length);
    row.querySelector("button").value = n + 1;
  });
  const blank = items.filter(isBlank);
  const gaps = byId("review-gaps");
  gaps.hidden = !blank.length;
  write(gaps.querySelector("h3"), blank.length);
  list(blank, gaps.querySelector("ul"));
  areas.forEach((area) => {
    const told = byId(area.id + "-told");
    told.lastElementChild.textContent = area.value;
    told.hidden = isBlank(area);
  });
};

const count = () => {
  const answered = items.filter(isFilled).length;
  write(bar.querySelector("[data-text]"), Math.min(current, last - 1), answered);
  bar.lastElementChild.firstElementChild.style.width = (100 * answered) / items.length + "%";
};
const show = (n, isFirst) => {
  const step = n === 0 ? "start" : n === last ? "submit" : n === last - 1 ? "check" : "next";
  const heading = n ? screens[n].querySelector("h2") : byId("sheet-title");
  current = n;
  if (n === last) review();
  screens.forEach((screen) => screen.classList.toggle("now", screen === screens[n]));
  root.classList.toggle("inside", n > 0);
  bar.hidden = !n;
  missingBox.hidden = true;
  mark([]);
  byId("back-button").hidden = !n;
  forward.textContent = forward.dataset[step];
  forward.hidden = n === last && !(given.to && fields.some(isFilled));
  count();
  save();
  touchedAt = n && Date.now();
  if (!isFirst) announce(heading);
};
const address = (n) => location.pathname + location.search + "#" + ["s" + n].concat(carry(["u", "p"])).join("&");
const turn = (n) => {
  touch();
  history.pushState({ at: n }, "", address(n));
  show(n);
};

const submit = async () => {
  if (isSent) return;
  touch();
  save();
  isSent = true;
  const chosen = collect();
  const answered = items.filter(isFilled).length;
  const seconds = activeMs / 1000 / answered;
  const boundTo = given.purpose + ident;
  const symbols = field("code") && readCode(read("code"));
  const inner = {
    unit: read("unit"),
    role: field("unit") ? read("role") : "",
    pace: answered ? (seconds < 1 ? "under_1s" : seconds < 2 ? "under_2s" : "ok") : "unknown",
    answers: chosen,
  };
  const entry = { to: given.to, run: given.run, isShared: isPassedOn(), purpose: boundTo };
  const place = "o:" + ident;
  try {
    entry.body = Object.assign({ submission: ident }, await seal(given.lock, inner, boundTo, 4096));
    if (symbols) entry.body.code = await seal(given.lock, symbols, boundTo + "|code", 64);
    entry.lock = given.lock;
    entry.isKept = true;
    entry.isKept = keep(place, entry);
    if (entry.isKept) forget(draftPlace);
  } catch (fault) {
    entry.isKept = false; // what cannot be sealed is sent, but never kept
    entry.body = Object.assign({ submission: ident, code: symbols || "" }, inner);
  }
  post(place, entry);
};

react = (outcome, panel, entry) => {
  if (outcome === "next") clear();
  if (!isSent || outcome === "next") return;
  if (outcome === "dropped") {
    isSent = false;
    root.classList.remove("sent");
    show(current);
    return;
  }
  const heading = panel.querySelector("h1");
  root.classList.add("sent");
  bar.hidden = true;
  if (outcome === "received") {
    clear();
    history.replaceState(null, "", given.done + entry.receipt);
  }
  announce(heading);
};

const wake = () => {
  resumeBox.hidden = true;
  root.classList.remove("asking");
};
const sizes = ["", "large", "larger"];
Object.assign(actions, {
  back: () => history.back(),
  go: (button) => turn(Number(button.value)),
  size: () => {
    const nextSize = sizes[(sizes.indexOf(root.dataset.size || "") + 1) % 3];
    root.dataset.size = nextSize;
    if (!nextSize) delete root.dataset.size;
    history.replaceState(history.state, "", location.pathname + (nextSize && "?size=" + nextSize) + location.hash);
  },
  resume: () => {
    wake();
    restore(recall(draftPlace));
  },
  discard: () => {
    wake();
    clear();
    show(0);
  },
  translate: (button) => {
    const url = button.dataset.document + location.search;
    const hand = Object.assign(sketch(), { u: read("unit"), c: read("code"), k: read("phone-kind") });
    if (!keep(handPlace, hand, true)) {
      form.action = button.formAction;
      return form.submit();
    }
    fetch(url).then((reply) => {
      if (!reply.ok) throw reply;
      location.replace(url + "#" + carry(["u", "p"]).join("&"));
    }).catch(() => {
      forget(handPlace);
      tell("offline");
    });
  },
});

const begin = () => {
  const hand = recall(handPlace, true);
  const draft = recall(draftPlace);
  const age = draft ? Date.now() - draft.t : -1;
  const place = Object.keys(queue).find((each) => queue[each].run === given.run);
  forget(handPlace);
  if (hand) {
    put("unit", hand.u);
    put("code", hand.c);
    put("phone-kind", hand.k);
    restore(hand);
  } else if ((place || number) && !carried.p) {
    isSent = true;
    mine = place || "-";
    present(place ? queue[place].state || "waiting" : "received", mine, place ? queue[place] : { receipt: number });
  } else if (age >= 0 && age < given.hours * 3600000) {
    const time = new Date(draft.t).toLocaleString(root.lang, { month: "numeric", day: "numeric", hour: "2-digit", minute: "2-digit" });
    root.classList.add("asking");
    resumeBox.hidden = false;
    write(resumeBox.querySelector("h1"), time);
  } else {
    forget(draftPlace);
    show(0, true);
  }
};

let pause = 0;
if (window.AbortController) {
  form.onsubmit = (event) => {
    event.preventDefault();
    const [needed, missing] = findMissing(current);
    const isFirstTime = !asked[current];
    asked[current] = true;
    if (needed.length || (missing.length && isFirstTime)) complain(needed, missing);
    else if (current === last) submit();
    else turn(current + 1);
  };
  form.onchange = (event) => {
    touch();
    event.target.closest(".card").classList.remove("wrong");
    reword();
    count();
    save();
  };
  form.oninput = () => {
    clearTimeout(pause);
    pause = setTimeout(() => {
      measure();
      save();
    }, 600);
  };
  addEventListener("popstate", (event) => {
    if (isSent || root.classList.contains("asking")) return;
    touch();
    show((event.state && event.state.at) || 0);
  });
  addEventListener("offline", save);
  addEventListener("online", save);
  addEventListener("storage", (event) => {
    if (event.key !== draftPlace || event.newValue || isSent || !ident) return;
    clear();
    show(0);
  });

  prefill();
  history.scrollRestoration = "manual";
  root.classList.add("js");
  measure();
  begin();
}

// --- only elsewhere: whoever knows the unit needs no list of units, and a list leads on to the questionnaire

all("[data-direct]").forEach((link) => {
  if (carried.u) link.href = link.dataset.direct + link.hash;
});
actions.choose = (button) => {
  location.href = button.form.dataset.document + "#" + ["u=" + button.value].concat(carry(["p"])).join("&");
};

// --- on every page: the end
}
