package io.kubra.conformance.area;

import static io.kubra.conformance.check.Workload.containers;
import static io.kubra.conformance.check.Workload.rule;

import io.kubra.api.tree.Trees;
import io.kubra.conformance.check.Check;
import io.kubra.conformance.check.Rows;
import io.kubra.conformance.check.Workload;
import io.kubra.conformance.cluster.Named;
import io.kubra.conformance.probe.SandboxProbes;
import io.kubra.conformance.verdict.Findings;
import io.kubra.conformance.verdict.Verdict;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/** Rows on the applications that are put on the platform. */
final class WorkloadRows {
  private static final Pattern ADDRESS = Pattern.compile("\\b(?:\\d{1,3}\\.){3}\\d{1,3}\\b");
  private static final Set<String> NOBODY = Set.of("127.0.0.1", "0.0.0.0");
  private static final Pattern RUNTIME_SOCKET =
      Pattern.compile(
          "(/var)?/run(/(docker|containerd|crio)(/.*)?)?/?|.*(docker|containerd|crio)\\.sock");
  private static final Set<String> SELINUX =
      Set.of("", "container_t", "container_init_t", "container_kvm_t");
  private static final long SLOW = 60;
  private static final long LARGE = 5_000_000_000L;

  private WorkloadRows() {}

  /** A rule on the pod's spec that holds or not. */
  private static Check spec(String how, String wrong, Predicate<Map<String, Object>> holds) {
    return rule(how, w -> holds.test(w.spec()) ? List.of() : List.of(wrong));
  }

  private static Check container(String how, String wrong, Predicate<Map<String, Object>> holds) {
    return containers(how, c -> holds.test(c) ? "" : wrong);
  }

  private static List<String> hostPaths(Workload workload) {
    List<String> paths = new ArrayList<>();
    for (Map<String, Object> volume : Trees.maps(workload.spec(), "volumes")) {
      String path = Trees.string(volume, "hostPath", "path");
      if (path != null) {
        paths.add(path);
      }
    }
    return paths;
  }

  private static Check probed(String field) {
    return rule(
        "every pod has a " + field,
        w ->
            w.name().startsWith("Job ")
                    || w.name().startsWith("CronJob ")
                    || w.main().stream().anyMatch(c -> Trees.map(c, field) != null)
                ? List.of()
                : List.of("no container has a " + field));
  }

  private static String image(Map<String, Object> container) {
    String image = Trees.stringOr(container, "", "image");
    if (image.contains("@")) {
      return "";
    }
    int colon = image.lastIndexOf(':');
    String tag = colon > image.lastIndexOf('/') ? image.substring(colon + 1) : "latest";
    return tag.equals("latest") ? image + " is latest" : "";
  }

  private static List<String> addresses(Workload workload) {
    List<String> found = new ArrayList<>();
    for (Map<String, Object> container : workload.containers()) {
      List<String> texts = new ArrayList<>(Trees.strings(container, "command"));
      texts.addAll(Trees.strings(container, "args"));
      Trees.maps(container, "env").forEach(e -> texts.add(Trees.stringOr(e, "", "value")));
      for (String text : texts) {
        ADDRESS
            .matcher(text)
            .results()
            .filter(m -> !NOBODY.contains(m.group()))
            .forEach(m -> found.add("address " + m.group() + " is written into the pod"));
      }
    }
    return found;
  }

  /** The user or group a container runs as, by its own setting or the pod's; -1 if unset. */
  private static long identity(Workload workload, Map<String, Object> container, String field) {
    return Trees.integerOr(
        container,
        Trees.integerOr(workload.spec(), -1, "securityContext", field),
        "securityContext",
        field);
  }

  private static final Check NON_ROOT_IDS =
      rule(
          "runAsUser and runAsGroup are above 999",
          w -> {
            List<String> wrong = new ArrayList<>();
            for (Map<String, Object> c : w.containers()) {
              for (String field : List.of("runAsUser", "runAsGroup")) {
                long id = identity(w, c, field);
                if (id <= 999) {
                  wrong.add(
                      Trees.string(c, "name")
                          + ": "
                          + field
                          + (id < 0 ? " is unset" : " is " + id));
                }
              }
            }
            return wrong;
          });

  private static final Check NOT_ROOT =
      rule(
          "runAsNonRoot is true or runAsUser is not 0",
          w -> {
            List<String> wrong = new ArrayList<>();
            for (Map<String, Object> c : w.containers()) {
              boolean declared =
                  Trees.bool(c, "securityContext", "runAsNonRoot")
                      || Trees.bool(w.spec(), "securityContext", "runAsNonRoot");
              if (!declared && identity(w, c, "runAsUser") <= 0) {
                wrong.add(Trees.string(c, "name") + " may run as root");
              }
            }
            return wrong;
          });

