// SPDX-License-Identifier: GPL-3.0-or-later
// The PoPs of the lab: where requests enter the edge, how many, and how long a message takes from there to the broker.
// The delay is lognormal (medianMs, sigma) and, with probability tail, tailFactor times that: a lost packet, a busy link.
export const kPops = [
  pop("FRA", "Frankfurt", "Europe", 8.6, 14, 4, 0.35, 0.01, 6),
  pop("AMS", "Amsterdam", "Europe", 4.8, 10, 7, 0.35, 0.01, 6),
  pop("CDG", "Paris", "Europe", 2.5, 9, 9, 0.35, 0.012, 6),
  pop("LHR", "London", "Europe", -0.5, 12, 11, 0.4, 0.015, 5),
  pop("IAD", "Ashburn", "North America", -77.5, 14, 43, 0.18, 0.02, 3),
  pop("ORD", "Chicago", "North America", -87.9, 7, 51, 0.2, 0.02, 3),
  pop("SJC", "San Jose", "North America", -121.9, 9, 74, 0.15, 0.02, 2.5),
  pop("GRU", "São Paulo", "South America", -46.5, 6, 98, 0.22, 0.05, 3),
  pop("EZE", "Buenos Aires", "South America", -58.5, 3, 113, 0.3, 0.06, 3),
  pop("JNB", "Johannesburg", "Africa", 28.2, 3, 81, 0.3, 0.06, 4),
  pop("LOS", "Lagos", "Africa", 3.3, 2, 64, 0.5, 0.08, 4),
  pop("DXB", "Dubai", "Asia", 55.4, 3, 58, 0.25, 0.03, 3),
  pop("BOM", "Mumbai", "Asia", 72.9, 5, 66, 0.35, 0.05, 4),
  pop("SIN", "Singapore", "Asia", 104.0, 5, 86, 0.15, 0.02, 3),
  pop("NRT", "Tokyo", "Asia", 140.4, 6, 118, 0.12, 0.015, 2.5),
  pop("SYD", "Sydney", "Oceania", 151.2, 4, 140, 0.16, 0.03, 2.5),
];

/** The PoPs from which the lab's EdgeWorkers call the gateway. */
export const kAkamaiPops = ["FRA", "LHR", "IAD", "GRU", "BOM", "NRT"];

const kByCode = new Map(kPops.map((entry) => [entry.code, entry]));

function pop(code, city, continent, longitude, weight, medianMs, sigma, tail, tailFactor) {
  return { code, city, continent, longitude, weight, medianMs, sigma, tail, tailFactor };
}

export function findPop(code) {
  return kByCode.get(code);
}

function gaussian() {
  const u = 1 - Math.random();
  return Math.sqrt(-2 * Math.log(u)) * Math.cos(2 * Math.PI * Math.random());
}

/** A one-way delay from this PoP to the broker, in milliseconds; an unknown PoP has none. */
export function sampleDelayMs(code) {
  const entry = kByCode.get(code);
  if (!entry) return 0;
  const delay = entry.medianMs * Math.exp(entry.sigma * gaussian());
  return Math.random() < entry.tail ? delay * entry.tailFactor : delay;
}

/** This PoP's share of the load now: its weight, with day and night passing in five minutes around the globe. */
export function waveWeight(entry, nowMs) {
  const phase = nowMs / 300_000 + entry.longitude / 360;
  return entry.weight * (1 + 0.35 * Math.sin(2 * Math.PI * phase));
}
