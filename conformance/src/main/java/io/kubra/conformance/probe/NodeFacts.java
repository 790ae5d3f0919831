package io.kubra.conformance.probe;

import io.kubra.conformance.check.Check;
import io.kubra.conformance.check.Context;
import io.kubra.conformance.check.Nodes;
import io.kubra.conformance.cluster.Named;
import io.kubra.conformance.cluster.PodDraft;
import io.kubra.conformance.verdict.Findings;
import io.kubra.conformance.verdict.Verdict;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;

/**
 * Facts that only the node itself knows, read once by a short pod on each node that runs pods. The
 * pod sees the node's network and, read-only, its files; it is not privileged. Nodes that run no
 * pods are read where the run has another way to them.
 */
public final class NodeFacts {
  /** Under which name a run keeps the facts of all nodes. */
  public static final String READING = "node facts";

  private static final String SCRIPT = script("node-facts.sh");
  private static final String POD =
      "{hostNetwork: true, tolerations: [{operator: Exists}], volumes: [{name: host, hostPath:"
          + " {path: /}}]}";

  private NodeFacts() {}

  /** A script for nodes that comes with this module. */
  static String script(String name) {
    try (InputStream in = NodeFacts.class.getResourceAsStream(name)) {
      return new String(Objects.requireNonNull(in, name).readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The facts of each node that could be read, under {@code node} its name. */
  public static List<Map<String, Object>> nodes(Context context) throws InterruptedException {
    return context.once(READING, () -> read(context));
  }

  private static List<Map<String, Object>> read(Context context) throws InterruptedException {
    List<Map<String, Object>> all = new ArrayList<>();
    for (Map<String, Object> node : context.nodes()) {
      Optional<String> printed = run(context, node, "facts-" + all.size(), SCRIPT);
      if (printed.isPresent()) {
        Map<String, Object> facts = parse(printed.get());
        facts.put("node", Named.name(node));
        all.add(facts);
      }
    }
    return all;
  }

  /**
   * What a script prints that runs on a node with its files at {@code $HOST}, or below /host if
   * that is not set; empty if there is no way to the node.
   */
  static Optional<String> run(Context context, Map<String, Object> node, String pod, String script)
      throws InterruptedException {
    if (Nodes.runsPods(node) && Nodes.ready(node)) {
      PodDraft draft =
          new PodDraft(context.workspace().namespace(), pod, context.image(), script)
              .root()
              .main("volumeMounts: [{name: host, mountPath: /host, readOnly: true}]")
              .spec(POD)
              .set(Named.name(node), "spec", "nodeName");
      return Optional.of(context.pods().output(draft));
    }
    return context.shell().run(Named.name(node), script);
  }

  /** The facts that a script printed, for each name its values. */
  public static Map<String, Object> parse(String printed) {
    Map<String, Object> facts = new LinkedHashMap<>();
    for (String line : printed.lines().toList()) {
      int at = line.indexOf('=');
      if (at > 0) {
        @SuppressWarnings("unchecked")
        List<String> values =
            (List<String>) facts.computeIfAbsent(line.substring(0, at), n -> new ArrayList<>());
        values.add(line.substring(at + 1).strip());
      }
    }
    return facts;
  }

  /** The values that a node gave for a fact. */
  public static List<String> values(Map<String, Object> node, String fact) {
    return node.get(fact) instanceof List<?> values
        ? values.stream().map(String::valueOf).toList()
        : List.of();
  }

  private static String value(Map<String, Object> node, String fact) {
    return String.join(" ", values(node, fact));
  }

  private enum Kind {
    ALL,
    PHYSICAL,
    VIRTUAL
  }

  /** A fact of every node. */
  public static Check fact(String fact, String what, Predicate<String> holds) {
    return of(fact, what, holds, Kind.ALL);
  }

  /** A fact of physical nodes; not applicable where all are virtual machines. */
  public static Check physical(String fact, String what, Predicate<String> holds) {
    return of(fact, what, holds, Kind.PHYSICAL);
  }

  /** A fact that is there and the same on all nodes. */
  public static Check common(String fact, String what) {
    return Check.of(
        "read on each node: " + what,
        context -> {
          Findings findings = new Findings();
          Set<String> values = new TreeSet<>();
          for (Map<String, Object> node : nodes(context)) {
            String value = value(node, fact);
            values.add(value);
            findings.saw(node.get("node") + ": " + (value.isEmpty() ? "nothing to read" : value));
          }
          return findings.require(values.size() == 1 && !values.contains(""), what).verdict();
        });
  }

  /** A fact of nodes that are virtual machines. */
  public static Check virtual(String fact, String what, Predicate<String> holds) {
    return of(fact, what, holds, Kind.VIRTUAL);
  }

  private static Check of(String fact, String what, Predicate<String> holds, Kind kind) {
    return Check.of(
        "read on each node: " + what,
        context -> {
          List<Map<String, Object>> nodes = workers(context);
          if (nodes.isEmpty()) {
            return Verdict.fail("no node is ready to run a pod that reads its facts");
          }
          Findings findings = new Findings();
          int count = 0;
          for (Map<String, Object> node : nodes) {
            boolean virtual = "yes".equals(value(node, "virtual"));
            if (kind == Kind.PHYSICAL && virtual || kind == Kind.VIRTUAL && !virtual) {
              continue;
            }
            count++;
            String value = value(node, fact);
            String line =
                node.get("node")
                    + ": "
                    + what
                    + ": "
                    + (value.isEmpty() ? "nothing to read" : value);
            findings.expect(holds.test(value), line, line);
          }
          return count == 0
              ? Verdict.notApplicable(
                  kind == Kind.PHYSICAL
                      ? "all nodes are virtual machines; the hardware below them cannot be seen"
                      : "no node is a virtual machine")
              : findings.verdict();
        });
  }

  /** The facts of nodes that run pods. */
  private static List<Map<String, Object>> workers(Context context) throws InterruptedException {
    List<String> names = context.nodes().stream().filter(Nodes::runsPods).map(Named::name).toList();
    return nodes(context).stream()
        .filter(n -> names.contains(String.valueOf(n.get("node"))))
        .toList();
  }
}
