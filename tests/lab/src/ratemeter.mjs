// SPDX-License-Identifier: GPL-3.0-or-later
// Events a second over the last ten seconds.
const kWindow = 10;

export class RateMeter {
  constructor() {
    this.slots = new Array(kWindow + 1).fill(0);
    this.started = performance.now();
    this.second = 0;
  }

  add(count) {
    this.advance();
    this.slots[this.second % this.slots.length] += count;
  }

  /** The mean over the full seconds of the window, or since the start while that is shorter. */
  perSecond() {
    this.advance();
    const full = Math.min(kWindow, this.second);
    if (full === 0) return 0;
    const current = this.slots[this.second % this.slots.length];
    const sum = this.slots.reduce((total, slot) => total + slot, 0) - current;
    return Math.round((sum / full) * 10) / 10;
  }

  advance() {
    const now = Math.floor((performance.now() - this.started) / 1000);
    if (now - this.second >= this.slots.length) this.slots.fill(0);
    else for (let at = this.second + 1; at <= now; at += 1) this.slots[at % this.slots.length] = 0;
    this.second = now;
  }
}
