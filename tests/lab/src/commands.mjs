// SPDX-License-Identifier: GPL-3.0-or-later
// up, status, down, incident.
import { fork } from "node:child_process";
import fs from "node:fs";
import { callLab } from "./control.mjs";
import { LabDir } from "./labdir.mjs";
import { Supervisor, kSupervisorScript } from "./supervisor.mjs";

process.stdout.on("error", () => {}); // a reader that left, as in 'lab status | head'

const say = (text) => process.stdout.write(text + "\n");

function summary(lab) {
  const file = lab.readJson("lab.json");
  const { pops, workers } = file.topology;
  say(
    `lab is up: nats-server ${file.server.version} (${file.servers.length}), ${workers.length} Workers, ${pops.length} PoPs, ${file.rate} msg/s`,
  );
  say(`  broker   ${file.url}`);
  say(`  monitor  ${file.monitor.join(" ")}`);
  say(`  lab.json ${lab.path("lab.json")}`);
  say(`  contexts ${Object.keys(file.contexts).join(" ")}`);
  say(`export XDG_CONFIG_HOME=${file.configHome}`);
}

function inBackground(lab, options) {
  lab.create();
  const log = fs.openSync(lab.path("supervisor.log"), "w", 0o600);
  const child = fork(kSupervisorScript, [], { detached: true, stdio: ["ignore", log, log, "ipc"] });
  fs.closeSync(log);
  child.send(options);
  return new Promise((resolve, reject) => {
    const fail = (why) => reject(new Error(`${why}; its log is ${lab.path("supervisor.log")}`));
    child.on("message", ({ ready, failed }) => {
      if (failed) fail(failed);
      if (!ready) return;
      child.disconnect();
      child.unref();
      resolve();
    });
    child.once("error", (error) => fail(error.message));
    child.once("exit", (code, signal) => fail(`the supervisor ended (${signal ?? code})`));
  });
}

async function inForeground(lab, options) {
  const supervisor = new Supervisor(options);
  const leave = async (code) => {
    await supervisor.stop();
    await lab.remove();
    process.exit(code);
  };
  supervisor.onFailure = (why) => {
    console.error(`lab: ended: ${why}`);
    supervisor.stop().then(() => process.exit(1));
  };
  for (const signal of ["SIGTERM", "SIGINT", "SIGHUP"]) process.on(signal, () => leave(0));
  await supervisor.start();
  summary(lab);
  say("Ctrl+C ends it");
}

export async function up(options) {
  const lab = new LabDir(options.dir);
  if (lab.supervisor() && lab.readJson("lab.json")) {
    console.error("lab: is up already (lab down ends it)");
    return summary(lab);
  }
  if (options.foreground) return inForeground(lab, options);
  await inBackground(lab, options);
  return summary(lab);
}

function running(dir) {
  const lab = new LabDir(dir);
  const file = lab.supervisor() && lab.readJson("lab.json");
  if (!file) throw new Error(`no lab runs in ${lab.dir} (lab up starts one)`);
  return file;
}

export async function status({ dir, json }) {
  const state = await callLab(running(dir), "/status");
  if (json) return say(JSON.stringify(state, null, 2));
  say(`lab in ${state.dir}, up since ${state.started}`);
  for (const server of state.servers) say(`  ${server.name} ${server.url} ${server.running ? "runs" : "is stopped"}`);
  say(`  load: ${state.load.achieved} msg/s achieved of ${state.load.rate} asked`);
  for (const [name, worker] of Object.entries(state.workers))
    say(
      `  Worker ${name}: ${worker.published} published, ${worker.failed} failed, ${worker.permissionErrors} refused by the broker${worker.silent ? ", silent" : ""}`,
    );
  say(`  gateway: ${state.gateway.published} published, ${state.gateway.refused} refused`);
  for (const [name, count] of Object.entries(state.services)) say(`  service ${name}: ${count} handled`);
  for (const incident of state.incidents)
    say(
      `  incident ${incident.name} ${JSON.stringify(incident.detail)} from ${incident.began} ${incident.ended ? `to ${incident.ended}` : "on"}`,
    );
}

export async function incident({ dir, name, ...options }) {
  const entry = await callLab(running(dir), "/incident", { name, ...options });
  say(`${entry.name} ${JSON.stringify(entry.detail)} for ${entry.seconds} s`);
}

export async function down({ dir }) {
  const lab = new LabDir(dir);
  if (!lab.isLab()) return console.error(`lab: no lab in ${lab.dir}`);
  await lab.remove();
  say(`lab in ${lab.dir} is down`);
}
