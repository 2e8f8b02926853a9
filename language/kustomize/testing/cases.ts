/** Kustomizations that are built here and by kubectl, by what they are about. The one to build is in the folder `main`. */

const deployment = `apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      serviceAccountName: runner
      containers:
      - {name: a, image: 'nginx:1', envFrom: [{configMapRef: {name: settings}}], env: [{name: X, value: x}]}
      - {name: b, image: 'reg.io:5000/x/nginx@sha256:aaaa'}
`;
const service = `apiVersion: v1
kind: Service
metadata: {name: web}
spec: {selector: {app: web}, ports: [{port: 80}]}
`;
const account = 'apiVersion: v1\nkind: ServiceAccount\nmetadata: {name: runner}\n';

const base = `=== base/kustomization.yaml
resources: [web.yaml, service.yaml, rights.yaml]
configMapGenerator:
- name: settings
  literals: [a=1, b=<x>, 'c="quoted"']
secretGenerator:
- name: keys
  literals: [p=q]
namePrefix: base-
=== base/web.yaml
${deployment}---
${account}=== base/service.yaml
${service}=== base/rights.yaml
apiVersion: v1
kind: Namespace
metadata: {name: shop}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: {name: rights}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: view}
subjects: [{kind: ServiceAccount, name: runner}, {kind: ServiceAccount, name: default, namespace: other}, {kind: ServiceAccount, name: stranger, namespace: other}]
---
apiVersion: apiregistration.k8s.io/v1
kind: APIService
metadata: {name: v1.x.io}
spec: {group: x.io, version: v1, groupPriorityMinimum: 1, versionPriority: 1, service: {name: web, namespace: other}}
---
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata: {name: web}
spec: {maxReplicas: 3, scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: web}}
`;

