"""Bare upper-case words: where the server would refuse them as a name, a host, a port, a number or an address, somebody
fills them in; anywhere else they are what they are.
"""

from __future__ import annotations

import pytest
from tests.worlds import manifest, whole

from kubeqed.apiserver import Server, find_violations
from kubeqed.diagnostic import Certainty
from kubeqed.model.cluster import Cluster
from kubeqed.model.units.input import Input
from kubeqed.model.units.producer import find_producers
from kubeqed.resolve import Resolver
from kubeqed.resolve.missing.name import explain_missing_name

SERVICE = "{{apiVersion: v1, kind: Service, metadata: {{name: {name}}}, spec: {{{spec}ports: [{{{port}}}]}}}}"
POD = "{{apiVersion: v1, kind: Pod, metadata: {{name: web, labels: {labels}}}, spec: {{containers: [{{name: web, image: nginx, {rest}}}]}}}}"
SECRET = "apiVersion: v1\nkind: Secret\nmetadata: {{name: web}}\ndata:\n  key: {}\n"
CRONJOB = (
    "{{apiVersion: batch/v1, kind: CronJob, metadata: {{name: web}}, spec: {{schedule: {}, jobTemplate: {{spec: {{template: {{spec:"
    " {{restartPolicy: Never, containers: [{{name: web, image: nginx}}]}}}}}}}}}}}}"
)
NAMED = "{{apiVersion: v1, kind: {kind}, metadata: {{name: {name}}}}}"
TLS_ROUTE = (
    "{{apiVersion: gateway.networking.k8s.io/v1, kind: TLSRoute, metadata: {{name: web}}, spec: {{hostnames: [{host}],"
    " parentRefs: [{{name: gateway}}], rules: [{{backendRefs: [{{name: web, port: 80}}]}}]}}}}"
)
WEBHOOK = (
    "{{apiVersion: admissionregistration.k8s.io/v1, kind: ValidatingWebhookConfiguration, metadata: {{name: web}}, webhooks: [{{name: a.b.c,"
    " admissionReviewVersions: [v1], sideEffects: None, clientConfig: {{url: 'https://web.example/', caBundle: {}}}}}]}}"
)
EMPTY = "env: [{name: A, valueFrom: {secretKeyRef: {name: '', key: a}}}]"
CIPHERTEXT = "AQICAHjXIrc66g" * 4
NETWORKPOLICY = (
    "{{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {{name: web}}, spec: {{podSelector: {{}}, ingress:"
    " [{{from: [{{ipBlock: {{cidr: {}}}}}]}}]}}}}"
)
INGRESS = (
    "{{apiVersion: networking.k8s.io/v1, kind: Ingress, metadata: {{name: web}}, spec: {{rules: [{{host: {host}}}]}}}}"
)


def service(name: str = "web", port: str = "port: 80", spec: str = "") -> str:
    return SERVICE.format(name=name, port=port, spec=spec)


def pod(rest: str, labels: str = "{}") -> str:
    return POD.format(rest=rest, labels=labels)


def certainties(text: str, file: str = "x.yaml") -> set[Certainty]:
    return {found.certainty for item in manifest(text, file).objects for found in find_violations(item, Server())}


