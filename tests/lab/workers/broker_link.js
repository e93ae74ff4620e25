// SPDX-License-Identifier: GPL-3.0-or-later
// The Durable Object that holds a Worker's connection to NATS. A WebSocket in a Worker cannot outlive the request that
// opened it; in a Durable Object it can, so this is how Workers publish to NATS in production too.
import { DurableObject } from "cloudflare:workers";
import { credsAuthenticator, headers, wsconnect } from "@nats-io/nats-core";
import { sampleDelayMs } from "../src/pops.mjs";
import { DelayQueue } from "./delay_queue.js";
import { IdentityToken } from "./identity_token.js";

const kRequestTimeoutMs = 2000;

export class BrokerLink extends DurableObject {
  constructor(ctx, env) {
    super(ctx, env);
    this.token = new IdentityToken(env);
    this.way = new DelayQueue((message) => this.publish(message).catch((error) => this.failed(error)));
    this.slow = {}; // PoP -> factor on its delay
    this.silent = false;
    this.counts = {
      accepted: 0,
      published: 0,
      bytes: 0,
      silenced: 0,
      failed: 0,
      requests: 0,
      permissionErrors: 0,
      byPop: {},
    };
  }

  /** Takes messages ({subject, headers: [[name, value]], payload, pop, ask}) and publishes each after its PoP's delay. */
  async send(messages) {
    if (this.silent) {
      this.counts.silenced += messages.length;
      return { accepted: 0 };
    }
    await this.connect();
    await this.token.refresh();
    for (const message of messages) this.way.add(message, sampleDelayMs(message.pop) * (this.slow[message.pop] ?? 1));
    this.counts.accepted += messages.length;
    return { accepted: messages.length };
  }

  async publish({ subject, headers: fields, payload, pop, ask }) {
    if (this.silent) return;
    const stamped = headers();
    for (const [name, value] of fields) stamped.append(name, value);
    stamped.append("X-Identity-Token", this.token.value);
    if (ask) await this.request(ask, stamped);
    this.nc.publish(subject, payload, { headers: stamped });
    this.counts.published += 1;
    this.counts.bytes += payload.length;
    this.counts.byPop[pop] = (this.counts.byPop[pop] ?? 0) + 1;
  }

  /** Asks a core service before publishing; the order goes on without its answer. */
  async request({ subject, payload }, stamped) {
    try {
      await this.nc.request(subject, payload, { timeout: kRequestTimeoutMs, headers: stamped });
      this.counts.requests += 1;
    } catch (error) {
      this.failed(error);
    }
  }

  failed(error) {
    this.counts.failed += 1;
    this.lastError = String(error);
  }

  connect() {
    if (this.nc?.isClosed()) this.connecting = null;
    this.connecting ??= this.open().catch((error) => {
      this.connecting = null;
      throw error;
    });
    return this.connecting;
  }

  async open() {
    this.nc = await wsconnect({
      servers: this.env.NATS_URLS.split(","),
      authenticator: credsAuthenticator(new TextEncoder().encode(this.env.NATS_CREDS)),
      name: `worker-${this.env.WORKER}`,
      inboxPrefix: `_INBOX.${this.env.WORKER}`,
      maxReconnectAttempts: -1,
      reconnectTimeWait: 250,
      ignoreAuthErrorAbort: true,
    });
    this.ctx.waitUntil(this.watch(this.nc));
  }

  async watch(nc) {
    for await (const status of nc.status()) {
      if (status.type !== "error") continue;
      this.lastError = String(status.error);
      if (status.error?.name === "PermissionViolationError") this.counts.permissionErrors += 1;
    }
  }

  /** The lab's own control: what its incidents change, and what the Worker says of itself. */
  async control({ slow, silent, renewToken, publish }) {
    if (slow) this.slow = slow;
    if (silent !== undefined) await this.setSilent(silent);
    if (!this.silent) await this.connect();
    await this.token.refresh(Boolean(renewToken));
    if (publish) this.nc.publish(publish.subject, publish.payload);
    const { counts, lastError } = this;
    return {
      connected: Boolean(this.nc && !this.nc.isClosed()),
      token: Boolean(this.token.value),
      silent: this.silent,
      lastError,
      ...counts,
    };
  }

  async setSilent(silent) {
    this.silent = silent;
    if (silent) await this.nc?.close();
  }
}
