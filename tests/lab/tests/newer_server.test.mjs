// SPDX-License-Identifier: GPL-3.0-or-later
// The lab on a current nats-server, built with Go where there is Go: what came after 2.9.10 works on it too.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { it } from "node:test";
import { TestLab, collect, connectAs } from "./harness.mjs";

const kBuild = fileURLToPath(new URL("../build-server", import.meta.url));
/** The program, or why there is none: no Go, or a module proxy out of reach. */
async function build() {
  try {
    return { binary: (await promisify(execFile)(kBuild, { timeout: 600_000 })).stdout.trim() };
  } catch (error) {
    return { why: `no nats-server newer than the packaged one: ${error.stderr.trim().split("\n").at(-1)}` };
  }
}

it("runs on a current nats-server", async (t) => {
  const { binary, why } = await build();
  if (why) {
    console.error(why);
    return t.skip(why);
  }
  const lab = new TestLab(t);
  const file = await lab.up("--rate", "100", "--server-binary", binary);
  const [major, minor] = file.server.version.split(".").map(Number);
  assert.ok(major > 2 || minor >= 11, file.server.version);
  await collect(file, "orders.>", (all) => all.length > 20);
  const nc = await connectAs(file, "observer");
  const { data } = (await nc.request("$SYS.REQ.USER.INFO")).json(); // since 2.10
  assert.equal(data.account, file.accounts.EDGE.publicKey);
  await nc.close();
});
