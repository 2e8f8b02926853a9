/** Sees to a Docker Engine: finds the one that answers, or installs and starts one where that is ours to do. */
import { spawn } from 'node:child_process';
import { closeSync, mkdirSync, openSync } from 'node:fs';
import { request } from 'node:http';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { canInstallDebianPackages, ensureDebianPackages, onPath, tools } from './commands.ts';

const socketPath = '/var/run/docker.sock';
const startTimeout = 60_000;

export type EngineAnswer = 'answers' | 'silent' | 'forbidden';

export function askEngine(): Promise<EngineAnswer> {
  const host = process.env.DOCKER_HOST;
  const target = host?.startsWith('tcp://') === true ? { host: new URL(host).hostname, port: new URL(host).port } : { socketPath: host?.replace(/^unix:\/\//, '') ?? socketPath };
  return new Promise((resolve) => {
    const ping = request({ ...target, path: '/_ping', timeout: 3000 }, (response) => {
      response.resume();
      resolve(response.statusCode === 200 ? 'answers' : 'silent');
    });
    ping.on('timeout', () => ping.destroy(new Error('no answer')));
    ping.on('error', (error: NodeJS.ErrnoException) => resolve(error.code === 'EACCES' ? 'forbidden' : 'silent'));
    ping.end();
  });
}

/** Resolves when an engine answers; rejects with what the user can do. */
export async function ensureDocker(): Promise<void> {
  const answer = await askEngine();
  if (answer === 'answers') return;
  if (answer === 'forbidden') {
    throw new Error(`The Docker Engine's socket ${socketPath} may not be used by this user.\nAdd yourself to its group and log in again: sudo usermod -aG docker "$USER"\nOr try without containers: npm start -- --runtime simulated`);
  }
  if (!canInstallDebianPackages()) {
    throw new Error('No Docker Engine answers.\nStart Docker Desktop, or install Docker Engine (docs.docker.com/engine/install) and start it, then run this again.\nOr try without containers: npm start -- --runtime simulated');
  }
  ensureDebianPackages({ 'docker.io': 'dockerd', iptables: 'iptables' });
  await startDaemon();
}

async function startDaemon(): Promise<void> {
  const daemon = onPath('dockerd');
  if (daemon === undefined) throw new Error('docker.io is installed but dockerd is not on PATH');
  console.log('Starting the Docker Engine …');
  mkdirSync(tools, { recursive: true });
  const log = openSync(join(tools, 'dockerd.log'), 'a');
  const child = spawn(daemon, [], { detached: true, stdio: ['ignore', log, log] });
  closeSync(log);
  child.unref();
  const deadline = Date.now() + startTimeout;
  while ((await askEngine()) !== 'answers') {
    if (child.exitCode !== null || Date.now() > deadline) throw new Error(`The Docker Engine did not start; see ${join(tools, 'dockerd.log')}`);
    await sleep(200);
  }
}
