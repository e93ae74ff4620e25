// SPDX-License-Identifier: GPL-3.0-or-later
// The process that owns all others of a lab: starts them in order, serves status and incidents, ends them.
import { randomBytes } from "node:crypto";
import { fileURLToPath } from "node:url";
import { loadAccounts } from "./broker.mjs";
import { ControlServer } from "./control.mjs";
import { writeContexts } from "./contexts.mjs";
import { Incidents } from "./incidents.mjs";
import { LabDir } from "./labdir.mjs";
import { describeLab } from "./labfile.mjs";
import { makeOperator } from "./operator.mjs";
import { Part } from "./part.mjs";
import { freePorts } from "./ports.mjs";
import { identify, until } from "./processes.mjs";
import { NatsServer, findServerBinary } from "./server.mjs";
import { kEdgeWorkers, kWorkers } from "./topology.mjs";
import { Workers } from "./workers.mjs";

const secret = () => randomBytes(24).toString("base64url");

export class Supervisor {
  /** options: {dir, rate, servers, serverBinary}. */
  constructor(options) {
    this.lab = new LabDir(options.dir);
    this.options = { ...options, started: new Date().toISOString(), binary: findServerBinary(options.serverBinary) };
    this.parts = []; // in the order of their start
    this.failure = null;
    this.onFailure = () => {};
  }

  async start() {
    await this.prepare();
    await this.startBroker();
    await this.startEdge();
    this.incidents = new Incidents(this);
    this.incidents.onChange = () => this.writeLabFile();
    this.control = new ControlServer(this);
    await this.control.start();
    this.writeLabFile();
  }

  async prepare() {
    await this.lab.clean();
    this.lab.create();
    this.writeProcesses();
    const { servers } = this.options;
    const ports = await freePorts(servers * 4 + 3 + kWorkers.length);
    const take = () => ports.pop();
    this.servers = Array.from(
      { length: servers },
      (_, index) =>
        new NatsServer(this.lab, this.options.binary, `n${index + 1}`, {
          client: take(),
          ws: take(),
          monitor: take(),
          route: take(),
        }),
    );
    this.ports = { issuer: take(), gateway: take(), control: take() };
    this.workerPorts = Object.fromEntries(kWorkers.map(({ name }) => [name, take()]));
    this.urls = Object.fromEntries(
      Object.entries(this.ports).map(([name, port]) => [name, `http://127.0.0.1:${port}`]),
    );
    this.controlToken = secret();
    this.lab.write("control.token", this.controlToken);
    this.operator = await makeOperator(this.lab);
  }

  async startBroker() {
    for (const server of this.servers) server.configure(this.servers, this.operator);
    await Promise.all(this.servers.map((server) => this.own(server, () => server.start())));
    const { users } = this.operator;
    const urls = this.servers.map((server) => server.url);
    await loadAccounts(urls, [users.provisioner, users.billing]);
    this.version = await this.servers[0].version();
    this.contexts = writeContexts(this.lab, this.servers, users);
  }

  async startEdge() {
    this.issuer = await this.startPart("issuer", { port: this.ports.issuer, clients: this.issuerClients() });
    const servers = this.servers.map((server) => server.url);
    const credsOf = Object.fromEntries(Object.values(this.operator.users).map(({ name, creds }) => [name, creds]));
    const gatewayToken = secret();
    this.lab.write("secrets/gateway.token", gatewayToken);
    const broker = { servers, creds: credsOf.gateway, name: "gateway", user: "gateway" };
    [this.services, this.gateway] = await Promise.all([
      this.startPart("services", { servers, credsOf, rate: this.options.rate, replicas: this.servers.length }),
      this.startPart("gateway", { port: this.ports.gateway, token: gatewayToken, broker }),
    ]);
    const wsUrls = this.servers.map((server) => server.wsUrl);
    this.workers = new Workers(this.lab, {
      ports: this.workerPorts,
      wsUrls,
      issuerUrl: this.urls.issuer,
      controlToken: this.controlToken,
    });
    await this.own(this.workers, () => this.workers.start());
    const targets = kWorkers.map(({ name, share, path }) => ({ name, share, url: this.workers.url(name) + path }));
    const gateway = { url: this.urls.gateway, token: gatewayToken };
    this.load = await this.startPart("load", { rate: this.options.rate, targets, edgeWorkers: kEdgeWorkers, gateway });
    await until(() => this.everyWorkerFlows(), "no message came through yet", 30_000, 100);
  }

  issuerClients() {
    const clients = {};
    for (const { name } of kWorkers) {
      clients[`worker-${name}`] = { secret: secret(), subject: `worker:${name}@lab` };
      this.lab.write(`secrets/${name}.client`, clients[`worker-${name}`].secret);
    }
    return clients;
  }

  async startPart(name, settings) {
    const part = new Part(this.lab, name);
    await this.own(part, () => part.start(settings));
    return part;
  }

  /** Starts something with a process: from then on its unexpected end is the lab's end. */
  async own(part, start) {
    this.parts.push(part);
    part.onUnexpectedExit = (why) => this.fail(why);
    const started = start();
    started.catch(() => {});
    if (part.process) this.writeProcesses();
    await started;
    this.writeProcesses();
  }

  fail(why) {
    if (this.stopping || this.failure) return;
    this.failure = why;
    this.onFailure(why);
  }

  async everyWorkerFlows() {
    if (this.options.rate === 0) return true;
    const { byWorker } = await this.load.stats();
    return kWorkers.every(({ name }) => byWorker[name].sent > 0);
  }

  processes() {
    return [
      { name: "supervisor", ...identify(process.pid) },
      ...this.parts.map((part) => part.process).filter(Boolean),
    ];
  }

  writeProcesses() {
    this.lab.write("processes.json", this.processes());
  }

  writeLabFile() {
    if (this.stopping) return;
    this.writeProcesses();
    this.lab.write("lab.json", describeLab({ ...this, processes: this.processes(), incidents: this.incidents.list }));
  }

  async status() {
    const [load, gateway, services, ...workers] = await Promise.all([
      this.load.stats(),
      this.gateway.stats(),
      this.services.stats(),
      ...kWorkers.map(({ name }) => this.workers.stats(name).catch((error) => ({ error: String(error) }))),
    ]);
    return {
      dir: this.lab.dir,
      started: this.options.started,
      servers: this.servers.map(({ name, url, running }) => ({ name, url, running })),
      load,
      workers: Object.fromEntries(kWorkers.map(({ name }, index) => [name, workers[index]])),
      gateway,
      services,
      incidents: this.incidents.list,
    };
  }

  async stop() {
    if (this.stopping) return;
    this.stopping = true;
    this.incidents?.abandon();
    this.control?.stop();
    for (const part of [...this.parts].reverse().filter((part) => !(part instanceof NatsServer))) await part.stop();
    await Promise.all((this.servers ?? []).filter((server) => server.process).map((server) => server.stop()));
  }
}

export const kSupervisorScript = fileURLToPath(new URL("./background.mjs", import.meta.url));
