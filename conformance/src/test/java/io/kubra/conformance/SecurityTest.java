package io.kubra.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubra.conformance.FakeNode.Answer;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Rows of chapter 5, each with a cluster that keeps it and one that does not. */
class SecurityTest {
  private static final String CONTROL = "{node-role.kubernetes.io/control-plane: \"\"}";
  private static final String READY =
      "{allocatable: {pods: 10}, conditions: [{type: Ready, status: \"True\"}], addresses: [{type: InternalIP, address: %s}]}";
  private static final String GOOD_API_SERVER =
      "kube-apiserver, --authorization-mode=Node,RBAC, --enable-admission-plugins=NodeRestriction,"
          + " --kubelet-client-certificate=/a, --kubelet-client-key=/a, --profiling=false,"
          + " --audit-log-path=/l, --audit-log-maxage=30, --audit-log-maxbackup=10,"
          + " --audit-log-maxsize=100, --service-account-key-file=/k, --etcd-certfile=/e,"
          + " --etcd-keyfile=/e, --etcd-cafile=/e, --tls-cert-file=/t, --tls-private-key-file=/t,"
          + " --client-ca-file=/c";
  private static final String GOOD_ETCD =
      "etcd, --cert-file=/c, --key-file=/k, --client-cert-auth=true, --peer-cert-file=/c,"
          + " --peer-key-file=/k, --peer-client-cert-auth=true";

  private static final String KUBELET =
      "{\"kubeletconfig\":{\"authentication\":{\"anonymous\":{\"enabled\":%s},\"x509\":{\"clientCAFile\":\"/c\"}},"
          + "\"authorization\":{\"mode\":\"Webhook\"},\"rotateCertificates\":true,\"streamingConnectionIdleTimeout\":\"4h0m0s\"}}";

  private final TestCluster cluster = new TestCluster();

  @AfterEach
  void stop() {
    cluster.close();
  }

  private void pod(String namespace, String name, String command) {
    cluster.with(
        "/api/v1/namespaces/" + namespace + "/pods",
        """
        apiVersion: v1
        kind: Pod
        metadata: {name: %s, namespace: %s}
        spec: {containers: [{name: c, image: i, command: [%s]}]}
        """
            .formatted(name, namespace, command.replaceAll("([^, ]+=[^ ]*[^, ])", "\"$1\"")));
  }

  private void controlPlane(String address) {
    cluster.node("master", CONTROL, READY.formatted(address));
  }

  @Test
  void filesThatOthersMayReadBreakTheBenchmark() throws Exception {
    cluster.facts(
        "w",
        "file=600 0 0 /etc/kubernetes/kubelet.conf",
        "file=644 0 0 /etc/kubernetes/pki/ca.crt",
        "file=755 0 0 /etc/kubernetes/pki",
        "file=700 103 106 /var/lib/etcd");
    pod("kube-system", "kube-apiserver-a", GOOD_API_SERVER);
    assertThat(cluster.found("x.sec.06")).isEqualTo("pass");
    cluster.facts(
        "v",
        "file=640 0 0 /etc/kubernetes/pki/ca.key",
        "file=600 1000 0 /etc/kubernetes/admin.conf",
        "file=666 0 0 /etc/kubernetes/pki/ca.crt");
    assertThat(cluster.found("x.sec.06"))
        .isEqualTo(
            "fail: v: /etc/kubernetes/pki/ca.key has mode 640; v: /etc/kubernetes/admin.conf has mode"
                + " 600 and belongs to user 1000; v: /etc/kubernetes/pki/ca.crt has mode 666");
  }

  @Test
  void flagsOfTheControlPlaneBreakTheBenchmark() throws Exception {
    cluster.facts("w", "file=600 0 0 /etc/kubernetes/kubelet.conf");
    pod("kube-system", "kube-apiserver-a", GOOD_API_SERVER.replace("--profiling=false, ", ""));
    pod(
        "kube-system",
        "kube-scheduler-a",
        "kube-scheduler, --profiling, \"false\", --bind-address=0.0.0.0");
    assertThat(cluster.found("x.sec.06"))
        .isEqualTo(
            "fail: pod kube-system/kube-apiserver-a: kube-apiserver has no --profiling; pod"
                + " kube-system/kube-scheduler-a: kube-scheduler has --bind-address=0.0.0.0");
  }

