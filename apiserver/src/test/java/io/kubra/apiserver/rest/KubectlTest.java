package io.kubra.apiserver.rest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.kubra.api.schema.Catalogue;
import io.kubra.apiserver.admission.policy.AdmissionPolicies;
import io.kubra.apiserver.auth.Authorizer;
import io.kubra.apiserver.discovery.DiscoveryEndpoint;
import io.kubra.apiserver.health.VersionEndpoint;
import io.kubra.apiserver.openapi.OpenApiEndpoint;
import io.kubra.apiserver.pki.ClusterIdentities;
import io.kubra.apiserver.pki.ClusterPki;
import io.kubra.apiserver.pki.IssuedCertificate;
import io.kubra.apiserver.testing.TestingApiServer;
import io.kubra.metrics.MetricRegistry;
import io.kubra.transport.tls.ServerTls;
import java.io.File;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Drives the real kubectl against the server over HTTPS; skipped where there is none. */
class KubectlTest {
  @TempDir static Path folder;
  private static TestingApiServer api;
  private static ClusterPki pki;

  @BeforeAll
  static void start() throws IOException {
    assumeTrue(hasKubectl(), "no kubectl on the PATH");
    pki = ClusterPki.open(folder.resolve("pki"));
    IssuedCertificate serving =
        pki.certificate(
            "apiserver",
            ClusterIdentities.apiServer(
                "cluster.local", List.of("localhost"), List.of("127.0.0.1")));
    ServerTls tls =
        new ServerTls(
            () -> serving.get().keyMaterial(), () -> List.of(pki.authority().certificate()));
    Catalogue catalogue = Catalogue.builtin();
    api =
        TestingApiServer.start(
            b ->
                b.bind(new InetSocketAddress("127.0.0.1", 0), tls)
                    .admission(
                        o -> {
                          AdmissionPolicies policies =
                              new AdmissionPolicies(o, Authorizer.ALLOW_ALL, new MetricRegistry());
                          return List.of(policies.mutating(), policies.validating());
                        })
                    .endpoint(o -> new DiscoveryEndpoint(catalogue))
                    .endpoint(o -> new OpenApiEndpoint(catalogue, VersionEndpoint.GIT_VERSION)));
    Files.writeString(
        folder.resolve("config"),
        """
        apiVersion: v1
        kind: Config
        clusters:
        - name: t
          cluster: {server: "https://127.0.0.1:%d", certificate-authority: "%s"}
        users: [{name: u, user: {token: unused}}]
        contexts: [{name: t, context: {cluster: t, user: u}}]
        current-context: t
        """
            .formatted(api.address().getPort(), pki.authorityFile()));
  }

  @AfterAll
  static void stop() {
    if (api != null) {
      api.close();
      pki.close();
    }
  }

  private static boolean hasKubectl() {
    for (String dir : System.getenv().getOrDefault("PATH", "").split(File.pathSeparator)) {
      if (Files.isExecutable(Path.of(dir, "kubectl"))) {
        return true;
      }
    }
    return false;
  }

  private record Result(int code, String output) {}

  private static Result kubectl(String stdin, String... arguments) throws Exception {
    List<String> command = new ArrayList<>(List.of("kubectl"));
    command.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().put("KUBECONFIG", folder.resolve("config").toString());
    builder.environment().put("HOME", folder.toString());
    Process process = builder.start();
    try (var in = process.getOutputStream()) {
      // the comment makes it YAML
      in.write(("# manifest\n" + stdin).getBytes(StandardCharsets.UTF_8));
    }
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    return new Result(process.exitValue(), output);
  }

  private static String ok(String stdin, String... arguments) throws Exception {
    Result r = kubectl(stdin, arguments);
    assertThat(r.code()).as("kubectl %s: %s", List.of(arguments), r.output()).isZero();
    return r.output();
  }

  @Test
  void objectsAreAppliedChangedAndDeleted() throws Exception {
    String manifest =
        "{apiVersion: v1, kind: ConfigMap, metadata: {name: a}, data: {k: one, l: two}}";
    assertThat(ok(manifest, "apply", "-f", "-")).contains("configmap/a created");
    assertThat(ok(manifest, "apply", "-f", "-")).contains("configmap/a unchanged");
    String less = "{apiVersion: v1, kind: ConfigMap, metadata: {name: a}, data: {k: three}}";
    assertThat(ok(less, "apply", "-f", "-")).contains("configmap/a configured");
    assertThat(ok("", "get", "cm", "a", "-o", "jsonpath={.data}")).isEqualTo("{\"k\":\"three\"}");
    ok("", "label", "cm", "a", "team=red");
    assertThat(ok("", "get", "cm", "-l", "team=red", "-o", "name").trim()).isEqualTo("configmap/a");
    assertThat(ok("", "get", "cm", "a")).contains("NAME").contains("AGE");
    assertThat(ok("", "delete", "cm", "a")).contains("configmap \"a\" deleted");
    assertThat(kubectl("", "get", "cm", "a").output())
        .contains("Error from server (NotFound): configmaps \"a\" not found");
  }

