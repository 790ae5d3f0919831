package io.kubra.conformance.probe;

import io.kubra.api.json.Json;
import io.kubra.api.tree.Trees;
import io.kubra.conformance.check.Check;
import io.kubra.conformance.cluster.Named;
import io.kubra.conformance.verdict.Findings;
import io.kubra.conformance.verdict.Verdict;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Probes of secondary networks by the multi-network standard, whatever multiplexer implements it.
 * The networks are of the plugin {@code ptp}, which leaves nothing on the node after its pods.
 */
public final class AttachmentProbes {
  private static final String GROUP = "k8s.cni.cncf.io/v1";
  private static final String NETWORKS = "k8s.v1.cni.cncf.io/networks";
  private static final String STATUS = "k8s.v1.cni.cncf.io/network-status";

  private AttachmentProbes() {}

  @FunctionalInterface
  private interface Body {
    Verdict run(Probe probe) throws InterruptedException;
  }

  /** A probe where attachments can be defined; elsewhere it fails. */
  private static Check attached(String how, String suffix, Body body) {
    Check probe = Probe.alone(how, "nets-" + suffix, body::run);
    return Check.of(
        how,
        context ->
            context.discovery().hasKind(GROUP, "NetworkAttachmentDefinition")
                ? context.verdict(probe)
                : Verdict.fail("the cluster serves no NetworkAttachmentDefinition in " + GROUP));
  }

  private static void network(Probe probe, String name, int number) {
    String ipam = "{\"type\":\"host-local\",\"subnet\":\"198.18.%d.0/24\"}".formatted(100 + number);
    define(probe, name, "{\"cniVersion\":\"0.3.1\",\"type\":\"ptp\",\"ipam\":" + ipam + "}");
  }

  private static void define(Probe probe, String name, String config) {
    Map<String, Object> definition =
        Probe.yaml(
            "{apiVersion: %s, kind: NetworkAttachmentDefinition, metadata: {name: %s}}"
                .formatted(GROUP, name));
    Trees.set(definition, config, "spec", "config");
    probe.create(definition);
  }

  /** Makes a pod with an annotation, or none if that is empty, and waits for it. */
  private static Map<String, Object> pod(Probe probe, String name, String networks)
      throws InterruptedException {
    var draft = probe.waiting(name);
    if (!networks.isEmpty()) {
      draft.set(Map.of(NETWORKS, networks), "metadata", "annotations");
    }
    return probe.pods().ready(draft);
  }

  /** The interfaces that a pod sees, without loopback. */
  private static Set<String> interfaces(Probe probe, String pod) {
    Set<String> names =
        new TreeSet<>(List.of(probe.shell(pod, "ls /sys/class/net").text().split("\\s+", -1)));
    names.removeAll(List.of("lo", "", "tunl0", "sit0", "ip6tnl0", "gre0", "gretap0", "erspan0"));
    return names;
  }

  /** The entries of the status that the multiplexer writes to a pod. */
  private static List<Map<String, Object>> status(Probe probe, String pod) {
    String text = Trees.stringOr(probe.read(pod), "", "metadata", "annotations", STATUS);
    try {
      return Trees.maps(
          Map.of(
              "s",
              text.isEmpty()
                  ? List.of()
                  : java.util.Objects.requireNonNull(
                      Json.parse(text.getBytes(StandardCharsets.UTF_8)))),
          "s");
    } catch (RuntimeException e) {
      return List.of();
    }
  }

  /** Five networks besides the default one. */
  public static final Check FIVE =
      attached(
          "a pod with five secondary networks has six interfaces, and its status names six",
          "five",
          probe -> {
            List<String> names = new ArrayList<>();
            for (int i = 1; i <= 5; i++) {
              names.add("net" + i);
              network(probe, "net" + i, i);
            }
            pod(probe, "five", String.join(",", names));
            Set<String> seen = interfaces(probe, "five");
            int listed = status(probe, "five").size();
            return new Findings()
                .saw("interfaces " + seen)
                .require(seen.size() == 6, "there are six interfaces besides lo")
                .require(listed == 6, "network-status lists six entries; it lists " + listed)
                .verdict();
          });

  /** Extra interfaces come with the annotation alone. */
  public static final Check BY_ANNOTATION =
      attached(
          "a pod without the annotation has one interface, with it two",
          "annotation",
          probe -> {
            network(probe, "extra", 6);
            pod(probe, "plain", "");
            pod(probe, "asking", "extra");
            Set<String> plain = interfaces(probe, "plain");
            Set<String> asking = interfaces(probe, "asking");
            return new Findings()
                .expect(plain.size() == 1, "without: " + plain, "without the annotation: " + plain)
                .expect(asking.size() == 2, "with: " + asking, "with the annotation: " + asking)
                .verdict();
          });

  /** Networks of two plugins on one pod. */
  public static final Check TWO_PLUGINS =
      attached(
          "one pod gets networks of two plugins, ptp and macvlan",
          "plugins",
          probe -> {
            network(probe, "one", 7);
            define(
                probe,
                "two",
                "{\"cniVersion\":\"0.3.1\",\"type\":\"macvlan\",\"mode\":\"bridge\",\"ipam\":"
                    + "{\"type\":\"host-local\",\"subnet\":\"198.18.108.0/24\"}}");
            pod(probe, "both", "one,two");
            Set<String> seen = interfaces(probe, "both");
            return new Findings()
                .expect(seen.size() == 3, "interfaces " + seen, "interfaces " + seen)
                .verdict();
          });

