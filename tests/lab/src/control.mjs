// SPDX-License-Identifier: GPL-3.0-or-later
// The supervisor's own HTTP interface on loopback, for 'lab status' and 'lab incident': bearer token from control.token.
import { createServer } from "node:http";
import fs from "node:fs";
import { respondJson } from "./child.mjs";

export class ControlServer {
  constructor(supervisor) {
    this.supervisor = supervisor;
    this.server = createServer((request, response) => {
      this.answer(request, response).catch((error) => respondJson(response, 400, { error: error.message }));
    });
  }

  start() {
    return new Promise((resolve) => this.server.listen(this.supervisor.ports.control, "127.0.0.1", resolve));
  }

  stop() {
    this.server.close();
    this.server.closeAllConnections();
  }

  async answer(request, response) {
    const parts = [];
    for await (const part of request) parts.push(part);
    if (request.headers.authorization !== `Bearer ${this.supervisor.controlToken}`)
      return respondJson(response, 401, { error: "control token missing or wrong" });
    if (request.url === "/status") return respondJson(response, 200, await this.supervisor.status());
    if (request.url !== "/incident" || request.method !== "POST")
      return respondJson(response, 404, { error: "no such call" });
    const { name, ...options } = JSON.parse(Buffer.concat(parts).toString());
    return respondJson(response, 200, await this.supervisor.incidents.start(name, options));
  }
}

/** Calls the control interface of a running lab, known by its lab.json. */
export async function callLab(labFile, path, body) {
  const token = fs.readFileSync(labFile.control.tokenFile, "utf8");
  const response = await fetch(labFile.control.url + path, {
    method: body ? "POST" : "GET",
    headers: { authorization: `Bearer ${token}` },
    body: body && JSON.stringify(body),
    signal: AbortSignal.timeout(60_000),
  });
  const answer = await response.json();
  if (!response.ok) throw new Error(answer.error);
  return answer;
}
