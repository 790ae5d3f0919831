package io.kubra.metrics;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** A family with one child for each combination of label values that was asked for. */
abstract class LabelledFamily<C> implements MetricSource {
  private final String name;
  private final MetricType type;
  private final String help;
  private final String[] labels;
  private final Map<List<String>, C> children = new ConcurrentHashMap<>();

  LabelledFamily(String name, MetricType type, String help, String... labels) {
    this.name = name;
    this.type = type;
    this.help = help;
    this.labels = labels;
  }

  abstract C create();

  abstract void sample(MetricText out, C child, String[] labelled);

  /**
   * The child with these values, in the order of the labels. Keep it where it is used often.
   *
   * @throws IllegalArgumentException if there are not as many values as labels
   */
  public final C with(String... values) {
    List<String> key = List.of(values);
    if (key.size() != labels.length) {
      throw new IllegalArgumentException(name + " has " + labels.length + " labels: " + key);
    }
    C known = children.get(key);
    return known != null ? known : children.computeIfAbsent(key, k -> create());
  }

  /** Forgets the child with these values. */
  public final void remove(String... values) {
    children.remove(List.of(values));
  }

  /** Forgets all children whose label has this value. */
  public final void removeAll(String label, String value) {
    int at = List.of(labels).indexOf(label);
    children.keySet().removeIf(values -> values.get(at).equals(value));
  }

  @Override
  public final void write(MetricText out) {
    if (children.isEmpty()) {
      return;
    }
    out.family(name, type, help);
    children.forEach(
        (values, child) -> {
          String[] labelled = new String[labels.length * 2];
          for (int i = 0; i < labels.length; i++) {
            labelled[2 * i] = labels[i];
            labelled[2 * i + 1] = values.get(i);
          }
          sample(out, child, labelled);
        });
  }
}
