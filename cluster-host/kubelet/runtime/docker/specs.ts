/** What the engine is asked to create: sandboxes and containers as bodies of `POST /containers/create`. Pure. */
import type { ContainerConfig, ContainerResources, ContainerSecurity, MemoryVolume, Mount, SandboxConfig } from '../runtime.ts';
import { containerLabels, labels, memoryVolumeName, sandboxLabels } from './labels.ts';

export interface SandboxContext {
  readonly cluster: string;
  /** Name of the cluster's bridge network. */
  readonly network: string;
  /** Reference of the pause image. */
  readonly pauseImage: string;
}

/** Rotated as the kubelet's defaults say (containerLogMaxSize, containerLogMaxFiles). */
const logConfig = { Type: 'json-file', Config: { 'max-size': '10m', 'max-file': '5' } };

const smallestCpuShares = 2;

export function sandboxSpec(config: SandboxConfig, { cluster, network, pauseImage }: SandboxContext): object {
  const onPodNetwork = config.network.mode === 'pod';
  return {
    Image: pauseImage,
    Labels: sandboxLabels(cluster, config),
    ...(onPodNetwork ? { Hostname: config.hostname } : {}),
    HostConfig: {
      NetworkMode: onPodNetwork ? network : 'host',
      ...runtimeOf(config.handler),
      IpcMode: config.hostIpc ? 'host' : 'shareable',
      PidMode: config.hostPid ? 'host' : '',
      Sysctls: config.sysctls,
      Mounts: config.memoryVolumes.map((volume) => memoryMount(cluster, config, volume)),
      CpuShares: smallestCpuShares,
      LogConfig: logConfig,
      SecurityOpt: ['no-new-privileges'],
    },
    ...(config.network.mode === 'pod' ? { NetworkingConfig: { EndpointsConfig: { [network]: { IPAMConfig: { IPv4Address: config.network.ip } } } } } : {}),
  };
}

/** The engine makes the volume with the sandbox; as long as the pause container mounts it, its content stays. */
function memoryMount(cluster: string, { pod }: SandboxConfig, { name, sizeLimit, group }: MemoryVolume): object {
  const options = [group === undefined ? 'mode=0777' : `mode=2777,gid=${group}`, ...(sizeLimit === undefined ? [] : [`size=${sizeLimit}`])];
  return {
    Type: 'volume',
    Source: memoryVolumeName(pod.uid, name),
    Target: `/volumes/${name}`,
    VolumeOptions: {
      NoCopy: true,
      Labels: { [labels.cluster]: cluster, [labels.podUid]: pod.uid },
      DriverConfig: { Name: 'local', Options: { type: 'tmpfs', device: 'tmpfs', o: options.join(',') } },
    },
  };
}

/** `engineRoot`: the engine's own folder. */
export function containerSpec(cluster: string, config: ContainerConfig, engineRoot: string): object {
  const { resources, security } = config;
  const joined = `container:${config.sandboxId}`;
  return {
    Image: config.image,
    Labels: containerLabels(cluster, config),
    ...(config.command === undefined ? {} : { Entrypoint: config.command }),
    ...(config.args === undefined ? {} : { Cmd: config.args }),
    WorkingDir: config.workingDir ?? '',
    Env: config.env.map(({ name, value }) => `${name}=${value}`),
    User: security.user ?? '',
    OpenStdin: config.stdin,
    StdinOnce: config.stdinOnce,
    Tty: config.tty,
    ...(config.stopSignal === undefined ? {} : { StopSignal: config.stopSignal }),
    Healthcheck: { Test: ['NONE'] },
    HostConfig: {
      NetworkMode: joined,
      IpcMode: config.hostIpc ? 'host' : joined,
      PidMode: typeof config.processNamespace === 'object' ? `container:${config.processNamespace.of}` : { container: '', pod: joined, node: 'host' }[config.processNamespace],
      ...runtimeOf(config.handler),
      Mounts: config.mounts.map((mount) => mountSpec(config.pod.uid, mount, engineRoot)),
      LogConfig: logConfig,
      ...resourcesSpec(resources),
      OomScoreAdj: resources.oomScoreAdjust ?? 0,
      ...securitySpec(security),
    },
  };
}

/** The part of a container that can be changed while it runs: also the body of `POST /containers/{id}/update`. */
export function resourcesSpec({ cpuShares, cpuQuota, memoryLimit }: ContainerResources): object {
  return { CpuShares: cpuShares ?? smallestCpuShares, CpuPeriod: 100_000, CpuQuota: cpuQuota ?? 0, Memory: memoryLimit ?? 0, MemorySwap: memoryLimit ?? 0 };
}

function runtimeOf(handler: string): object {
  return handler === '' ? {} : { Runtime: handler };
}

/** The engine's own profile needs no word. */
function seccompOf({ seccompProfile }: ContainerSecurity): readonly string[] {
  if (seccompProfile === 'RuntimeDefault') return [];
  return [typeof seccompProfile === 'object' ? `seccomp=${seccompProfile.json}` : 'seccomp=unconfined'];
}

function securitySpec(security: ContainerSecurity): object {
  return {
    Privileged: security.privileged,
    ReadonlyRootfs: security.readOnlyRootFilesystem,
    GroupAdd: security.supplementalGroups.map(String),
    CapAdd: security.addCapabilities,
    CapDrop: security.dropCapabilities,
    SecurityOpt: [...(security.noNewPrivileges ? ['no-new-privileges'] : []), ...seccompOf(security)],
  };
}

const propagations = { None: 'rprivate', HostToContainer: 'rslave', Bidirectional: 'rshared' } as const;

function mountSpec(podUid: string, { containerPath, source, readOnly, propagation }: Mount, engineRoot: string): object {
  if ('memoryVolume' in source) {
    return { Type: 'volume', Source: memoryVolumeName(podUid, source.memoryVolume), Target: containerPath, ReadOnly: readOnly, VolumeOptions: { NoCopy: true } };
  }
  return { Type: 'bind', Source: source.hostPath, Target: containerPath, ReadOnly: readOnly, BindOptions: { Propagation: propagations[propagation === 'None' && holds(source.hostPath, engineRoot) ? 'HostToContainer' : propagation] } };
}

/** What holds the engine's own folder must not keep a mount of it alive: the engine refuses it otherwise. */
function holds(folder: string, engineRoot: string): boolean {
  return engineRoot !== '' && `${engineRoot}/`.startsWith(folder.endsWith('/') ? folder : `${folder}/`);
}
