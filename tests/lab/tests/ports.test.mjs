// SPDX-License-Identifier: GPL-3.0-or-later
// Ports: no two processes get the same one, and the dead hold none.
import assert from "node:assert/strict";
import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { it } from "node:test";
import { freePorts, releasePorts } from "../src/ports.mjs";

const kModule = fileURLToPath(new URL("../src/ports.mjs", import.meta.url));
const script = (count, rest) =>
  `import { freePorts } from "${kModule}"; console.log(JSON.stringify(await freePorts(${count}))); ${rest}`;

it("gives no port to two processes at once", async () => {
  const take = () =>
    promisify(execFile)(process.execPath, [
      "--input-type=module",
      "-e",
      script(300, "await new Promise((r) => process.stdin.on('data', r));"),
    ]);
  const running = Array.from({ length: 3 }, take);
  const ports = await Promise.all(
    running.map(({ child }) => once(child.stdout, "data").then(([text]) => JSON.parse(text))),
  );
  for (const { child } of running) child.stdin.end("end");
  await Promise.all(running);
  assert.equal(new Set(ports.flat()).size, 900);
});

it("takes back what a killed process held", async () => {
  const child = spawn(process.execPath, ["--input-type=module", "-e", script(20, "setInterval(() => {}, 1000);")]);
  const [text] = await once(child.stdout, "data");
  child.kill("SIGKILL");
  await once(child, "exit");
  const wanted = new Set(JSON.parse(text));
  const random = Math.random;
  const queue = [...wanted];
  Math.random = () => (queue.length ? (queue.shift() - 18000 + 0.5) / 14000 : random());
  try {
    assert.deepEqual(new Set(await freePorts(20)), wanted);
  } finally {
    Math.random = random;
    releasePorts();
  }
});
