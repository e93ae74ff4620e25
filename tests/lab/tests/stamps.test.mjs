// SPDX-License-Identifier: GPL-3.0-or-later
// What the edge stamps, who may do what, and what the core does with it, seen by an independent subscriber.
import assert from "node:assert/strict";
import fs from "node:fs";
import { after, before, describe, it } from "node:test";
import { createRemoteJWKSet, jwtVerify } from "jose";
import { jetstreamManager } from "@nats-io/jetstream";
import { TestLab, collect, connectAs, percentile, popOf, until } from "./harness.mjs";

describe("a lab at its usual rate", () => {
  const lab = new TestLab({ after });
  let file;
  let messages;

  before(async () => {
    file = await lab.up("--rate", "300");
    const wanted = new Set(["orders", "auth", "telemetry", "media"]);
    messages = await collect(
      file,
      ">",
      (all) =>
        all.length >= 3000 && [...wanted].every((kind) => all.some(({ message }) => message.subject.startsWith(kind))),
    );
  });

  const ofWorkers = () => messages.filter(({ message }) => message.headers.has("X-Identity-Token"));

  it("stamps PoP, time, trace and Worker on every message of a Worker", () => {
    const names = file.topology.workers
      .filter((worker) => worker.provider === "cloudflare")
      .map((worker) => worker.name);
    for (const { message, at } of ofWorkers()) {
      const get = (name) => message.headers.get(name);
      assert.match(get("Cf-Ray"), /^[0-9a-f]{16}-[A-Z]{3}$/);
      assert.match(get("traceparent"), /^00-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-01$/);
      assert.ok(names.includes(get("X-Edge-Worker")));
      const age = at - Number(get("X-Edge-Sent-At"));
      assert.ok(age >= 0 && age < 10_000, `sent ${age} ms before it arrived`);
    }
    assert.deepEqual(new Set(ofWorkers().map(({ message }) => message.headers.get("X-Edge-Worker"))), new Set(names));
  });

  it("stamps tokens that the issuer's JWKS verifies", async () => {
    const discovered = await (await fetch(`${file.issuer.url}/.well-known/openid-configuration`)).json();
    assert.equal(discovered.jwks_uri, file.issuer.jwks);
    const keys = createRemoteJWKSet(new URL(discovered.jwks_uri));
    const tokens = new Map(
      ofWorkers().map(({ message }) => [message.headers.get("X-Identity-Token"), message.headers.get("X-Edge-Worker")]),
    );
    assert.ok(tokens.size >= 3);
    for (const [token, worker] of tokens) {
      const { payload, protectedHeader } = await jwtVerify(token, keys, {
        issuer: file.issuer.url,
        audience: file.issuer.audience,
      });
      assert.equal(payload.sub, `worker:${worker}@lab`);
      assert.equal(protectedHeader.alg, "ES256");
      assert.equal(payload.exp - payload.iat, 600);
    }
  });

  it("comes from at least 12 PoPs on 5 continents", () => {
    const seen = new Set(messages.map(({ message }) => popOf(message)));
    const continents = new Set(file.topology.pops.filter((pop) => seen.has(pop.code)).map((pop) => pop.continent));
    assert.ok(seen.size >= 12, [...seen].join(" "));
    assert.ok(continents.size >= 5, [...continents].join(", "));
  });

  it("takes real time from each PoP, more from Sydney than from Frankfurt", () => {
    const delays = (pop) =>
      ofWorkers()
        .filter(({ message }) => popOf(message) === pop)
        .map(({ message, at }) => at - Number(message.headers.get("X-Edge-Sent-At")));
    assert.ok(percentile(delays("FRA"), 0.5) < 60, `FRA ${percentile(delays("FRA"), 0.5)} ms`);
    assert.ok(percentile(delays("SYD"), 0.5) > 100, `SYD ${percentile(delays("SYD"), 0.5)} ms`);
  });

  it("has payloads of text, JSON and bytes, and order ids in subjects", () => {
    const types = new Set(messages.map(({ message }) => message.headers.get("Content-Type")));
    for (const type of ["application/json", "text/plain", "application/octet-stream"]) assert.ok(types.has(type), type);
    assert.ok(messages.some(({ message }) => /^orders\.\d+\./.test(message.subject)));
  });

  it("brings the EdgeWorkers' messages through the gateway, and refuses a wrong token", async () => {
    const media = messages.filter(({ message }) => message.subject.startsWith("media."));
    for (const { message } of media) {
      assert.match(message.headers.get("X-Edge-Worker"), /^ew-\d+$/);
      assert.match(message.headers.get("X-Akamai-Edge-Pop"), /^[A-Z]{3}$/);
      assert.ok(message.headers.get("X-Request-Id"));
    }
    const response = await fetch(`${file.gateway.url}/publish/media.forged`, {
      method: "POST",
      headers: { authorization: "Bearer no" },
      body: "{}",
    });
    assert.equal(response.status, 401);
  });

  it("delivers to the core's services, each order to one of the billing instances, and answers requests", async () => {
    const { services, workers } = await lab.status();
    for (const [name, count] of Object.entries(services)) assert.ok(count > 0, `${name} got nothing`);
    const billed = services["billing-1"] + services["billing-2"];
    assert.ok(billed <= workers.checkout.accepted, "billing works on each order once");
    assert.ok(workers.checkout.requests > 0);
  });

  it("has one reader of ORDERS that keeps up and one that lags", async () => {
    const nc = await connectAs(file, "observer");
    try {
      const manager = await jetstreamManager(nc);
      const pending = async (name) => (await manager.consumers.info("ORDERS", name)).num_pending;
      await until(async () => (await pending("analytics")) > 300, "analytics does not lag");
      assert.ok((await pending("fulfilment")) < 100);
    } finally {
      await nc.close();
    }
  });

  it("tells the core's responder who asks", async () => {
    const seen = await collect(file, "inventory.check", (all) => all.length >= 1, { user: "observer-core" });
    const info = JSON.parse(seen[0].message.headers.get("Nats-Request-Info"));
    assert.equal(info.acc, file.accounts.EDGE.publicKey);
    assert.equal(info.name, "worker-checkout");
  });

  it("keeps the restricted user to telemetry", async () => {
    const nc = await connectAs(file, "restricted");
    const refusal = new Promise((resolve) => nc.subscribe("orders.>", { callback: resolve }));
    assert.match(String(await refusal), /Permissions Violation/i);
    await nc.close();
    const seen = await collect(file, "telemetry.>", (all) => all.length >= 5, { user: "restricted" });
    assert.ok(seen.length >= 5);
  });

  it("keeps secrets to their owner and gives contexts for the nats CLI", () => {
    const secrets = [
      ...Object.values(file.users).map((user) => user.creds),
      file.operator.seedFile,
      file.gateway.tokenFile,
      file.control.tokenFile,
    ];
    for (const secret of secrets) assert.equal(fs.statSync(secret).mode & 0o777, 0o600, secret);
    for (const name of ["lab", "lab-core", "lab-sys", "lab-restricted"]) {
      const context = JSON.parse(fs.readFileSync(`${file.configHome}/nats/context/${name}.json`, "utf8"));
      assert.equal(context.url, file.url);
      assert.ok(fs.existsSync(context.creds));
    }
  });
});