  private static final Check PRIVILEGED =
      container(
          "no container is privileged",
          "is privileged",
          c -> !Trees.bool(c, "securityContext", "privileged"));

  private static final Check NO_HOST_PATH =
      rule(
          "no volume is a hostPath",
          w -> hostPaths(w).stream().map(p -> "mounts " + p + " of the host").toList());

  private static final Check START_TIME =
      Check.of(
          "pods are Ready within 60 s of their start",
          context -> {
            Findings findings = new Findings();
            int count = 0;
            for (Map<String, Object> pod : context.list("/api/v1/pods")) {
              String start = Trees.string(pod, "status", "startTime");
              for (Map<String, Object> c : Trees.maps(pod, "status", "conditions")) {
                String ready = Trees.string(c, "lastTransitionTime");
                boolean counts =
                    !Workload.platform(Named.namespace(pod))
                        && "Ready".equals(Trees.string(c, "type"))
                        && "True".equals(Trees.string(c, "status"));
                // A pod that restarted tells when it became ready again, not first.
                boolean first =
                    Trees.maps(pod, "status", "containerStatuses").stream()
                        .allMatch(s -> Trees.integerOr(s, 0, "restartCount") == 0);
                if (counts && first && start != null && ready != null) {
                  count++;
                  long took =
                      Duration.between(Instant.parse(start), Instant.parse(ready)).toSeconds();
                  String line = Named.full(pod) + ": " + took + " s";
                  findings.expect(took <= SLOW, line, line);
                }
              }
            }
            return count == 0
                ? Verdict.notApplicable("no workload's pods are ready")
                : findings.verdict();
          });

  private static final Check IMAGE_SIZE =
      Check.of(
          "no image on a node is over 5 GB",
          context -> {
            Findings findings = new Findings();
            int count = 0;
            for (Map<String, Object> node : context.nodes()) {
              for (Map<String, Object> image : Trees.maps(node, "status", "images")) {
                count++;
                long size = Trees.integerOr(image, 0, "sizeBytes");
                if (size > LARGE) {
                  findings.breach(
                      Named.name(node) + ": " + Trees.strings(image, "names") + " " + size);
                }
              }
            }
            return findings.saw("read the sizes of " + count + " images").verdict();
          });

  private static final Check NO_NODE_PORTS =
      Check.of(
          "no Service of a workload is of type NodePort",
          context -> {
            Findings findings = new Findings();
            int count = 0;
            for (Map<String, Object> service : context.list("/api/v1/services")) {
              if (Workload.platform(Named.namespace(service))
                  || Named.full(service).equals("default/kubernetes")) {
                continue;
              }
              count++;
              String type = Trees.stringOr(service, "", "spec", "type");
              String line = Named.full(service) + ": " + type;
              findings.expect(!type.equals("NodePort"), line, line);
            }
            return count == 0
                ? Verdict.notApplicable("workloads have no Services")
                : findings.verdict();
          });

  private static final Check IMMUTABLE_MAPS =
      Check.of(
          "ConfigMaps that workloads name are immutable",
          context -> {
            Findings findings = new Findings();
            int count = 0;
            for (Map<String, Object> map : context.list("/api/v1/configmaps")) {
              if (Workload.platform(Named.namespace(map))
                  || Named.name(map).equals("kube-root-ca.crt")) {
                continue;
              }
              count++;
              findings.expect(
                  Trees.bool(map, "immutable"),
                  Named.full(map) + " is immutable",
                  Named.full(map) + " can be changed");
            }
            return count == 0
                ? Verdict.notApplicable("workloads have no ConfigMaps")
                : findings.verdict();
          });

  private static final Check HELM =
      Check.of(
          "workloads carry Helm's labels",
          context -> {
            Findings findings = new Findings();
            int count = 0;
            for (String path : List.of("deployments", "statefulsets", "daemonsets")) {
              for (Map<String, Object> o : context.list("/apis/apps/v1/" + path)) {
                if (!Workload.platform(Named.namespace(o))) {
                  count++;
                  findings.expect(
                      Named.label(o, "app.kubernetes.io/managed-by").equals("Helm"),
                      path + " " + Named.full(o) + " is Helm's",
                      path + " " + Named.full(o) + " does not come from a Helm release");
                }
              }
            }
            return count == 0
                ? Verdict.notApplicable("there are no workloads outside the platform's namespaces")
                : findings.verdict();
          });

