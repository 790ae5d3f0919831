package io.kubra.conformance.area;

import io.kubra.api.json.Json;
import io.kubra.api.status.ApiException;
import io.kubra.api.tree.Trees;
import io.kubra.conformance.check.Accounts;
import io.kubra.conformance.check.Check;
import io.kubra.conformance.check.Context;
import io.kubra.conformance.check.Nodes;
import io.kubra.conformance.check.Rows;
import io.kubra.conformance.check.Workload;
import io.kubra.conformance.cluster.Named;
import io.kubra.conformance.cluster.Pods;
import io.kubra.conformance.probe.NodeFacts;
import io.kubra.conformance.verdict.Findings;
import io.kubra.conformance.verdict.Verdict;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Rows on how applications use networks, devices, the API and logs, seen where they run. */
final class ApplicationRows {
  private static final String NETWORKS = "k8s.v1.cni.cncf.io/networks";
  private static final String NETWORK_STATUS = "k8s.v1.cni.cncf.io/network-status";
  private static final String ATTACHMENTS =
      "/apis/k8s.cni.cncf.io/v1/network-attachment-definitions";
  private static final Set<String> HARMLESS_DEVICES = Set.of("/dev/shm", "/dev/log");

  private ApplicationRows() {}

  private static String annotation(Map<String, Object> meta, String key) {
    return Trees.stringOr(meta, "", "annotations", key);
  }

  /** Whether a container asks for a resource of a device plugin. */
  private static boolean asksForDevice(Map<String, Object> container) {
    Map<String, Object> limits = Trees.map(container, "resources", "limits");
    return limits != null && limits.keySet().stream().anyMatch(k -> k.contains("/"));
  }

  private static final Check CONNECTION_POINTS =
      Check.of(
          "pods with further networks name them in an annotation or ask for a network device",
          context -> {
            Findings findings = new Findings();
            int count = 0;
            for (Map<String, Object> pod : Workload.pods(context)) {
              Map<String, Object> meta = Trees.map(pod, "metadata");
              String status = meta == null ? "" : annotation(meta, NETWORK_STATUS);
              List<String> further = new ArrayList<>();
              if (!status.isEmpty()) {
                for (Map<String, Object> network : Trees.maps(Json.parse(status))) {
                  if (!Trees.bool(network, "default")) {
                    further.add(Trees.stringOr(network, "?", "name"));
                  }
                }
              }
              if (meta == null || further.isEmpty()) {
                continue;
              }
              count++;
              boolean asked =
                  !annotation(meta, NETWORKS).isEmpty()
                      || Trees.maps(pod, "spec", "containers").stream()
                          .anyMatch(ApplicationRows::asksForDevice);
              String line = Named.full(pod) + " is also in " + further;
              findings.expect(asked, line, line + " and does not ask for it");
            }
            return count == 0
                ? Verdict.notApplicable("no application's pod is in a further network")
                : findings.verdict();
          });

  /** Device files of the host that a container mounts. */
  private static List<String> devices(Workload workload, Map<String, Object> container) {
    List<String> mounted =
        Trees.maps(container, "volumeMounts").stream()
            .map(m -> Trees.stringOr(m, "", "name"))
            .toList();
    List<String> devices = new ArrayList<>();
    for (Map<String, Object> volume : Trees.maps(workload.spec(), "volumes")) {
      String path = Trees.stringOr(volume, "", "hostPath", "path");
      boolean device =
          (path.equals("/dev") || path.startsWith("/dev/") || path.equals("/"))
              && !HARMLESS_DEVICES.contains(path);
      if (device && mounted.contains(Trees.stringOr(volume, "", "name"))) {
        devices.add(path);
      }
    }
    return devices;
  }

  private static final Check ACCELERATORS =
      Workload.rule(
          "containers that mount devices ask for them by a device plugin's resource",
          workload -> {
            List<String> wrong = new ArrayList<>();
            for (Map<String, Object> container : workload.containers()) {
              for (String device : devices(workload, container)) {
                if (!asksForDevice(container)) {
                  wrong.add(
                      "container "
                          + Trees.stringOr(container, "", "name")
                          + " mounts "
                          + device
                          + " and has no limit of a device plugin's resource");
                }
              }
            }
            return wrong;
          });

  private static final Check ALONE =
      Check.of(
          "applications are not on control-plane nodes and their accounts have no rights in the API",
          context -> {
            List<Workload> all = Workload.all(context);
            if (all.isEmpty()) {
              return Workload.NONE;
            }
            Findings findings = new Findings();
            List<String> open = new ArrayList<>();
            for (Workload workload : all) {
              Map<String, Object> selector = Trees.map(workload.spec(), "nodeSelector");
              if (selector != null
                  && selector.keySet().stream().anyMatch(Nodes::controlPlaneLabel)) {
                findings.breach(workload.name() + " runs on control-plane nodes only");
              } else if (!Accounts.mountsToken(context, workload)) {
                findings.saw(workload.name() + " has no token to speak to the API with");
              } else {
                Optional<String> right = Accounts.right(context, workload);
                right.ifPresent(r -> open.add(workload.name() + " (" + r + ")"));
                if (right.isEmpty()) {
                  findings.saw(workload.name() + ": its account has no rights in the API");
                }
              }
            }
            return findings.failed() || open.isEmpty()
                ? findings.verdict()
                : new Verdict.NotCheckable(
                    Verdict.Cause.MEANS,
                    "these may need the API for their work; stop the control plane for a while and"
                        + " see whether they go on: "
                        + String.join(", ", open),
                    findings.evidence());
          });

