// DBOS on a PostgreSQL server of its own: a workflow for each workload. A step is a `DBOS.runStep`.
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { DBOS } from '@dbos-inc/dbos-sdk';
import pg from 'pg';
import { eventually, freePorts, keep, measure, workloads } from '../measure.mjs';

const workflow = ({ run }) => (n) => run(n, (name, body) => DBOS.runStep(async () => body(), { name }), (steps) => Promise.all(steps));
const workflows = new Map(Object.entries(workloads).map(([name, workload]) => [name, DBOS.registerWorkflow(workflow(workload), { name })]));

// PostgreSQL refuses to run as root: there, it runs as the user of its package.
const idOf = (option) => Number(execFileSync('id', [option, 'postgres']));
const user = process.getuid() === 0 ? { uid: idOf('-u'), gid: idOf('-g') } : undefined;
const [port] = await freePorts(1);
const script = '"$1/initdb" -D data -U load -A trust -E UTF8 --locale=C --no-sync && exec "$1/postgres" -D data -h 127.0.0.1 -p "$2" -k "$PWD"';
const end = keep(['sh', '-c', script, 'postgres', programs(), String(port)], { signal: 'INT', user });
try {
  const server = `postgresql://load@127.0.0.1:${port}`;
  await eventually('PostgreSQL starts', async () => {
    const client = new pg.Client(`${server}/postgres`);
    await client.connect();
    await client.end();
  });
  DBOS.setConfig({
    name: 'load',
    systemDatabaseUrl: `${server}/dbos`,
    systemDatabasePoolSize: 20,
    logLevel: 'error',
  });
  await DBOS.launch();
  await measure('dbos', (workload, n) => workflows.get(workload)(n));
  await DBOS.shutdown();
} finally {
  await end();
}
process.exit();

function programs() {
  const debian = '/usr/lib/postgresql';
  const versions = existsSync(debian) ? readdirSync(debian).sort((a, b) => b - a).map((version) => join(debian, version, 'bin')) : [];
  const found = [...process.env.PATH.split(':'), ...versions].find((folder) => existsSync(join(folder, 'initdb')) && existsSync(join(folder, 'postgres')));
  if (!found) {
    throw new Error('PostgreSQL is not installed: initdb and postgres are needed.');
  }
  return found;
}
