package io.kubra.conformance.probe;

import io.kubra.api.quantity.Quantity;
import io.kubra.api.status.ApiException;
import io.kubra.api.tree.Trees;
import io.kubra.client.PatchType;
import io.kubra.conformance.check.Check;
import io.kubra.conformance.cluster.Await;
import io.kubra.conformance.cluster.Named;
import io.kubra.conformance.cluster.Pods;
import io.kubra.conformance.verdict.Findings;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Trials that put a container of an application under stress, from inside it or from a container
 * that joins its pod for a while.
 */
public final class Stresses {
  private static final Duration LIMIT = Duration.ofSeconds(40);
  private static final long MOST_MEMORY = 512L << 20;
  private static final long LEAST_MEMORY = 32L << 20;
  private static final int UNABLE = 99;
  private static final int KILLED = 137;

  private Stresses() {}

  /** A script for a container; it ends with 99 if it finds that it cannot do its work. */
  @FunctionalInterface
  private interface Script {
    String of(Map<String, Object> container);
  }

  private static Check inside(String what, Script script) {
    return Disturbances.of(
        what + " in a container of each application",
        (subject, findings) -> {
          List<Map<String, Object>> pods = subject.readyPods();
          if (pods.isEmpty()) {
            return "it has no ready pod";
          }
          Map<String, Object> pod = pods.getFirst();
          Map<String, Object> container = Trees.maps(pod, "spec", "containers").getFirst();
          long before = subject.restarts();
          String untried = run(subject, pod, container, script.of(container));
          if (untried.isEmpty()) {
            judge(subject, what, before, findings);
          }
          return untried;
        });
  }

  /** Runs a script in a container, and returns why it did not do its work; empty if it did. */
  private static String run(
      Subject subject, Map<String, Object> pod, Map<String, Object> container, String script) {
    Pods.Result result;
    try {
      result =
          subject
              .context()
              .pods()
              .exec(
                  Named.namespace(pod),
                  Named.name(pod),
                  Trees.stringOr(container, "", "name"),
                  LIMIT,
                  "/bin/sh",
                  "-c",
                  script);
    } catch (ApiException e) {
      if (e.code() == 401 || e.code() == 403) {
        throw e;
      }
      return "nothing can be run in its container: " + e.message();
    }
    return switch (result.exitCode()) {
      case 0, KILLED -> "";
      case UNABLE -> result.text();
      default ->
          "the script in its container ended with "
              + result.exitCode()
              + ", for lack of a shell or a program perhaps: "
              + result.err().strip();
    };
  }

  private static void judge(Subject subject, String what, long before, Findings findings)
      throws InterruptedException {
    Disturbances.judge(subject, subject.settle(() -> true), what, findings);
    long restarts = subject.restarts() - before;
    if (restarts > 0) {
      findings.breach(
          subject.name()
              + ", "
              + what
              + ": its containers were started again "
              + restarts
              + " times");
    }
  }

  private static long memory(Map<String, Object> container) {
    Quantity limit = Quantity.tryParse(Trees.string(container, "resources", "limits", "memory"));
    long wanted = limit == null ? LEAST_MEMORY : limit.value() / 10 * 8;
    return Math.min(wanted, MOST_MEMORY);
  }

  /** Memory is taken, up to four fifths of the container's limit. */
  public static final Check MEMORY =
      inside(
          "memory is taken",
          container ->
              "head -c %1$d /dev/zero | tail -c %1$d > /dev/null; true"
                  .formatted(memory(container)));

  private static String folders(Map<String, Object> container) {
    return Trees.maps(container, "volumeMounts").stream()
        .filter(m -> !Trees.bool(m, "readOnly"))
        .map(m -> Trees.stringOr(m, "", "mountPath"))
        .filter(p -> p.matches("/[A-Za-z0-9._/-]+"))
        .collect(Collectors.joining(" "));
  }