  /** The definitions that an annotation names, as namespace and name. */
  private static List<String> named(String namespace, String annotation) {
    if (annotation.isBlank()) {
      return List.of();
    }
    if (annotation.strip().startsWith("[")) {
      return Trees.maps(Json.parse(annotation)).stream()
          .map(n -> Trees.stringOr(n, namespace, "namespace") + "/" + Trees.stringOr(n, "", "name"))
          .toList();
    }
    return List.of(annotation.split(",")).stream()
        .map(n -> n.strip().replaceAll("@.*", ""))
        .map(n -> n.contains("/") ? n : namespace + "/" + n)
        .toList();
  }

  private static Set<String> plugins(Map<String, Object> definition) {
    Set<String> types = new TreeSet<>();
    String text = Trees.stringOr(definition, "", "spec", "config");
    if (!text.isBlank()) {
      Object config = Json.parse(text);
      Optional.ofNullable(Trees.string(config, "type")).ifPresent(types::add);
      Trees.maps(config, "plugins").forEach(p -> types.add(Trees.stringOr(p, "?", "type")));
    }
    return types;
  }

  private static final Check PLUGINS =
      Check.of(
          "networks that applications ask for name CNI plugins that the nodes have",
          context -> {
            Findings findings = new Findings();
            Map<String, Map<String, Object>> definitions =
                context.list(ATTACHMENTS).stream()
                    .collect(Collectors.toMap(Named::full, d -> d, (a, b) -> a));
            Set<String> needed = new TreeSet<>();
            int count = 0;
            for (Workload workload : Workload.all(context)) {
              for (String name :
                  named(workload.namespace(), annotation(workload.meta(), NETWORKS))) {
                count++;
                Map<String, Object> definition = definitions.get(name);
                if (definition == null) {
                  findings.breach(workload.name() + " asks for " + name + ", which is not there");
                } else {
                  findings.saw(workload.name() + " asks for " + name + " " + plugins(definition));
                  needed.addAll(plugins(definition));
                }
              }
            }
            if (count == 0) {
              return Verdict.notApplicable(
                  "no application asks for a networking plugin; all use the cluster's network");
            }
            for (Map<String, Object> node : NodeFacts.nodes(context)) {
              List<String> there = NodeFacts.values(node, "cni");
              for (String plugin : needed) {
                findings.expect(
                    there.contains(plugin),
                    node.get("node") + " has the plugin " + plugin,
                    node.get("node") + " has no plugin " + plugin);
              }
            }
            return findings.verdict();
          });

  private static final Check LOGS =
      Check.of(
          "logs of running pods are not empty",
          context -> {
            Findings findings = new Findings();
            int count = 0;
            for (Workload workload : Workload.all(context)) {
              List<Map<String, Object>> pods = running(context, workload);
              if (pods.isEmpty()) {
                continue;
              }
              count++;
              boolean some = false;
              for (Map<String, Object> pod : pods) {
                some = some || logs(context, pod);
              }
              findings.expect(
                  some, workload.name() + " logs", workload.name() + ": all logs are empty");
            }
            return count == 0
                ? Verdict.notApplicable("no application's pod is ready")
                : findings.verdict();
          });

  private static List<Map<String, Object>> running(Context context, Workload workload)
      throws InterruptedException {
    return Workload.pods(context).stream()
        .filter(workload::owns)
        .filter(p -> Named.condition(p, "Ready"))
        .limit(3)
        .toList();
  }

  /**
   * Whether a pod has logged anything; one that is gone since it was listed counts as if it had.
   */
  private static boolean logs(Context context, Map<String, Object> pod) {
    String path = Pods.path(Named.namespace(pod), Named.name(pod));
    try {
      return Trees.maps(pod, "spec", "containers").stream()
          .map(c -> Trees.stringOr(c, "", "name"))
          .anyMatch(
              c -> !context.kube().text(path + "/log?limitBytes=64&container=" + c).isEmpty());
    } catch (ApiException e) {
      if (e.code() == 404) {
        return true;
      }
      throw e;
    }
  }

  static void add(Rows rows) {
    rows.add(
            "ra2.app.006",
            "Name each further network in the annotation " + NETWORKS + ".",
            CONNECTION_POINTS)
        .add("ra2.app.008", "Take the control-plane node selector away.", ALONE)
        .add("seed.os.5", "Take the control-plane node selector away.", ALONE)
        .add(
            "ra2.app.009",
            "Ask for devices in resources.limits, by the names of their device plugin.",
            ACCELERATORS)
        .add("ra2.app.015", "Define the network, or install its CNI plugin on the nodes.", PLUGINS)
        .add("ra2.app.046", "Write logs to standard output.", LOGS);
  }
}
