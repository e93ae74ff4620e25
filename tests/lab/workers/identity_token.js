// SPDX-License-Identifier: GPL-3.0-or-later
// The Worker's proof of who it is: a short-lived JWT from the organisation's issuer (OAuth 2.0 client credentials,
// RFC 6749 section 4.4), renewed before it ends. The last one is stamped on when renewal fails: so tokens expire in real life.
const kRenewBeforeMs = 120_000;
const kRetryMs = 5_000;

export class IdentityToken {
  constructor(env) {
    this.env = env;
    this.value = "";
    this.renewAt = 0;
    this.expiresAt = 0;
  }

  /** Renews when due, or at once when forced; only a Worker without a valid token waits for the answer. */
  async refresh(force = false) {
    if (force) {
      this.renewAt = 0;
      this.pending = null;
    }
    if (Date.now() >= this.renewAt) this.start();
    if (force || Date.now() >= this.expiresAt) await this.pending;
  }

  start() {
    this.renewAt = Date.now() + kRetryMs;
    this.pending = this.fetch().catch((error) => console.error(`token not renewed: ${error}`));
  }

  async fetch() {
    const { WORKER, CLIENT_SECRET, TOKEN_URL } = this.env;
    const response = await fetch(TOKEN_URL, {
      method: "POST",
      headers: { authorization: `Basic ${btoa(`worker-${WORKER}:${CLIENT_SECRET}`)}` },
      body: new URLSearchParams({ grant_type: "client_credentials", audience: "broker" }),
    });
    if (!response.ok) throw new Error(`issuer answered ${response.status}`);
    const { access_token, expires_in } = await response.json();
    this.value = access_token;
    this.expiresAt = Date.now() + expires_in * 1000;
    this.renewAt = Math.max(this.expiresAt - kRenewBeforeMs, Date.now() + kRetryMs);
  }
}
