// SPDX-License-Identifier: GPL-3.0-or-later
// Auth: who logged in, and who failed to.
import { edgeWorker } from "./edge.js";

export { BrokerLink } from "./edge.js";

function messageOf(event, pop) {
  const { ok, user, method, ip, agent, reason } = event;
  const payload = {
    event: ok ? "login.ok" : "login.failed",
    user,
    method,
    ip,
    agent,
    pop,
    at: new Date().toISOString(),
  };
  if (!ok) payload.reason = reason;
  return {
    subject: `auth.login.${ok ? "ok" : "failed"}`,
    payload: JSON.stringify(payload),
    contentType: "application/json",
  };
}

export default edgeWorker("/login", messageOf);
