// SPDX-License-Identifier: GPL-3.0-or-later
// Children that end with their parent, and processes known again by pid and start time.
import { spawn } from "node:child_process";
import fs from "node:fs";

/** A parent that ended before the wish was made sends no signal: so the child looks, after it, whose child it is. */
const kIfParentLives = '[ "$PPID" = "$0" ] && exec "$@"';

/**
 * Starts a program that the kernel kills when the thread that started it ends, even by SIGKILL
 * (prctl PR_SET_PDEATHSIG, through util-linux's setpriv); in a session of its own, away from the terminal's Ctrl+C. Its output goes to logFile; `ipc` opens Node's channel.
 */
export function spawnBound(command, args, { logFile, ipc = false, env = process.env, cwd } = {}) {
  const log = fs.openSync(logFile, "a", 0o600);
  const stdio = ["ignore", log, log];
  if (ipc) stdio.push("ipc");
  const guarded = ["sh", "-c", kIfParentLives, String(process.pid), command, ...args];
  const child = spawn("setpriv", ["--pdeathsig", "KILL", ...guarded], { stdio, env, cwd, detached: true });
  fs.closeSync(log);
  return child;
}

/** The kernel's start time of a process in clock ticks since boot, or null when there is no such process. */
export function startTime(pid) {
  try {
    const stat = fs.readFileSync(`/proc/${pid}/stat`, "utf8");
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    return fields[0] === "Z" ? null : Number(fields[19]);
  } catch {
    return null;
  }
}

/** A process as it can be written down and known again: a pid alone may have been given to a stranger since. */
export function identify(pid) {
  return { pid, start: startTime(pid) };
}

export function isAlive(process_) {
  return Boolean(process_?.pid) && process_.start !== null && startTime(process_.pid) === process_.start;
}

export const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** Waits until `condition` returns something true and returns that; throws `what` after `timeoutMs`. */
export async function until(condition, what, timeoutMs = 20_000, stepMs = 50) {
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    const value = await condition();
    if (value) return value;
    if (Date.now() > deadline) throw new Error(`${what}: waited ${Math.round(timeoutMs / 1000)} s`);
    await pause(stepMs);
  }
}

/** Ends processes: SIGTERM, then SIGKILL after `graceMs`. Only those that are still the ones written down. */
export async function endAll(processes, graceMs = 4000) {
  const left = () => processes.filter(isAlive);
  for (const entry of left()) signal(entry.pid, "SIGTERM");
  const deadline = Date.now() + graceMs;
  while (left().length && Date.now() < deadline) await pause(25);
  for (const entry of left()) signal(entry.pid, "SIGKILL");
  while (left().length) await pause(25);
}

function signal(pid, name) {
  try {
    process.kill(pid, name);
  } catch (error) {
    if (error.code !== "ESRCH") throw error;
  }
}
