package io.kubra.apiserver.security;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubra.api.tree.Trees;
import io.kubra.apiserver.admission.podsecurity.PodSecurity;
import io.kubra.apiserver.admission.podsecurity.PodSecurityConfig;
import io.kubra.apiserver.testing.TestingApiServer;
import io.kubra.metrics.MetricRegistry;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PodSecurityTest {
  private static final String ENFORCE = "pod-security.kubernetes.io/enforce";
  private final MetricRegistry metrics = new MetricRegistry();
  private TestingApiServer server = start(PodSecurityConfig.DEFAULT);

  private TestingApiServer start(PodSecurityConfig config) {
    return TestingApiServer.start(
        b ->
            b.metrics(metrics)
                .admission(objects -> List.of(new PodSecurity(objects, config, metrics))));
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private TestingApiServer.Response post(String path, String json) {
    return server.send("POST", path, SecuredServer.json(json));
  }

  private TestingApiServer.Response namespace(String name, Map<String, Object> labels) {
    return server.send(
        "POST",
        "/api/v1/namespaces",
        Map.of(
            "apiVersion",
            "v1",
            "kind",
            "Namespace",
            "metadata",
            Map.of("name", name, "labels", labels)));
  }

  private TestingApiServer.Response label(String name, Map<String, Object> labels) {
    return server.send(
        "PATCH",
        "/api/v1/namespaces/" + name,
        "application/merge-patch+json",
        io.kubra.api.json.Json.write(Map.of("metadata", Map.of("labels", labels))));
  }

  private TestingApiServer.Response pod(String namespace, String name, String spec) {
    return post(
        "/api/v1/namespaces/" + namespace + "/pods",
        "{'apiVersion':'v1','kind':'Pod','metadata':{'name':'%s'},'spec':{%s}}"
            .formatted(name, spec));
  }

  private static String container(String fields) {
    return "'containers':[{'name':'c','image':'i'%s}]".formatted(fields);
  }

  private static final String RESTRICTED =
      "'securityContext':{'runAsNonRoot':true,'seccompProfile':{'type':'RuntimeDefault'}},"
          + container(
              ",'securityContext':{'allowPrivilegeEscalation':false,'capabilities':{'drop':['ALL']}}");

  private static String message(TestingApiServer.Response response) {
    return Trees.stringOr(response.tree(), "", "message");
  }

  private static List<String> warnings(TestingApiServer.Response response) {
    return response.headers().all("Warning");
  }

  @Test
  void aPlainPodViolatesTheRestrictedLevelInUpstreamsWords() {
    namespace("strict", Map.of(ENFORCE, "restricted"));

    var refused = pod("strict", "web", container(""));

    assertThat(refused.status()).isEqualTo(403);
    assertThat(message(refused))
        .isEqualTo(
            "pods \"web\" is forbidden: violates PodSecurity \"restricted:latest\":"
                + " allowPrivilegeEscalation != false (container \"c\" must set"
                + " securityContext.allowPrivilegeEscalation=false), unrestricted capabilities"
                + " (container \"c\" must set securityContext.capabilities.drop=[\"ALL\"]),"
                + " runAsNonRoot != true (pod or container \"c\" must set"
                + " securityContext.runAsNonRoot=true), seccompProfile (pod or container \"c\" must"
                + " set securityContext.seccompProfile.type to \"RuntimeDefault\" or"
                + " \"Localhost\")");
    assertThat(pod("strict", "good", RESTRICTED).status()).isEqualTo(201);
    assertThat(pod("default", "web", container("")).status()).isEqualTo(201);
  }

  /** One violation each of the baseline, with the version in which it became one. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "hostNetwork | 'hostNetwork':true,| | host namespaces (hostNetwork=true)",
        "hostPath | 'volumes':[{'name':'v','hostPath':{'path':'/'}}],| | hostPath volumes (volume"
            + " \"v\")",
        "port | | ,'ports':[{'containerPort':1,'hostPort':99}] | hostPort (container \"c\" uses"
            + " hostPort 99)",
        "privileged | | ,'securityContext':{'privileged':true} | privileged (container \"c\" must"
            + " not set securityContext.privileged=true)",
        "capability | | ,'securityContext':{'capabilities':{'add':['SYS_ADMIN','CHOWN']}} |"
            + " non-default capabilities (container \"c\" must not include \"SYS_ADMIN\" in"
            + " securityContext.capabilities.add)",
        "sysctl | 'securityContext':{'sysctls':[{'name':'kernel.msgmax','value':'1'}]},| |"
            + " forbidden sysctl (kernel.msgmax)",
        "probe | | ,'livenessProbe':{'httpGet':{'host':'evil.example','port':1}} |"
            + " hostProbesOrHostLifecycle (container \"c\" uses hostProbeOrHostLifecycle"
            + " \"evil.example\")",
        "selinux | 'securityContext':{'seLinuxOptions':{'type':'spc_t','user':'u'}},| |"
            + " seLinuxOptions (pod set forbidden securityContext.seLinuxOptions: type \"spc_t\";"
            + " user may not be set)",
        "seccomp | 'securityContext':{'seccompProfile':{'type':'Unconfined'}},| | seccompProfile"
            + " (pod must not set securityContext.seccompProfile.type to \"Unconfined\")",
        "proc | | ,'securityContext':{'procMount':'Unmasked'} | procMount (container \"c\" must not"
            + " set securityContext.procMount to \"Unmasked\")",
        "armor | | ,'securityContext':{'appArmorProfile':{'type':'Unconfined'}} | forbidden AppArmor"
            + " profile (container \"c\" must not set AppArmor profile type to \"Unconfined\")",
      })
  void theBaselineRefuses(String name, String pod, String fields, String violation) {
    namespace("base", Map.of(ENFORCE, "baseline"));

    var refused =
        pod("base", "p", (pod == null ? "" : pod) + container(fields == null ? "" : fields));

    assertThat(message(refused))
        .as(name)
        .isEqualTo(
            "pods \"p\" is forbidden: violates PodSecurity \"baseline:latest\": " + violation);
  }

  @Test
  void anOlderVersionAsksWhatItAskedThen() {
    String reserved =
        "'securityContext':{'sysctls':[{'name':'net.ipv4.ip_local_reserved_ports','value':'1'}]},"
            + container("");
    namespace("old", Map.of(ENFORCE, "baseline", ENFORCE + "-version", "v1.26"));
    namespace("new", Map.of(ENFORCE, "baseline", ENFORCE + "-version", "v1.27"));

    assertThat(message(pod("old", "p", reserved)))
        .contains("\"baseline:v1.26\": forbidden sysctl (net.ipv4.ip_local_reserved_ports)");
    assertThat(pod("new", "p", reserved).status()).isEqualTo(201);
  }

  @Test
  void aPodWithItsOwnUsersMayRunAsItsRoot() {
    namespace("strict", Map.of(ENFORCE, "restricted"));
    namespace("before", Map.of(ENFORCE, "restricted", ENFORCE + "-version", "v1.34"));
    String root =
        "'hostUsers':false,"
            + RESTRICTED.replace("'runAsNonRoot':true", "'runAsUser':0,'runAsNonRoot':false");

    assertThat(pod("strict", "p", root).status()).isEqualTo(201);
    assertThat(message(pod("before", "p", root)))
        .contains("runAsNonRoot != true (pod must not set", "runAsUser=0 (pod must not set");
  }

  @Test
  void templatesAreWarnedOfAndNeverRefused() {
    namespace("strict", Map.of(ENFORCE, "restricted"));
    var deployment =
        post(
            "/apis/apps/v1/namespaces/strict/deployments",
            ("{'apiVersion':'apps/v1','kind':'Deployment','metadata':{'name':'d'},'spec':{"
                    + "'selector':{'matchLabels':{'a':'b'}},'template':{'metadata':{'labels':{'a':'b'}},"
                    + "'spec':{%s}}}}")
                .formatted(container(",'securityContext':{'privileged':true}")));

    assertThat(deployment.status()).isEqualTo(201);
    assertThat(warnings(deployment))
        .singleElement()
        .asString()
        .startsWith("299 - \"would violate PodSecurity \\\"restricted:latest\\\": privileged (");
  }

  @Test
  void warnWarnsWithoutRefusing() {
    namespace("soft", Map.of("pod-security.kubernetes.io/warn", "baseline"));

    var warned = pod("soft", "p", "'hostPID':true," + container(""));

    assertThat(warned.status()).isEqualTo(201);
    assertThat(warnings(warned))
        .containsExactly(
            "299 - \"would violate PodSecurity \\\"baseline:latest\\\": host namespaces"
                + " (hostPID=true)\"");
  }

  @Test
  void labelsThatSayNothingAreRefused() {
    var refused = namespace("odd", Map.of(ENFORCE, "strict", ENFORCE + "-version", "1.2"));

    assertThat(refused.status()).isEqualTo(422);
    assertThat(message(refused))
        .contains(
            "metadata.labels[pod-security.kubernetes.io/enforce]: Invalid value: \"strict\": must"
                + " be one of privileged, baseline, restricted",
            "metadata.labels[pod-security.kubernetes.io/enforce-version]: Invalid value: \"1.2\":"
                + " must be \"latest\" or \"v1.x\"");
  }

  @Test
  void tighteningANamespaceTellsWhichOfItsPodsWouldBeRefused() {
    namespace("shop", Map.of());
    pod("shop", "b", "'hostPID':true," + container(""));
    pod("shop", "a", "'hostPID':true," + container(""));
    pod("shop", "c", container(",'securityContext':{'privileged':true}"));
    pod("shop", "fine", container(""));

    var tightened = label("shop", Map.of(ENFORCE, "baseline"));

    assertThat(tightened.status()).isEqualTo(200);
    assertThat(warnings(tightened))
        .containsExactly(
            "299 - \"existing pods in namespace \\\"shop\\\" violate the new PodSecurity enforce"
                + " level \\\"baseline:latest\\\"\"",
            "299 - \"a (and 1 other pod): host namespaces\"",
            "299 - \"c: privileged\"");
    assertThat(warnings(label("shop", Map.of("team", "x")))).isEmpty();
    assertThat(warnings(label("shop", Map.of(ENFORCE, "privileged")))).isEmpty();
  }

  @Test
  void ephemeralContainersAreHeldToTheLevelToo() {
    namespace("base", Map.of(ENFORCE, "baseline"));
    pod("base", "p", container(""));

    var refused =
        server.send(
            "PATCH",
            "/api/v1/namespaces/base/pods/p/ephemeralcontainers",
            "application/strategic-merge-patch+json",
            "{\"spec\":{\"ephemeralContainers\":[{\"name\":\"e\",\"image\":\"i\",\"securityContext\":{\"privileged\":true}}]}}"
                .getBytes(StandardCharsets.UTF_8));

    assertThat(message(refused)).contains("privileged (container \"e\" must not set");
  }

  @Test
  void defaultsAndExemptionsComeFromTheConfiguration() {
    server.close();
    server =
        start(
            PodSecurityConfig.of(
                SecuredServer.json(
                    "{'apiVersion':'pod-security.admission.config.k8s.io/v1','kind':'PodSecurityConfiguration',"
                        + "'defaults':{'enforce':'baseline','enforce-version':'v1.30'},"
                        + "'exemptions':{'namespaces':['kube-system'],'runtimeClasses':['gvisor']}}")));
    String host = "'hostIPC':true," + container("");

    assertThat(message(pod("default", "p", host))).contains("\"baseline:v1.30\": host namespaces");
    assertThat(pod("kube-system", "p", host).status()).isEqualTo(201);
    assertThat(pod("default", "q", "'runtimeClassName':'gvisor'," + host).status()).isEqualTo(201);
    assertThat(warnings(label("kube-system", Map.of(ENFORCE, "restricted"))))
        .containsExactly(
            "299 - \"namespace \\\"kube-system\\\" is exempt from Pod Security, and the policy"
                + " (enforce=restricted:v1.30, warn=restricted:v1.30) will be ignored\"");
  }

  @Test
  void decisionsAreCounted() {
    namespace("strict", Map.of(ENFORCE, "restricted"));
    pod("strict", "p", container(""));
    pod("default", "p", container(""));

    assertThat(new String(metrics.text(), StandardCharsets.UTF_8))
        .contains(
            "pod_security_evaluations_total{decision=\"deny\",mode=\"enforce\",policy_level=\"restricted\",policy_version=\"latest\",request_operation=\"create\",resource=\"pod\",subresource=\"\"} 1",
            "pod_security_evaluations_total{decision=\"allow\",mode=\"enforce\",policy_level=\"privileged\",policy_version=\"latest\",request_operation=\"create\",resource=\"pod\",subresource=\"\"} 1");
  }
}
