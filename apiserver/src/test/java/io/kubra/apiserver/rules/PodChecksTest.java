package io.kubra.apiserver.rules;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubra.api.tree.Trees;
import io.kubra.apiserver.rules.pod.PodQos;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class PodChecksTest {
  private static Arguments bad(String spec, String... problems) {
    return Arguments.of(spec, List.of(problems));
  }

  private static Arguments container(String fields, String... problems) {
    return bad("containers: [{name: c, image: i, " + fields + "}]", problems);
  }

  static Stream<Arguments> problems() {
    return Stream.of(
        bad("", "spec.containers: Required value"),
        bad("containers: [{name: c}]", "spec.containers[0].image: Required value"),
        bad(
            "containers: [{name: c, image: i}, {name: c, image: i}]",
            "spec.containers[1].name: Duplicate value: \"c\""),
        bad(
            "containers: [{name: c, image: i}], restartPolicy: Perhaps",
            "spec.restartPolicy: Unsupported value: \"Perhaps\": supported values: \"Always\","
                + " \"Never\", \"OnFailure\""),
        bad(
            "containers: [{name: c, image: i}], dnsPolicy: None",
            "spec.dnsConfig.nameservers: Required value: must provide at least one DNS nameserver"
                + " when `dnsPolicy` is None"),
        bad(
            "containers: [{name: c, image: i}], activeDeadlineSeconds: 0",
            "spec.activeDeadlineSeconds: Invalid value: 0: must be between 1 and 2147483647,"
                + " inclusive"),
        bad(
            "initContainers: [{name: i, image: i, lifecycle: {}}],"
                + " containers: [{name: c, image: i}]",
            "spec.initContainers[0].lifecycle: Forbidden: may not be set for init containers"
                + " without restartPolicy=Always"),
        bad(
            "hostNetwork: true, containers: [{name: c, image: i,"
                + " ports: [{containerPort: 80, hostPort: 81}]}]",
            "spec.containers[0].ports[0].containerPort: Invalid value: 80: must match `hostPort`"
                + " when `hostNetwork` is true"),
        container(
            "ports: [{containerPort: 0}]",
            "spec.containers[0].ports[0].containerPort: Required value"),
        container(
            "ports: [{containerPort: 70000}]",
            "spec.containers[0].ports[0].containerPort: Invalid value: 70000: must be between 1 and"
                + " 65535, inclusive"),
        container(
            "volumeMounts: [{name: v, mountPath: /v}]",
            "spec.containers[0].volumeMounts[0].name: Not found: \"v\""),
        container(
            "imagePullPolicy: Later",
            "spec.containers[0].imagePullPolicy: Unsupported value: \"Later\": supported values:"
                + " \"Always\", \"IfNotPresent\", \"Never\""),
        container(
            "resources: {requests: {cpu: 2}, limits: {cpu: 1}}",
            "spec.containers[0].resources.requests: Invalid value: \"2\": must be less than or"
                + " equal to cpu limit of 1"),
        container(
            "livenessProbe: {successThreshold: 2, exec: {command: [x]}}",
            "spec.containers[0].livenessProbe.successThreshold: Invalid value: 2: must be 1"),
        container(
            "readinessProbe: {}",
            "spec.containers[0].readinessProbe: Required value: must specify a handler type"),
        container(
            "env: [{name: 'a=b'}]",
            "spec.containers[0].env[0].name: Invalid value: \"a=b\": a valid environment variable"
                + " name must consist only of printable ASCII characters other than '='"),
        container(
            "securityContext: {privileged: true, allowPrivilegeEscalation: false}",
            "spec.containers[0].securityContext: Invalid value:"
                + " {\"privileged\":true,\"allowPrivilegeEscalation\":false}: cannot set"
                + " `allowPrivilegeEscalation` to false and `privileged` to true"));
  }

  @ParameterizedTest
  @MethodSource("problems")
  void whatIsWrongIsSaidInTheReferencesWords(String spec, List<String> problems) {
    assertThat(Objects.problems(Objects.pod(spec))).containsExactlyElementsOf(problems);
  }

  private static final String POD = "containers: [{name: c, image: i}]";

  @Test
  void imagesOfARunningPodMayChange() {
    assertThat(
            Objects.problemsOfUpdate(
                Objects.pod("containers: [{name: c, image: j}]"),
                Objects.pod("containers: [{name: c, image: i}]")))
        .noneMatch(p -> p.contains("image"));
    Map<String, Object> old = Objects.defaulted(Objects.pod(POD));
    Map<String, Object> next = Trees.deepCopy(old);
    Trees.maps(next, "spec", "containers").getFirst().put("image", "other");
    assertThat(Objects.problemsOfUpdate(next, old)).isEmpty();
  }

  @Test
  void tolerationsMayBeAddedButNotTaken() {
    Map<String, Object> bare = Objects.pod(POD);
    Map<String, Object> tolerant = Objects.pod(POD + ", tolerations: [{key: a, operator: Exists}]");
    assertThat(Objects.problemsOfUpdate(Trees.deepCopy(tolerant), Trees.deepCopy(bare))).isEmpty();
    assertThat(Objects.problemsOfUpdate(bare, tolerant))
        .containsExactly(
            "spec.tolerations: Forbidden: existing toleration can not be modified except its"
                + " tolerationSeconds");
  }

  @Test
  void otherFieldsOfARunningPodStay() {
    assertThat(Objects.problemsOfUpdate(Objects.pod(POD + ", hostPID: true"), Objects.pod(POD)))
        .singleElement()
        .asString()
        .startsWith("spec: Forbidden: pod updates may not change fields other than");
  }

  @Test
  void gatesMayOnlyBeTakenAway() {
    Map<String, Object> gated = Objects.pod(POD + ", schedulingGates: [{name: a/b}]");
    assertThat(Objects.problemsOfUpdate(Objects.pod(POD), Trees.deepCopy(gated))).isEmpty();
    assertThat(Objects.problemsOfUpdate(gated, Objects.pod(POD)))
        .contains(
            "spec.schedulingGates: Forbidden: only deletion is allowed, but found new scheduling"
                + " gate 'a/b'");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{name: c, image: i} | BestEffort",
        "{name: c, image: i, resources: {requests: {cpu: 1}}} | Burstable",
        "{name: c, image: i, resources: {limits: {cpu: 1}}} | Burstable",
        "{name: c, image: i, resources: {limits: {cpu: 1, memory: 1Gi}}} | Guaranteed",
        "{name: c, image: i, resources: {limits: {cpu: 1, memory: 1Gi}, requests: {cpu: 1m}}} |"
            + " Burstable",
        "{name: c, image: i, resources: {limits: {cpu: 1, memory: 1Gi}}}, {name: d, image: i} |"
            + " Burstable"
      })
  void resourcesDecideTheQualityOfService(String containers, String expected) {
    Map<String, Object> pod = Objects.defaulted(Objects.pod("containers: [" + containers + "]"));
    assertThat(PodQos.of(pod)).isEqualTo(expected);
  }
}