  @Test
  void aControlPlaneThatIsNotSeenStaysOpen() throws Exception {
    cluster.facts("w", "file=600 0 0 /var/lib/kubelet/kubeconfig");
    assertThat(cluster.found("x.sec.06"))
        .isEqualTo(
            "not checkable: the API server's flags are not seen: the cluster lists no control-plane"
                + " node, as those of providers");
    controlPlane("10.0.0.1");
    cluster.node().answer("GET .*/configz", r -> Optional.of(new Answer(404, "{}")));
    assertThat(cluster.found("x.sec.06"))
        .isEqualTo("not checkable: these kubelets do not show their configuration: master");
    cluster.node().answer("GET .*/configz", KUBELET.formatted("false"));
    cluster.facts("master", "process=/usr/local/bin/k3s\tserver");
    assertThat(cluster.found("x.sec.06"))
        .endsWith("node master runs k3s, which is the whole control plane");
  }

  @Test
  void kubeletConfigurationsBreakTheBenchmark() throws Exception {
    cluster.node("w", "{}", READY.formatted("10.0.0.2"));
    cluster.facts("w", "file=600 0 0 /var/lib/kubelet/kubeconfig");
    pod("kube-system", "kube-apiserver-a", GOOD_API_SERVER);
    cluster.node().answer("GET .*/configz", KUBELET.formatted("false"));
    assertThat(cluster.found("x.sec.06")).isEqualTo("pass");
    cluster.node().answer("GET .*/configz", KUBELET.formatted("true"));
    assertThat(cluster.found("x.sec.06"))
        .isEqualTo("fail: w: kubelet has authentication.anonymous.enabled=true");
  }

  @Test
  void theAnonymousUserIsRefusedAndPlainHttpIsNotServed() throws Exception {
    controlPlane("10.0.0.1");
    cluster
        .facts("master", "end=1")
        .node()
        .answer(
            "GET /api/v1/(namespaces|secrets|nodes)",
            r ->
                r.headers().containsKey("Impersonate-User")
                    ? Optional.of(new Answer(403, "{}"))
                    : Optional.empty())
        .commands(
            (pod, script) ->
                "10.0.0.1_10250 answer HTTP/1.0 400 Bad Request\n10.0.0.1_2379 closed");
    assertThat(cluster.found("x.sec.09")).isEqualTo("pass");
    cluster.node().commands((pod, script) -> "10.0.0.1_10257 answer HTTP/1.0 200 OK");
    assertThat(cluster.found("x.sec.09"))
        .isEqualTo("fail: 10.0.0.1 10257 answers plain HTTP with HTTP/1.0 200 OK");
    cluster.node().commands((pod, script) -> "10.0.0.1_10257 closed");
    cluster
        .node()
        .answer("GET /api/v1/secrets", r -> Optional.of(new Answer(200, "{\"items\":[]}")));
    assertThat(cluster.found("x.sec.09"))
        .isEqualTo("fail: the anonymous user's GET of /api/v1/secrets is answered 200");
  }

  @Test
  void portsThatNothingNeedsAreFound() throws Exception {
    cluster.node("w", "{}", READY.formatted("10.0.0.2"));
    assertThat(cluster.found("x.sec.10")).isNotEqualTo("pass");
    cluster.facts("w", "port=22", "port=10250", "port=31000");
    assertThat(cluster.found("x.sec.10")).isEqualTo("pass");
    cluster.node("v", "{}", READY.formatted("10.0.0.3")).facts("v", "port=6443", "port=8080");
    assertThat(cluster.found("x.sec.10"))
        .isEqualTo(
            "fail: v listens on 6443, which nothing here needs; v listens on 8080, which nothing"
                + " here needs");
  }

  @Test
  void publicControlPlanesFailAndOthersAreForPeople() throws Exception {
    controlPlane("10.0.0.1");
    assertThat(cluster.found("x.sec.11")).startsWith("not checkable: nothing publishes");
    cluster.node(
        "open",
        CONTROL,
        "{addresses: [{type: ExternalIP, address: 8.8.4.4}, {type: Hostname, address: h.example}]}");
    assertThat(cluster.found("x.sec.11"))
        .isEqualTo("fail: open has the address 8.8.4.4, which is public");
  }