  /** Files are written and synced, and removed. */
  public static final Check INPUT_OUTPUT =
      inside(
          "files are written",
          container ->
              """
              for d in /tmp %s /; do
                f=$d/.kubra-conformance-io
                if (: > $f) 2>/dev/null; then
                  trap 'rm -f $f' EXIT
                  for i in 1 2 3 4 5 6 7 8; do dd if=/dev/zero of=$f bs=1048576 count=16 2>/dev/null || exit 127; sync; done
                  exit 0
                fi
              done
              echo it has no folder that it may write; exit 99
              """
                  .formatted(folders(container)));

  /** Names are asked of a server that is not there. */
  public static final Check NAMES =
      inside(
          "names are not answered",
          container ->
              """
              c=$(cat /etc/resolv.conf) || exit 127
              if ! (echo "nameserver 127.0.0.1" > /etc/resolv.conf) 2>/dev/null; then
                echo its user may not change where names are asked; exit 99
              fi
              trap 'echo "$c" > /etc/resolv.conf' EXIT
              sleep 10
              """);

  private static Check network(String what, String netem) {
    String script =
        "command -v tc >/dev/null || { echo the probe image has no tc; exit 99; };"
            + " tc qdisc add dev eth0 root netem "
            + netem
            + " || { echo tc cannot do it on this node; exit 99; };"
            + " trap 'tc qdisc del dev eth0 root' EXIT; sleep 12";
    return Disturbances.of(
        what + " on the network of a pod of each application",
        (subject, findings) -> {
          List<Map<String, Object>> pods = subject.readyPods();
          if (pods.isEmpty()) {
            return "it has no ready pod";
          }
          Map<String, Object> pod = pods.getFirst();
          long before = subject.restarts();
          String trouble = join(subject, pod, script);
          if (trouble.isEmpty()) {
            judge(subject, what, before, findings);
          }
          // The joined container cannot be taken out of the pod; a new pod has none.
          subject.kube().delete(Subject.path(pod));
          subject.settle(() -> true);
          return trouble;
        });
  }

  /**
   * Runs a script in a container that joins a pod, and returns why it could not; empty if it did.
   */
  private static String join(Subject subject, Map<String, Object> pod, String script)
      throws InterruptedException {
    String name = "kubra-conformance-" + subject.context().workspace().run();
    Map<String, Object> patch =
        Probe.yaml(
            """
            spec:
              ephemeralContainers:
              - name: %s
                image: %s
                command: [/bin/sh, -c]
                securityContext: {runAsUser: 0, runAsNonRoot: false, capabilities: {add: [NET_ADMIN]}}
            """
                .formatted(name, subject.context().image()));
    Map<String, Object> container = Trees.maps(patch, "spec", "ephemeralContainers").getFirst();
    Trees.ensureList(container, "command").add(script);
    String path = Subject.path(pod);
    try {
      subject
          .kube()
          .patch(
              path + "/ephemeralcontainers",
              PatchType.STRATEGIC,
              io.kubra.api.json.Json.toString(patch));
    } catch (ApiException e) {
      if (e.code() == 401 || e.code() == 403) {
        throw e;
      }
      return "no container can join its pod: " + e.message();
    }
    Optional<Map<String, Object>> ended =
        Await.some(
            subject.context().pace().run(),
            () ->
                Trees.maps(subject.kube().get(path), "status", "ephemeralContainerStatuses")
                    .stream()
                    .filter(c -> name.equals(Trees.string(c, "name")))
                    .map(c -> Trees.map(c, "state", "terminated"))
                    .filter(java.util.Objects::nonNull)
                    .findFirst());
    if (ended.isEmpty()) {
      return "the container that joined its pod did not end";
    }
    if (Trees.integerOr(ended.get(), 0, "exitCode") == 0) {
      return "";
    }
    String said = subject.kube().text(path + "/log?container=" + name).strip();
    return said.isEmpty() ? "the container that joined its pod failed" : said;
  }

  /** Packets come late. */
  public static final Check DELAY = network("packets are delayed by 2 s", "delay 2000ms");

  /** Packets are damaged. */
  public static final Check CORRUPTION = network("packets are corrupted", "corrupt 10%");

  /** Packets come twice. */
  public static final Check DUPLICATION = network("packets are duplicated", "duplicate 30%");
}
