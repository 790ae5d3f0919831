package io.kubra.conformance.probe;

import io.kubra.api.tree.Trees;
import io.kubra.conformance.check.Check;
import io.kubra.conformance.check.Context;
import io.kubra.conformance.check.Nodes;
import io.kubra.conformance.cluster.Named;
import io.kubra.conformance.cluster.PodDraft;
import io.kubra.conformance.verdict.Findings;
import io.kubra.conformance.verdict.Verdict;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/**
 * Facts that only the node itself knows, read once by a short pod on each node that runs pods. The
 * pod sees the node's network and, read-only, its files; it is not privileged.
 */
public final class NodeFacts {
  // One fact a line: name=value.
  private static final String SCRIPT =
      """
      s=/host/sys
      total=0; made=0; nics=0; slow=
      for d in $s/class/net/*; do
        [ -e $d/device ] && [ ! -e $d/device/physfn ] || continue
        nics=$((nics+1))
        t=$(cat $d/device/sriov_totalvfs 2>/dev/null || echo 0); total=$((total+t))
        m=$(cat $d/device/sriov_numvfs 2>/dev/null || echo 0); made=$((made+m))
        v=$(cat $d/speed 2>/dev/null || echo -1)
        if [ -z "$slow" ] || [ "$v" -lt "$slow" ]; then slow=$v; fi
      done
      echo "sriov-total=$total"; echo "sriov-made=$made"; echo "nics=$nics"; echo "nic-speed=$slow"
      echo "smt=$(cat $s/devices/system/cpu/smt/control 2>/dev/null)"
      echo "cpus=$(grep -c ^processor /proc/cpuinfo)"
      echo "virtual=$(grep -qw hypervisor /proc/cpuinfo && echo yes || echo no)"
      echo "sockets=$(for c in $s/devices/system/cpu/cpu[0-9]*/topology; do
        echo $(cat $c/physical_package_id) $(cat $c/core_id); done | sort -u | awk '{n[$1]++} END{for(k in n) printf "%s:%d ",k,n[k]}')"
      echo "rotational=$(for q in $s/block/*/queue/rotational; do
        case $q in */loop*|*/ram*|*/zram*) ;; *) [ -e $q ] && cat $q;; esac; done | tr '\\n' ' ')"
      echo "os=$([ -e /host/usr/bin/dpkg ] && echo deb)$([ -e /host/usr/bin/rpm ] && echo rpm)"
      """;

  private NodeFacts() {}

  /** The facts of each node that runs pods, under {@code node} its name. */
  private static List<Map<String, Object>> read(Context context) throws InterruptedException {
    List<Map<String, Object>> all = new ArrayList<>();
    String namespace = context.workspace().namespace();
    for (Map<String, Object> node : context.nodes()) {
      String name = Named.name(node);
      if (!Nodes.runsPods(node) || !Nodes.ready(node)) {
        continue;
      }
      PodDraft draft =
          new PodDraft(namespace, "facts-" + all.size(), context.image(), SCRIPT)
              .root()
              .main("volumeMounts: [{name: host, mountPath: /host, readOnly: true}]")
              .spec(
                  "{hostNetwork: true, tolerations: [{operator: Exists}], volumes: [{name: host, hostPath: {path: /}}]}")
              .set(name, "spec", "nodeName");
      Map<String, Object> facts = parse(context.pods().output(draft));
      facts.put("node", name);
      all.add(facts);
    }
    return all;
  }

  private static Map<String, Object> parse(String log) {
    Map<String, Object> facts = new LinkedHashMap<>();
    for (String line : log.lines().toList()) {
      int at = line.indexOf('=');
      if (at > 0) {
        facts.put(line.substring(0, at), line.substring(at + 1).strip());
      }
    }
    return facts;
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

  /** A fact of nodes that are virtual machines. */
  public static Check virtual(String fact, String what, Predicate<String> holds) {
    return of(fact, what, holds, Kind.VIRTUAL);
  }

  private static Check of(String fact, String what, Predicate<String> holds, Kind kind) {
    return Check.of(
        "read on each node: " + what,
        context -> {
          List<Map<String, Object>> nodes = context.once("node facts", () -> read(context));
          if (nodes.isEmpty()) {
            return Verdict.fail("no node is ready to run a pod that reads its facts");
          }
          Findings findings = new Findings();
          int count = 0;
          for (Map<String, Object> node : nodes) {
            boolean virtual = "yes".equals(node.get("virtual"));
            if (kind == Kind.PHYSICAL && virtual || kind == Kind.VIRTUAL && !virtual) {
              continue;
            }
            count++;
            String value = Trees.stringOr(node, "", fact);
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
}