  @Test
  void aSystemCallFilterByDefaultPasses() throws Exception {
    cluster.node().answer("GET .*/pods/seccomp/log", "Seccomp:\t2\n");
    assertThat(cluster.found("x.sec.15")).isEqualTo("pass");
    cluster.node().answer("GET .*/pods/seccomp/log", "Seccomp:\t0\n");
    cluster.namespace("shop");
    pod("shop", "loose", "x");
    assertThat(cluster.found("x.sec.15"))
        .isEqualTo("fail: shop/loose container c runs without a profile");
    cluster.kube().delete("/api/v1/namespaces/shop/pods/loose");
    cluster.with(
        "/api/v1/namespaces/shop/pods",
        "{apiVersion: v1, kind: Pod, metadata: {name: tight, namespace: shop}, spec: {securityContext:"
            + " {seccompProfile: {type: RuntimeDefault}}, containers: [{name: c, image: i}]}}");
    assertThat(cluster.found("x.sec.15")).isEqualTo("pass");
  }

  @Test
  void trafficIsEncryptedByAMeshOrTheNetwork() throws Exception {
    cluster.facts("w", "end=1");
    assertThat(cluster.found("x.sec.16")).startsWith("fail: found neither");
    cluster.facts("v", "wireguard=wg0");
    assertThat(cluster.found("x.sec.16")).isEqualTo("pass");
  }

  @Test
  void etcdAsksForCertificatesAndPodsDoNotReachIt() throws Exception {
    cluster.facts("w", "end=1");
    assertThat(cluster.found("x.sec.18")).startsWith("not checkable: etcd is not seen");
    controlPlane("10.0.0.1");
    pod("kube-system", "etcd-a", GOOD_ETCD);
    cluster.node().commands((pod, script) -> "10.0.0.1_2379 closed\n10.0.0.1_2380 closed");
    assertThat(cluster.found("x.sec.18")).isEqualTo("pass");
    pod("kube-system", "etcd-b", GOOD_ETCD.replace(" --client-cert-auth=true,", ""));
    cluster.node().commands((pod, script) -> "10.0.0.1_2379 open");
    assertThat(cluster.found("x.sec.18"))
        .isEqualTo(
            "fail: pod kube-system/etcd-b: etcd has --client-cert-auth=; a pod can connect to"
                + " 10.0.0.1 2379");
  }

  @Test
  void aStoreInsideTheServerNeedsNoEtcd() throws Exception {
    cluster.facts("master", "process=kubra\tserver\t--etcd-servers=");
    assertThat(cluster.found("x.sec.18")).startsWith("not applicable: ");
  }

  @Test
  void secretsInPlainAreFoundInTheStoresFiles() throws Exception {
    assertThat(cluster.found("x.sec.19"))
        .startsWith("not checkable: no control-plane node can be read");
    controlPlane("10.0.0.1");
    cluster
        .node()
        .answer(
            "GET .*/pods/store-0/log",
            "name=/var/lib/etcd/member/wal/1\nsealed=/var/lib/etcd/member/wal/1\n");
    assertThat(cluster.found("x.sec.19")).isEqualTo("pass");
    cluster.node().answer("GET .*/pods/store-0/log", "end=1\n");
    assertThat(cluster.found("x.sec.19"))
        .startsWith("not checkable: the store's files were not found");
    cluster.node().answer("GET .*/pods/store-0/log", "name=/f\nplain=/f\n");
    assertThat(cluster.found("x.sec.19"))
        .isEqualTo("fail: node master: the value lies in plain in /f");
    cluster.node().commands((pod, script) -> "169.254.169.254_80 answer HTTP/1.1 401 Unauthorized");
    assertThat(cluster.found("x.sec.26"))
        .isEqualTo(
            "fail: a pod can connect to 169.254.169.254 80; node master: the value lies in plain in"
                + " /f");
  }

