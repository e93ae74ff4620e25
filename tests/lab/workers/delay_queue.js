// SPDX-License-Identifier: GPL-3.0-or-later
// Messages on their way to the broker, each until its own time. One timer serves them all: workerd fires at most about a
// thousand timers a second for one object and refuses more than 10,000, so one each would be a bottleneck of the lab's own.
export class DelayQueue {
  constructor(deliver) {
    this.deliver = deliver;
    this.due = new Map(); // Unix ms → messages
    this.next = Infinity;
  }

  add(message, delayMs) {
    const at = Math.round(Date.now() + delayMs);
    const slot = this.due.get(at);
    if (slot) slot.push(message);
    else this.due.set(at, [message]);
    if (at < this.next) this.arm(at);
  }

  arm(at) {
    clearTimeout(this.timer);
    this.next = at;
    this.timer = setTimeout(() => this.drain(), Math.max(1, at - Date.now()));
  }

  drain() {
    const now = Date.now();
    const times = [...this.due.keys()].sort((a, b) => a - b);
    const ripe = times.filter((at) => at <= now);
    this.next = Infinity;
    if (ripe.length < times.length) this.arm(times[ripe.length]);
    for (const at of ripe) {
      const messages = this.due.get(at);
      this.due.delete(at);
      for (const message of messages) this.deliver(message);
    }
  }
}
