// SPDX-License-Identifier: GPL-3.0-or-later
// Checkout: what happens to orders. orders.<region>.<event>, or orders.<id>.<event> where the shop's old code still runs.
import { edgeWorker } from "./edge.js";

export { BrokerLink } from "./edge.js";

function messageOf(event) {
  const { action, order, region, legacy, items, customer, note } = event;
  const total = items.reduce((sum, item) => sum + item.quantity * item.cents, 0);
  const payload = {
    event: `order.${action}`,
    order,
    region,
    customer,
    items,
    total_cents: total,
    currency: event.currency,
    at: new Date().toISOString(),
  };
  if (note) payload.note = note;
  const ask = event.check ? { subject: "inventory.check", payload: JSON.stringify({ order, items }) } : undefined;
  return {
    subject: `orders.${legacy ? order : region}.${action}`,
    payload: JSON.stringify(payload),
    contentType: "application/json",
    ask,
  };
}

export default edgeWorker("/orders", messageOf);
