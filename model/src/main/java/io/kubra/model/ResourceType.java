package io.kubra.model;

import java.util.function.Function;
import tools.jackson.core.JsonParser;

/**
 * A resource of the API and the record its objects are read as.
 *
 * @param group the API group, empty for core
 * @param version the version, for example {@code v1}
 * @param plural the resource's name in paths, for example {@code pods}
 * @param kind the kind of its objects
 * @param namespaced whether its objects live in namespaces
 * @param type the record
 * @param reader reads one object at the parser's START_OBJECT
 */
public record ResourceType<T extends KubernetesObject>(
    String group,
    String version,
    String plural,
    String kind,
    boolean namespaced,
    Class<T> type,
    Function<JsonParser, T> reader) {

  /** The group and version as written in {@code apiVersion}. */
  public String apiVersion() {
    return group.isEmpty() ? version : group + "/" + version;
  }

  /** The path below which the resource is served: {@code /api/v1} or {@code /apis/apps/v1}. */
  public String basePath() {
    return group.isEmpty() ? "/api/" + version : "/apis/" + group + "/" + version;
  }

  @Override
  public String toString() {
    return group.isEmpty() ? plural : plural + "." + group;
  }
}
