// SPDX-License-Identifier: GPL-3.0-or-later
// The supervisor's side of child.mjs: one Node process that plays a part of the lab.
import { fileURLToPath } from "node:url";
import { endAll, identify, spawnBound } from "./processes.mjs";

const kAnswerTimeoutMs = 5000;

export class Part {
  constructor(lab, name) {
    Object.assign(this, { lab, name, process: null, waiting: new Map(), nextId: 1 });
    this.onUnexpectedExit = () => {};
  }

  start(settings) {
    const script = fileURLToPath(new URL(`${this.name}.mjs`, import.meta.url));
    const logFile = this.lab.path("logs", `${this.name}.log`);
    this.child = spawnBound(process.execPath, [script], { logFile, ipc: true });
    this.process = { name: this.name, ...identify(this.child.pid) };
    return new Promise((resolve, reject) => {
      this.child.on("message", (message) => {
        if (message.ready) resolve();
        else if (message.id) this.answered(message);
        else if (message.failed) reject(new Error(`${this.name}: ${message.failed}`));
      });
      this.child.once("exit", (code, signal) => {
        const what = `${this.name} ended (${signal ?? code}), see ${logFile}`;
        reject(new Error(what));
        if (!this.stopping) this.onUnexpectedExit(what);
      });
      this.child.send({ type: "settings", settings });
    });
  }

  answered({ id, stats, failed }) {
    const entry = this.waiting.get(id);
    this.waiting.delete(id);
    if (!entry) return;
    clearTimeout(entry.timer);
    if (failed) entry.reject(new Error(`${this.name}: ${failed}`));
    else entry.resolve(stats);
  }

  ask(message) {
    const id = this.nextId++;
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => this.answered({ id, failed: "no answer" }), kAnswerTimeoutMs);
      this.waiting.set(id, { resolve, reject, timer });
      this.child.send({ id, ...message });
    });
  }

  stats() {
    return this.ask({ type: "stats" });
  }

  change(change) {
    return this.ask({ type: "change", change });
  }

  async stop() {
    this.stopping = true;
    if (this.process) await endAll([this.process]);
  }
}
