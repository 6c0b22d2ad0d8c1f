// What the load programs in JavaScript share: the workloads, the load with its check of every result, and the processor time of all processes.
import { spawn } from 'node:child_process';
import { chownSync, mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';

const rounds = 5;
const warmUp = 10;
const patience = 60_000;

const { values: options } = parseArgs({ options: { seconds: { type: 'string', default: '10' } } });
const seconds = Number(options.seconds);
if (!(seconds > 0)) {
  throw new Error(`--seconds ${options.seconds}: a number above 0 is needed.`);
}

const range = (count) => Array.from({ length: count }, (_, index) => index);

/**
 * The workloads: what each does with a number, given how the peer makes a step and how it waits for several, and what must come out.
 * A step adds 1 to what it gets, so that a step that was left out shows.
 */
export const workloads = {
  linear10: {
    steps: 10,
    async run(n, step) {
      for (const i of range(10)) {
        const before = n;
        n = await step(`t${i}`, () => before + 1);
      }
      return n;
    },
    expected: (n) => n + 10,
  },
  fan10: {
    steps: 10,
    run: (n, step, all) => all(range(10).map((i) => step(`t${i}`, () => n + i + 1))),
    expected: (n) => range(10).map((i) => n + i + 1),
  },
  layers10x10: {
    steps: 100,
    async run(n, step, all) {
      let layer = range(10).map((place) => n + place);
      for (const depth of range(10)) {
        const before = layer;
        layer = await all(range(10).map((place) => step(`l${depth}x${place}`, () => before[place] + 1)));
      }
      return layer;
    },
    expected: (n) => range(10).map((place) => n + place + 10),
  },
  single: {
    steps: 1,
    run: (n, step) => step('t0', () => n + 1),
    expected: (n) => n + 1,
  },
};

const plan = [
  ['linear10', 1], ['linear10', 100], ['linear10', 500],
  ['fan10', 100],
  ['layers10x10', 1], ['layers10x10', 16],
  ['single', 100],
];

/**
 * Puts each workload on a peer and prints a line for it.
 * @param peer The peer's name.
 * @param start Starts a run of a workload with a number and waits for its output.
 */
export async function measure(peer, start) {
  for (const [workload, inFlight] of plan) {
    console.log(JSON.stringify({ peer, workload, inFlight, ...await load(workload, inFlight, start) }));
  }
}

async function load(workload, inFlight, start) {
  const { steps, expected } = workloads[workload];
  let [number, ended, times] = [0, false, []];
  const client = async () => {
    while (!ended) {
      const [n, begun] = [number++, performance.now()];
      const output = JSON.stringify(await start(workload, n));
      times.push(performance.now() - begun);
      if (output !== JSON.stringify(expected(n))) {
        throw new Error(`${workload} of ${n} gave ${output} instead of ${JSON.stringify(expected(n))}.`);
      }
    }
  };
  const clients = Promise.all(range(inFlight).map(client));
  const pass = (time) => Promise.race([sleep(time * 1000), clients]);

  await pass(warmUp);
  const [rates, cpu, all] = [[], [], []];
  for (let round = 0; round < rounds; round++) {
    times = [];
    const [begun, used] = [performance.now(), processorSeconds()];
    // As long as it takes for its figures to mean something.
    do {
      await pass(seconds / rounds);
    } while (times.length < inFlight && performance.now() - begun < patience);
    if (times.length === 0) {
      throw new Error(`${workload}, ${inFlight} in flight: nothing came out within ${patience / 1000} s.`);
    }
    rates.push(times.length / (performance.now() - begun) * 1000);
    cpu.push((processorSeconds() - used) / (times.length * steps) * 1000);
    all.push(...times);
  }
  ended = true;
  await clients;
  return { runsPerSecond: rounded(median(rates)), p50Ms: rounded(median(all)), cpuPer1000Steps: rounded(median(cpu)) };
}

const median = (values) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];
const rounded = (value) => Number(value.toPrecision(4));

/** The processor time of this process and of all below it, ended ones that were waited for included. Linux only. */
function processorSeconds() {
  const ticksPerSecond = 100;
  const processes = new Map();
  for (const id of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    try {
      const stat = readFileSync(`/proc/${id}/stat`, 'latin1');
      // The name before the last parenthesis may hold anything. Then come the state, the parent, and from the 12th on four times.
      const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
      processes.set(Number(id), { parent: Number(fields[1]), ticks: fields.slice(11, 15).reduce((sum, field) => sum + Number(field), 0) });
    } catch {
      // It ended meanwhile.
    }
  }
  const isOurs = (id) => id === process.pid || (processes.has(id) && isOurs(processes.get(id).parent));
  return [...processes].reduce((sum, [id, { ticks }]) => isOurs(id) ? sum + ticks : sum, 0) / ticksPerSecond;
}

// Its standard input ends with this program, however that ends: then it ends the server, and removes the directory.
const keeper = `
trap '' HUP INT TERM
signal=$1; shift
"$@" > log 2>&1 < /dev/null & server=$!
read -r _
kill -s "$signal" "$server" 2> /dev/null; wait "$server"
directory=$PWD; cd / && rm -rf "$directory"`;

/**
 * Runs a server, in a directory of its own that has its log, until it is ended or this program ends.
 * @param command The program and its arguments.
 * @param signal The signal that ends it.
 * @param user The user that it runs as, if it is another: `{ uid, gid }`.
 * @param environment What it finds in its environment beside what is there.
 * @returns Ends it, and removes the directory.
 */
export function keep(command, { signal = 'TERM', user, environment } = {}) {
  const directory = mkdtempSync(join(tmpdir(), 'actorflow-peer-'));
  if (user) {
    chownSync(directory, user.uid, user.gid);
  }
  const child = spawn('sh', ['-c', keeper, 'keeper', signal, ...command], {
    ...user, cwd: directory, env: { ...process.env, ...environment }, stdio: ['pipe', 'ignore', 'inherit'],
  });
  const exit = new Promise((resolve) => child.once('exit', resolve));
  return () => {
    child.stdin.end();
    return exit;
  };
}

/** Ports of the loopback address that are free now. */
export async function freePorts(count) {
  const servers = await Promise.all(range(count).map(() => new Promise((resolve, reject) => {
    const server = createServer().once('error', reject).listen(0, '127.0.0.1', () => resolve(server));
  })));
  return Promise.all(servers.map((server) => {
    const { port } = server.address();
    return new Promise((resolve) => server.close(() => resolve(port)));
  }));
}

/** Tries something until it succeeds, for half a minute. */
export async function eventually(what, action) {
  for (let tries = 300; ; tries--) {
    try {
      return await action();
    } catch (error) {
      if (tries === 0) {
        throw new Error(`${what}: ${error.message}`, { cause: error });
      }
      await sleep(100);
    }
  }
}
