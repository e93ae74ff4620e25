// SPDX-License-Identifier: GPL-3.0-or-later
// The operator, its three accounts and their users, as JWTs (NATS decentralised authentication, JWT v2).
import {
  createAccount,
  createOperator,
  createUser,
  encodeAccount,
  encodeOperator,
  encodeUser,
  fmtCreds,
} from "@nats-io/jwt";
import { kServiceExports, kStreamExports } from "./topology.mjs";
import { labUsers } from "./users.mjs";

const kMiB = 1024 * 1024;
const kUnlimited = { subs: -1, data: -1, payload: -1, imports: -1, exports: -1, wildcards: true, conn: -1, leaf: -1 };
const kJetStream = { mem_storage: 64 * kMiB, disk_storage: 512 * kMiB, streams: -1, consumer: -1 };

const named = (subject) => subject.replaceAll(".>", "").replaceAll(".", "-");
const exported = (type) => (subject) => ({ name: named(subject), subject, type });
const imported =
  (type, account, more = {}) =>
  (subject) => ({ name: named(subject), subject, account, type, ...more });

function accountClaims(name, ids) {
  if (name === "SYS") return { limits: kUnlimited };
  const claims = { limits: { ...kUnlimited, ...kJetStream } };
  if (name === "EDGE") {
    claims.exports = kStreamExports.map(exported("stream"));
    // share lets the server tell the responder who asks, in the header Nats-Request-Info
    claims.imports = kServiceExports.map(imported("service", ids.CORE, { share: true }));
  } else {
    claims.exports = kServiceExports.map(exported("service"));
    claims.imports = kStreamExports.map(imported("stream", ids.EDGE));
  }
  return claims;
}

async function makeAccounts(operator) {
  const names = ["EDGE", "CORE", "SYS"];
  const keys = Object.fromEntries(names.map((name) => [name, { identity: createAccount(), signing: createAccount() }]));
  const ids = Object.fromEntries(names.map((name) => [name, keys[name].identity.getPublicKey()]));
  const accounts = {};
  for (const name of names) {
    const { identity, signing } = keys[name];
    const claims = { ...accountClaims(name, ids), signing_keys: [signing.getPublicKey()] };
    const jwt = await encodeAccount(name, identity, claims, { signer: operator });
    accounts[name] = { publicKey: ids[name], signingKey: signing.getPublicKey(), jwt, identity, signing };
  }
  return accounts;
}

async function makeUser({ name, account, permissions }, accounts) {
  const key = createUser();
  const { identity, signing } = accounts[account];
  const jwt = await encodeUser(name, key, identity, permissions, { signer: signing });
  return { name, account, publicKey: key.getPublicKey(), permissions, creds: fmtCreds(jwt, key) };
}

/** Makes all keys and JWTs and writes seeds and creds files (0600) into the lab's directory. */
export async function makeOperator(lab) {
  const key = createOperator();
  const accounts = await makeAccounts(key);
  const jwt = await encodeOperator("weir-lab", key, { system_account: accounts.SYS.publicKey });
  lab.write("keys/operator.nk", key.getSeed());
  for (const [name, account] of Object.entries(accounts)) {
    account.identityFile = lab.write(`keys/${name}.nk`, account.identity.getSeed());
    account.signingFile = lab.write(`keys/${name}-signing.nk`, account.signing.getSeed());
  }
  const users = {};
  for (const entry of labUsers()) {
    const user = await makeUser(entry, accounts);
    users[user.name] = { ...user, creds: lab.write(`creds/${user.name}.creds`, user.creds) };
  }
  return { jwt, publicKey: key.getPublicKey(), keyFile: lab.path("keys/operator.nk"), accounts, users };
}
