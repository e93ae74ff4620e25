// SPDX-License-Identifier: GPL-3.0-or-later
// The part of the supervisor's Node children that is alike: settings in, ready out, stats and changes over Node's IPC
// channel, and an end as soon as that channel ends.
import { webcrypto } from "node:crypto";

globalThis.crypto ??= webcrypto; // Debian 12's Node 18 has it in node:crypto only

export function respondJson(response, status, body) {
  response.writeHead(status, { "content-type": "application/json" });
  response.end(JSON.stringify(body) + "\n");
}

/** start(settings) → {stats(), change(message)?, stop()?}: runs once the supervisor has sent the settings. */
export function runChild(start) {
  let part = null;
  const leave = async (code) => {
    try {
      await part?.stop?.();
    } finally {
      process.exit(code);
    }
  };
  const handlers = {
    async settings(message) {
      part = await start(message.settings);
      process.send({ ready: true });
    },
    async stats({ id }) {
      process.send({ id, stats: (await part?.stats?.()) ?? {} });
    },
    async change({ id, change }) {
      await part?.change?.(change);
      process.send({ id, stats: {} });
    },
  };
  process.on("message", (message) => {
    handlers[message.type](message).catch((error) => {
      console.error(error);
      process.send({ failed: String(error), id: message.id });
    });
  });
  process.on("disconnect", () => process.exit(0));
  process.on("SIGTERM", () => leave(0));
  process.on("SIGINT", () => {}); // a terminal's Ctrl+C reaches the whole group: the supervisor decides
}