  static void add(Rows rows) {
    rows.add("ra2.pkg.002", "Install workloads from Helm charts.", HELM)
        .add("ra2.app.007", "Use a PersistentVolumeClaim instead.", NO_HOST_PATH)
        .add("ra2.app.025", "Use networked volumes.", NO_HOST_PATH)
        .add(
            "ra2.app.010",
            "Name hardware by labels under feature.node.kubernetes.io/.",
            rule(
                "node selectors use well-known or feature labels",
                w -> {
                  Map<String, Object> selector = Trees.map(w.spec(), "nodeSelector");
                  return selector == null
                      ? List.of()
                      : selector.keySet().stream()
                          .filter(k -> !k.matches("(.*\\.)?kubernetes\\.io/.*"))
                          .map(k -> "selects nodes by " + k)
                          .toList();
                }))
        .add("ra2.app.026", "Give a container a livenessProbe.", probed("livenessProbe"))
        .add("ra2.app.027", "Give a container a readinessProbe.", probed("readinessProbe"))
        .add(
            "ra2.app.028",
            "Do not mount the runtime's socket.",
            rule(
                "no hostPath holds a runtime's socket",
                w ->
                    hostPaths(w).stream()
                        .filter(p -> p.equals("/") || RUNTIME_SOCKET.matcher(p).matches())
                        .map(p -> "mounts " + p)
                        .toList()))
        .add(
            "ra2.app.029",
            "Set automountServiceAccountToken: false.",
            spec(
                "automountServiceAccountToken is false",
                "mounts a token unasked",
                s -> Boolean.FALSE.equals(s.get("automountServiceAccountToken"))))
        .add(
            "ra2.app.030",
            "Do not set hostNetwork.",
            spec("no hostNetwork", "uses the host's network", s -> !Trees.bool(s, "hostNetwork")))
        .add(
            "ra2.app.031",
            "Do not set hostPID and hostIPC.",
            spec(
                "no hostPID, no hostIPC",
                "shares the host's processes or IPC",
                s -> !Trees.bool(s, "hostPID") && !Trees.bool(s, "hostIPC")))
        .add(
            "ra2.app.032",
            "Set limits for CPU and memory.",
            container(
                "containers have limits for CPU and memory",
                "lacks a limit for CPU or memory",
                c ->
                    Trees.get(c, "resources", "limits", "cpu") != null
                        && Trees.get(c, "resources", "limits", "memory") != null))
        .add(
            "ra2.app.033",
            "Set readOnlyRootFilesystem: true.",
            container(
                "root filesystems are read-only",
                "has a writable root filesystem",
                c -> Trees.bool(c, "securityContext", "readOnlyRootFilesystem")))
        .add(
            "ra2.app.034",
            "Name images by version.",
            containers("images have a tag other than latest", WorkloadRows::image))
        .add(
            "ra2.app.035",
            "Use names of Services.",
            rule("no addresses in commands and environment", WorkloadRows::addresses))
        .add("ra2.app.036", "Use ClusterIP with an Ingress, or LoadBalancer.", NO_NODE_PORTS)
        .add("ra2.app.037", "Set immutable: true.", IMMUTABLE_MAPS)
        .add("ra2.app.039", "Make images smaller.", IMAGE_SIZE)
        .add("ra2.app.040", "Make pods start faster.", START_TIME)
        .add("ra2.app.041", "Do not set privileged.", PRIVILEGED)
        .add("ra2.app.042", "Set runAsNonRoot: true.", NOT_ROOT)
        .add(
            "ra2.app.043",
            "Set allowPrivilegeEscalation: false.",
            container(
                "no privilege escalation",
                "allows privilege escalation",
                c ->
                    Boolean.FALSE.equals(
                        Trees.get(c, "securityContext", "allowPrivilegeEscalation"))))
        .add("ra2.app.044", "Set runAsUser and runAsGroup above 999.", NON_ROOT_IDS)
        .add(
            "ra2.app.045",
            "Add the recommended labels.",
            rule(
                "pods carry the name, version and part-of labels",
                w ->
                    List.of("name", "version", "part-of").stream()
                        .map(l -> "app.kubernetes.io/" + l)
                        .filter(l -> Trees.get(w.meta(), "labels", l) == null)
                        .map(l -> "lacks label " + l)
                        .toList()))
        .add(
            "ra2.app.047",
            "Use Services.",
            container(
                "no host ports",
                "uses a host port",
                c ->
                    Trees.maps(c, "ports").stream()
                        .allMatch(p -> Trees.integerOr(p, 0, "hostPort") == 0)))
        .add(
            "ra2.app.048",
            "Leave seLinuxOptions unset.",
            container(
                "SELinux types are unset or container types",
                "sets an SELinux type of its own",
                c ->
                    SELINUX.contains(
                        Trees.stringOr(c, "", "securityContext", "seLinuxOptions", "type"))))
        .add("x.sec.14", "Run as an ordinary user.", PRIVILEGED, NOT_ROOT)
        .add(
            "seed.crt.2",
            "Give privileged pods a sandboxed RuntimeClass, or have admission do it.",
            SandboxProbes.PRIVILEGED);
  }
}