@pytest.mark.parametrize(
    "text",
    [
        service(name="MY_SERVICE"),
        service(name="…"),
        service(name="$name$"),
        service(name="{$name}"),
        service(name="{your name}"),
        service(name="'%(name)s'"),
        SECRET.format("**REDACTED**"),
        SECRET.format("base64encodedpassword"),
        service(name="web-ENV"),
        service(name="\"(join('-', [$namespace, 'web']))\""),
        TLS_ROUTE.format(host="($fqdn)"),
        NAMED.format(kind="Namespace", name="_"),
        SECRET.format("'<key | base64>'"),
        SECRET.format("CONNECTION_STRING_B64"),
        SECRET.format("ENCODED_CERTIFICATE"),
        SECRET.format("the passphrase in base64"),
        SECRET.format("your private key"),
        service(name="APP").replace("metadata: {", "metadata: {namespace: NAMESPACE, "),
        NETWORKPOLICY.format("x.x.x.x/16"),
        service(name="ඞඞඞ"),
        service(port="port: ඞඞඞ"),
        pod("", labels="{app: ෴෴}"),
        SECRET.format("EXAMPLE"),
        SECRET.format("redacted").replace("key:", ".dockerconfigjson:") + "type: kubernetes.io/dockerconfigjson\n",
        SECRET.format("J5SQX7qmfrxX+g==.S3YDaKslODp7ji4I.eAegm6GRTUwn3aMDXwHcPA=="),
        SECRET.format("c2VjcmV0****"),
        SECRET.format("[CREDENTIALS_JSON]"),
        SECRET.format(f"'vault:v1:{CIPHERTEXT}'"),
        SECRET.format(f"'secret:2:account:{CIPHERTEXT}=='"),
        SECRET.format("|-\n    # the certificate\n    # in base64\n"),
        service(name="FILLED IN BY THE OPERATOR"),
        service(name="injected by the webhook"),
        pod("").replace("containers", "nodeName: replace this with the node's name, containers"),
        service(name="Enter your name"),
        service(name="YOUR SERVICE"),
        pod("stdin: [STDIN]"),
        CRONJOB.format("EVERY_HOUR"),
        CRONJOB.format("templated"),
        pod("")
        .replace(" image: nginx,", "")
        .replace("name: web, labels", "name: web, namespace: MY_NAMESPACE, labels"),
        pod("volumeMounts: [{name: a, mountPath: /a}]").replace(
            "name: web,", "name: web, namespace: FILLED BY THE TEST,", 1
        ),
        pod("resources: {limits: {FILLED_BY_THE_TEST: 1}}"),
        pod("resources: {limits: {memory: testmemory}}"),
        INGRESS.format(host="'web.글로벌 도메인을 입력하세요'"),
        pod("").replace("image: nginx", "image: ''"),
        pod("volumeMounts: [{name: a, mountPath: /a}]").replace("image: nginx", "image: ''"),
        service(name="'***'"),
        pod("", labels="{node: to be replaced by the test}"),
        service(name="{self.name}"),
        service(name="{name}"),
        service(name="{names[web]}"),
        service(name="'{0}-web{1}'"),
        service(name="'{name}'"),
        service(name="'web-{}'"),
        service(name="web-%(env)s"),
        service(name="web-%s"),
        service(port="port: '%d'"),
        service(port="port: {0}"),
        service(name="replace_name-svc"),
        service(name="[developer name]"),
        service(name="{}"),
        pod("").replace("image: nginx", "image: {}"),
        service(port="port: replace_port"),
        service(port="port: '$[port]'"),
        service(port="port: '%{port}'"),
        service(port="port: '@{port}'"),
        service(port="port: '@(port)'"),
        service(port="port: $((port))"),
        service(port="port: '[port]'"),
        service(port="port: '|port|'"),
        service(port="port: ~PORT~"),
        service(port="port: '%%port%%'"),
        service(port="port: $$port$$"),
        service(port="port: '##port##'"),
        service(port="port: <<<port>>>"),
        service(port="port: «port»"),
        service(port="port: [[ port ]]"),
        service(name="web-__env__"),
        service(spec="externalIPs: [x.x.x.x], "),
        service(spec="externalIPs: [xxx.xxx.xxx.xxx], "),
        service(spec="externalIPs: ['???'], "),
        service(spec="externalIPs: [your-address], "),
        service(port="port: 80, nodePort: node-port-here"),
        service(port="port: 80, nodePort: changeme"),
        SECRET.format("XXX"),
        WEBHOOK.format("CA_BUNDLE"),
        pod(EMPTY).replace("name: web, labels", "name: '', labels"),
        SECRET.format("replace-me"),
        SECRET.format("your_password"),
        SECRET.format("put-the-password-here"),
        SECRET.format("base64-encoded-password"),
        SECRET.format("password_base64"),
        SECRET.format("base64 encoded cert"),
        SECRET.format("base64(VALUE)"),
        SECRET.format("password (if used to login to the remote server)"),
        SECRET.format("|-\n    fingerprint SHA256 of the host key. Default is\n    to skip verification\n"),
        service(name="'web-{self.name}'"),
        SECRET.format("ENC[AES256_GCM,data:Zm9v,iv:YmFy,tag:YmF6,type:str]"),
        pod("", labels="{app: {self.name}}"),
        service(port="port: PORT"),
        service(port="port: [PORT]"),
        service(port="port: {PORT}"),
        service(port="port: '{PORT}'"),
        service(port="port: 80, targetPort: TARGET_PORT"),
        service(port="port: 80, nodePort: NODE_PORT"),
        service(spec="clusterIP: CLUSTER_IP, "),
        service(spec="externalIPs: [EXTERNAL_IP], "),
        service(spec="type: LoadBalancer, loadBalancerSourceRanges: [$ALLOWED], "),
        INGRESS.format(host="MY_HOST"),
        INGRESS.format(host="web.DOMAIN"),
        INGRESS.format(host="web.A.B.C.D.nip.io"),
        INGRESS.format(host="'*.BASE_DOMAIN'"),
        INGRESS.format(host="[DOMAIN]"),
        pod("resources: {limits: {cpu: CPU_LIMIT}}"),
        "{apiVersion: policy/v1, kind: PodDisruptionBudget, metadata: {name: web}, spec: {minAvailable: LEAST}}",
    ],
)
def test_a_word_to_be_filled_in(text: str) -> None:
    assert certainties(text) - {Certainty.POSTURE} == {Certainty.POSSIBLE}
    assert not list(find_producers(manifest(text)))


