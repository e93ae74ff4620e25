// SPDX-License-Identifier: GPL-3.0-or-later
// Every NATS user of the lab and its permissions.
import { kServices, kStream, kWorkers } from "./topology.mjs";

/** What an observer asks of JetStream: read streams, own consumers, acknowledge. Not: change or delete a stream. */
const kJetStreamReader = [
  "$JS.API.INFO",
  "$JS.API.STREAM.NAMES",
  "$JS.API.STREAM.LIST",
  "$JS.API.STREAM.INFO.*",
  "$JS.API.STREAM.MSG.GET.*",
  "$JS.API.DIRECT.GET.>",
  "$JS.API.CONSUMER.>",
  "$JS.ACK.>",
  "$JS.FC.>",
];
const kAboutItself = [
  "$SYS.REQ.USER.INFO",
  "$SYS.REQ.ACCOUNT.PING.CONNZ",
  "$SYS.REQ.SERVER.PING.CONNZ",
  "$SYS.REQ.ACCOUNT.PING.STATZ",
];

const inbox = (name) => `_INBOX.${name}.>`;
const allow = (pub, sub, more = {}) => ({
  pub: pub.length ? { allow: pub } : { deny: [">"] },
  sub: { allow: sub },
  ...more,
});

function workerUser(worker) {
  return { name: worker.name, account: "EDGE", permissions: allow(worker.may, [inbox(worker.name)]) };
}

function serviceUser(service) {
  const { name, account } = service;
  if (service.consumer) {
    const { stream, consumer } = service;
    const api = ["CONSUMER.INFO", "CONSUMER.MSG.NEXT"].map((call) => `$JS.API.${call}.${stream}.${consumer}`);
    const pub = [...api, `$JS.API.STREAM.INFO.${stream}`, "$JS.API.INFO", `$JS.ACK.${stream}.${consumer}.>`];
    return { name, account, permissions: allow(pub, [inbox(name)]) };
  }
  const sub = [...service.subscribes, inbox(name)];
  if (service.replies)
    return { name, account, permissions: { sub: { allow: sub }, resp: { max: 1, ttl: 5_000_000_000 } } };
  return { name, account, permissions: allow(service.publishes, sub) };
}

/** [{name, account, permissions}]: permissions as in a NATS user JWT; none means all of the account. */
export function labUsers() {
  return [
    ...kWorkers.map(workerUser),
    { name: "gateway", account: "EDGE", permissions: allow(["media.>"], [inbox("gateway")]) },
    ...kServices.map(serviceUser),
    { name: "provisioner", account: kStream.account, permissions: allow(["$JS.API.>"], [inbox("provisioner")]) },
    {
      name: "observer",
      account: "EDGE",
      permissions: allow([...kJetStreamReader, ...kAboutItself, "replay.>"], [">"]),
    },
    { name: "observer-core", account: "CORE", permissions: allow([...kAboutItself, "replay.>"], [">"]) },
    { name: "restricted", account: "EDGE", permissions: allow([], ["telemetry.>", inbox("restricted")]) },
    { name: "admin", account: "EDGE", permissions: {} },
    { name: "admin-core", account: "CORE", permissions: {} },
    { name: "sys", account: "SYS", permissions: {} },
  ];
}
