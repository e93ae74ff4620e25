// SPDX-License-Identifier: GPL-3.0-or-later
// Free ports of 127.0.0.1, taken below the kernel's ephemeral range (32768 and up): a port from inside that range
// can be lost to anybody's outgoing connection while a server restarts.
import net from "node:net";

const kFirst = 18000;
const kLast = 32000;

function bindable(port) {
  return new Promise((resolve) => {
    const probe = net.createServer();
    probe.once("error", () => resolve(null));
    probe.listen({ port, host: "127.0.0.1", exclusive: true }, () => resolve(probe));
  });
}

/** Returns `count` different ports that nobody listens on now. */
export async function freePorts(count) {
  const held = [];
  try {
    while (held.length < count) {
      const port = kFirst + Math.floor(Math.random() * (kLast - kFirst));
      const probe = await bindable(port);
      if (probe) held.push({ port, probe });
    }
    return held.map((entry) => entry.port);
  } finally {
    await Promise.all(held.map(({ probe }) => new Promise((done) => probe.close(done))));
  }
}
