// SPDX-License-Identifier: GPL-3.0-or-later
// Free ports of 127.0.0.1, taken below the kernel's ephemeral range (32768 and up): a port from inside that range
// can be lost to anybody's outgoing connection while a server restarts. A port is this process's until it ends, also while
// nobody listens on it: a file for each says so to other labs, which may start at the same moment.
import fs from "node:fs";
import net from "node:net";
import os from "node:os";
import path from "node:path";
import { identify, isAlive } from "./processes.mjs";

const kFirst = 18000;
const kLast = 32000;
const kLeases = path.join(os.tmpdir(), `weir-lab-ports-${process.getuid()}`);

const held = new Set();
process.on("exit", releasePorts);

const leaseOf = (port) => path.join(kLeases, String(port));

function holderOf(lease) {
  try {
    return JSON.parse(fs.readFileSync(lease, "utf8"));
  } catch {
    return null; // being written, or gone
  }
}

/** Clears away the leases of the dead. */
function sweep() {
  for (const name of fs.existsSync(kLeases) ? fs.readdirSync(kLeases) : []) {
    const holder = name.startsWith(".") ? null : holderOf(leaseOf(name));
    if (holder && !isAlive(holder)) fs.rmSync(leaseOf(name), { force: true });
  }
}

/** Takes the lease of a port; false when somebody has it. */
function claim(port) {
  fs.mkdirSync(kLeases, { recursive: true, mode: 0o700 });
  const mine = path.join(kLeases, `.${process.pid}`);
  fs.writeFileSync(mine, JSON.stringify(identify(process.pid)), { mode: 0o600 });
  try {
    fs.linkSync(mine, leaseOf(port)); // whole or not at all, and by one process only
    held.add(port);
    return true;
  } catch (error) {
    if (error.code !== "EEXIST") throw error;
    return false;
  } finally {
    fs.rmSync(mine, { force: true });
  }
}

function bindable(port) {
  return new Promise((resolve) => {
    const probe = net.createServer();
    probe.once("error", () => resolve(false));
    probe.listen({ port, host: "127.0.0.1", exclusive: true }, () => probe.close(() => resolve(true)));
  });
}

/** Returns `count` different ports that nobody listens on now and that no other lab gets while this process lives. */
export async function freePorts(count) {
  sweep();
  const ports = [];
  while (ports.length < count) {
    const port = kFirst + Math.floor(Math.random() * (kLast - kFirst));
    if (!held.has(port) && claim(port) && (await bindable(port))) ports.push(port);
  }
  return ports;
}

/** Gives back what this process holds. */
export function releasePorts() {
  for (const port of held) fs.rmSync(leaseOf(port), { force: true });
  held.clear();
}
