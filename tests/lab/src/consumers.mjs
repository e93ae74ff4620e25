// SPDX-License-Identifier: GPL-3.0-or-later
// The readers of the stream ORDERS: one keeps up, one does not.
import { jetstream } from "@nats-io/jetstream";
import { pause } from "./processes.mjs";

/** The lagging reader takes this part of the orders that come in at the lab's usual rate. */
const kLaggingShare = 0.15;
const kOrdersShare = 0.42;

/** A pull lasts so long at the most: a restarted broker forgets it, and the reader asks again. */
const kPullMs = 3000;

async function keepUp(consumer, count) {
  const messages = await consumer.consume({ max_messages: 500, expires: kPullMs });
  for await (const message of messages) {
    count();
    message.ack();
  }
}

async function lag(consumer, perSecond, count) {
  for (;;) {
    const messages = await consumer.fetch({ max_messages: perSecond, expires: 1000 });
    for await (const message of messages) {
      count();
      message.ack();
    }
    await pause(1000);
  }
}

/** Reads until the connection closes; a consumer that ends (a broker restart) is taken up again. */
export async function runConsumer(nc, service, rate, count) {
  const perSecond = Math.max(1, Math.round(rate * kOrdersShare * kLaggingShare));
  while (!nc.isClosed()) {
    try {
      const consumer = await jetstream(nc).consumers.get(service.stream, service.consumer);
      if (service.lags) await lag(consumer, perSecond, count);
      else await keepUp(consumer, count);
    } catch (error) {
      console.error(`${service.name}: ${error}`);
      await pause(500);
    }
  }
}
