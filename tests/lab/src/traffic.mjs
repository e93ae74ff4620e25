// SPDX-License-Identifier: GPL-3.0-or-later
// What people do at the edge: the bodies of the requests that the load side sends.
const kRegions = ["eu", "us", "sa", "apac", "mea"];
const kCurrencies = { eu: "EUR", us: "USD", sa: "BRL", apac: "JPY", mea: "AED" };
const kPages = ["/", "/search", "/item/1337", "/cart", "/checkout", "/account", "/help/returns"];
const kAgents = [
  "Mozilla/5.0 (X11; Linux x86_64)",
  "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1)",
  "ShopApp/7.4.1 (Android 15)",
];
const kLines = [
  "cache miss for %p",
  "slow paint on %p: 1840 ms",
  "retry 2 of 3 for %p",
  "script error at %p: undefined is not a function",
];

const pick = (list) => list[Math.floor(Math.random() * list.length)];
const chance = (part) => Math.random() < part;
const between = (low, high) => low + Math.floor(Math.random() * (high - low + 1));

let nextOrder = between(40_000, 60_000);

function order() {
  const region = pick(kRegions);
  const action = chance(0.55) ? "created" : chance(0.8) ? "paid" : "cancelled";
  const items = Array.from({ length: between(1, 6) }, () => ({
    sku: `SKU-${between(1000, 1400)}`,
    quantity: between(1, 4),
    cents: between(199, 24_900),
  }));
  const event = {
    action,
    order: nextOrder++,
    region,
    currency: kCurrencies[region],
    customer: `c-${between(1, 20_000)}`,
    items,
  };
  if (chance(0.12)) event.legacy = true;
  if (chance(0.05)) event.note = "Bitte klingeln, 2. Stock – ありがとう 🎁";
  if (action === "created" && chance(0.2)) event.check = true;
  return event;
}

function login() {
  const ok = chance(0.93);
  const ip = `203.0.113.${between(1, 254)}`; // TEST-NET-3, RFC 5737
  return {
    ok,
    user: `u-${between(1, 8000)}`,
    method: pick(["password", "passkey", "sso"]),
    ip,
    agent: pick(kAgents),
    reason: ok ? undefined : "bad_password",
  };
}

function beacon() {
  const page = pick(kPages);
  const draw = Math.random();
  if (draw < 0.002) return { kind: "trace", page };
  if (draw < 0.05) return { kind: "profile", bytes: between(300, 4000) };
  if (draw < 0.2)
    return { kind: "log", level: pick(["INFO", "WARN", "ERROR"]), line: pick(kLines).replace("%p", page) };
  const samples = {
    lcp_ms: between(400, 4200),
    inp_ms: between(8, 420),
    cls: Math.round(Math.random() * 300) / 1000,
    ttfb_ms: between(20, 900),
  };
  return { kind: "vitals", page, samples };
}

const kEvents = { checkout: order, auth: login, telemetry: beacon };

/** One event for the Worker of this name. */
export function eventFor(worker) {
  return kEvents[worker]();
}

/** The payload of one publish call of an EdgeWorker. */
export function mediaFor(subject) {
  return {
    event: subject,
    object: `/m/${between(1, 5000)}.${subject.includes("image") ? "avif" : "m4s"}`,
    bytes: between(2_000, 900_000),
    cache: pick(["hit", "miss", "hit"]),
  };
}
