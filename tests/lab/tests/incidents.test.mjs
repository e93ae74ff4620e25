// SPDX-License-Identifier: GPL-3.0-or-later
// Every incident shows to those who look, and is over when it is over.
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { createRemoteJWKSet, errors, jwtVerify } from "jose";
import { TestLab, collect, percentile, popOf, until } from "./harness.mjs";

describe("incidents", () => {
  const lab = new TestLab({ after });
  let file;

  before(async () => {
    file = await lab.up("--rate", "200");
  });

  const ended = (name) =>
    until(() => lab.file().incidents.find((entry) => entry.name === name)?.ended, `${name} does not end`, 60_000, 200);
  const delay = ({ message, at }) => at - Number(message.headers.get("X-Edge-Sent-At"));

  it("slow-pop delays one PoP and no other", async () => {
    await lab.lab("incident", "slow-pop", "--pop", "FRA", "--for", "8");
    const fromFra = ({ message }) => popOf(message) === "FRA";
    const late = (all) => all.filter((entry) => fromFra(entry) && delay(entry) > 40);
    const messages = await collect(file, "orders.>", (all) => late(all).length >= 10);
    const others = messages.filter(({ message }) => popOf(message) === "CDG").map(delay);
    assert.ok(percentile(others, 0.5) < 60);
    await ended("slow-pop");
  });

  it("storm multiplies one Worker's messages", async () => {
    const count = async () => (await lab.status()).workers.auth.published;
    const before_ = await count();
    await lab.lab("incident", "storm", "--for", "4");
    await ended("storm");
    assert.ok((await count()) - before_ > 1500, "about 40 a second before, 1,200 in the storm");
  });

  it("forbidden-publish is refused by the broker, and nobody gets the message", async () => {
    const forged = collect(file, "orders.>", (all) => all.some(({ message }) => message.string().includes("forged")), {
      timeoutMs: 4000,
    });
    await Promise.all([
      assert.rejects(forged, /not enough messages/),
      lab.lab("incident", "forbidden-publish", "--for", "2"),
    ]);
    await ended("forbidden-publish");
    assert.match(lab.serverLog(), /Publish Violation.*orders\.eu\.created/);
    assert.ok((await lab.status()).workers.telemetry.permissionErrors > 0);
  });

  it("expired-token stamps a token that no longer holds, then a good one again", async () => {
    const keys = createRemoteJWKSet(new URL(file.issuer.jwks));
    const tokenNow = async () => {
      const [{ message }] = (await collect(file, "orders.>", (all) => all.length > 20)).slice(-1);
      return message.headers.get("X-Identity-Token");
    };
    await lab.lab("incident", "expired-token", "--for", "12");
    await assert.rejects(jwtVerify(await tokenNow(), keys), errors.JWTExpired);
    await ended("expired-token");
    await jwtVerify(await tokenNow(), keys);
  });

  it("silence stops one Worker, which comes back", async () => {
    await lab.lab("incident", "silence", "--worker", "telemetry", "--for", "12");
    assert.equal((await lab.status()).workers.telemetry.silent, true);
    await assert.rejects(
      collect(file, "telemetry.>", (all) => all.length > 0, { timeoutMs: 1500 }),
      /not enough/,
    );
    await ended("silence");
    await collect(file, "telemetry.>", (all) => all.length > 5);
  });

  it("broker-restart brings everybody back, readers of the stream too", async () => {
    await lab.lab("incident", "broker-restart", "--for", "1");
    await ended("broker-restart");
    await collect(file, ">", (all) =>
      ["orders", "auth", "telemetry", "media"].every((kind) =>
        all.some(({ message }) => message.subject.startsWith(kind)),
      ),
    );
    const before_ = (await lab.status()).services;
    const names = Object.keys(before_);
    await until(
      async () => {
        const now = (await lab.status()).services;
        return names.every((name) => now[name] > before_[name]);
      },
      "not every service is back",
      30_000,
      300,
    );
  });

  it("refuses what it does not know", async () => {
    assert.equal((await lab.refused("incident", "earthquake")).code, 2);
    const error = await lab.refused("incident", "slow-pop", "--pop", "ZZZ");
    assert.equal(error.code, 1);
    assert.match(error.stderr, /no PoP ZZZ/);
  });
});
