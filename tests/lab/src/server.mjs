// SPDX-License-Identifier: GPL-3.0-or-later
// nats-server: its configuration, start, readiness, stop and start again on the same ports.
import fs from "node:fs";
import { identify, endAll, spawnBound, until } from "./processes.mjs";

export function findServerBinary(asked) {
  const candidates = asked ? [asked] : ["/usr/sbin/nats-server", "/usr/local/bin/nats-server", "/usr/bin/nats-server"];
  const found = candidates.find((file) => fs.existsSync(file));
  if (!found)
    throw new Error(`${candidates.join(", ")}: not found (apt-get install nats-server, or --server-binary FILE)`);
  return found;
}

// JetStream's limits are twice what the accounts need together.
function configuration(server, peers, operator, lab) {
  const { name, ports } = server;
  const preload = Object.values(operator.accounts).map((account) => `  ${account.publicKey}: ${account.jwt}`);
  const cluster =
    peers.length > 1
      ? [
          "cluster {",
          "  name: weir-lab",
          `  listen: 127.0.0.1:${ports.route}`,
          `  routes: [${peers.map((peer) => `nats://127.0.0.1:${peer.ports.route}`).join(", ")}]`,
          "}",
        ]
      : [];
  return [
    `server_name: ${name}`,
    `listen: 127.0.0.1:${ports.client}`,
    `http: 127.0.0.1:${ports.monitor}`,
    `pid_file: "${lab.path("nats", name + ".pid")}"`,
    `websocket { listen: "127.0.0.1:${ports.ws}", no_tls: true }`,
    `jetstream { store_dir: "${lab.path("nats", name)}", max_mem_store: 256MB, max_file_store: 2GB }`,
    `operator: ${operator.jwt}`,
    `system_account: ${operator.accounts.SYS.publicKey}`,
    `resolver: { type: full, dir: "${lab.path("nats", name, "accounts")}", allow_delete: true, interval: "2m" }`,
    "resolver_preload: {",
    ...preload,
    "}",
    ...cluster,
    "",
  ].join("\n");
}

export class NatsServer {
  /** ports: {client, ws, monitor, route} of 127.0.0.1. */
  constructor(lab, binary, name, ports) {
    Object.assign(this, { lab, binary, name, ports, process: null });
    this.onUnexpectedExit = () => {};
  }

  get url() {
    return `nats://127.0.0.1:${this.ports.client}`;
  }
  get wsUrl() {
    return `ws://127.0.0.1:${this.ports.ws}`;
  }
  get monitorUrl() {
    return `http://127.0.0.1:${this.ports.monitor}`;
  }
  get logFile() {
    return this.lab.path("logs", `${this.name}.log`);
  }

  configure(peers, operator) {
    fs.mkdirSync(this.lab.path("nats", this.name), { recursive: true, mode: 0o700 });
    this.configFile = this.lab.write(`nats/${this.name}.conf`, configuration(this, peers, operator, this.lab));
  }

  async start() {
    const child = spawnBound(this.binary, ["-c", this.configFile], { logFile: this.logFile });
    this.process = { name: this.name, ...identify(child.pid) };
    this.running = true;
    child.once("exit", (code, signal) => {
      this.running = false;
      if (!this.stopping) this.onUnexpectedExit(`${this.name} ended (${signal ?? code}), see ${this.logFile}`);
    });
    await until(() => this.isHealthy(), `${this.name} is not healthy, see ${this.logFile}`, 30_000);
  }

  async isHealthy() {
    if (!this.running) throw new Error(`${this.name} did not start, see ${this.logFile}`);
    try {
      return (await fetch(`${this.monitorUrl}/healthz`)).ok;
    } catch {
      return false;
    }
  }

  async stop() {
    this.stopping = true;
    await endAll([this.process]);
    await until(() => !this.running, `${this.name} has not ended`);
    this.stopping = false;
  }

  async version() {
    return (await (await fetch(`${this.monitorUrl}/varz`)).json()).version;
  }
}
