// SPDX-License-Identifier: GPL-3.0-or-later
// What every Worker of the lab does alike: take a request at a PoP, stamp its messages, hand them to the broker link.
export { BrokerLink } from "./broker_link.js";

const kEncoder = new TextEncoder();

export function hex(bytes) {
  const random = crypto.getRandomValues(new Uint8Array(bytes));
  return Array.from(random, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/**
 * Where the request entered. In production this is request.cf.colo and the ray id of the cf-ray header; plain workerd
 * fills neither, so the load side sends both as headers.
 */
function origin(request) {
  const colo = request.cf?.colo ?? request.headers.get("x-lab-colo") ?? "XXX";
  const ray = (request.headers.get("cf-ray") ?? hex(8)).split("-")[0];
  return { colo, ray };
}

function stamp({ subject, payload, contentType, ask }, { colo, ray }, worker) {
  const fields = [
    ["Cf-Ray", `${ray}-${colo}`],
    ["X-Edge-Sent-At", String(Date.now())],
    ["traceparent", `00-${hex(16)}-${hex(8)}-01`],
    ["X-Edge-Worker", worker],
  ];
  if (contentType) fields.push(["Content-Type", contentType]);
  const bytes = typeof payload === "string" ? kEncoder.encode(payload) : payload;
  return { subject, headers: fields, payload: bytes, pop: colo, ask };
}

async function control(request, env, link) {
  if (request.headers.get("authorization") !== `Bearer ${env.CONTROL_TOKEN}`)
    return new Response("not authorised\n", { status: 401 });
  return Response.json(await link.control(await request.json()));
}

/** A Worker that turns each event of a posted JSON array into a message: messageOf(event, pop) → {subject, payload, …}. */
export function edgeWorker(path, messageOf) {
  return {
    async fetch(request, env) {
      const url = new URL(request.url);
      const link = env.LINK.get(env.LINK.idFromName("broker"));
      if (url.pathname === "/.lab/control") return control(request, env, link);
      if (url.pathname !== path || request.method !== "POST") return new Response("not found\n", { status: 404 });
      const from = origin(request);
      const events = await request.json();
      const messages = events.map((event) => stamp(messageOf(event, from.colo), from, env.WORKER));
      const { accepted } = await link.send(messages);
      return Response.json({ accepted }, { status: accepted ? 202 : 503 });
    },
  };
}
