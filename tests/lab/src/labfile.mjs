// SPDX-License-Identifier: GPL-3.0-or-later
// lab.json: where everything is, and the truth about what is there.
import { kAkamaiPops, kPops } from "./pops.mjs";
import { kEdgeWorkers, kServiceExports, kServices, kStream, kStreamExports, kWorkers } from "./topology.mjs";

function accountsOf(operator) {
  return Object.fromEntries(
    Object.entries(operator.accounts).map(([name, account]) => [
      name,
      {
        publicKey: account.publicKey,
        signingKey: account.signingKey,
        seedFile: account.identityFile,
        signingSeedFile: account.signingFile,
      },
    ]),
  );
}

function usersOf(operator) {
  return Object.fromEntries(
    Object.entries(operator.users).map(([name, user]) => [
      name,
      {
        account: user.account,
        publicKey: user.publicKey,
        creds: user.creds,
        permissions: user.permissions,
      },
    ]),
  );
}

function topologyOf(workers) {
  const pops = kPops.map(({ code, city, continent, medianMs }) => ({ code, city, continent, medianMs }));
  const listed = kWorkers.map(({ name, subjects, requests, share, path }) => ({
    name,
    provider: "cloudflare",
    url: workers.url(name) + path,
    user: name,
    connection: `worker-${name}`,
    identity: `worker:${name}@lab`,
    subjects,
    requests,
    share,
    pops: pops.map((pop) => pop.code),
  }));
  const edgeWorkers = kEdgeWorkers.map((entry) => ({
    ...entry,
    provider: "akamai",
    user: "gateway",
    connection: "gateway",
    pops: kAkamaiPops,
  }));
  return {
    pops,
    workers: [...listed, ...edgeWorkers],
    services: kServices,
    streams: [kStream],
    exports: {
      streams: { from: "EDGE", to: "CORE", subjects: kStreamExports },
      services: { from: "CORE", to: "EDGE", subjects: kServiceExports },
    },
  };
}

/** The content of lab.json for a started lab. */
export function describeLab({
  lab,
  options,
  operator,
  servers,
  version,
  workers,
  contexts,
  urls,
  processes,
  incidents,
}) {
  return {
    format: 1,
    dir: lab.dir,
    started: options.started,
    rate: options.rate,
    server: { binary: options.binary, version },
    servers: servers.map(({ name, url, wsUrl, monitorUrl, logFile, configFile }) => ({
      name,
      url,
      ws: wsUrl,
      monitor: monitorUrl,
      log: logFile,
      config: configFile,
    })),
    url: servers.map((server) => server.url).join(","),
    monitor: servers.map((server) => server.monitorUrl),
    operator: { publicKey: operator.publicKey, seedFile: operator.keyFile },
    accounts: accountsOf(operator),
    users: usersOf(operator),
    contexts,
    configHome: lab.path("config"),
    issuer: { url: urls.issuer, jwks: `${urls.issuer}/jwks.json`, audience: "broker" },
    gateway: { url: urls.gateway, tokenFile: lab.path("secrets/gateway.token") },
    control: { url: urls.control, tokenFile: lab.path("control.token") },
    processes,
    topology: topologyOf(workers),
    incidents,
  };
}