export const cases: Readonly<Record<string, string>> = {
  'a base and an overlay with everything': `${base}=== main/kustomization.yaml
resources: [../base]
namespace: prod
nameSuffix: -s
commonLabels: {team: x}
labels: [{pairs: {z: zz}, includeTemplates: true}, {pairs: {only: metadata}}]
commonAnnotations: {an: note}
images: [{name: nginx, newTag: "2"}, {name: 'reg.io:5000/x/nginx', newName: other, digest: 'sha256:bbb'}]
replicas: [{name: web, count: 4}]
patches:
- patch: |
    apiVersion: apps/v1
    kind: Deployment
    metadata: {name: web}
    spec: {template: {spec: {containers: [{name: a, env: [{name: Z, value: z}]}, {name: c, image: c}]}}}
- target: {kind: Serv.*, name: we.}
  patch: '[{"op": "replace", "path": "/spec/ports/0/port", "value": 81}]'
`,
  'two overlays of one base': `=== base/kustomization.yaml
resources: [web.yaml]
configMapGenerator: [{name: settings, literals: [a=1]}]
=== base/web.yaml
${deployment}---
${account}=== a/kustomization.yaml
resources: [../base]
nameSuffix: -a
=== b/kustomization.yaml
resources: [../base]
nameSuffix: -b
=== main/kustomization.yaml
resources: [../a, ../b]
configMapGenerator: [{name: own, literals: [own=yes]}]
`,
  'components and generators that merge': `=== main/kustomization.yaml
resources: [map.yaml]
configMapGenerator: [{name: made, literals: [a=1]}]
components: [parts]
namePrefix: p-
=== main/map.yaml
apiVersion: v1
kind: ConfigMap
metadata: {name: given}
data: {x: old}
=== main/parts/kustomization.yaml
apiVersion: kustomize.config.k8s.io/v1alpha1
kind: Component
configMapGenerator: [{name: made, behavior: merge, literals: [b=2]}, {name: given, behavior: replace, literals: [z=2]}]
secretGenerator: [{name: s, type: kubernetes.io/tls, literals: ["tls.crt=LS0t", "tls.key=x"], options: {labels: {l: v}, annotations: {a: v}, disableNameSuffixHash: true, immutable: true}}]
generatorOptions: {labels: {g: h}}
`,
  'files and environments': `=== main/kustomization.yaml
configMapGenerator:
- {name: e, envs: [f.env], files: [t.txt, k=sub/t.txt]}
- {name: empty}
secretGenerator: [{name: s, env: f.env, files: [t.txt]}]
=== main/f.env
A=1
# comment
B="x y"
C

 D = 4 
=== main/t.txt
text
=== main/sub/t.txt
other
`,
  replacements: `=== main/kustomization.yaml
resources: [r.yaml]
replacements:
- source: {kind: ConfigMap, name: src, fieldPath: data.v, options: {delimiter: ':', index: 1}}
  targets:
  - select: {kind: Deployment}
    reject: [{name: spared}]
    fieldPaths: ["spec.template.spec.containers.[name=a].image"]
    options: {delimiter: ':', index: 1}
  - select: {kind: Deployment, name: web}
    fieldPaths: ["metadata.annotations.[example.com/version]"]
    options: {create: true}
- source: {kind: Deployment, name: web}
  targets: [{select: {kind: ConfigMap, name: src}, fieldPaths: [data.name], options: {create: true}}]
=== main/r.yaml
apiVersion: v1
kind: ConfigMap
metadata: {name: src}
data: {v: 'x:1.25.0'}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec: {template: {spec: {containers: [{name: a, image: 'nginx:1'}, {name: b, image: 'nginx:1'}]}}}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: spared}
spec: {template: {spec: {containers: [{name: a, image: 'nginx:1'}]}}}
`,
  'patches of every form': `=== main/kustomization.yaml
resources: [r.yaml]
namespace: shop
labels: [{pairs: {a: b}, includeSelectors: true}, {pairs: {c: d}}, {pairs: {e: f}, fields: [{path: spec/foo, create: true, kind: Foo}]}]
patchesStrategicMerge: [merge.yaml]
patches:
- patch: '{apiVersion: example.com/v1, kind: Foo, metadata: {name: f}, spec: {list: [{name: z}], keep: null}}'
- patch: '{apiVersion: v1, kind: Service, metadata: {name: gone}, $patch: delete}'
- path: json.yaml
  target: {labelSelector: "x=yes"}
  options: {allowNameChange: true}
=== main/json.yaml
- {op: replace, path: /metadata/name, value: renamed}
- op: add
  path: /metadata/annotations
  value: {q: r}
=== main/merge.yaml
apiVersion: v1
kind: Pod
metadata: {name: p}
spec:
  tolerations: [{key: a}]
  volumes: [{name: v, emptyDir: null, configMap: {name: c}}]
  containers: [{name: a, ports: [{containerPort: 2}], image: c}, {name: old, $patch: delete}]
---
apiVersion: v1
kind: Service
metadata: {name: s}
spec: {ports: [{port: 80, targetPort: 8080}]}
=== main/r.yaml
apiVersion: example.com/v1
kind: Foo
metadata: {name: f}
spec: {list: [{name: a}], keep: 1, other: 2}
---
apiVersion: v1
kind: Service
metadata: {name: gone}
---
apiVersion: v1
kind: Service
metadata: {name: s}
spec: {ports: [{port: 81}, {port: 80}]}
---
apiVersion: v1
kind: List
items:
- {apiVersion: v1, kind: Pod, metadata: {name: p, labels: {x: 'yes'}}, spec: {volumes: [{name: v, emptyDir: {}}], containers: [{name: old}, {name: a, image: b, ports: [{containerPort: 1}]}]}}
- {apiVersion: rbac.authorization.k8s.io/v1, kind: ClusterRole, metadata: {name: cr}, rules: [{resources: [secrets], resourceNames: [x], apiGroups: [''], verbs: [get]}]}
- {apiVersion: rbac.authorization.k8s.io/v1, kind: RoleBinding, metadata: {name: rb}, subjects: [{kind: ServiceAccount, name: sa}], roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: cr}}
- {apiVersion: v1, kind: ServiceAccount, metadata: {name: sa}}
- {apiVersion: batch/v1, kind: CronJob, metadata: {name: cj}, spec: {jobTemplate: {spec: {template: {spec: {containers: []}}}}}}
- {apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {name: np}, spec: {podSelector: {matchLabels: {q: r}}}}
- {apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {name: np2}, spec: {podSelector: {}}}
`,
};
