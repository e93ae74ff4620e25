// SPDX-License-Identifier: GPL-3.0-or-later
// The lab's OpenID-like issuer: short ES256 tokens for the Workers, and the JWKS to verify them with. A process of its own.
import { createServer } from "node:http";
import { randomUUID, timingSafeEqual, createHash } from "node:crypto";
import { exportJWK, generateKeyPair, SignJWT } from "jose";
import { respondJson, runChild } from "./child.mjs";

const kLifetimeSeconds = 600;
const kAudience = "broker";

const digest = (text) => createHash("sha256").update(text).digest();
const sameSecret = (a, b) => timingSafeEqual(digest(a), digest(b));

class Issuer {
  /** settings: {port, clients: {client id: {secret, subject}}}. */
  constructor(settings, key) {
    this.settings = settings;
    this.key = key;
    this.url = `http://127.0.0.1:${settings.port}`;
    this.stale = []; // subjects that get tokens already expired
    this.issued = 0;
  }

  configuration() {
    return {
      issuer: this.url,
      jwks_uri: `${this.url}/jwks.json`,
      token_endpoint: `${this.url}/token`,
      grant_types_supported: ["client_credentials"],
      token_endpoint_auth_methods_supported: ["client_secret_basic"],
      id_token_signing_alg_values_supported: ["ES256"],
      response_types_supported: ["token"],
      subject_types_supported: ["public"],
    };
  }

  client(authorization) {
    const match = /^Basic (.+)$/.exec(authorization ?? "");
    const [id, secret] = match ? Buffer.from(match[1], "base64").toString().split(":") : [];
    const client = this.settings.clients[id];
    return client && sameSecret(client.secret, secret ?? "") ? client : null;
  }

  async token(client) {
    const stale = this.stale.includes(client.subject);
    const issuedAt = Math.floor(Date.now() / 1000) - (stale ? kLifetimeSeconds + 60 : 0);
    this.issued += 1;
    const token = await new SignJWT({ scope: "publish" })
      .setProtectedHeader({ alg: "ES256", typ: "JWT", kid: this.key.kid })
      .setIssuer(this.url)
      .setSubject(client.subject)
      .setAudience(kAudience)
      .setIssuedAt(issuedAt)
      .setExpirationTime(issuedAt + kLifetimeSeconds)
      .setJti(randomUUID())
      .sign(this.key.privateKey);
    return { access_token: token, token_type: "Bearer", expires_in: stale ? -60 : kLifetimeSeconds };
  }

  async answer(request, response) {
    const path = new URL(request.url, this.url).pathname;
    if (path === "/.well-known/openid-configuration") return respondJson(response, 200, this.configuration());
    if (path === "/jwks.json") return respondJson(response, 200, { keys: [this.key.jwk] });
    if (path !== "/token" || request.method !== "POST") return respondJson(response, 404, { error: "not_found" });
    request.resume();
    const client = this.client(request.headers.authorization);
    if (!client) return respondJson(response, 401, { error: "invalid_client" });
    return respondJson(response, 200, await this.token(client));
  }
}

async function makeKey() {
  const { publicKey, privateKey } = await generateKeyPair("ES256", { extractable: true });
  const kid = `lab-${randomUUID().slice(0, 8)}`;
  return { kid, privateKey, jwk: { ...(await exportJWK(publicKey)), kid, alg: "ES256", use: "sig" } };
}

runChild(async (settings) => {
  const issuer = new Issuer(settings, await makeKey());
  const server = createServer((request, response) => {
    issuer.answer(request, response).catch((error) => respondJson(response, 500, { error: String(error) }));
  });
  await new Promise((resolve) => server.listen(settings.port, "127.0.0.1", resolve));
  return {
    stats: () => ({ issued: issuer.issued }),
    change: ({ stale }) => (issuer.stale = stale),
    stop: () => server.close(),
  };
});
