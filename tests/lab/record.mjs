#!/usr/bin/env node
// SPDX-License-Identifier: GPL-3.0-or-later
// An independent subscriber: writes what it receives, one JSON object a line, to compare with what Weir recorded.
//   record.mjs --lab-json FILE [--context NAME] --subject S [--subject S…] --count N --out FILE [--timeout SECONDS]
// A line is {subject, reply, headers: {name: [values]} in the order received, payload_base64}. Says "ready" on stderr
// once the broker has its subscriptions.
import fs from "node:fs";
import path from "node:path";
import { parseArgs } from "node:util";
import { connect, credsAuthenticator } from "@nats-io/transport-node";

const { values } = parseArgs({
  options: {
    "lab-json": { type: "string" },
    context: { type: "string", default: "lab" },
    subject: { type: "string", multiple: true },
    count: { type: "string" },
    out: { type: "string" },
    timeout: { type: "string", default: "60" },
  },
});

/** A context of lab.json, or of the nats CLI's folder when no lab.json is named. */
function findContext() {
  if (values["lab-json"]) return JSON.parse(fs.readFileSync(values["lab-json"], "utf8")).contexts[values.context];
  const home = process.env.XDG_CONFIG_HOME ?? path.join(process.env.HOME, ".config");
  return JSON.parse(fs.readFileSync(path.join(home, "nats/context", `${values.context}.json`), "utf8"));
}

function lineOf(message) {
  const headers = {};
  for (const name of message.headers?.keys() ?? []) headers[name] = message.headers.values(name);
  return (
    JSON.stringify({
      subject: message.subject,
      reply: message.reply ?? "",
      headers,
      payload_base64: Buffer.from(message.data).toString("base64"),
    }) + "\n"
  );
}

async function record() {
  const { url, creds } = findContext();
  const nc = await connect({
    servers: url.split(","),
    authenticator: credsAuthenticator(fs.readFileSync(creds)),
    name: "record",
  });
  const out = fs.createWriteStream(values.out, { mode: 0o600 });
  const wanted = Number(values.count);
  let received = 0;
  await new Promise((resolve, reject) => {
    const timer = setTimeout(
      () => reject(new Error(`${received} of ${wanted} messages after ${values.timeout} s`)),
      Number(values.timeout) * 1000,
    );
    const callback = (error, message) => {
      if (error) return reject(error);
      if (received >= wanted) return;
      out.write(lineOf(message));
      received += 1;
      if (received < wanted) return;
      clearTimeout(timer);
      resolve();
    };
    for (const subject of values.subject) nc.subscribe(subject, { callback });
    nc.flush().then(() => process.stderr.write("ready\n"), reject);
  });
  await new Promise((resolve) => out.end(resolve));
  await nc.close();
}

if (!values.subject || !values.count || !values.out) {
  process.stderr.write(
    "usage: record.mjs --lab-json FILE [--context NAME] --subject S --count N --out FILE [--timeout SECONDS]\n",
  );
  process.exit(2);
}
record().then(
  () => process.exit(0),
  (error) => {
    process.stderr.write(`record: failed: ${error.message}\n`);
    process.exit(1);
  },
);