  @Test
  void auditEventsAreCounted() throws Exception {
    cluster.facts("w", "end=1");
    cluster.node().answer("GET /metrics", "apiserver_audit_event_total 0\n");
    assertThat(cluster.found("x.sec.27"))
        .startsWith("fail: the API server's metrics count no audit");
    cluster.node().answer("GET /metrics", "apiserver_audit_event_total 17\n");
    assertThat(cluster.found("x.sec.27")).startsWith("not checkable: audit events are written");
    cluster.kind("monitoring.coreos.com", "prometheusrules", "PrometheusRule");
    cluster.with(
        "/apis/monitoring.coreos.com/v1/namespaces/default/prometheusrules",
        """
        apiVersion: monitoring.coreos.com/v1
        kind: PrometheusRule
        metadata: {name: r, namespace: default}
        spec: {groups: [{name: g, rules: [{alert: Refusals, expr: 'rate(apiserver_request_total{code=~"401|403"}[5m]) > 1'}]}]}
        """
            .replace("code=~\"401|403\"", "code=\"403\""));
    assertThat(cluster.found("x.sec.27")).isEqualTo("pass");
  }

  @Test
  void registriesWithoutTrustFail() throws Exception {
    cluster.facts("w", "registry-file=/etc/containerd/config.toml");
    assertThat(cluster.found("x.sec.33"))
        .startsWith("not checkable: nodes trust no registry blindly");
    cluster.facts("v", "insecure-registry=/etc/x: skip_verify = true");
    assertThat(cluster.found("x.sec.33")).isEqualTo("fail: v: /etc/x: skip_verify = true");
  }

  @Test
  void unknownRegistriesAreRefused() throws Exception {
    assertThat(cluster.found("x.sec.02")).startsWith("fail: ").endsWith("is let in");
    assertThat(cluster.found("x.sec.03")).startsWith("fail: no admission webhook");
    cluster.with(
        "/apis/admissionregistration.k8s.io/v1/validatingwebhookconfigurations",
        "{apiVersion: admissionregistration.k8s.io/v1, kind: ValidatingWebhookConfiguration, metadata:"
            + " {name: policy.sigstore.dev}, webhooks: []}");
    cluster
        .node()
        .answer(
            "POST .*/pods", r -> Optional.of(new Answer(403, "{\"message\":\"no signature\"}")));
    assertThat(cluster.found("x.sec.02")).isEqualTo("pass");
    assertThat(cluster.found("x.sec.03")).isEqualTo("pass");
  }

  @Test
  void tenantsHaveQuotasPoliciesAndRoles() throws Exception {
    assertThat(cluster.found("x.sec.05")).startsWith("not applicable: ");
    cluster.namespace("shop").deployment("shop", "web", "{containers: [{name: c, image: i}]}");
    assertThat(cluster.found("x.sec.05"))
        .isEqualTo(
            "fail: shop has no NetworkPolicy; shop has no ResourceQuota; shop has no RoleBinding");
    cluster.with(
        "/api/v1/namespaces/shop/resourcequotas",
        "{apiVersion: v1, kind: ResourceQuota, metadata: {name: q, namespace: shop}, spec: {hard: {pods: 9}}}");
    cluster.with(
        "/apis/networking.k8s.io/v1/namespaces/shop/networkpolicies",
        "{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {name: policy, namespace: shop}, spec: {podSelector: {}}}");
    cluster.with(
        "/apis/rbac.authorization.k8s.io/v1/namespaces/shop/rolebindings",
        "{apiVersion: rbac.authorization.k8s.io/v1, kind: RoleBinding, metadata: {name: r, namespace: shop},"
            + " roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: view}}");
    assertThat(cluster.found("x.sec.05")).isEqualTo("pass");
  }

  @Test
  void dashboardsAreKeptSmall() throws Exception {
    assertThat(cluster.found("x.sec.21")).startsWith("not applicable: ");
    cluster
        .namespace("board")
        .deployment(
            "board", "board", "{containers: [{name: c, image: \"kubernetesui/dashboard:v2\"}]}")
        .with(
            "/apis/networking.k8s.io/v1/namespaces/board/networkpolicies",
            "{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {name: policy, namespace: board}, spec: {podSelector: {}}}");
    assertThat(cluster.found("x.sec.21")).isEqualTo("pass");
    cluster.with(
        "/api/v1/namespaces/board/services",
        "{apiVersion: v1, kind: Service, metadata: {name: s, namespace: board}, spec: {type: NodePort, selector: {app: board}, ports: [{port: 80}]}}");
    cluster.with(
        "/apis/rbac.authorization.k8s.io/v1/clusterrolebindings",
        "{apiVersion: rbac.authorization.k8s.io/v1, kind: ClusterRoleBinding, metadata: {name: b}, roleRef:"
            + " {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: cluster-admin}, subjects: [{kind:"
            + " ServiceAccount, name: default, namespace: board}]}");
    assertThat(cluster.found("x.sec.21"))
        .isEqualTo(
            "fail: Service board/s publishes it as NodePort; b binds its account to cluster-admin");
  }

