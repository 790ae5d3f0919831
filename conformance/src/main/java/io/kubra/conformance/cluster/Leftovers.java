package io.kubra.conformance.cluster;

import io.kubra.api.status.ApiException;
import io.kubra.api.tree.Trees;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What runs left behind that were killed. A run that is alive changes an annotation of its first
 * namespace all the time; one whose annotation stands still, or that has objects and no such
 * namespace any more, is dead, and what carries its label is removed. No clocks are compared, so
 * that it does not matter whether they agree.
 */
public final class Leftovers {
  private static final String GONE = "gone";

  private final Kube kube;
  private final Discovery discovery;
  private final String own;
  private final Duration stillness;

  /**
   * Of other runs than this one.
   *
   * @param own the name of the run that looks
   * @param stillness how long a run's annotation has to stand still until the run counts as dead
   */
  public Leftovers(Kube kube, Discovery discovery, String own, Duration stillness) {
    this.kube = kube;
    this.discovery = discovery;
    this.own = own;
    this.stillness = stillness;
  }

  /** Removes what dead runs left, and returns the paths; namespaces may still be emptied then. */
  public List<String> remove() throws InterruptedException {
    Map<String, List<String>> found = find();
    Set<String> dead = dead(found.keySet());
    List<String> removed = new ArrayList<>();
    for (String run : dead) {
      for (String path : found.getOrDefault(run, List.of())) {
        if (attempt(() -> kube.delete(path))) {
          removed.add(path);
        }
      }
    }
    if (!dead.isEmpty()) {
      removed.addAll(restoreNodes(dead));
    }
    return removed;
  }

  /** The paths of objects outside namespaces that carry the label of other runs, by run. */
  private Map<String, List<String>> find() {
    Map<String, List<String>> found = new TreeMap<>();
    for (String groupVersion : discovery.groupVersions()) {
      for (String collection : discovery.collections(groupVersion, false)) {
        String labelled = collection + "?labelSelector=" + Kube.encode(Workspace.LABEL);
        attempt(
            () -> {
              for (Map<String, Object> object : kube.listIfServed(labelled)) {
                String run = Named.label(object, Workspace.LABEL);
                boolean going = Trees.string(object, "metadata", "deletionTimestamp") != null;
                if (!run.isEmpty() && !run.equals(own) && !going) {
                  found
                      .computeIfAbsent(run, r -> new ArrayList<>())
                      .add(collection + "/" + Named.name(object));
                }
              }
            });
      }
    }
    return found;
  }

  private Set<String> dead(Set<String> runs) throws InterruptedException {
    Map<String, String> before = new HashMap<>();
    runs.forEach(run -> before.put(run, sign(run)));
    Set<String> dead = new TreeSet<>();
    Set<String> watched = new TreeSet<>();
    before.forEach((run, sign) -> (sign.equals(GONE) ? dead : watched).add(run));
    if (!watched.isEmpty()) {
      Await.until(
          stillness,
          () -> {
            watched.removeIf(run -> !sign(run).equals(before.get(run)));
            return watched.isEmpty();
          });
    }
    dead.addAll(watched);
    return dead;
  }

  /** A run's sign of life, which differs from the one before if the run is alive. */
  private String sign(String run) {
    try {
      return kube.find(Workspace.firstNamespace(run))
          .map(n -> "is " + Trees.stringOr(n, "", "metadata", "annotations", Workspace.ALIVE))
          .orElse(GONE);
    } catch (ApiException | UncheckedIOException e) {
      // Not known: as one that changed.
      return "unknown " + System.nanoTime();
    }
  }

  /** Takes back what runs changed in nodes. */
  private List<String> restoreNodes(Set<String> dead) {
    List<String> restored = new ArrayList<>();
    attempt(
        () -> {
          for (Map<String, Object> node : kube.list("/api/v1/nodes")) {
            String path = "/api/v1/nodes/" + Named.name(node);
            String cordoned =
                Trees.stringOr(node, "", "metadata", "annotations", Workspace.CORDONED);
            if (dead.contains(cordoned)) {
              kube.merge(
                  path,
                  "{\"metadata\":{\"annotations\":{\"%s\":null}},\"spec\":{\"unschedulable\":null}}"
                      .formatted(Workspace.CORDONED));
              restored.add(path + " takes pods again");
            }
            Map<String, Object> capacity = Trees.map(node, "status", "capacity");
            if (capacity == null) {
              continue;
            }
            for (String resource : capacity.keySet()) {
              boolean ours = dead.stream().anyMatch(run -> resource.endsWith("-" + run));
              if (resource.startsWith(Workspace.PREFIX) && ours) {
                kube.merge(
                    path + "/status",
                    "{\"status\":{\"capacity\":{\"%1$s\":null},\"allocatable\":{\"%1$s\":null}}}"
                        .formatted(resource));
                restored.add(path + " " + resource);
              }
            }
          }
        });
    return restored;
  }

  private static boolean attempt(Runnable action) {
    try {
      action.run();
      return true;
    } catch (ApiException | UncheckedIOException e) {
      // What this user may not see or remove stays.
      return false;
    }
  }
}
