package io.kubra.conformance.cluster;

import io.kubra.api.status.ApiException;
import io.kubra.api.tree.Trees;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The namespaces and objects that a run makes. Everything carries the run's label; closing removes
 * all of it, also after an interruption at any point, because an object's path is noted before it
 * is created. Safe for many threads; after the end of a run nothing new can be made.
 */
public final class Workspace {
  /** The label that all objects of a run carry, with the run's name. */
  public static final String LABEL = "conformance.kubra.io/run";

  /** The annotation of a run's first namespace that changes as long as the run is alive. */
  static final String ALIVE = "conformance.kubra.io/alive";

  /** The beginning of what a run adds to objects of others, such as a resource of a node. */
  public static final String PREFIX = "conformance.kubra.io/";

  /** The annotation of a node that a run keeps pods off for a while, with the run's name. */
  public static final String CORDONED = PREFIX + "cordoned";

  private static final String NAMESPACES = "/api/v1/namespaces";
  private static final String NAME = "kubra-conformance-";
  private static final Duration BEAT = Duration.ofSeconds(3);
  private static final Duration ACCOUNT = Duration.ofSeconds(20);
  private static final Duration GONE = Duration.ofSeconds(60);

  private final Kube kube;
  private final Discovery discovery;
  private final String run;
  private final Map<String, String> namespaceLabels;
  private final Map<String, String> namespaces = new LinkedHashMap<>();
  private final List<String> others = new ArrayList<>();
  private final List<Runnable> undoing = new ArrayList<>();
  private boolean closed;
  private @Nullable Thread beating;

  /**
   * A workspace in which nothing is made yet.
   *
   * @param run the run's name, part of the namespaces' names
   * @param namespaceLabels further labels of all namespaces, such as those that admit node readers
   */
  public Workspace(
      Kube kube, Discovery discovery, String run, Map<String, String> namespaceLabels) {
    this.kube = kube;
    this.discovery = discovery;
    this.run = run;
    this.namespaceLabels = Map.copyOf(namespaceLabels);
  }

  /** The run's name. */
  public String run() {
    return run;
  }

  /** The namespace for probes that can share one; made when first asked for. */
  public String namespace() throws InterruptedException {
    return namespace("", Map.of());
  }

  /**
   * A namespace of its own for a probe; made when first asked for, ready for pods.
   *
   * @param suffix tells it from others
   */
  public String namespace(String suffix, Map<String, String> labels) throws InterruptedException {
    // A run's first namespace is its sign of life, so that it comes before all else.
    String name = make("", Map.of());
    if (!suffix.isEmpty()) {
      name = make(suffix, labels);
    }
    String account = "/api/v1/namespaces/" + name + "/serviceaccounts/default";
    Await.until(ACCOUNT, () -> kube.find(account).isPresent());
    return name;
  }

  /** The path of a run's first namespace. */
  static String firstNamespace(String run) {
    return NAMESPACES + "/" + NAME + run;
  }

  private String make(String suffix, Map<String, String> labels) {
    String name = NAME + run + (suffix.isEmpty() ? "" : "-" + suffix);
    synchronized (namespaces) {
      if (namespaces.containsKey(suffix)) {
        return name;
      }
      open();
      namespaces.put(suffix, name);
      Map<String, Object> all = new LinkedHashMap<>(namespaceLabels);
      all.putAll(labels);
      all.put(LABEL, run);
      Map<String, Object> meta = Map.of("name", name, "labels", all);
      try {
        kube.create(NAMESPACES, Map.of("apiVersion", "v1", "kind", "Namespace", "metadata", meta));
      } catch (ApiException e) {
        namespaces.remove(suffix);
        throw e;
      }
      if (beating == null) {
        beating = Thread.startVirtualThread(this::beat);
      }
    }
    return name;
  }

  /** Shows again and again that the run goes on, until it is ended. */
  private void beat() {
    try {
      for (int i = 1; ; i++) {
        Thread.sleep(BEAT);
        String patch = "{\"metadata\":{\"annotations\":{\"%s\":\"%d\"}}}".formatted(ALIVE, i);
        attempt(() -> kube.merge(firstNamespace(run), patch));
      }
    } catch (InterruptedException e) {
      // The run has ended.
    }
  }

  /**
   * Creates an object and labels it as this run's.
   *
   * @throws ApiException if the server refuses
   * @throws UnservedException if the cluster does not serve its kind
   */
  public Map<String, Object> create(Map<String, Object> object) {
    return create(discovery.collection(object), object);
  }

  /** Creates an object in a collection that discovery did not know yet. */
  public Map<String, Object> create(String collection, Map<String, Object> object) {
    Trees.set(object, run, "metadata", "labels", LABEL);
    if (Named.namespace(object).isEmpty()) {
      make("", Map.of());
      synchronized (namespaces) {
        open();
        others.add(collection + "/" + Named.name(object));
      }
    }
    Map<String, Object> made;
    try {
      made = kube.create(collection, object);
    } catch (ApiException e) {
      // Refused: it was not made, and what has its name already is not this run's to remove.
      synchronized (namespaces) {
        others.remove(collection + "/" + Named.name(object));
      }
      throw e;
    }
    synchronized (namespaces) {
      if (closed && Named.namespace(object).isEmpty()) {
        attempt(() -> kube.delete(collection + "/" + Named.name(object)));
      }
    }
    return made;
  }

  /** What takes back a change to an object that is not this run's; it may run more than once. */
  public void undo(Runnable change) {
    synchronized (namespaces) {
      open();
      undoing.add(change);
    }
  }

  /** The path of an object whose kind discovery knows. */
  public String path(Map<String, Object> object) {
    return discovery.collection(object) + "/" + Named.name(object);
  }

  private void open() {
    if (closed) {
      throw new IllegalStateException("the run has ended");
    }
  }

  /** Forbids further objects, and removes all there are; returns what could not be removed. */
  public List<String> close() {
    List<String> paths = new ArrayList<>();
    synchronized (namespaces) {
      closed = true;
      if (beating != null) {
        beating.interrupt();
      }
      paths.addAll(others.reversed());
      namespaces.values().forEach(name -> paths.add(NAMESPACES + "/" + name));
    }
    undoing.forEach(Workspace::attempt);
    Set<String> left = new LinkedHashSet<>(paths);
    for (String path : paths) {
      attempt(() -> kube.delete(path));
    }
    try {
      Await.until(
          GONE,
          () -> {
            left.removeIf(this::gone);
            return left.isEmpty();
          });
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return List.copyOf(left);
  }

  private boolean gone(String path) {
    try {
      return kube.find(path).isEmpty();
    } catch (ApiException | UncheckedIOException e) {
      return false;
    }
  }

  private static void attempt(Runnable deletion) {
    try {
      deletion.run();
    } catch (ApiException | UncheckedIOException e) {
      // What is still there afterwards is reported.
    }
  }
}
