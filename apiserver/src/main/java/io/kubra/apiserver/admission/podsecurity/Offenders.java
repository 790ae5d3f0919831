package io.kubra.apiserver.admission.podsecurity;

import io.kubra.api.tree.Trees;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Who of a pod violates a control, and with which values: the words of a violation's detail. */
final class Offenders {
  private boolean pod;
  private final List<String> containers = new ArrayList<>(0);
  private final TreeSet<String> values = new TreeSet<>();

  void pod() {
    pod = true;
  }

  void pod(String value) {
    pod = true;
    values.add(value);
  }

  void container(Map<String, Object> container) {
    containers.add(quoted(Trees.stringOr(container, "", "name")));
  }

  void container(Map<String, Object> container, String value) {
    container(container);
    values.add(value);
  }

  void value(String value) {
    values.add(value);
  }

  boolean none() {
    return !pod && containers.isEmpty();
  }

  /** How many containers there are; the pod does not count. */
  int count() {
    return containers.size();
  }

  /** {@code pod and containers "a", "b"}. */
  String text() {
    String all = containers(containers);
    return pod ? (containers.isEmpty() ? "pod" : "pod and " + all) : all;
  }

  /** {@code pod or containers "a", "b"}, for what either may set. */
  String podOr() {
    return "pod or " + containers(containers);
  }

  /** The values, quoted and sorted. */
  String values() {
    return quoted(values);
  }

  /** How many different values there are. */
  int valueCount() {
    return values.size();
  }

  private static String containers(List<String> names) {
    return plural(names.size(), "container ", "containers ") + String.join(", ", names);
  }

  static String plural(int count, String one, String many) {
    return count == 1 ? one : many;
  }

  static String quoted(String text) {
    return '"' + text + '"';
  }

  static String quoted(Collection<String> texts) {
    return texts.stream().map(Offenders::quoted).collect(Collectors.joining(", "));
  }
}
