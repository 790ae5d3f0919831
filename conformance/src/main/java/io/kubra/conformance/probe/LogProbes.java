package io.kubra.conformance.probe;

import io.kubra.api.tree.Trees;
import io.kubra.conformance.check.Check;
import io.kubra.conformance.check.Context;
import io.kubra.conformance.check.Images;
import io.kubra.conformance.check.Nodes;
import io.kubra.conformance.cluster.Await;
import io.kubra.conformance.cluster.Named;
import io.kubra.conformance.verdict.Findings;
import io.kubra.conformance.verdict.Verdict;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/**
 * Probes of log gathering, whoever does it: agents are DaemonSets of known images, stores are
 * Services whose query language is known.
 */
public final class LogProbes {
  private static final List<String> AGENTS =
      List.of(
          "fluent-bit",
          "fluentbit",
          "fluentd",
          "vector",
          "promtail",
          "grafana/alloy",
          "grafana/agent",
          "filebeat",
          "elastic-agent",
          "opentelemetry-collector",
          "otelcol",
          "logstash",
          "syslog-ng",
          "rsyslog",
          "vlagent",
          "datadog/agent",
          "splunk");
  private static final Pattern EVENT_AGENTS =
      Pattern.compile(
          "event-?exporter|eventrouter|kube-events|kubernetes-event|alloy|otel|opentelemetry|metricbeat|elastic-agent");
  private static final Pattern RETENTION =
      Pattern.compile("(?i)retention|max_age|delete_after|index\\.lifecycle|\"min_age\"");
  private static final Pattern RELOAD =
      Pattern.compile("(?i)reload|watch-config|hot_reload|watch_config");
  private static final Pattern LOGGING =
      Pattern.compile(
          "(?i)fluent|loki|promtail|vector|alloy|filebeat|elasticsearch|opensearch|vlogs|victoria_?logs|otelcol|log");

  private LogProbes() {}

  @FunctionalInterface
  private interface Body {
    Verdict run(Context context, List<Map<String, Object>> agents) throws InterruptedException;
  }

  /** A check of a cluster that gathers logs; elsewhere it fails, since gathering is required. */
  private static Check gathered(String how, Body body) {
    return Check.of(
        how,
        context -> {
          List<Map<String, Object>> agents = agents(context);
          return agents.isEmpty()
              ? Verdict.fail("no DaemonSet runs a log agent that is known, so nothing gathers logs")
              : body.run(context, agents);
        });
  }

  private static List<Map<String, Object>> agents(Context context) throws InterruptedException {
    return context.list("/apis/apps/v1/daemonsets").stream()
        .filter(d -> images(d).stream().anyMatch(i -> AGENTS.stream().anyMatch(i::contains)))
        .toList();
  }

  private static List<String> images(Map<String, Object> workload) {
    return Images.images(Trees.maps(workload, "spec", "template", "spec", "containers"));
  }

  /** Asks the cluster's store for a word until the entries are as wanted. */
  private static Verdict stored(
      Context context, String word, Predicate<List<String>> wanted, String statement)
      throws InterruptedException {
    Optional<LogStore> store = LogStore.find(context);
    if (store.isEmpty()) {
      return Verdict.notCheckable(
          Verdict.Cause.MEANS,
          "no Service of Loki, Elasticsearch, OpenSearch or VictoriaLogs was found to ask for "
              + word);
    }
    try {
      boolean found =
          Await.until(
              context.pace().run(), () -> wanted.test(store.get().entries(context.kube(), word)));
      return new Findings()
          .saw("asked " + store.get().name() + " (" + store.get().kind() + ") for " + word)
          .require(found, statement)
          .verdict();
    } catch (LogStore.Refused e) {
      return Verdict.notCheckable(Verdict.Cause.MEANS, String.valueOf(e.getMessage()));
    }
  }

  /** Lets a pod on each ready node print a word of the run; returns the nodes. */
  private static Set<String> mark(Context context, String word) throws InterruptedException {
    Probe probe = new Probe(context, context.workspace().namespace());
    Set<String> nodes = new HashSet<>();
    for (Map<String, Object> node : context.nodes()) {
      if (Nodes.ready(node) && Nodes.runsPods(node)) {
        probe
            .pods()
            .output(
                probe
                    .pod(word + "-" + nodes.size(), "echo " + word + " on $NODE")
                    .main("env: [{name: NODE, valueFrom: {fieldRef: {fieldPath: spec.nodeName}}}]")
                    .set(Named.name(node), "spec", "nodeName")
                    .spec("tolerations: [{operator: Exists}]"));
        nodes.add(Named.name(node));
      }
    }
    return nodes;
  }

  private static String word(Context context, String use) {
    return "mark" + use + context.workspace().run();
  }

