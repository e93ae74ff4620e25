// SPDX-License-Identifier: GPL-3.0-or-later
// The Workers in workerd: bundles, configuration, process, and the control calls that incidents use.
import { createRequire } from "node:module";
import fs from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { build, stop } from "esbuild";
import { identify, endAll, spawnBound, until } from "./processes.mjs";
import { kWorkers } from "./topology.mjs";

const kSource = fileURLToPath(new URL("../workers", import.meta.url));

/** workerd's program inside its npm package for this platform (its install script is not needed). */
function workerdBinary() {
  const arch = { x64: "64", arm64: "arm64" }[process.arch];
  const require = createRequire(import.meta.url);
  return require.resolve(`@cloudflare/workerd-linux-${arch}/bin/workerd`);
}

async function bundle(lab) {
  await build({
    entryPoints: kWorkers.map((worker) => path.join(kSource, `${worker.name}.js`)),
    outdir: lab.path("workers"),
    bundle: true,
    format: "esm",
    target: "es2022",
    conditions: ["workerd", "worker", "browser"],
    external: ["cloudflare:*"],
    logLevel: "warning",
  });
  await stop(); // esbuild's own helper process
}

const quoted = (text) => JSON.stringify(text);
const binding = (name, text) => `(name = "${name}", text = ${quoted(text)})`;
const secret = (name, file) => `(name = "${name}", text = embed ${quoted(file)})`;

function workerEntry({ name }, settings) {
  const bindings = [
    binding("WORKER", name),
    binding("NATS_URLS", settings.wsUrls.join(",")),
    binding("TOKEN_URL", `${settings.issuerUrl}/token`),
    secret("NATS_CREDS", `../creds/${name}.creds`),
    secret("CLIENT_SECRET", `../secrets/${name}.client`),
    secret("CONTROL_TOKEN", "../control.token"),
    '(name = "LINK", durableObjectNamespace = "BrokerLink")',
  ];
  return `const ${name} :Workerd.Worker = (
  modules = [(name = "${name}.js", esModule = embed "${name}.js")],
  compatibilityDate = "2026-01-01",
  durableObjectNamespaces = [(className = "BrokerLink", uniqueKey = "weir-lab-${name}", preventEviction = true)],
  durableObjectStorage = (inMemory = void),
  bindings = [\n    ${bindings.join(",\n    ")}\n  ],
  globalOutbound = "network"
);`;
}

function configuration(settings) {
  const services = kWorkers.map(({ name }) => `    (name = "${name}", worker = .${name})`);
  const sockets = kWorkers.map(
    ({ name }) =>
      `    (name = "${name}", address = "127.0.0.1:${settings.ports[name]}", http = (), service = "${name}")`,
  );
  return `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [
    # workerd's own default is the public Internet only; the lab is on loopback
    (name = "network", network = (allow = ["public", "private"])),
${services.join(",\n")}
  ],
  sockets = [
${sockets.join(",\n")}
  ]
);
${kWorkers.map((worker) => workerEntry(worker, settings)).join("\n")}
`;
}

export class Workers {
  /** settings: {ports: {worker: port}, wsUrls, issuerUrl, controlToken}. */
  constructor(lab, settings) {
    Object.assign(this, { lab, settings, process: null });
    this.onUnexpectedExit = () => {};
  }

  url(name) {
    return `http://127.0.0.1:${this.settings.ports[name]}`;
  }

  async start() {
    await bundle(this.lab);
    const config = this.lab.write("workers/config.capnp", configuration(this.settings));
    const logFile = this.lab.path("logs/workerd.log");
    const child = spawnBound(workerdBinary(), ["serve", config], { logFile });
    this.process = { name: "workerd", ...identify(child.pid) };
    let ended = null;
    child.once("exit", (code, signal) => {
      ended = `workerd ended (${signal ?? code}), see ${logFile}`;
      if (!this.stopping) this.onUnexpectedExit(ended);
    });
    await until(
      async () => {
        if (ended) throw new Error(ended);
        const states = await Promise.all(kWorkers.map(({ name }) => this.stats(name).catch(() => null)));
        return states.every((state) => state?.connected && state?.token);
      },
      `the Workers are not connected, see ${logFile}`,
      30_000,
      100,
    );
  }

  /** Sends one control call to a Worker's Durable Object; returns its answer. */
  async control(name, change) {
    const response = await fetch(`${this.url(name)}/.lab/control`, {
      method: "POST",
      headers: { authorization: `Bearer ${this.settings.controlToken}` },
      body: JSON.stringify(change),
      signal: AbortSignal.timeout(5000),
    });
    if (!response.ok)
      throw new Error(`Worker ${name} refused a control call: ${response.status} ${await response.text()}`);
    return response.json();
  }

  stats(name) {
    return this.control(name, {});
  }

  async stop() {
    this.stopping = true;
    if (this.process) await endAll([this.process]);
  }
}

/** True when the platform's workerd is installed. */
export function hasWorkerd() {
  try {
    return fs.existsSync(workerdBinary());
  } catch {
    return false;
  }
}
