// SPDX-License-Identifier: GPL-3.0-or-later
// The JetStream stream ORDERS and its two durable consumers.
import {
  jetstreamManager,
  AckPolicy,
  DeliverPolicy,
  DiscardPolicy,
  RetentionPolicy,
  StorageType,
} from "@nats-io/jetstream";
import { connectAs } from "./broker.mjs";
import { until } from "./processes.mjs";
import { kStream } from "./topology.mjs";

const kNanosPerSecond = 1e9;

function streamConfig(replicas) {
  return {
    name: kStream.name,
    description: "What the edge says of orders, kept so long that a slow reader can catch up",
    subjects: kStream.subjects,
    storage: StorageType.File,
    retention: RetentionPolicy.Limits,
    discard: DiscardPolicy.Old,
    max_bytes: kStream.maxBytes,
    max_age: kStream.maxAgeSeconds * kNanosPerSecond,
    num_replicas: replicas,
    allow_direct: true,
  };
}

function consumerConfig(name) {
  return {
    durable_name: name,
    ack_policy: AckPolicy.Explicit,
    deliver_policy: DeliverPolicy.All,
    ack_wait: 30 * kNanosPerSecond,
    max_ack_pending: 5000,
  };
}

/** settings: {servers, credsOf: {provisioner}, replicas}. A new cluster has no JetStream leader for a while: tries again. */
export async function makeStream({ servers, credsOf, replicas }) {
  const nc = await connectAs({ servers, creds: credsOf.provisioner, name: "provisioner", user: "provisioner" });
  let why = "";
  const attempt = async () => {
    try {
      const manager = await jetstreamManager(nc, { timeout: 3000 });
      await manager.streams.add(streamConfig(replicas));
      for (const name of kStream.consumers) await manager.consumers.add(kStream.name, consumerConfig(name));
      return true;
    } catch (error) {
      why = String(error);
      return false;
    }
  };
  try {
    await until(attempt, "the stream ORDERS could not be made", 40_000, 250);
  } catch (error) {
    throw new Error(`${error.message} (${why})`);
  } finally {
    await nc.close();
  }
}