  /** Agents run on every node and read what the nodes write. */
  public static final Check AGENTS_EVERYWHERE =
      gathered(
          "a log agent is ready on every node and reads the nodes' own logs",
          (context, agents) -> {
            Findings findings = new Findings();
            int nodes = context.nodes().size();
            boolean everywhere = false;
            boolean system = false;
            for (Map<String, Object> agent : agents) {
              long ready = Trees.integerOr(agent, 0, "status", "numberReady");
              findings.saw(Named.full(agent) + " is ready on " + ready + " of " + nodes + " nodes");
              everywhere |= ready >= nodes;
              system |=
                  Trees.maps(agent, "spec", "template", "spec", "volumes").stream()
                      .map(v -> Trees.stringOr(v, "", "hostPath", "path"))
                      .anyMatch(p -> p.matches("/|/var/?|/var/log/?|/(run|var)/log/journal/?"));
            }
            return findings
                .require(everywhere, "one agent is ready on every node")
                .require(system, "an agent mounts /var/log or the journal of its node")
                .verdict();
          });

  /** What pods on every node print is found in one place. */
  public static final Check GATHERED =
      gathered(
          "a line that a pod on each node prints is found in the store",
          (context, agents) -> {
            String word = word(context, "line");
            Set<String> nodes = mark(context, word);
            return stored(
                context,
                word,
                entries ->
                    nodes.stream().allMatch(n -> entries.stream().anyMatch(e -> e.contains(n))),
                "lines of the nodes " + nodes + " are there");
          });

  /** Events leave the API server for a store of their own. */
  public static final Check EVENTS_GATHERED =
      Check.of(
          "something exports events, and an event made now is found in the store",
          context -> {
            List<Images.Running> exporters =
                Images.running(context, i -> EVENT_AGENTS.matcher(i).find());
            if (exporters.isEmpty()) {
              return Verdict.fail("no pod runs an exporter of events that is known");
            }
            String word = word(context, "event");
            Probe probe = new Probe(context, context.workspace().namespace());
            probe.create(
                """
                apiVersion: v1
                kind: Event
                metadata: {name: %1$s}
                involvedObject: {kind: Namespace, name: %2$s, namespace: %2$s, apiVersion: v1}
                reason: Probe
                message: %1$s
                type: Normal
                source: {component: kubra-conformance}
                """
                    .formatted(word, probe.namespace()));
            return stored(context, word, entries -> !entries.isEmpty(), "the event is there");
          });

  /** The kubelet bounds the logs of containers. */
  public static final Check ROTATION =
      Probe.shared(
          "a container that prints 32 MiB has its log rotated on the node",
          probe -> {
            String name = "talker";
            probe
                .pods()
                .ready(
                    probe.pod(
                        name,
                        "yes 0123456789012345678901234567890123456789012345678901234567890 | head -c 33554432; "
                            + "trap 'exit 0' TERM; while :; do sleep 1 & wait $!; done"));
            Map<String, Object> pod = probe.read(name);
            String folder =
                "/host/%s_%s_%s/main"
                    .formatted(probe.namespace(), name, Trees.stringOr(pod, "", "metadata", "uid"));
            probe
                .pods()
                .ready(
                    probe
                        .waiting("log-reader")
                        .root()
                        .main("volumeMounts: [{name: host, mountPath: /host, readOnly: true}]")
                        .spec(
                            "{tolerations: [{operator: Exists}], volumes: [{name: host, hostPath: {path: /var/log/pods}}]}")
                        .set(Trees.stringOr(pod, "", "spec", "nodeName"), "spec", "nodeName"));
            boolean rotated =
                Await.until(
                    probe.run(),
                    () ->
                        probe
                            .shell("log-reader", "ls " + folder + " | wc -l")
                            .text()
                            .matches("[2-9]|\\d\\d+"));
            String files = probe.shell("log-reader", "ls -l " + folder).text();
            return new Findings()
                .saw("files: " + files.replace("\n", "; "))
                .require(rotated, "there are files of the log besides the one being written")
                .verdict();
          });

  /** How long logs stay is set. */
  public static final Check RETENTION_SET =
      gathered(
          "the store's configuration sets how long logs stay",
          (context, agents) ->
              configured(
                  context,
                  RETENTION,
                  "sets a retention",
                  "no configuration of the logging namespaces sets a retention"));

  /** Agents take a new configuration while they run. */
  public static final Check RELOADS =
      gathered(
          "the agents reload their configuration",
          (context, agents) ->
              configured(
                  context,
                  RELOAD,
                  "reloads",
                  "neither arguments nor configuration of the agents mention reloading"));

