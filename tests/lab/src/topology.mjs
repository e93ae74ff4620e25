// SPDX-License-Identifier: GPL-3.0-or-later
// What the lab consists of, said once: the Workers, EdgeWorkers, core services and streams, and who may do what.
// lab.json carries it as the truth that a drawn topology can be compared with.

/** share: part of the load; audience and client id are those of the token that the Worker stamps. */
export const kWorkers = [
  {
    name: "checkout",
    share: 0.42,
    path: "/orders",
    subjects: ["orders.*.created", "orders.*.paid", "orders.*.cancelled"],
    requests: ["inventory.check"],
    may: ["orders.>", "inventory.check"],
  },
  {
    name: "auth",
    share: 0.2,
    path: "/login",
    subjects: ["auth.login.ok", "auth.login.failed"],
    requests: [],
    may: ["auth.>"],
  },
  {
    name: "telemetry",
    share: 0.3,
    path: "/beacon",
    subjects: ["telemetry.*.vitals", "telemetry.*.log", "telemetry.*.profile", "telemetry.*.trace"],
    requests: [],
    may: ["telemetry.>"],
  },
];

export const kEdgeWorkers = [
  { id: "5171", name: "ew-5171", share: 0.05, subjects: ["media.image.served", "media.image.resized"] },
  { id: "6204", name: "ew-6204", share: 0.03, subjects: ["media.stream.segment"] },
];

/** Core services; each instance is a connection of its own. subscribes are subjects in its own account. */
export const kServices = [
  {
    name: "billing",
    account: "CORE",
    instances: 2,
    queue: "billing",
    subscribes: ["orders.*.created", "orders.*.paid"],
    publishes: ["invoices.issued"],
  },
  { name: "fraud", account: "CORE", instances: 2, queue: "fraud", subscribes: ["auth.>"], publishes: ["alerts.fraud"] },
  { name: "metrics", account: "CORE", instances: 1, subscribes: ["telemetry.>"], publishes: [] },
  { name: "ledger", account: "CORE", instances: 1, subscribes: ["invoices.>", "alerts.>"], publishes: [] },
  { name: "media-index", account: "CORE", instances: 1, queue: "media-index", subscribes: ["media.>"], publishes: [] },
  {
    name: "inventory",
    account: "CORE",
    instances: 2,
    queue: "inventory",
    subscribes: ["inventory.check"],
    replies: true,
    publishes: [],
  },
  {
    name: "fulfilment",
    account: "EDGE",
    instances: 1,
    stream: "ORDERS",
    consumer: "fulfilment",
    subscribes: [],
    publishes: [],
  },
  {
    name: "analytics",
    account: "EDGE",
    instances: 1,
    stream: "ORDERS",
    consumer: "analytics",
    lags: true,
    subscribes: [],
    publishes: [],
  },
];

export const kStream = {
  name: "ORDERS",
  account: "EDGE",
  subjects: ["orders.>"],
  maxBytes: 64 * 1024 * 1024,
  maxAgeSeconds: 900,
  consumers: ["fulfilment", "analytics"],
};

/** Streams of messages that EDGE exports and CORE imports, and the service that goes the other way. */
export const kStreamExports = ["orders.>", "auth.>", "telemetry.>", "media.>"];
export const kServiceExports = ["inventory.check"];