@pytest.mark.parametrize(
    "text",
    [
        service(name="MyService"),
        TLS_ROUTE.format(host="10.0.0.1"),
        NAMED.format(kind="Namespace", name="__"),
        NAMED.format(kind="ConfigMap", name="_"),
        INGRESS.format(host="_"),
        service(name="S"),
        service(name="my_SERVICE"),
        service(port="port: 80, targetPort: HTTP"),
        service(port="name: HTTP, port: 80"),
        service(port="port: 80, protocol: HTTP"),
        service(spec="type: NODEPORT, "),
        service(spec="sessionAffinity: CLIENT_IP, "),
        INGRESS.format(host="MyHost"),
        INGRESS.format(host="A.example"),
        pod("imagePullPolicy: ALWAYS"),
        pod("stdin: MAYBE"),
        pod("ports: [{containerPort: 80, protocol: TCP6}]"),
        pod("env: [{name: A=B, value: c}]"),
        pod("resources: {limits: {cpu: 1 CPU}}"),
        pod("", labels="{BAD KEY: a}"),
        "{apiVersion: v1, kind: ConfigMap, metadata: {name: web}, data: {BAD/KEY: a}}",
        SECRET.format("TOKEN"),
        WEBHOOK.format("TOKEN"),
        pod(EMPTY),
        pod(EMPTY).replace("name: web, labels", "generateName: web, labels"),
        SECRET.format("my_certificate"),
        service(name="APP").replace("metadata: {", "metadata: {namespace: shop, "),
        NETWORKPOLICY.format("x.x/16/8"),
        service(name="ñé"),
        SECRET.format("EXAMPLE-1"),
        SECRET.format("redacted-1"),
        SECRET.format("J5SQX7qmfrxX+g==.S3YDaKslODp7ji4I"),
        SECRET.format("the passphrase"),
        SECRET.format("correct horse battery staple"),
        SECRET.format("'the url: https://shop.example/ and the token'"),
        SECRET.format("|-\n    host = db\n    user = for_the_shop\n"),
        SECRET.format("yours-truly"),
        SECRET.format("my-passphrase"),
        SECRET.format("encoded cert"),
        SECRET.format("sha256(VALUE)"),
        SECRET.format("somewhere"),
        pod("", labels="{note: this is the web server of the shop}"),
        INGRESS.format(host="'[a-z]+.example'"),
        INGRESS.format(host="a%2Fb%2F"),
        service(name="shop@web@"),
        service(name="'web[0]'"),
        service(name="Replaced"),
        service(port="port: eighty"),
        service(port="port: 80%"),
        service(port="port: [http]"),
        service(name="[web]"),
        service(name="[web one, two]"),
        service(name="[web 1]"),
        service(port="port: 80, targetPort: {}"),
        service(port="port: [[http, https]]"),
        service(spec="clusterIP: 10.0.0.x, "),
        SECRET.format("yours truly"),
        SECRET.format("'postgres://web:secret@db:5432/web'"),
        SECRET.format("'user:password'"),
        SECRET.format("|-\n    # the certificate\n    no comment\n"),
        SECRET.format("[CREDENTIALS_JSON, OTHER]"),
        service(name="My Service"),
        service(name="A SERVICE"),
        service(name="'**'"),
        pod("").replace(" image: nginx,", ""),
        pod("").replace(" image: nginx,", "image: ,"),
        service(name="{a b}"),
        service(name="{name: web}"),
        "apiVersion: v1\nkind: Service\nmetadata:\n  name:\n    web:\nspec: {ports: [{port: 80}]}",
        service(name="enter name"),
        service(name="replacement this"),
        CRONJOB.format("every hour"),
        pod("volumeMounts: [{name: a, mountPath: /a}]"),
        pod("resources: {limits: {A_WORD: 1}}"),
        pod("resources: {limits: {memory: GiB}}"),
        pod("resources: {limits: {memory: 4gigabytes}}"),
        service(port="port: testport"),
        INGRESS.format(host="bücher.example"),
        pod("resources: {limits: {cpu: 1 CPU}}", labels="{filled-by: [me]}"),
    ],
)
def test_a_word_that_is_meant_or_a_plain_mistake(text: str) -> None:
    assert certainties(text) == {Certainty.REJECTED}