  /** Looks for words in arguments and ConfigMaps of the namespaces where logs are handled. */
  private static Verdict configured(Context context, Pattern words, String does, String otherwise)
      throws InterruptedException {
    Set<String> namespaces = new HashSet<>();
    agents(context).forEach(a -> namespaces.add(Named.namespace(a)));
    LogStore.find(context)
        .ifPresent(s -> namespaces.add(s.name().substring(0, s.name().indexOf('/'))));
    List<String> found = new ArrayList<>();
    for (String kind : List.of("daemonsets", "statefulsets", "deployments")) {
      for (Map<String, Object> workload : context.list("/apis/apps/v1/" + kind)) {
        Object containers = Trees.get(workload, "spec", "template", "spec", "containers");
        if (namespaces.contains(Named.namespace(workload))
            && LOGGING.matcher(images(workload).toString()).find()
            && words.matcher(String.valueOf(containers)).find()) {
          found.add(kind + " " + Named.full(workload) + " " + does);
        }
      }
    }
    for (Map<String, Object> map : context.list("/api/v1/configmaps")) {
      if (namespaces.contains(Named.namespace(map))
          && words.matcher(String.valueOf(map.get("data"))).find()) {
        found.add("ConfigMap " + Named.full(map) + " " + does);
      }
    }
    return found.isEmpty()
        ? Verdict.fail(otherwise)
        : new Verdict.Pass(found.stream().limit(10).toList());
  }

  /** An alert rule of the cluster speaks of logging and of something else too. */
  private static Check alerts(String how, String words) {
    Pattern pattern = Pattern.compile(words, Pattern.CASE_INSENSITIVE);
    return gathered(
        how,
        (context, agents) -> {
          List<String> found = new ArrayList<>();
          for (Map<String, Object> rules :
              context.list("/apis/monitoring.coreos.com/v1/prometheusrules")) {
            for (Map<String, Object> group : Trees.maps(rules, "spec", "groups")) {
              for (Map<String, Object> rule : Trees.maps(group, "rules")) {
                note(found, pattern, Named.full(rules), rule);
              }
            }
          }
          for (Map<String, Object> map : context.list("/api/v1/configmaps")) {
            Map<String, Object> data = Trees.map(map, "data");
            if (data == null) {
              continue;
            }
            for (Object file : data.values()) {
              for (String alert : String.valueOf(file).split("(?m)^\\s*-\\s*alert:", -1)) {
                if (alert.contains("expr:")) {
                  note(found, pattern, Named.full(map), Map.of("alert", alert));
                }
              }
            }
          }
          return found.isEmpty()
              ? Verdict.fail("no alert rule among PrometheusRules and ConfigMaps does so")
              : new Verdict.Pass(found.stream().limit(10).toList());
        });
  }

  private static void note(
      List<String> found, Pattern pattern, String where, Map<String, Object> rule) {
    String text = rule.get("alert") + " " + Trees.stringOr(rule, "", "expr");
    if (rule.get("alert") != null && LOGGING.matcher(text).find() && pattern.matcher(text).find()) {
      found.add(
          where + ": " + String.valueOf(rule.get("alert")).strip().lines().findFirst().orElse(""));
    }
  }

  /** Somebody is told when clearing up fails. */
  public static final Check ROTATION_WATCHED =
      alerts(
          "an alert rule watches rotation, retention or archiving of logs",
          "retention|compact|rotat|archiv|purge|ilm|lifecycle|disk|volume");

  /** Somebody is told when a source falls silent. */
  public static final Check SOURCES_WATCHED =
      alerts(
          "an alert rule watches whether log agents run and send",
          "absent|\\bup\\b|down|missing|silent|rollout|unavailable");

  /** Somebody is told of errors in gathering. */
  public static final Check ERRORS_WATCHED =
      alerts(
          "an alert rule watches errors of log agents and stores",
          "error|fail|drop|invalid|reject");

  /** Entries of several sources belong together by the pod's uid or name. */
  public static final Check CORRELATED =
      gathered(
          "a pod's name finds its own lines and those of others about it in the store",
          (context, agents) -> {
            String word = word(context, "trace");
            Probe probe = new Probe(context, context.workspace().namespace());
            probe.pods().output(probe.pod(word, "echo said by the pod itself"));
            return stored(
                context,
                word,
                entries ->
                    entries.stream().anyMatch(e -> e.contains("said by the pod itself"))
                        && entries.stream().anyMatch(e -> !e.contains("said by the pod itself")),
                "the pod's own line and one of another source are there");
          });

  /** Entries are found by the values that they log. */
  public static final Check BY_VALUE =
      gathered(
          "lines of two pods are found by a value that both log",
          (context, agents) -> {
            String word = word(context, "value");
            Probe probe = new Probe(context, context.workspace().namespace());
            String script = "echo \"{\\\"address\\\":\\\"%s\\\",\\\"from\\\":\\\"$HOSTNAME\\\"}\"";
            probe.pods().output(probe.pod("value-a", script.formatted(word)));
            probe.pods().output(probe.pod("value-b", script.formatted(word)));
            return stored(
                context,
                word,
                entries ->
                    List.of("value-a", "value-b").stream()
                        .allMatch(n -> entries.stream().anyMatch(e -> e.contains(n))),
                "lines of both pods are there");
          });
}
