// SPDX-License-Identifier: GPL-3.0-or-later
// The supervisor as a background process: options over the IPC channel of 'lab up', ready or failed back, then on its own.
import { Supervisor } from "./supervisor.mjs";

let supervisor = null;
let ready = false;

async function leave(code) {
  await supervisor?.stop();
  process.exit(code);
}

async function start(options) {
  supervisor = new Supervisor(options);
  supervisor.onFailure = (why) => {
    console.error(`lab ends: ${why}`);
    if (!ready) process.send?.({ failed: why });
    leave(1);
  };
  await supervisor.start();
  ready = true;
  process.send?.({ ready: true });
}

process.on("message", (options) => {
  start(options).catch((error) => {
    console.error(error);
    process.send?.({ failed: error.message });
    leave(1);
  });
});
process.on("disconnect", () => {
  if (!ready) leave(1); // 'lab up' was ended while it waited
});
for (const signal of ["SIGTERM", "SIGINT", "SIGHUP"]) process.on(signal, () => leave(0));
