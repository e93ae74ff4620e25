// SPDX-License-Identifier: GPL-3.0-or-later
// Telemetry of browsers: vitals (JSON), log lines (text), profiles (binary), now and then a whole trace (about 100 kB).
import { edgeWorker } from "./edge.js";

export { BrokerLink } from "./edge.js";

const kTraceSpans = 620;

function vitals({ page, samples }) {
  return { payload: JSON.stringify({ page, samples, at: new Date().toISOString() }), contentType: "application/json" };
}

function log({ level, line }) {
  return { payload: `${new Date().toISOString()} ${level} ${line}`, contentType: "text/plain" };
}

function profile({ bytes }) {
  return { payload: crypto.getRandomValues(new Uint8Array(bytes)), contentType: "application/octet-stream" };
}

function trace({ page }) {
  const spans = Array.from({ length: kTraceSpans }, (_, index) => ({
    id: crypto.randomUUID(),
    name: `${page}#step-${index}`,
    start_us: index * 137,
    duration_us: (index * 7919) % 4001,
    attributes: { thread: index % 8, cached: index % 3 === 0 },
  }));
  return { payload: JSON.stringify({ page, spans }), contentType: "application/json" };
}

const kKinds = { vitals, log, profile, trace };

function messageOf(event, pop) {
  return { subject: `telemetry.${pop.toLowerCase()}.${event.kind}`, ...kKinds[event.kind](event) };
}

export default edgeWorker("/beacon", messageOf);
