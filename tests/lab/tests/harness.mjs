// SPDX-License-Identifier: GPL-3.0-or-later
// What the tests of the lab share: labs in directories of their own, an independent subscriber, the processes of a lab.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { connect, credsAuthenticator } from "@nats-io/transport-node";
import { until } from "../src/processes.mjs";

export const kLab = fileURLToPath(new URL("../lab", import.meta.url));
const run = promisify(execFile);

/** A lab in a new directory under the system's temporary one. */
export class TestLab {
  /** t: the test or suite at whose end the lab is ended, also after a failure. */
  constructor(t) {
    t.after(() => this.end());
    this.dir = path.join(fs.mkdtempSync(path.join(os.tmpdir(), "weir-lab-")), "lab");
  }

  /** Runs the lab command on this lab; returns its stdout. */
  async lab(...args) {
    const { stdout } = await run(kLab, [...args, "--dir", this.dir], { timeout: 120_000 });
    return stdout;
  }

  async up(...args) {
    await this.lab("up", ...args);
    return this.file();
  }

  /** Runs the command and expects it to fail: {code, stderr}. */
  async refused(...args) {
    return this.lab(...args).then(
      () => assert.fail(`lab ${args.join(" ")} did not fail`),
      (error) => error,
    );
  }

  file() {
    return JSON.parse(fs.readFileSync(path.join(this.dir, "lab.json"), "utf8"));
  }

  async status() {
    return JSON.parse(await this.lab("status", "--json"));
  }

  serverLog() {
    return this.file()
      .servers.map((server) => fs.readFileSync(server.log, "utf8"))
      .join("");
  }

  /** Ends the lab; what it made is gone. */
  async down() {
    await this.lab("down");
    assert.equal(fs.existsSync(this.dir), false, "down leaves no directory");
  }

  async end() {
    if (fs.existsSync(this.dir)) await this.lab("down");
    fs.rmSync(path.dirname(this.dir), { recursive: true });
  }

  /** The processes whose command line names this lab or that this lab wrote down, zombies left out. */
  strays(known = []) {
    const alive = (pid) => {
      try {
        const stat = fs.readFileSync(`/proc/${pid}/stat`, "utf8");
        return stat.slice(stat.lastIndexOf(")") + 2)[0] !== "Z";
      } catch {
        return false;
      }
    };
    const named = fs
      .readdirSync("/proc")
      .filter((entry) => /^\d+$/.test(entry) && this.names(entry))
      .map(Number);
    return [...new Set([...named, ...known.map((entry) => entry.pid)])].filter(alive);
  }

  names(pid) {
    try {
      return fs.readFileSync(`/proc/${pid}/cmdline`, "utf8").includes(this.dir);
    } catch {
      return false;
    }
  }
}

export async function connectAs(file, user, options = {}) {
  const { creds } = file.users[user];
  return connect({
    servers: file.url.split(","),
    authenticator: credsAuthenticator(fs.readFileSync(creds)),
    maxReconnectAttempts: -1,
    reconnectTimeWait: 200,
    ...options,
  });
}

/** Messages of the edge as they were published: what JetStream delivers to its readers (reply $JS.ACK…) is left out. */
export const published = (message) => Boolean(message.headers) && !message.reply?.startsWith("$JS.ACK");

/** Collects messages of a subject, with the time of their arrival, until `enough` says so. */
export async function collect(file, subject, enough, { user = "observer", timeoutMs = 30_000 } = {}) {
  const nc = await connectAs(file, user);
  const messages = [];
  nc.subscribe(subject, {
    callback: (error, message) => {
      assert.ifError(error);
      if (published(message)) messages.push({ message, at: Date.now() });
    },
  });
  try {
    await nc.flush();
    await until(() => enough(messages), `${subject}: not enough messages (${messages.length})`, timeoutMs);
  } finally {
    await nc.close();
  }
  return messages;
}

/** The PoP that a message names, as Cloudflare or as Akamai writes it. */
export const popOf = (message) =>
  message.headers.get("Cf-Ray").split("-").pop() || message.headers.get("X-Akamai-Edge-Pop");

export function percentile(values, part) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(part * (sorted.length - 1))];
}

export { until };
