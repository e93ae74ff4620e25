// SPDX-License-Identifier: GPL-3.0-or-later
// The load side: drives the Workers and plays the EdgeWorkers, at a chosen total of messages a second. A process of its own.
import http from "node:http";
import { randomBytes, randomUUID } from "node:crypto";
import { runChild } from "./child.mjs";
import { findPop, kAkamaiPops, kPops, sampleDelayMs, waveWeight } from "./pops.mjs";
import { eventFor, mediaFor } from "./traffic.mjs";
import { RateMeter } from "./ratemeter.mjs";

const kTickMs = 20;
const kBusyTickMs = 50; // at high rates: several events to a request, as a busy edge batches them
const kBusyRate = 1500;
const kMaxWaiting = 2000;

/** A number drawn from a Poisson distribution: requests come in by chance, not in step. */
function poisson(mean) {
  if (mean > 50) return Math.max(0, Math.round(mean + Math.sqrt(mean) * (Math.random() * 2 - 1) * 1.7));
  const limit = Math.exp(-mean);
  let count = 0;
  for (let product = Math.random(); product > limit; product *= Math.random()) count += 1;
  return count;
}

function drawPop(pops, now) {
  const weights = pops.map((entry) => waveWeight(entry, now));
  let left = Math.random() * weights.reduce((sum, weight) => sum + weight, 0);
  return pops.find((_, index) => (left -= weights[index]) < 0) ?? pops[0];
}

class Load {
  /** settings: {rate, targets: [{name, share, url}], edgeWorkers: [{id, name, share, subjects}], gateway: {url, token}}. */
  constructor(settings) {
    this.settings = settings;
    this.agent = new http.Agent({ keepAlive: true, maxSockets: 64 });
    this.factors = {}; // Worker → factor on its rate
    this.slow = {};
    this.waiting = 0;
    this.counts = Object.fromEntries(
      [...settings.targets, ...settings.edgeWorkers].map(({ name }) => [name, { sent: 0, failed: 0 }]),
    );
    this.meter = new RateMeter();
    this.akamaiPops = kAkamaiPops.map(findPop);
  }

  start() {
    let last = performance.now();
    const tick = () => {
      const now = performance.now();
      this.emit(Math.min(1, (now - last) / 1000));
      last = now;
      this.timer = setTimeout(
        tick,
        this.settings.rate > kBusyRate || Object.keys(this.factors).length ? kBusyTickMs : kTickMs,
      );
    };
    tick();
  }

  emit(seconds) {
    const due = ({ name, share }) => poisson(this.settings.rate * share * (this.factors[name] ?? 1) * seconds);
    for (const target of this.settings.targets) this.request(target, due(target));
    for (const worker of this.settings.edgeWorkers)
      for (let left = due(worker); left > 0; left -= 1) this.publish(worker);
  }

  /** Spreads `count` events of one Worker over the PoPs: one request for each PoP that got any. */
  request(target, count) {
    const byPop = new Map();
    for (let left = count; left > 0; left -= 1) {
      const { code } = drawPop(kPops, Date.now());
      byPop.set(code, [...(byPop.get(code) ?? []), eventFor(target.name)]);
    }
    for (const [code, events] of byPop) {
      const fields = {
        "content-type": "application/json",
        "x-lab-colo": code,
        "cf-ray": randomBytes(8).toString("hex"),
      };
      this.post(target.name, target.url, fields, JSON.stringify(events), events.length);
    }
  }

  /** What an EdgeWorker does: stamps the time, and makes an HTTP sub-request that takes its way to the gateway. */
  publish({ id, name, subjects }) {
    const { code } = drawPop(this.akamaiPops, Date.now());
    const subject = subjects[Math.floor(Math.random() * subjects.length)];
    const fields = {
      authorization: `Bearer ${this.settings.gateway.token}`,
      "content-type": "application/json",
      "x-akamai-edgeworker-id": id,
      "x-akamai-edge-pop": code,
      "x-edge-sent-at": String(Date.now()),
      "x-request-id": randomUUID(),
    };
    const url = `${this.settings.gateway.url}/publish/${subject}`;
    const delay = sampleDelayMs(code) * (this.slow[code] ?? 1);
    setTimeout(() => this.post(name, url, fields, JSON.stringify(mediaFor(subject)), 1), delay);
  }

  post(name, url, fields, body, messages) {
    if (this.waiting >= kMaxWaiting) return this.ended(name, messages, false);
    this.waiting += 1;
    let open = true;
    const end = (ok) => {
      if (!open) return;
      open = false;
      this.waiting -= 1;
      this.ended(name, messages, ok);
    };
    const request = http.request(
      url,
      { method: "POST", agent: this.agent, headers: fields, timeout: 10_000 },
      (response) => {
        response.resume();
        response.on("end", () => end(response.statusCode === 202));
        response.on("close", () => end(false));
      },
    );
    request.on("timeout", () => request.destroy());
    request.on("error", () => end(false));
    request.end(body);
  }

  ended(name, messages, ok) {
    this.counts[name][ok ? "sent" : "failed"] += messages;
    if (ok) this.meter.add(messages);
  }

  stats() {
    return { rate: this.settings.rate, achieved: this.meter.perSecond(), waiting: this.waiting, byWorker: this.counts };
  }

  change({ factors, slow }) {
    if (factors) this.factors = factors;
    if (slow) this.slow = slow;
  }

  stop() {
    clearTimeout(this.timer);
    this.agent.destroy();
  }
}

runChild(async (settings) => {
  const load = new Load(settings);
  load.start();
  return { stats: () => load.stats(), change: (change) => load.change(change), stop: () => load.stop() };
});
