package io.kubra.conformance.probe;

import io.kubra.api.tree.Trees;
import io.kubra.conformance.check.Check;
import io.kubra.conformance.check.Context;
import io.kubra.conformance.check.Nodes;
import io.kubra.conformance.cluster.Named;
import io.kubra.conformance.verdict.Findings;
import io.kubra.conformance.verdict.Verdict;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** What nodes say of their network plugins and devices. */
public final class CniFacts {
  private static final Set<String> MULTIPLEXERS =
      Set.of("multus", "multus-shim", "genie", "danm", "fakeipam", "knitter", "kubeovn-multus");
  private static final Pattern ACCELERATOR =
      Pattern.compile(
          "feature\\.node\\.kubernetes\\.io/pci-(0b40|12|0302|0300)[0-9a-f_]*\\.present");
  private static final Pattern BUILT_IN =
      Pattern.compile("cpu|memory|pods|ephemeral-storage|hugepages-.*|attachable-volumes-.*");

  private CniFacts() {}

  @FunctionalInterface
  private interface Look {
    /** Notes what a node's configuration at a path says, with the plugins that it names. */
    void at(Findings findings, String where, List<String> plugins);
  }

  /** A look at the configuration in use on each node that has one where it is known. */
  private static Check configured(String how, Look look) {
    return Check.of(
        "read on each node: the first CNI configuration names " + how,
        context -> {
          Findings findings = new Findings();
          boolean any = false;
          for (Map<String, Object> node : NodeFacts.nodes(context)) {
            List<String> config = NodeFacts.values(node, "cni-config");
            if (!config.isEmpty()) {
              any = true;
              String where = node.get("node") + ": " + config.getFirst();
              look.at(findings, where, NodeFacts.values(node, "cni-plugin"));
            }
          }
          return any
              ? findings.verdict()
              : Verdict.notCheckable(
                  Verdict.Cause.MEANS, "no node has a CNI configuration in a folder that is known");
        });
  }

  /** The configuration in use names plugins that are there and answer. */
  public static final Check CONFORMANT =
      configured(
          "plugins that answer VERSION",
          (findings, where, plugins) -> {
            findings.expect(!plugins.isEmpty(), where, where + " names no plugin");
            for (String plugin : plugins) {
              String line = where + " names " + plugin;
              findings.expect(plugin.contains("supportedVersions"), line, line);
            }
          });

  /** The configuration in use names a plugin that calls others. */
  public static final Check MULTIPLEXER =
      configured(
          "a multiplexer that answers VERSION",
          (findings, where, plugins) -> {
            boolean found =
                plugins.stream()
                    .anyMatch(
                        p ->
                            MULTIPLEXERS.contains(p.split(" ", 2)[0])
                                && p.contains("supportedVersions"));
            String line = where + " names " + plugins;
            findings.expect(found, line, line);
          });

  /** Nodes with virtual functions offer them as a resource. */
  public static final Check VIRTUAL_FUNCTIONS =
      Check.of(
          "nodes with virtual functions offer them as an extended resource",
          context -> {
            Findings findings = new Findings();
            int count = 0;
            for (Map<String, Object> node : context.nodes()) {
              if (functions(context, Named.name(node)) == 0) {
                continue;
              }
              count++;
              Map<String, Object> offered = extended(node);
              String line = Named.name(node) + " offers " + offered;
              findings.expect(!offered.isEmpty(), line, line);
            }
            return count == 0
                ? Verdict.notApplicable("no node has virtual functions of SR-IOV")
                : findings.verdict();
          });

  private static int functions(Context context, String node) throws InterruptedException {
    for (Map<String, Object> facts : NodeFacts.nodes(context)) {
      if (node.equals(facts.get("node"))) {
        String made = String.join("", NodeFacts.values(facts, "sriov-made"));
        return made.matches("\\d{1,6}") ? Integer.parseInt(made) : 0;
      }
    }
    return 0;
  }

  /** Nodes on which feature discovery saw an accelerator offer one as a resource. */
  public static final Check ACCELERATORS =
      Check.of(
          "nodes whose labels show an accelerator offer an extended resource",
          context -> {
            Findings findings = new Findings();
            int count = 0;
            for (Map<String, Object> node : context.nodes()) {
              Map<String, Object> labels = Trees.map(node, "metadata", "labels");
              boolean device =
                  labels != null
                      && labels.keySet().stream().anyMatch(l -> ACCELERATOR.matcher(l).matches());
              if (!device) {
                continue;
              }
              count++;
              String line = Named.name(node) + " offers " + extended(node);
              findings.expect(!extended(node).isEmpty(), line, line);
            }
            return count == 0
                ? Verdict.notApplicable("no node's feature labels show an accelerator")
                : findings.verdict();
          });

  /** Some node offers a resource that a device plugin announced. */
  public static final Check DEVICES =
      Check.of(
          "the kubelets take device plugins: one has announced a resource",
          context -> {
            List<String> offered = new ArrayList<>();
            for (Map<String, Object> node : context.nodes()) {
              if (!extended(node).isEmpty()) {
                offered.add(Named.name(node) + " offers " + extended(node));
              }
            }
            if (!offered.isEmpty()) {
              return new Verdict.Pass(offered);
            }
            Findings findings = new Findings();
            for (Map<String, Object> node : context.nodes()) {
              if (Nodes.runsPods(node)) {
                findings.breach(
                    Named.name(node)
                        + ": no extended resource is offered, so no plugin has registered");
              }
            }
            return findings.verdict();
          });

  private static Map<String, Object> extended(Map<String, Object> node) {
    Map<String, Object> offered = new TreeMap<>();
    Map<String, Object> all = Trees.map(node, "status", "allocatable");
    if (all != null) {
      all.forEach(
          (name, amount) -> {
            if (!BUILT_IN.matcher(name).matches()
                && !name.startsWith("conformance.kubra.io/")
                && Nodes.allocatable(node, name) > 0) {
              offered.put(name, amount);
            }
          });
    }
    return offered;
  }

  /** Plugins for fast data paths are on the nodes. */
  public static final Check FAST_PLUGINS =
      Check.of(
          "read on each node: a CNI plugin for SR-IOV, userspace networking or host devices",
          context -> {
            Findings findings = new Findings();
            for (Map<String, Object> node : NodeFacts.nodes(context)) {
              List<String> plugins =
                  NodeFacts.values(node, "cni").stream()
                      .filter(
                          p -> p.matches("sriov|ib-sriov|userspace|ovs|host-device|vhost.*|afxdp"))
                      .toList();
              if (!NodeFacts.values(node, "cni").isEmpty()) {
                String line = node.get("node") + ": " + plugins;
                findings.expect(!plugins.isEmpty(), line, line);
              }
            }
            return findings.verdict();
          });
}
