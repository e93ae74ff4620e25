// SPDX-License-Identifier: GPL-3.0-or-later
// Connections of the lab's own Node parts to NATS.
import fs from "node:fs";
import { connect, credsAuthenticator } from "@nats-io/transport-node";

const identity = ({ servers, creds, name, user }) => ({
  servers,
  authenticator: credsAuthenticator(fs.readFileSync(creds)),
  name,
  inboxPrefix: `_INBOX.${user}`,
});

/** Connects with a creds file; reconnects for ever; the inbox prefix is the user's own. */
export function connectAs(who) {
  return connect({
    ...identity(who),
    maxReconnectAttempts: -1,
    reconnectTimeWait: 250,
    ignoreAuthErrorAbort: true,
    waitOnFirstConnect: true,
  });
}

/** Writes a connection's errors to the log of the process, for as long as it lives. */
export async function logErrors(nc, name) {
  for await (const status of nc.status()) {
    if (status.type === "error") console.error(`${new Date().toISOString()} ${name}: ${status.error}`);
  }
}

/**
 * Lets each server load each account before two of its users can connect at once: nats-server 2.9.10 then may load the
 * account twice, and its monitoring shows the JetStream of the one without streams. users: one of each account.
 */
export async function loadAccounts(servers, users) {
  for (const server of servers) {
    for (const { name, creds } of users) {
      const nc = await connect({ ...identity({ servers: [server], creds, name, user: name }), timeout: 20_000 }).catch(
        (error) => {
          throw new Error(`${server} did not let ${name} in: ${error}`);
        },
      );
      await nc.close();
    }
  }
}