@pytest.mark.parametrize(
    "text",
    [
        pod("env: [{name: MY_HOST, value: PORT}]"),
        pod("securityContext: {capabilities: {add: [NET_ADMIN]}}"),
        pod("", labels="{tier: FRONT_END}"),
        "{apiVersion: v1, kind: ConfigMap, metadata: {name: web}, data: {MY_HOST: MY_PORT}}",
    ],
)
def test_words_that_the_server_takes(text: str) -> None:
    assert certainties(text) == set()


def test_what_replaces_a_variable_adds_nothing() -> None:
    text = (
        pod("").replace(" image: nginx,", "").replace("name: web, labels", "name: web, namespace: $NAMESPACE, labels")
    )
    assert Certainty.REJECTED in certainties(text)
    assert Certainty.REJECTED not in certainties(text.replace("$", "MY_"))


@pytest.mark.parametrize(
    "file", ["web-template.yaml", "templates/web.yaml", "src/yaml-templates/web.yaml", "web.tpl.yaml"]
)
@pytest.mark.parametrize("port", ["port: 80, targetPort: target_port", "port: null", "port: 80000"])
def test_what_makes_manifests_of_a_template_sets_its_values(file: str, port: str) -> None:
    text = f"{{apiVersion: v1, kind: Service, metadata: {{name: web}}, spec: {{ports: [{{{port}}}]}}}}"
    assert certainties(text, file) == {Certainty.POSSIBLE}
    for elsewhere in ("web.yaml", "contemplate.yaml", "templates/shop/web.yaml"):
        assert certainties(text, elsewhere) == {Certainty.REJECTED}


@pytest.mark.parametrize(
    "text",
    [
        "{apiVersion: v1, kind: Service, metadata: {name: web}, spec: {prots: [], ports: [{port: 80}]}}",
        "{apiVersion: v2, kind: ConfigMap, metadata: {name: web}}",
        "{apiVersion: apps/v1, kind: Service, metadata: {name: web}}",
        "{apiVersion: batch/v1beta1, kind: CronJob, metadata: {name: web}}",
    ],
)
def test_what_no_value_mends_is_refused_in_a_template_too(text: str) -> None:
    assert Certainty.REJECTED in certainties(text, "templates/web.yaml")


def test_what_names_an_object_may_fill_in_empty_texts() -> None:
    (item,) = manifest(pod(EMPTY).replace("name: web, labels", "labels")).objects
    rejected = [found.path for found in find_violations(item, Server()) if found.certainty is Certainty.REJECTED]
    assert rejected == ["metadata.name"]


def test_what_names_an_object_changes_nothing_that_is_written() -> None:
    unnamed = pod("ports: [{containerPort: 99999}]").replace("name: web, labels", "name: '', labels")
    assert Certainty.REJECTED in certainties(unnamed)


def test_a_name_to_be_filled_in_is_no_slip_of_another() -> None:
    backend = "defaultBackend: {service: {name: SERVICE_NAME, port: {number: 80}}}"
    ingress = f"{{apiVersion: networking.k8s.io/v1, kind: Ingress, metadata: {{name: web}}, spec: {{{backend}}}}}"
    for name, likely in (("SERVICE_NAME", False), ("shop", True)):
        found = whole({"x.yaml": f"{service()}\n---\n{ingress.replace('SERVICE_NAME', name)}"})
        assert _is_likely_missing(found) is likely


def _is_likely_missing(found: Input) -> bool:
    graph = Resolver(found.units[0], found, Cluster())
    (reference,) = graph.references
    return explain_missing_name(graph, reference).is_likely_a_mistake


@pytest.mark.parametrize(("sops", "said"), [("sops: {version: 3.7.3}\n", set()), ("", {Certainty.REJECTED})])
def test_what_a_list_holds_that_sops_encrypted_a_server_sees_otherwise(sops: str, said: set[Certainty]) -> None:
    secret = "{apiVersion: v1, kind: Secret, metadata: {name: web}, data: {key: plain text, other: 5}}"
    assert certainties(f"apiVersion: v1\nkind: List\nitems:\n- {secret}\n{sops}") == said
