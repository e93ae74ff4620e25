// SPDX-License-Identifier: GPL-3.0-or-later
// The command line of the lab.
import path from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { down, incident, status, up } from "./commands.mjs";
import { kIncidents } from "./incidents.mjs";

const kDefaultDir = path.resolve(fileURLToPath(new URL("../../..", import.meta.url)), ".lab");

const kUsage = `usage: lab up [--rate N] [--servers 1|3] [--dir D] [--server-binary FILE] [--foreground]
       lab status [--dir D] [--json]
       lab down [--dir D]
       lab incident NAME [--for SECONDS] [--pop CODE] [--worker NAME] [--dir D]
         NAME: ${Object.keys(kIncidents).join(" ")}
default: --rate 200 (messages a second) --servers 1 --dir .lab at the root of the repository`;

const kOptions = {
  dir: { type: "string", default: kDefaultDir },
  rate: { type: "string", default: "200" },
  servers: { type: "string", default: "1" },
  "server-binary": { type: "string" },
  foreground: { type: "boolean", default: false },
  json: { type: "boolean", default: false },
  for: { type: "string" },
  pop: { type: "string" },
  worker: { type: "string" },
  help: { type: "boolean", short: "h", default: false },
};

class Usage extends Error {}

function number(text, what, low, high) {
  const value = Number(text);
  if (!(value >= low && value <= high)) throw new Usage(`${what} is ${text}: expected ${low} to ${high}`);
  return value;
}

function parse() {
  try {
    return parseArgs({ options: kOptions, allowPositionals: true });
  } catch (error) {
    throw new Usage(error.message);
  }
}

async function run() {
  const { values, positionals } = parse();
  const [command, name] = positionals;
  const { dir } = values;
  if (values.help) return console.log(kUsage);
  if (command === "up") {
    if (!["1", "3"].includes(values.servers)) throw new Usage("--servers is 1 or 3");
    const rate = number(values.rate, "--rate", 0, 20_000);
    return up({
      dir,
      rate,
      servers: Number(values.servers),
      serverBinary: values["server-binary"],
      foreground: values.foreground,
    });
  }
  if (command === "status") return status({ dir, json: values.json });
  if (command === "down") return down({ dir });
  if (command === "incident" && kIncidents[name]) {
    const seconds = values.for === undefined ? undefined : number(values.for, "--for", 0.1, 86_400);
    return incident({ dir, name, seconds, pop: values.pop, worker: values.worker });
  }
  if (command === "incident")
    throw new Usage(`${name ? `no incident ${name}` : "an incident is missing"}; there are ${Object.keys(kIncidents).join(", ")}`);
  throw new Usage(command ? `unknown command or incident: ${positionals.join(" ")}` : "a command is missing");
}

run().catch((error) => {
  console.error(error instanceof Usage ? `lab: ${error.message}\n${kUsage}` : `lab: ${error.message}`);
  process.exitCode = error instanceof Usage ? 2 : 1;
  if (error instanceof Usage === false) process.exit();
});
