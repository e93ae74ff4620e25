// SPDX-License-Identifier: GPL-3.0-or-later
// Context files for the nats CLI (and for Weir, which reads them): found with XDG_CONFIG_HOME=<lab>/config.
const kContexts = {
  lab: ["observer", "Lab, account EDGE: may see everything, change nothing"],
  "lab-core": ["observer-core", "Lab, account CORE"],
  "lab-sys": ["sys", "Lab, system account"],
  "lab-restricted": ["restricted", "Lab, account EDGE: may see telemetry.> only"],
};

/** Writes the contexts; returns {name: {file, url, user, creds}}. */
export function writeContexts(lab, servers, users) {
  const url = servers.map((server) => server.url).join(",");
  const written = {};
  for (const [name, [user, description]] of Object.entries(kContexts)) {
    const { creds } = users[user];
    const file = lab.write(`config/nats/context/${name}.json`, { description, url, creds });
    written[name] = { file, url, user, creds };
  }
  lab.write("config/nats/context.txt", "lab");
  return written;
}