  @Test
  void reservedNodesAreKeptFree() throws Exception {
    assertThat(cluster.found("x.sec.23")).startsWith("not checkable: no node is reserved");
    cluster.namespace("shop");
    cluster.with(
        "/api/v1/nodes",
        "{apiVersion: v1, kind: Node, metadata: {name: vault}, spec: {taints: [{key: secret, effect: NoSchedule}]}}");
    String pod =
        "{apiVersion: v1, kind: Pod, metadata: {name: %s, namespace: shop}, spec: {nodeName: vault, tolerations: [%s], containers: [{name: c, image: i}]}}";
    cluster.with(
        "/api/v1/namespaces/shop/pods", pod.formatted("meant", "{key: secret, operator: Exists}"));
    assertThat(cluster.found("x.sec.23")).isEqualTo("pass");
    cluster.with("/api/v1/namespaces/shop/pods", pod.formatted("stray", "{operator: Exists}"));
    assertThat(cluster.found("x.sec.23"))
        .isEqualTo("fail: shop/stray runs on vault without being meant to");
  }

  @Test
  void fewReadSecrets() throws Exception {
    controlPlane("10.0.0.1");
    cluster.node().answer("GET .*/pods/store-0/log", "name=/f\n");
    assertThat(cluster.found("x.sec.30")).isEqualTo("pass");
    cluster.with(
        "/apis/rbac.authorization.k8s.io/v1/clusterroles",
        "{apiVersion: rbac.authorization.k8s.io/v1, kind: ClusterRole, metadata: {name: reader}, rules:"
            + " [{apiGroups: [\"\"], resources: [secrets], verbs: [list]}]}");
    cluster.with(
        "/apis/rbac.authorization.k8s.io/v1/clusterrolebindings",
        "{apiVersion: rbac.authorization.k8s.io/v1, kind: ClusterRoleBinding, metadata: {name: all}, roleRef:"
            + " {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: reader}, subjects: [{kind: Group,"
            + " apiGroup: rbac.authorization.k8s.io, name: \"system:authenticated\"}]}");
    assertThat(cluster.found("x.sec.30"))
        .isEqualTo("fail: all lets Group system:authenticated read all secrets, by reader");
  }

  @Test
  void secretsInPodsAreFoundAndNotRepeated() throws Exception {
    assertThat(cluster.found("x.sec.31")).startsWith("not applicable: ");
    cluster
        .namespace("shop")
        .deployment(
            "shop",
            "good",
            "{containers: [{name: c, image: i, env: [{name: DB_PASSWORD, valueFrom: {secretKeyRef: {name: s, key: k}}}, {name: TOKEN_FILE, value: /t}], args: [\"--password=$(DB_PASSWORD)\"]}]}");
    assertThat(cluster.found("x.sec.31")).startsWith("not checkable: no secret was found");
    cluster.deployment(
        "shop",
        "bad",
        "{containers: [{name: c, image: i, env: [{name: DB_PASSWORD, value: hunter22}], args: [\"--token=abcdef\"]}]}");
    assertThat(cluster.found("x.sec.31"))
        .isEqualTo(
            "fail: Deployment shop/bad: container c: the value of DB_PASSWORD looks like a secret;"
                + " Deployment shop/bad: container c: word 1 of its command looks like a secret");
  }

  @Test
  void fewAreAdministrators() throws Exception {
    String binding =
        "{apiVersion: rbac.authorization.k8s.io/v1, kind: ClusterRoleBinding, metadata: {name: %s},"
            + " roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: cluster-admin},"
            + " subjects: [{kind: ServiceAccount, name: a, namespace: %s}]}";
    String bindings = "/apis/rbac.authorization.k8s.io/v1/clusterrolebindings";
    cluster.with(bindings, binding.formatted("charts", "kube-system"));
    assertThat(cluster.found("x.sec.13")).isEqualTo("pass");
    cluster.with(bindings, binding.formatted("app", "shop"));
    assertThat(cluster.found("x.sec.13")).isEqualTo("fail: app binds a");
  }
}
