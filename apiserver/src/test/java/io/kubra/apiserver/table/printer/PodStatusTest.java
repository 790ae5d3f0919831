package io.kubra.apiserver.table.printer;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubra.api.json.Yaml;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What the status column says of pods in all their states. */
class PodStatusTest {
  private static final String TWO = "spec: {containers: [{name: a}, {name: b}]}\n";
  private static final String INIT =
      "spec: {initContainers: [{name: i}, {name: j}], containers: [{name: a}]}\n";
  private static final String SIDECAR =
      "spec: {initContainers: [{name: s, restartPolicy: Always}], containers: [{name: a}]}\n";
  private static final String RUNNING = "{name: a, ready: true, state: {running: {}}}";

  static Stream<Arguments> pods() {
    return Stream.of(
        pod("Pending", "0/2", TWO + "status: {phase: Pending}"),
        pod(
            "SchedulingGated",
            "0/2",
            TWO
                + "status: {phase: Pending, conditions: [{type: PodScheduled, status: 'False',"
                + " reason: SchedulingGated}]}"),
        pod("Evicted", "0/2", TWO + "status: {phase: Failed, reason: Evicted}"),
        pod("Running", "1/2", TWO + running(RUNNING)),
        pod(
            "ContainerCreating",
            "1/2",
            TWO + running(RUNNING + ", {name: b, state: {waiting: {reason: ContainerCreating}}}")),
        pod(
            "CrashLoopBackOff",
            "1/2",
            TWO + running("{name: b, state: {waiting: {reason: CrashLoopBackOff}}}, " + RUNNING)),
        pod("Error", "0/2", TWO + running("{name: a, state: {terminated: {reason: Error}}}")),
        pod("ExitCode:3", "0/2", TWO + running("{name: a, state: {terminated: {exitCode: 3}}}")),
        pod("Signal:9", "0/2", TWO + running("{name: a, state: {terminated: {signal: 9}}}")),
        pod(
            "NotReady",
            "1/2",
            TWO + running("{name: b, state: {terminated: {reason: Completed}}}, " + RUNNING)),
        pod(
            "Running",
            "1/2",
            TWO
                + running("{name: b, state: {terminated: {reason: Completed}}}, " + RUNNING)
                    .replace("}]}", "}], conditions: [{type: Ready, status: 'True'}]}")),
        pod(
            "Completed",
            "0/2",
            TWO + running("{name: a, state: {terminated: {reason: Completed}}}")),
        pod("Init:0/2", "0/1", INIT + init("{name: i, state: {running: {}}}")),
        pod(
            "Init:1/2",
            "0/1",
            INIT
                + init(
                    "{name: i, state: {terminated: {exitCode: 0}}},"
                        + " {name: j, state: {waiting: {reason: PodInitializing}}}")),
        pod(
            "Init:CrashLoopBackOff",
            "0/1",
            INIT + init("{name: i, state: {waiting: {reason: CrashLoopBackOff}}}")),
        pod(
            "Init:Error",
            "0/1",
            INIT + init("{name: i, state: {terminated: {exitCode: 1, reason: Error}}}")),
        pod("Init:ExitCode:1", "0/1", INIT + init("{name: i, state: {terminated: {exitCode: 1}}}")),
        pod(
            "Init:Signal:9",
            "0/1",
            INIT + init("{name: i, state: {terminated: {exitCode: 137, signal: 9}}}")),
        pod(
            "PodInitializing",
            "1/2",
            SIDECAR
                + "status: {phase: Pending, initContainerStatuses: [{name: s, started: true,"
                + " ready: true, state: {running: {}}}], containerStatuses: [{name: a,"
                + " state: {waiting: {reason: PodInitializing}}}]}"),
        pod("Init:0/1", "0/2", SIDECAR + init("{name: s, started: false, state: {running: {}}}")),
        pod(
            "Terminating",
            "1/2",
            "metadata: {deletionTimestamp: '2026-01-01T00:00:00Z'}\n" + TWO + running(RUNNING)),
        pod(
            "Unknown",
            "0/2",
            "metadata: {deletionTimestamp: '2026-01-01T00:00:00Z'}\n"
                + TWO
                + "status: {phase: Running, reason: NodeLost}"),
        pod(
            "Succeeded",
            "0/2",
            "metadata: {deletionTimestamp: '2026-01-01T00:00:00Z'}\n"
                + TWO
                + "status: {phase: Succeeded}"));
  }

  @ParameterizedTest
  @MethodSource("pods")
  void theStatusSaysWhatKeepsThePodFromRunning(String reason, String ready, String yaml) {
    PodStatus status = PodStatus.of(read(yaml));
    assertThat(status.reason()).as(yaml).isEqualTo(reason);
    assertThat(status.ready() + "/" + status.total()).as(yaml).isEqualTo(ready);
  }

  private static Arguments pod(String reason, String ready, String yaml) {
    return Arguments.of(reason, ready, yaml);
  }

  private static String running(String statuses) {
    return "status: {phase: Running, containerStatuses: [" + statuses + "]}";
  }

  private static String init(String statuses) {
    return "status: {phase: Pending, initContainerStatuses: [" + statuses + "]}";
  }

  @SuppressWarnings("unchecked")
  static Map<String, Object> read(String yaml) {
    return (Map<String, Object>) Yaml.parse(yaml.getBytes(StandardCharsets.UTF_8));
  }
}
