package io.kubra.apiserver.security;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubra.api.tree.Trees;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AdmissionTest {
  private static final String PODS = "/api/v1/namespaces/default/pods";

  @TempDir Path folder;
  private SecuredServer server;

  @BeforeEach
  void start() throws InterruptedException {
    server = new SecuredServer(folder);
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private SecuredServer.Answer create(String path, String json) {
    return server.admin("POST", path, SecuredServer.json(json));
  }

  private static String pod(String name, String spec) {
    return "{'apiVersion':'v1','kind':'Pod','metadata':{'name':'%s'},'spec':{%s'containers':[{'name':'c','image':'i'}]}}"
        .formatted(name, spec);
  }

  private void makeAccount(String extra) {
    create(
        "/api/v1/namespaces/default/serviceaccounts",
        "{'apiVersion':'v1','kind':'ServiceAccount','metadata':{'name':'default'}" + extra + "}");
  }

  @Test
  void aPodInANamespaceThatDoesNotExistIsRefused() {
    var answer = create("/api/v1/namespaces/nowhere/pods", pod("p", ""));
    assertThat(answer.status()).isEqualTo(404);
    assertThat(answer.message()).isEqualTo("namespaces \"nowhere\" not found");
  }

  @Test
  void nothingNewIsMadeInANamespaceThatIsBeingDeleted() {
    create(
        "/api/v1/namespaces",
        "{'apiVersion':'v1','kind':'Namespace','metadata':{'name':'old','finalizers':['example.com/wait']}}");
    server.admin("DELETE", "/api/v1/namespaces/old", null);
    var answer =
        create(
            "/api/v1/namespaces/old/configmaps",
            "{'apiVersion':'v1','kind':'ConfigMap','metadata':{'name':'x'}}");
    assertThat(answer.status()).isEqualTo(403);
    assertThat(answer.message())
        .isEqualTo(
            "configmaps \"x\" is forbidden: unable to create new content in namespace old because it is being terminated");
    assertThat(Trees.maps(answer.tree(), "details", "causes"))
        .containsExactly(
            Map.of(
                "reason", "NamespaceTerminating",
                "message", "namespace old is being terminated",
                "field", "metadata.namespace"));
  }

  @Test
  void theDefaultNamespaceStays() {
    var answer = server.admin("DELETE", "/api/v1/namespaces/default", null);
    assertThat(answer.status()).isEqualTo(403);
    assertThat(answer.message())
        .isEqualTo("namespaces \"default\" is forbidden: this namespace may not be deleted");
  }

  @Test
  void aPodWaitsForItsServiceAccount() {
    var answer = create(PODS, pod("p", ""));
    assertThat(answer.status()).isEqualTo(403);
    assertThat(answer.message())
        .isEqualTo(
            "pods \"p\" is forbidden: error looking up service account default/default: serviceaccount \"default\" not found");
  }

  @Test
  void aPodGetsItsAccountsTokenAndPullSecrets() {
    makeAccount(",'imagePullSecrets':[{'name':'registry'}]");
    var answer = create(PODS, pod("p", ""));
    assertThat(answer.status()).as(answer.message()).isEqualTo(201);
    Map<String, Object> spec = Trees.map(answer.tree(), "spec");
    assertThat(spec).containsEntry("serviceAccountName", "default");
    assertThat(Trees.maps(spec, "imagePullSecrets")).containsExactly(Map.of("name", "registry"));
    Map<String, Object> volume = Trees.maps(spec, "volumes").getFirst();
    assertThat(Trees.stringOr(volume, "", "name")).matches("kube-api-access-[a-z0-9]{5}");
    assertThat(Trees.maps(volume, "projected", "sources")).hasSize(3);
    Map<String, Object> mount =
        Trees.maps(Trees.maps(spec, "containers").getFirst(), "volumeMounts").getFirst();
    assertThat(mount)
        .containsEntry("mountPath", "/var/run/secrets/kubernetes.io/serviceaccount")
        .containsEntry("readOnly", true);
  }

  @Test
  void aPodThatWantsNoTokenGetsNone() {
    makeAccount("");
    var answer = create(PODS, pod("p", "'automountServiceAccountToken':false,"));
    assertThat(Trees.list(answer.tree(), "spec", "volumes")).isEmpty();
  }

  @Test
  void aPodToleratesUnreachableNodesForFiveMinutes() {
    makeAccount("");
    var answer = create(PODS, pod("p", ""));
    List<Map<String, Object>> tolerations = Trees.maps(answer.tree(), "spec", "tolerations");
    assertThat(tolerations)
        .extracting(t -> t.get("key"))
        .containsExactly("node.kubernetes.io/not-ready", "node.kubernetes.io/unreachable");
    assertThat(tolerations).allSatisfy(t -> assertThat(t).containsEntry("tolerationSeconds", 300L));
  }

  @Test
  void aPriorityClassBecomesANumber() {
    makeAccount("");
    var critical = create(PODS, pod("p", "'priorityClassName':'system-node-critical',"));
    assertThat(Trees.integer(critical.tree(), "spec", "priority")).isEqualTo(2_000_001_000L);
    var plain = create(PODS, pod("q", ""));
    assertThat(Trees.integer(plain.tree(), "spec", "priority")).isZero();
    var unknown = create(PODS, pod("r", "'priorityClassName':'nope',"));
    assertThat(unknown.message())
        .isEqualTo("pods \"r\" is forbidden: no PriorityClass with name nope was found");
    var given = create(PODS, pod("s", "'priority':7,"));
    assertThat(given.status()).isEqualTo(403);
    assertThat(given.message()).contains("the integer value of priority (7) must not be provided");
  }

  @Test
  void aClaimGetsTheDefaultStorageClass() {
    create(
        "/apis/storage.k8s.io/v1/storageclasses",
        "{'apiVersion':'storage.k8s.io/v1','kind':'StorageClass','provisioner':'x','metadata':{'name':'fast',"
            + "'annotations':{'storageclass.kubernetes.io/is-default-class':'true'}}}");
    var answer =
        create(
            "/api/v1/namespaces/default/persistentvolumeclaims",
            "{'apiVersion':'v1','kind':'PersistentVolumeClaim','metadata':{'name':'c'},"
                + "'spec':{'accessModes':['ReadWriteOnce'],'resources':{'requests':{'storage':'1Gi'}}}}");
    assertThat(answer.status()).as(answer.message()).isEqualTo(201);
    assertThat(Trees.string(answer.tree(), "spec", "storageClassName")).isEqualTo("fast");
  }

  @Test
  void limitRangesFillInAndRefuse() {
    makeAccount("");
    create(
        "/api/v1/namespaces/default/limitranges",
        "{'apiVersion':'v1','kind':'LimitRange','metadata':{'name':'l'},'spec':{'limits':[{'type':'Container',"
            + "'default':{'memory':'256Mi'},'defaultRequest':{'memory':'128Mi'},'max':{'memory':'1Gi'}}]}}");
    var filled = create(PODS, pod("p", ""));
    assertThat(filled.status()).as(filled.message()).isEqualTo(201);
    Map<String, Object> container = Trees.maps(filled.tree(), "spec", "containers").getFirst();
    assertThat(Trees.string(container, "resources", "limits", "memory")).isEqualTo("256Mi");
    assertThat(Trees.string(container, "resources", "requests", "memory")).isEqualTo("128Mi");
    assertThat(Trees.string(filled.tree(), "metadata", "annotations", "kubernetes.io/limit-ranger"))
        .isEqualTo(
            "LimitRanger plugin set: memory request for container c; memory limit for container c");
    var refused =
        create(
            PODS,
            "{'apiVersion':'v1','kind':'Pod','metadata':{'name':'q'},'spec':{'containers':[{'name':'c','image':'i',"
                + "'resources':{'limits':{'memory':'2Gi'}}}]}}");
    assertThat(refused.status()).isEqualTo(403);
    assertThat(refused.message())
        .isEqualTo(
            "pods \"q\" is forbidden: maximum memory usage per Container is 1Gi, but limit is 2Gi");
  }

  @Test
  void aRuntimeClassBringsItsOverhead() {
    makeAccount("");
    create(
        "/apis/node.k8s.io/v1/runtimeclasses",
        "{'apiVersion':'node.k8s.io/v1','kind':'RuntimeClass','metadata':{'name':'vm'},'handler':'vm',"
            + "'overhead':{'podFixed':{'memory':'64Mi'}}}");
    var answer = create(PODS, pod("p", "'runtimeClassName':'vm',"));
    assertThat(Trees.string(answer.tree(), "spec", "overhead", "memory")).isEqualTo("64Mi");
    assertThat(create(PODS, pod("q", "'runtimeClassName':'nope',")).message())
        .isEqualTo("pods \"q\" is forbidden: pod rejected: RuntimeClass \"nope\" not found");
  }
}
