// SPDX-License-Identifier: GPL-3.0-or-later
// The core services: what the organisation does with the edge's messages. One process, a connection for each instance.
import { connectAs, logErrors } from "./broker.mjs";
import { runChild } from "./child.mjs";
import { kServices } from "./topology.mjs";
import { runConsumer } from "./consumers.mjs";
import { makeStream } from "./stream.mjs";

/** What a service does with a message beside counting it: publish something of its own, or answer. */
const kWork = {
  billing(nc, message) {
    if (message.subject.endsWith(".paid"))
      nc.publish("invoices.issued", JSON.stringify({ for: message.subject, bytes: message.data.length }));
  },
  fraud(nc, message) {
    if (message.subject.endsWith(".failed") && Math.random() < 0.1)
      nc.publish("alerts.fraud", JSON.stringify({ seen: message.json().user }));
  },
  inventory(nc, message) {
    message.respond(JSON.stringify({ available: true, order: message.json().order }));
  },
};

async function runInstance(service, index, { servers, credsOf, rate }, counts) {
  const name = service.instances > 1 ? `${service.name}-${index + 1}` : service.name;
  const nc = await connectAs({ servers, creds: credsOf[service.name], name, user: service.name });
  logErrors(nc, name);
  counts[name] = 0;
  const count = () => (counts[name] += 1);
  if (service.consumer) {
    runConsumer(nc, service, rate, count).catch((error) => console.error(`${name}: ${error}`));
    return nc;
  }
  const work = kWork[service.name];
  for (const subject of service.subscribes) {
    const callback = (error, message) => {
      if (error) return console.error(`${name}: ${error}`);
      count();
      work?.(nc, message);
    };
    nc.subscribe(subject, { queue: service.queue, callback });
  }
  await nc.flush();
  return nc;
}

runChild(async (settings) => {
  await makeStream(settings);
  const counts = {};
  const instances = kServices.flatMap((service) =>
    Array.from({ length: service.instances }, (_, index) => [service, index]),
  );
  const connections = await Promise.all(
    instances.map(([service, index]) => runInstance(service, index, settings, counts)),
  );
  return {
    stats: () => counts,
    stop: () => Promise.all(connections.map((nc) => nc.close())),
  };
});
