// Prints one table of what was measured: files of lines from load programs (.jsonl), and of results from ActorFlow's specs (.json).
import { readFileSync } from 'node:fs';
import { basename } from 'node:path';

const works = [
  { work: '10 steps in a row, alone', spec: 'P1-1', workload: 'linear10', inFlight: 1, steps: 10 },
  { work: '10 steps in a row, 100 in flight', spec: 'P1-100', workload: 'linear10', inFlight: 100, steps: 10 },
  { work: '10 steps in a row, 500 in flight', spec: 'P1-500', workload: 'linear10', inFlight: 500, steps: 10 },
  { work: '10 steps side by side, 100 in flight', spec: 'P2', workload: 'fan10', inFlight: 100, steps: 10 },
  { work: '10 layers of 10 steps, alone', spec: 'P3-1', workload: 'layers10x10', inFlight: 1, steps: 100 },
  { work: '10 layers of 10 steps, 16 in flight', spec: 'P3-16', workload: 'layers10x10', inFlight: 16, steps: 100 },
  { work: 'one step, 100 in flight', spec: 'P4', workload: 'single', inFlight: 100, steps: 1 },
];

const figures = [
  { key: 'runsPerSecond', name: 'runs/s', moreIsBetter: true, of: ({ inFlight }) => inFlight > 1 },
  { key: 'p50Ms', name: 'p50, ms', of: () => true },
  { key: 'cpuPer1000Steps', name: 'CPU s per 1,000 steps', of: () => true },
];

const names = { sqlite: 'ActorFlow, SQLite', postgres: 'ActorFlow, PostgreSQL', restate: 'Restate', dbos: 'DBOS', orleans: 'Orleans' };

// Each as { name, isOurs, of(work): its figures }.
const measured = process.argv.slice(2).map((file) => {
  const text = readFileSync(file, 'utf8');
  const isOurs = file.endsWith('.json');
  return { name: names[basename(file).split('.')[0]], isOurs, of: isOurs ? ours(JSON.parse(text)) : theirs(text) };
});

function theirs(text) {
  const lines = text.trim().split('\n').map((line) => JSON.parse(line));
  return ({ workload, inFlight }) => lines.find((line) => line.workload === workload && line.inFlight === inFlight);
}

function ours(run) {
  return ({ spec, steps }) => {
    const metrics = run.specs.find(({ id }) => id === spec)?.metrics ?? [];
    const median = (name) => metrics.find((metric) => metric.name === name)?.median;
    return { runsPerSecond: median('workflows/s') ?? median('tasks/s') / steps, p50Ms: median('p50'), cpuPer1000Steps: median('cpu/1000') };
  };
}

const format = (value) => Number.isFinite(value) ? Number(value.toPrecision(3)).toLocaleString('en-US', { maximumFractionDigits: 3 }) : '–';

const our = measured.filter(({ isOurs }) => isOurs);
const peers = measured.filter(({ isOurs }) => !isOurs);
const ratios = peers.length > 0 ? our : [];
const rows = works.flatMap((work) => figures.filter(({ of }) => of(work)).map(({ key, name, moreIsBetter }) => {
  const value = (one) => one.of(work)?.[key];
  const best = peers.map(value).filter(Number.isFinite).reduce((a, b) => moreIsBetter ? Math.max(a, b) : Math.min(a, b), moreIsBetter ? -Infinity : Infinity);
  return [work.work, name, ...measured.map((one) => format(value(one))), ...ratios.map((one) => format(moreIsBetter ? value(one) / best : best / value(one)))];
}));
const head = ['work', 'figure', ...measured.map(({ name }) => name), ...ratios.map(({ name }) => `${name.split(', ')[1]}: times better than the best peer`)];
const line = (cells) => `| ${cells.join(' | ')} |`;
console.log([line(head), line(head.map((_, column) => column < 2 ? '---' : '---:')), ...rows.map(line)].join('\n'));
