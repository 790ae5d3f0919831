package io.kubra.apiserver.security;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubra.api.tree.Trees;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PrivilegedSandboxTest {
  private static final String PODS = "/api/v1/namespaces/default/pods";

  @TempDir Path folder;
  private SecuredServer server;

  @BeforeEach
  void start() throws InterruptedException {
    server = new SecuredServer(folder);
    account("default");
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private SecuredServer.Answer create(String path, String json) {
    return server.admin("POST", path, SecuredServer.json(json));
  }

  private void account(String namespace) {
    create(
        "/api/v1/namespaces/" + namespace + "/serviceaccounts",
        "{'apiVersion':'v1','kind':'ServiceAccount','metadata':{'name':'default'}}");
  }

  private void runtimeClass(String name, String handler) {
    create(
        "/apis/node.k8s.io/v1/runtimeclasses",
        "{'apiVersion':'node.k8s.io/v1','kind':'RuntimeClass','metadata':{'name':'%s'},'handler':'%s','scheduling':{'nodeSelector':{'has':'%s'}}}"
            .formatted(name, handler, handler));
  }

  private static String privileged(String spec) {
    return "{'apiVersion':'v1','kind':'Pod','metadata':{'name':'p'},'spec':{%s'containers':[{'name':'c','image':'i','securityContext':{'privileged':true}}]}}"
        .formatted(spec);
  }

  @Test
  void aPrivilegedPodIsMovedToTheSandboxAndToItsNodes() {
    runtimeClass("runc", "runc");
    runtimeClass("gvisor", "runsc");

    var pod = create(PODS, privileged("")).tree();

    assertThat(Trees.string(pod, "spec", "runtimeClassName")).isEqualTo("gvisor");
    assertThat(Trees.string(pod, "spec", "nodeSelector", "has")).isEqualTo("runsc");
  }

  @Test
  void aPrivilegedPodThatNamesAnotherRuntimeIsRefused() {
    runtimeClass("runc", "runc");
    runtimeClass("gvisor", "runsc");

    var refused = create(PODS, privileged("'runtimeClassName':'runc',"));

    assertThat(refused.status()).isEqualTo(403);
    assertThat(refused.message())
        .isEqualTo(
            "pods \"p\" is forbidden: privileged containers must run in a sandbox, and \"runc\" is"
                + " none: use runtimeClassName \"gvisor\"; an operator may label the namespace"
                + " kubra.io/privileged-runtime=unrestricted");
  }

  @Test
  void withoutASandboxPrivilegedPodsAreRefused() {
    assertThat(create(PODS, privileged("")).message())
        .contains("no RuntimeClass of this cluster is one: install gVisor (runsc) or Kata");
  }

  @Test
  void gVisorPodsCannotShareTheHostsNamespaces() {
    runtimeClass("gvisor", "runsc");

    assertThat(create(PODS, privileged("'hostNetwork':true,")).message())
        .contains("spec.hostNetwork: gVisor (RuntimeClass \"gvisor\") cannot share the host's");
  }

  @Test
  void anOperatorMayAllowANamespaceAndSystemNamespacesAreFree() {
    create(
        "/api/v1/namespaces",
        "{'apiVersion':'v1','kind':'Namespace','metadata':{'name':'lab','labels':{'kubra.io/privileged-runtime':'unrestricted'}}}");
    account("lab");
    account("kube-system");

    for (String namespace : new String[] {"lab", "kube-system"}) {
      var pod = create("/api/v1/namespaces/" + namespace + "/pods", privileged(""));
      assertThat(pod.status()).as(pod.message()).isEqualTo(201);
      assertThat(Trees.string(pod.tree(), "spec", "runtimeClassName")).isNull();
    }
  }
}
