// Loaded into a process before all else: from then on a message may set its clock ahead or back, as happens to a
// machine. What waits for so many milliseconds waits for as long as ever, there as here.

const machineNow = Date.now.bind(Date);
let aheadMs = 0;

globalThis.Date = new Proxy(Date, {
  construct: (target, given: [], newTarget) =>
    Reflect.construct(target, given.length === 0 ? [machineNow() + aheadMs] : given, newTarget),
});
Date.now = () => machineNow() + aheadMs;

process.on('message', (message: { readonly clockAheadMs?: number }) => {
  aheadMs = message.clockAheadMs ?? aheadMs;
});
// To listen for messages alone keeps no process alive.
process.channel?.unref();