  /** The forms of the annotation, and the status that is written back. */
  public static final Check FORMS =
      attached(
          "short, namespace/name@interface and JSON forms are honoured, network-status says so",
          "forms",
          probe -> {
            network(probe, "formed", 9);
            String full = probe.namespace() + "/formed@extra0";
            String json =
                "[{\"name\":\"formed\",\"namespace\":\"%s\",\"interface\":\"extra1\"}]"
                    .formatted(probe.namespace());
            pod(probe, "short", "formed");
            pod(probe, "long", full);
            pod(probe, "json", json);
            Findings findings = new Findings();
            Set<String> shortForm = interfaces(probe, "short");
            findings.require(shortForm.size() == 2, "the short form gives one: " + shortForm);
            findings.require(
                interfaces(probe, "long").contains("extra0"), full + " gives the interface extra0");
            findings.require(
                interfaces(probe, "json").contains("extra1"), json + " gives the interface extra1");
            List<Map<String, Object>> status = status(probe, "long");
            boolean written =
                status.stream()
                    .anyMatch(
                        s ->
                            (probe.namespace() + "/formed").equals(s.get("name"))
                                && "extra0".equals(s.get("interface"))
                                && !Trees.strings(s, "ips").isEmpty());
            return findings
                .require(written, "network-status names network, interface and addresses")
                .require(
                    status.stream().anyMatch(s -> Boolean.TRUE.equals(s.get("default"))),
                    "network-status marks the default network")
                .verdict();
          });

  /** Addresses of one network are given out across nodes without clashes. */
  public static final Check ADDRESSES =
      attached(
          "pods on one secondary network get distinct addresses, across nodes if there are several",
          "addresses",
          probe -> {
            if (!probe.context().discovery().serves("whereabouts.cni.cncf.io/v1alpha1")) {
              Set<String> types = new TreeSet<>();
              for (Map<String, Object> definition : definitions(probe)) {
                types.addAll(types(definition, true));
              }
              return Verdict.notCheckable(
                  Verdict.Cause.MEANS,
                  "the one plugin across nodes that is known, whereabouts, is not installed; the"
                      + " networks defined here use "
                      + types
                      + ": attach pods on two nodes to one of them and compare addresses");
            }
            define(
                probe,
                "shared",
                "{\"cniVersion\":\"0.3.1\",\"type\":\"ptp\",\"ipam\":"
                    + "{\"type\":\"whereabouts\",\"range\":\"198.18.110.0/24\"}}");
            Set<String> addresses = new LinkedHashSet<>();
            Set<String> nodes = new TreeSet<>();
            for (String name : List.of("a", "b", "c")) {
              probe
                  .pods()
                  .ready(
                      probe
                          .waiting(name)
                          .set(Map.of(NETWORKS, "shared"), "metadata", "annotations")
                          .set("spread", "metadata", "labels", "app")
                          .spec(
                              "topologySpreadConstraints: [{maxSkew: 1, topologyKey: kubernetes.io/hostname, whenUnsatisfiable: ScheduleAnyway, labelSelector: {matchLabels: {app: spread}}}]"));
              nodes.add(Trees.stringOr(probe.read(name), "", "spec", "nodeName"));
              status(probe, name).stream()
                  .filter(s -> String.valueOf(s.get("name")).endsWith("/shared"))
                  .forEach(s -> addresses.addAll(Trees.strings(s, "ips")));
            }
            return new Findings()
                .saw("three pods on the nodes " + nodes + " have the addresses " + addresses)
                .require(addresses.size() == 3, "all three addresses differ")
                .verdict();
          });

  /** Every plugin that a network names is there on the nodes. */
  public static final Check PLUGINS_EXIST =
      Check.of(
          "the plugins that NetworkAttachmentDefinitions name exist on each node",
          context -> {
            Set<String> wanted = new TreeSet<>();
            for (Map<String, Object> definition :
                context.list("/apis/" + GROUP + "/network-attachment-definitions")) {
              wanted.addAll(types(definition, false));
            }
            if (wanted.isEmpty()) {
              return Verdict.notApplicable("no NetworkAttachmentDefinition names a plugin");
            }
            Findings findings = new Findings();
            for (Map<String, Object> node : NodeFacts.nodes(context)) {
              List<String> there = NodeFacts.values(node, "cni");
              if (there.isEmpty()) {
                continue;
              }
              for (String plugin : wanted) {
                String line = node.get("node") + ": plugin " + plugin;
                findings.expect(there.contains(plugin), line + " is there", line + " is missing");
              }
            }
            return findings.verdict();
          });

  private static List<Map<String, Object>> definitions(Probe probe) throws InterruptedException {
    return probe.context().list("/apis/" + GROUP + "/network-attachment-definitions");
  }

  /** The plugins that a definition's configuration names, or those that give out addresses. */
  private static Set<String> types(Map<String, Object> definition, boolean addresses) {
    Set<String> types = new TreeSet<>();
    String config = Trees.stringOr(definition, "", "spec", "config");
    if (config.isEmpty()) {
      return types;
    }
    try {
      Map<String, Object> tree = Json.parseObject(config.getBytes(StandardCharsets.UTF_8));
      List<Map<String, Object>> plugins = new ArrayList<>(Trees.maps(tree, "plugins"));
      plugins.add(tree);
      for (Map<String, Object> plugin : plugins) {
        String type =
            addresses ? Trees.string(plugin, "ipam", "type") : Trees.string(plugin, "type");
        if (type != null) {
          types.add(type);
        }
      }
    } catch (RuntimeException e) {
      types.add("unreadable configuration of " + Named.full(definition));
    }
    return types;
  }
}
