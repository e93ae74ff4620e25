// SPDX-License-Identifier: GPL-3.0-or-later
// The directory of one lab: its layout, lab.json, and what a killed lab left in it.
import fs from "node:fs";
import path from "node:path";
import { endAll, isAlive } from "./processes.mjs";

const kMark = ".weir-lab";
const kOwn = [
  "lab.json",
  "processes.json",
  "control.token",
  "keys",
  "creds",
  "secrets",
  "config",
  "nats",
  "workers",
  "logs",
];

export class LabDir {
  constructor(dir) {
    this.dir = path.resolve(dir);
  }

  path(...parts) {
    return path.join(this.dir, ...parts);
  }

  /** Makes the directory for a new lab; refuses one that holds somebody else's files. */
  create() {
    if (fs.existsSync(this.dir) && !this.isLab() && fs.readdirSync(this.dir).length > 0)
      throw new Error(`${this.dir} is not a lab's directory and not empty (choose another with --dir)`);
    fs.mkdirSync(this.dir, { recursive: true, mode: 0o700 });
    fs.writeFileSync(this.path(kMark), "The lab's own files are deleted by 'lab down'.\n");
    for (const sub of ["keys", "creds", "secrets", "nats", "workers", "logs"])
      fs.mkdirSync(this.path(sub), { recursive: true, mode: 0o700 });
  }

  isLab() {
    return fs.existsSync(this.path(kMark));
  }

  /** Writes a file whole or not at all, readable by its owner only. */
  write(name, content) {
    const file = this.path(name);
    const text =
      typeof content === "string" || content instanceof Uint8Array ? content : JSON.stringify(content, null, 2) + "\n";
    fs.mkdirSync(path.dirname(file), { recursive: true, mode: 0o700 });
    fs.writeFileSync(file + ".new", text, { mode: 0o600 });
    fs.renameSync(file + ".new", file);
    return file;
  }

  readJson(name) {
    try {
      return JSON.parse(fs.readFileSync(this.path(name), "utf8"));
    } catch (error) {
      if (error.code === "ENOENT") return null;
      throw new Error(`${this.path(name)}: ${error.message}`);
    }
  }

  processes() {
    return this.readJson("processes.json") ?? [];
  }

  supervisor() {
    return this.processes().find((entry) => entry.name === "supervisor" && isAlive(entry)) ?? null;
  }

  /** Ends what still runs of this lab and deletes the files that it made. */
  async clean() {
    if (!this.isLab()) return;
    const known = this.processes().filter((entry) => entry.pid !== process.pid); // in the foreground it is this one
    const supervisor = known.filter((entry) => entry.name === "supervisor");
    await endAll(supervisor, 15_000); // ends its children itself
    await endAll(known);
    for (const name of kOwn) fs.rmSync(this.path(name), { recursive: true, force: true });
  }

  /** clean(), and the directory itself when nothing foreign is in it; else its mark stays, for the next lab. */
  async remove() {
    if (!this.isLab()) return;
    await this.clean();
    fs.rmSync(this.path("supervisor.log"), { force: true });
    if (fs.readdirSync(this.dir).some((name) => name !== kMark)) return;
    fs.rmSync(this.path(kMark));
    fs.rmdirSync(this.dir);
  }
}
