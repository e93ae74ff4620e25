// SPDX-License-Identifier: GPL-3.0-or-later
// Things that go wrong on purpose. Each incident begins, lasts, and is mended again.
import { pause } from "./processes.mjs";
import { findPop } from "./pops.mjs";
import { kWorkers } from "./topology.mjs";

const kSlowFactor = 20;
const kStormFactor = 30;
const kForbiddenEveryMs = 500;

const workerOf = (name) => {
  if (!kWorkers.some((worker) => worker.name === name))
    throw new Error(`no Worker ${name} (there are ${kWorkers.map((worker) => worker.name).join(", ")})`);
  return name;
};

/** name → {seconds: how long by default, begin(lab, {pop, worker}) → {detail, end()}}. */
export const kIncidents = {
  "slow-pop": {
    seconds: 60,
    async begin({ workers, load }, { pop = "GRU" }) {
      if (!findPop(pop)) throw new Error(`no PoP ${pop}`);
      const set = (slow) =>
        Promise.all([load.change({ slow }), ...kWorkers.map(({ name }) => workers.control(name, { slow }))]);
      await set({ [pop]: kSlowFactor });
      return { detail: { pop, factor: kSlowFactor }, end: () => set({}) };
    },
  },
  storm: {
    seconds: 30,
    async begin({ load }, { worker = "auth" }) {
      await load.change({ factors: { [workerOf(worker)]: kStormFactor } });
      return { detail: { worker, factor: kStormFactor }, end: () => load.change({ factors: {} }) };
    },
  },
  "forbidden-publish": {
    seconds: 30,
    async begin({ workers }, { worker = "telemetry" }) {
      const subject = worker === "checkout" ? "auth.login.ok" : "orders.eu.created";
      const attempt = () => workers.control(workerOf(worker), { publish: { subject, payload: '{"forged":true}' } });
      await attempt();
      const timer = setInterval(() => attempt().catch(() => {}), kForbiddenEveryMs);
      return { detail: { worker, subject }, end: () => clearInterval(timer) };
    },
  },
  "expired-token": {
    seconds: 60,
    async begin({ workers, issuer }, { worker = "checkout" }) {
      const renew = async (stale) => {
        await issuer.change({ stale });
        await workers.control(worker, { renewToken: true });
      };
      await renew([`worker:${workerOf(worker)}@lab`]);
      return { detail: { worker }, end: () => renew([]) };
    },
  },
  silence: {
    seconds: 60,
    async begin({ workers }, { worker = "telemetry" }) {
      await workers.control(workerOf(worker), { silent: true });
      return { detail: { worker }, end: () => workers.control(worker, { silent: false }) };
    },
  },
  "broker-restart": {
    seconds: 3,
    async begin({ servers }) {
      const server = servers.at(-1);
      await server.stop();
      return { detail: { server: server.name }, end: () => server.start() };
    },
  },
};

/** Runs incidents, each at most once at a time, and remembers them for status and lab.json. */
export class Incidents {
  constructor(lab) {
    this.lab = lab;
    this.list = [];
    this.ends = new Map();
    this.onChange = () => {};
  }

  async start(name, { seconds, ...options }) {
    const kind = kIncidents[name];
    if (!kind) throw new Error(`no incident ${name} (there are ${Object.keys(kIncidents).join(", ")})`);
    if (this.ends.has(name)) throw new Error(`${name} is under way`);
    const lasts = seconds ?? kind.seconds;
    this.ends.set(name, null);
    try {
      const { detail, end } = await kind.begin(this.lab, options);
      const entry = { name, detail, began: new Date().toISOString(), seconds: lasts, ended: null };
      this.list = [...this.list.slice(-99), entry];
      const timer = setTimeout(() => this.finish(name), lasts * 1000);
      this.ends.set(name, { entry, end, timer });
      this.onChange();
      return entry;
    } catch (error) {
      this.ends.delete(name);
      throw error;
    }
  }

  async finish(name) {
    const { entry, end, timer } = this.ends.get(name);
    clearTimeout(timer);
    try {
      await end();
    } catch (error) {
      entry.failed = String(error);
      await pause(1000);
      await end().catch(() => {});
    }
    entry.ended = new Date().toISOString();
    this.ends.delete(name);
    this.onChange();
  }

  /** Forgets all timers: the lab is ending. */
  abandon() {
    for (const running of this.ends.values()) clearTimeout(running?.timer);
  }
}
