// SPDX-License-Identifier: GPL-3.0-or-later
// weir-blast against a plain nats-server: every message arrives once and whole, and its errors are said.
import assert from "node:assert/strict";
import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { after, before, describe, it } from "node:test";
import { promisify } from "node:util";
import { connect } from "@nats-io/transport-node";
import { freePorts } from "../src/ports.mjs";
import { findServerBinary } from "../src/server.mjs";
import { until } from "./harness.mjs";

const kBlast = process.env.WEIR_BLAST;
const kWhyNot = "WEIR_BLAST does not name the program (ctest sets it)";

describe("weir-blast", { skip: kBlast ? false : kWhyNot }, () => {
  let server;
  let nc;
  let address;

  before(async () => {
    address = `127.0.0.1:${(await freePorts(1))[0]}`;
    server = spawn(
      findServerBinary(),
      ["-a", "127.0.0.1", "-p", address.split(":")[1], "--user", "u", "--pass", 'p"\\'],
      { stdio: "ignore" },
    );
    nc = await connect({
      servers: address,
      user: "u",
      pass: 'p"\\',
      waitOnFirstConnect: true,
      maxReconnectAttempts: -1,
      reconnectTimeWait: 50,
    });
  });
  after(async () => {
    await nc.close();
    server.kill();
    await once(server, "exit");
  });

  const blast = async (...args) =>
    JSON.parse(
      (await promisify(execFile)(kBlast, ["--server", address, "--user", "u", "--pass", 'p"\\', ...args])).stdout,
    );

  async function received(args) {
    const messages = [];
    const subscription = nc.subscribe("t.>", { callback: (_, message) => messages.push(message) });
    await nc.flush();
    const said = await blast("--prefix", "t", ...args);
    await until(() => messages.length >= said.sent, `${messages.length} of ${said.sent} arrived`);
    subscription.unsubscribe();
    return { said, messages };
  }

  it("numbers every message, over all connections and subjects", async () => {
    const { said, messages } = await received([
      "--count",
      "20001",
      "--subjects",
      "700",
      "--connections",
      "3",
      "--rate",
      "40000",
    ]);
    assert.equal(said.sent, 20001);
    assert.equal(new Set(messages.map((message) => message.subject)).size, 700);
    const numbers = new Set(messages.map((message) => Number.parseInt(message.json().seq, 16)));
    assert.equal(numbers.size, 20001);
    assert.equal(Math.max(...numbers), 20001);
    for (const message of messages) {
      assert.equal(message.data.length, 128);
      const { seq } = message.json();
      assert.match(message.headers.get("Cf-Ray"), new RegExp(`^${seq}-[A-Z]{3}$`));
      assert.equal(message.headers.get("traceparent"), `00-b1a57000b1a57000${seq}-${seq}-01`);
      assert.ok(Math.abs(Date.now() - Number(message.headers.get("X-Edge-Sent-At"))) < 60_000);
    }
  });

  it("keeps to headers, size, rate and duration", async () => {
    const bare = await received(["--count", "10", "--headers", "0", "--size", "16"]);
    assert.ok(bare.messages.every((message) => !message.headers && message.data.length === 16));
    const four = await received(["--rate", "1000", "--duration", "0.5", "--headers", "4", "--size", "5000"]);
    assert.ok(
      four.messages.every(
        (message) => message.headers.get("X-Edge-Worker") === "blast" && message.data.length === 5000,
      ),
    );
    assert.ok(four.said.sent > 400 && four.said.sent <= 501, `${four.said.sent} in half a second at 1,000/s`);
  });

  it("says what the server refuses, and what nobody answers", async () => {
    await assert.rejects(blast("--count", "1", "--size", "2000000"), /Maximum Payload Violation/);
    await assert.rejects(blast("--pass", "wrong"), /Authorization Violation/);
    const [nobody] = await freePorts(1);
    await assert.rejects(blast("--server", `127.0.0.1:${nobody}`), /cannot connect/);
    await assert.rejects(blast("--size", "3"), (error) => error.code === 2);
  });
});