  @Test
  void serverSideApplyReportsConflicts() throws Exception {
    String manifest = "{apiVersion: v1, kind: ConfigMap, metadata: {name: ssa}, data: {k: %s}}";
    ok(manifest.formatted("one"), "apply", "--server-side", "-f", "-");
    Result conflict =
        kubectl(
            manifest.formatted("two"),
            "apply",
            "--server-side",
            "--field-manager=other",
            "-f",
            "-");
    assertThat(conflict.code()).isEqualTo(1);
    assertThat(conflict.output()).contains("conflict").contains(".data.k");
    ok(
        manifest.formatted("two"),
        "apply",
        "--server-side",
        "--field-manager=other",
        "--force-conflicts",
        "-f",
        "-");
  }

  @Test
  void mistakesAreExplained() throws Exception {
    Result unknown =
        kubectl(
            "{apiVersion: v1, kind: ConfigMap, metadata: {name: bad}, dat: {k: v}}",
            "create",
            "-f",
            "-");
    assertThat(unknown.output()).contains("strict decoding error: unknown field \"dat\"");
    Result name = kubectl("", "create", "configmap", "Not_A_Name");
    assertThat(name.output()).contains("a lowercase RFC 1123 subdomain must consist of");
    assertThat(kubectl("", "get", "unheardof").output())
        .contains("the server doesn't have a resource type \"unheardof\"");
  }

  @Test
  void policiesRefuseChangeAndWarn() throws Exception {
    ok(
        """
        apiVersion: admissionregistration.k8s.io/v1
        kind: ValidatingAdmissionPolicy
        metadata: {name: replicas}
        spec:
          matchConstraints:
            resourceRules:
            - {apiGroups: [apps], apiVersions: [v1], operations: [CREATE, UPDATE], resources: [deployments]}
          validations:
          - {expression: object.spec.replicas <= 3, messageExpression: "'%d replicas are too many'.format([object.spec.replicas])"}
        ---
        apiVersion: admissionregistration.k8s.io/v1
        kind: ValidatingAdmissionPolicyBinding
        metadata: {name: replicas}
        spec: {policyName: replicas, validationActions: [Deny]}
        ---
        apiVersion: admissionregistration.k8s.io/v1
        kind: MutatingAdmissionPolicy
        metadata: {name: owner}
        spec:
          matchConstraints:
            resourceRules:
            - {apiGroups: [apps], apiVersions: [v1], operations: [CREATE], resources: [deployments]}
          reinvocationPolicy: Never
          mutations:
          - patchType: ApplyConfiguration
            applyConfiguration:
              expression: "Object{metadata: Object.metadata{labels: {'owner': request.userInfo.username}}}"
        ---
        apiVersion: admissionregistration.k8s.io/v1
        kind: MutatingAdmissionPolicyBinding
        metadata: {name: owner}
        spec: {policyName: owner}
        """,
        "apply", "-f", "-");
    String[] create = {"create", "deployment", "web", "--image=web:1", "--dry-run=server"};
    Awaitility.await()
        .until(
            () ->
                ok("", with(create, "-o", "jsonpath={.metadata.labels.owner}"))
                    .equals("kubernetes-admin"));
    Result refused = kubectl("", with(create, "--replicas=5"));
    assertThat(refused.code()).isEqualTo(1);
    assertThat(refused.output())
        .contains(
            "deployments.apps \"web\" is forbidden: ValidatingAdmissionPolicy 'replicas' with binding 'replicas' denied request: 5 replicas are too many");
    assertThat(ok("", "get", "validatingadmissionpolicy", "replicas"))
        .contains("VALIDATIONS")
        .contains("PARAMKIND");
    ok("", "delete", "validatingadmissionpolicybinding", "replicas");
  }

  private static String[] with(String[] arguments, String... more) {
    List<String> all = new ArrayList<>(List.of(arguments));
    all.addAll(List.of(more));
    return all.toArray(String[]::new);
  }

  @Test
  void theServerDescribesItself() throws Exception {
    assertThat(ok("", "version")).contains("Server Version: " + VersionEndpoint.GIT_VERSION);
    assertThat(ok("", "api-resources")).contains("deployments").contains("configmaps");
    assertThat(ok("", "get", "--raw", "/readyz?verbose")).contains("readyz check passed");
    assertThat(ok("", "explain", "pod.spec.containers")).contains("<[]Container>");
  }
}
