// SPDX-License-Identifier: GPL-3.0-or-later
// How labs begin and end: two at once, a killed supervisor, a killed part, a foreign directory, a recording.
import assert from "node:assert/strict";
import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import fs from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { describe, it } from "node:test";
import { TestLab, collect, kLab, until } from "./harness.mjs";

const kRecord = fileURLToPath(new URL("../record.mjs", import.meta.url));
const supervisorOf = (file) => file.processes.find((entry) => entry.name === "supervisor");

/** The processes that a starting lab wrote down, once `name` is among them. */
function startedUpTo(lab, name) {
  const file = path.join(lab.dir, "processes.json");
  const known = fs.existsSync(file) ? JSON.parse(fs.readFileSync(file, "utf8")) : [];
  return known.some((entry) => entry.name === name) ? known : null;
}

describe("lifetime", () => {
  it("two labs run at once, and each ends without the other", async (t) => {
    const labs = [new TestLab(t), new TestLab(t)];
    const files = await Promise.all(labs.map((lab) => lab.up("--rate", "50")));
    assert.notEqual(files[0].url, files[1].url);
    await labs[0].down();
    assert.deepEqual(labs[0].strays(files[0].processes), []);
    await collect(files[1], "orders.>", (all) => all.length > 10);
    await labs[1].down();
    assert.deepEqual(labs[1].strays(files[1].processes), []);
  });

  it("kill -9 of the supervisor leaves no process, and the next up clears the rest", async (t) => {
    const lab = new TestLab(t);
    const file = await lab.up("--rate", "50");
    process.kill(supervisorOf(file).pid, "SIGKILL");
    await until(() => lab.strays(file.processes).length === 0, "processes are left");
    assert.equal((await lab.refused("status")).code, 1);
    const again = await lab.up("--rate", "50");
    assert.notEqual(again.accounts.EDGE.publicKey, file.accounts.EDGE.publicKey);
    await lab.down();
  });

  it("kill -9 at any moment of its start leaves no process either", async (t) => {
    for (const moment of ["supervisor", "n1", "services", "workerd", "load"]) {
      const lab = new TestLab(t);
      const starting = lab.up("--rate", "50").catch(() => {});
      const known = await until(() => startedUpTo(lab, moment), `${moment} was not started`, 30_000, 5);
      process.kill(known[0].pid, "SIGKILL");
      await starting;
      await until(() => lab.strays(known).length === 0, "processes are left");
      await lab.down();
    }
  });

  it("ends cleanly on Ctrl+C when it stays in the foreground", async (t) => {
    const lab = new TestLab(t);
    const child = spawn(kLab, ["up", "--foreground", "--rate", "20", "--dir", lab.dir], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    let said = "";
    child.stdout.on("data", (text) => (said += text));
    await until(() => said.includes("Ctrl+C"), "it is not up", 60_000);
    const known = lab.file().processes;
    child.kill("SIGINT");
    const [code] = await once(child, "exit");
    assert.equal(code, 0);
    assert.equal(fs.existsSync(lab.dir), false);
    assert.deepEqual(lab.strays(known), []);
  });

  it("ends as a whole when one of its parts dies, and says why", async (t) => {
    const lab = new TestLab(t);
    const file = await lab.up("--rate", "50");
    process.kill(file.processes.find((entry) => entry.name === "workerd").pid, "SIGKILL");
    await until(() => lab.strays(file.processes).length === 0, "processes are left");
    assert.match(fs.readFileSync(path.join(lab.dir, "supervisor.log"), "utf8"), /workerd ended \(SIGKILL\)/);
    await lab.down();
  });

  it("runs a cluster of three with a replicated stream, through the loss of one server", async (t) => {
    const lab = new TestLab(t);
    const file = await lab.up("--rate", "100", "--servers", "3");
    assert.equal(file.servers.length, 3);
    const { account_details } = await (
      await fetch(`${file.monitor[0]}/jsz?acc=${file.accounts.EDGE.publicKey}&streams=1`)
    ).json();
    assert.equal(account_details[0].stream_detail[0].cluster.replicas.length, 2);
    await lab.lab("incident", "broker-restart", "--for", "1");
    await collect(file, "orders.>", (all) => all.length > 100);
    await lab.down();
  });

  it("says so when it is up already, when its directory is somebody else's, when the server is not there", async (t) => {
    const lab = new TestLab(t);
    fs.mkdirSync(lab.dir);
    fs.writeFileSync(path.join(lab.dir, "precious"), "");
    assert.match((await lab.refused("up")).stderr, /not a lab's directory/);
    fs.rmSync(path.join(lab.dir, "precious"));
    assert.match((await lab.refused("up", "--server-binary", "/nowhere/nats-server")).stderr, /not found/);
    assert.match((await lab.refused("up", "--server-binary", "/bin/false")).stderr, /n1 ended \(1\)/);
    assert.equal((await lab.refused("up", "--servers", "2")).code, 2);
    const { url } = await lab.up("--rate", "20");
    await lab.lab("up");
    assert.equal(lab.file().url, url);
    await lab.down();
  });

  it("comes up again where somebody keeps a file of theirs", async (t) => {
    const lab = new TestLab(t);
    await lab.up("--rate", "10");
    fs.writeFileSync(path.join(lab.dir, "history.db"), "theirs");
    await lab.lab("down");
    assert.equal(fs.readFileSync(path.join(lab.dir, "history.db"), "utf8"), "theirs");
    await lab.up("--rate", "10");
    fs.rmSync(path.join(lab.dir, "history.db"));
    await lab.down();
  });

  it("record.mjs writes down every message that it was sent", async (t) => {
    const lab = new TestLab(t);
    await lab.up("--rate", "200");
    const out = path.join(path.dirname(lab.dir), "out.ndjson");
    await promisify(execFile)(process.execPath, [
      kRecord,
      "--lab-json",
      path.join(lab.dir, "lab.json"),
      "--subject",
      "orders.>",
      "--count",
      "200",
      "--out",
      out,
    ]);
    const lines = fs.readFileSync(out, "utf8").trim().split("\n").map(JSON.parse);
    assert.equal(lines.length, 200);
    assert.deepEqual(Object.keys(lines[0]), ["subject", "reply", "headers", "payload_base64"]);
    assert.match(lines[0].headers["Cf-Ray"][0], /^[0-9a-f]{16}-[A-Z]{3}$/);
    await lab.down();
  });
});
