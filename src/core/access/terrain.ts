import { type AiWorkload, isProviderKey, podSecurityOf } from "#core/kubernetes/ai-workload.ts";
import { at, type ClusterSnapshot, labelsOf, nameOf, textOf } from "#core/kubernetes/object.ts";
import { secretsOf, workloadsOf } from "#core/kubernetes/workload.ts";
import type { Ground } from "./ground.ts";
import { type Access, accountUser } from "./rbac.ts";

/** What harm is done at the end of a path. */
export type Sink =
  | "cluster-admin"
  | "node"
  | "other-tenant"
  | "provider-keys"
  | "model-weights"
  | "training-data"
  | "production-endpoint";

/** Something of an AI workload that is worth a theft or a change. */
export type Asset = { sink: Sink; name: string; namespace: string; secret?: string; workload: string };

/** What lies in the cluster, by namespace, for whoever moves through it. */
export type Terrain = {
  access: Access;
  namespaces: readonly string[];
  /** Service accounts, whether something runs as them or not. */
  accountsIn: ReadonlyMap<string, readonly string[]>;
  /** Service accounts whose token lies in a running pod. */
  runningIn: ReadonlyMap<string, readonly string[]>;
  /** Secrets that hold a token of a service account, by secret. */
  tokensIn: ReadonlyMap<string, ReadonlyMap<string, string>>;
  assetsIn: ReadonlyMap<string, readonly Asset[]>;
  /** Namespaces that let a pod onto its host. */
  isOpen: (namespace: string) => boolean;
  systemOf: Ground["systemOf"];
};

/** The terrain of a cluster. */
export function terrainOf(
  snapshot: ClusterSnapshot,
  { access, workloads, systemOf, isProduction }: Pick<Ground, "access" | "workloads" | "systemOf" | "isProduction">,
): Terrain {
  const { objects } = snapshot;
  const spaces = new Map(objects.filter(({ kind }) => kind === "Namespace").map((object) => [object.name, object]));
  const accounts = new Map<string, Set<string>>();
  const running = new Map<string, Set<string>>();
  for (const { kind, namespace, name } of objects) if (kind === "ServiceAccount") add(accounts, namespace, name);
  for (const { object, templates } of workloadsOf(snapshot))
    for (const { serviceAccount, mountsToken } of templates) {
      add(accounts, object.namespace, serviceAccount);
      if (mountsToken !== false) add(running, object.namespace, serviceAccount);
    }
  const tokens = new Map<string, Map<string, string>>();
  for (const object of objects)
    if (object.kind === "Secret" && textOf(object.fields["type"]) === "kubernetes.io/service-account-token") {
      const account = textOf(labelsOf(object, "annotations")["kubernetes.io/service-account.name"]);
      const held = tokens.get(object.namespace) ?? new Map<string, string>();
      if (account !== "") tokens.set(object.namespace, held.set(object.name, account));
    }
  const namespaces = new Set([
    ...spaces.keys(),
    ...accounts.keys(),
    ...access.bindings.map(({ namespace }) => namespace),
  ]);
  namespaces.delete("");
  return {
    access,
    namespaces: [...namespaces],
    accountsIn: lists(accounts),
    runningIn: lists(running),
    tokensIn: tokens,
    assetsIn: assetsOf(workloads, isProduction),
    isOpen: (namespace) => podSecurityOf(spaces.get(namespace)) === "privileged",
    systemOf,
  };
}

function assetsOf(
  workloads: readonly AiWorkload[],
  isProduction: (namespace: string) => boolean,
): Map<string, Asset[]> {
  const found = new Map<string, Asset[]>();
  const keep = (asset: Asset) => found.set(asset.namespace, [...(found.get(asset.namespace) ?? []), asset]);
  for (const { workload, purpose } of workloads) {
    const { object, templates } = workload;
    const of = { namespace: object.namespace, workload: nameOf(object) };
    for (const template of templates) {
      const keys = template.containers.flatMap(({ env }) => env.filter(({ name }) => isProviderKey(name)));
      for (const { name, secret } of keys)
        keep({
          ...of,
          sink: "provider-keys",
          name: secret ? `${name} in Secret ${secret}` : name,
          ...(secret ? { secret } : {}),
        });
      for (const secret of secretsOf(template).filter(
        (each) =>
          /(openai|anthropic|llm|model|hugging|provider).*(key|token|secret|cred)/i.test(each) &&
          !keys.some((key) => key.secret === each),
      ))
        keep({ ...of, sink: "provider-keys", name: `Secret ${secret}`, secret });
      for (const volume of template.volumes) {
        const paths = template.containers.flatMap(({ mounts }) =>
          mounts.filter(({ name }) => name === volume.name).map(({ path }) => path),
        );
        if (!volume.claim && !volume.image) continue;
        const name = volume.claim ? `PersistentVolumeClaim ${volume.claim}` : `image volume ${volume.image}`;
        if (volume.image || paths.some((path) => /model|weight|checkpoint|huggingface/i.test(path)))
          keep({ ...of, sink: "model-weights", name });
        else if (purpose === "training" || paths.some((path) => /data|corpus/i.test(path)))
          keep({ ...of, sink: "training-data", name });
      }
    }
    const uri = textOf(at(object.fields, "spec", "predictor", "model", "storageUri"));
    if (uri !== "") keep({ ...of, sink: "model-weights", name: uri });
    if (purpose === "inference" && isProduction(object.namespace))
      keep({ ...of, sink: "production-endpoint", name: nameOf(object) });
  }
  return found;
}

function add(to: Map<string, Set<string>>, key: string, value: string): void {
  const values = to.get(key);
  if (values) values.add(value);
  else to.set(key, new Set([value]));
}

function lists(sets: ReadonlyMap<string, ReadonlySet<string>>): Map<string, string[]> {
  return new Map([...sets].map(([key, values]) => [key, [...values]]));
}

/** The user name of a service account in the words of paths. */
export function accountNode(namespace: string, name: string): { label: string; user: string } {
  return { label: `ServiceAccount ${namespace}/${name}`, user: accountUser(namespace, name) };
}
