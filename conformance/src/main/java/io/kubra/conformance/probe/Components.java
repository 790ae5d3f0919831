package io.kubra.conformance.probe;

import io.kubra.api.tree.Trees;
import io.kubra.conformance.check.Context;
import io.kubra.conformance.cluster.Named;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The programs of Kubernetes that a cluster runs, with their flags: as pods of the control plane
 * show them, and as processes on nodes that could be read. Where a distribution puts all of them
 * into one program, they are not seen here.
 */
public final class Components {
  private Components() {}

  /**
   * A running program.
   *
   * @param where the pod or node that shows it
   * @param flags without dashes; a flag without a value is {@code true}
   */
  public record Component(String name, String where, Map<String, String> flags) {
    /** A flag's value, or empty. */
    public String flag(String flag) {
      return flags.getOrDefault(flag, "");
    }
  }

  /** The programs of a name, such as {@code kube-apiserver}; the same one once for each place. */
  public static List<Component> of(Context context, String name) throws InterruptedException {
    List<Component> found = new ArrayList<>();
    for (Map<String, Object> pod : context.list("/api/v1/pods")) {
      for (Map<String, Object> container : Trees.maps(pod, "spec", "containers")) {
        List<String> words = new ArrayList<>(Trees.strings(container, "command"));
        words.addAll(Trees.strings(container, "args"));
        if (Named.namespace(pod).startsWith("kube-") && program(words, name)) {
          found.add(new Component(name, "pod " + Named.full(pod), flags(words)));
        }
      }
    }
    if (found.isEmpty()) {
      for (Map<String, Object> node : NodeFacts.nodes(context)) {
        for (String process : NodeFacts.values(node, "process")) {
          List<String> words = List.of(process.split("\t"));
          if (program(words, name)) {
            found.add(new Component(name, "node " + node.get("node"), flags(words)));
          }
        }
      }
    }
    return found;
  }

  private static boolean program(List<String> words, String name) {
    return !words.isEmpty()
        && words.getFirst().substring(words.getFirst().lastIndexOf('/') + 1).equals(name);
  }

  private static Map<String, String> flags(List<String> words) {
    Map<String, String> flags = new LinkedHashMap<>();
    for (int i = 1; i < words.size(); i++) {
      String word = words.get(i);
      if (!word.startsWith("-")) {
        continue;
      }
      String flag = word.replaceFirst("^--?", "");
      int equals = flag.indexOf('=');
      if (equals >= 0) {
        flags.put(flag.substring(0, equals), flag.substring(equals + 1));
      } else if (i + 1 < words.size() && !words.get(i + 1).startsWith("-")) {
        flags.put(flag, words.get(i + 1));
      } else {
        flags.put(flag, "true");
      }
    }
    return flags;
  }

  /** Whether the API server keeps the state itself or in a file, so that there is no etcd. */
  static boolean withoutEtcd(Context context) throws InterruptedException {
    List<Component> kubra = of(context, "kubra");
    if (!kubra.isEmpty()) {
      return kubra.stream().allMatch(c -> c.flag("etcd-servers").isEmpty());
    }
    List<Component> servers = of(context, "kube-apiserver");
    return !servers.isEmpty()
        && servers.stream()
            .allMatch(c -> c.flag("etcd-servers").matches("unix://.*|.*kine.*|.*\\.sock.*"));
  }
}
