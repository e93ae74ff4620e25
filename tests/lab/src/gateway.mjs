// SPDX-License-Identifier: GPL-3.0-or-later
// The HTTP-to-NATS gateway that Akamai's customers put before a broker: an EdgeWorker can open no socket, it can only make
// HTTP sub-requests. POST /publish/<subject> with a bearer token and the EdgeWorker's own headers. A process of its own.
import { createServer } from "node:http";
import { createHash, randomUUID, timingSafeEqual } from "node:crypto";
import { headers } from "@nats-io/transport-node";
import { connectAs, logErrors } from "./broker.mjs";
import { respondJson, runChild } from "./child.mjs";

const kMaxBody = 1024 * 1024;
const kSubject = /^media(\.[A-Za-z0-9_-]+)+$/;
const digest = (text) => createHash("sha256").update(text).digest();

async function bodyOf(request) {
  const parts = [];
  let size = 0;
  for await (const part of request) {
    size += part.length;
    if (size > kMaxBody) return null;
    parts.push(part);
  }
  return Buffer.concat(parts);
}

class Gateway {
  /** settings: {port, token, broker: {servers, creds, name, user}}. */
  constructor(settings, nc) {
    Object.assign(this, { settings, nc, counts: { published: 0, refused: 0 } });
  }

  authorised(request) {
    const given = (request.headers.authorization ?? "").replace(/^Bearer /, "");
    return timingSafeEqual(digest(given), digest(this.settings.token));
  }

  stamps(request) {
    const id = request.headers["x-akamai-edgeworker-id"];
    const stamped = headers();
    stamped.append("X-Akamai-Edge-Pop", request.headers["x-akamai-edge-pop"] ?? "XXX");
    stamped.append("X-Edge-Worker", `ew-${id}`);
    stamped.append("X-Edge-Sent-At", request.headers["x-edge-sent-at"] ?? String(Date.now()));
    stamped.append("X-Request-Id", request.headers["x-request-id"] ?? randomUUID());
    if (request.headers["content-type"]) stamped.append("Content-Type", request.headers["content-type"]);
    return stamped;
  }

  refuse(response, status, why) {
    this.counts.refused += 1;
    respondJson(response, status, { error: why });
  }

  async answer(request, response) {
    const subject = decodeURIComponent(new URL(request.url, "http://gateway").pathname).replace(/^\/publish\//, "");
    const body = await bodyOf(request);
    if (!this.authorised(request)) return this.refuse(response, 401, "bearer token missing or wrong");
    if (request.method !== "POST" || !kSubject.test(subject))
      return this.refuse(response, 404, "POST /publish/media.<...>");
    if (!/^\d{1,9}$/.test(request.headers["x-akamai-edgeworker-id"] ?? ""))
      return this.refuse(response, 400, "X-Akamai-EdgeWorker-Id missing");
    if (!body) return this.refuse(response, 413, "body over 1 MiB");
    this.nc.publish(subject, body, { headers: this.stamps(request) });
    this.counts.published += 1;
    return respondJson(response, 202, { accepted: 1 });
  }
}

runChild(async (settings) => {
  const nc = await connectAs(settings.broker);
  logErrors(nc, "gateway");
  const gateway = new Gateway(settings, nc);
  const server = createServer((request, response) => {
    gateway.answer(request, response).catch((error) => gateway.refuse(response, 500, String(error)));
  });
  await new Promise((resolve) => server.listen(settings.port, "127.0.0.1", resolve));
  return { stats: () => gateway.counts, stop: () => nc.close() };
});
