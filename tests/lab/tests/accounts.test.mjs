// SPDX-License-Identifier: GPL-3.0-or-later
// The operator's side: account JWTs pushed to the resolver hold, over a restart of the broker too.
import assert from "node:assert/strict";
import fs from "node:fs";
import { after, before, describe, it } from "node:test";
import { decode, encodeAccount, encodeUser, createUser, fmtCreds, fromSeed } from "@nats-io/jwt";
import { connect, credsAuthenticator } from "@nats-io/transport-node";
import { TestLab, connectAs, until } from "./harness.mjs";

const keyOf = (file) => fromSeed(fs.readFileSync(file));

describe("accounts", () => {
  const lab = new TestLab({ after });
  let file;
  let sys;

  before(async () => {
    file = await lab.up("--rate", "20");
    sys = await connectAs(file, "sys");
  });
  after(() => sys.close());

  const request = async (subject, payload) => (await sys.request(subject, payload, { timeout: 5000 })).string();
  const lookup = async () => decode(await request(`$SYS.REQ.ACCOUNT.${file.accounts.EDGE.publicKey}.CLAIMS.LOOKUP`));

  async function push(change) {
    const { nats } = await lookup();
    const signer = keyOf(file.operator.seedFile);
    const jwt = await encodeAccount("EDGE", keyOf(file.accounts.EDGE.seedFile), { ...nats, ...change }, { signer });
    const { data, error } = JSON.parse(await request("$SYS.REQ.CLAIMS.UPDATE", jwt));
    assert.equal(error, undefined);
    assert.equal(data.code, 200);
  }

  it("takes a new account JWT and keeps it over a restart", async () => {
    await push({ description: "changed by the test" });
    assert.equal((await lookup()).nats.description, "changed by the test");
    await lab.lab("incident", "broker-restart", "--for", "0.2");
    await until(() => lab.file().incidents.at(-1).ended, "the broker is not back", 30_000);
    await until(
      () =>
        lookup().then(
          ({ nats }) => nats.description === "changed by the test",
          () => false,
        ),
      "the change is lost",
    );
  });

  it("lets in a user made with the signing key, and ends its connection when it is revoked", async () => {
    const user = createUser();
    const jwt = await encodeUser(
      "new",
      user,
      keyOf(file.accounts.EDGE.seedFile),
      {},
      { signer: keyOf(file.accounts.EDGE.signingSeedFile) },
    );
    const nc = await connect({
      servers: file.url,
      authenticator: credsAuthenticator(fmtCreds(jwt, user)),
      reconnect: false,
    });
    const closed = nc.closed();
    await push({ revocations: { [user.getPublicKey()]: Math.floor(Date.now() / 1000) + 1 } });
    await closed;
    assert.ok(nc.isClosed());
  });
});
