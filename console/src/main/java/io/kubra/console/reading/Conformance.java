package io.kubra.console.reading;

import io.kubra.api.json.Json;
import io.kubra.api.tree.Trees;
import io.kubra.client.ApiClient;
import io.kubra.model.core.v1.ConfigMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The last conformance result that was published in the cluster.
 *
 * @param time when the checks ended
 * @param profile the RA2 profile checked against
 * @param areas how the rows of each area fared
 * @param failed the requirements that were not met
 */
public record Conformance(
    String time, String profile, boolean passed, List<Area> areas, List<Failure> failed) {
  /** Where the conformance command publishes its result. */
  public static final String NAMESPACE = "kube-system";

  /** The ConfigMap's name. */
  public static final String NAME = "ra2-conformance";

  /** The key with the result. */
  public static final String KEY = "summary.json";

  /** How the rows of an area fared. */
  public record Area(String name, long pass, long fail, long notApplicable, long notCheckable) {}

  /** A requirement that was not met. */
  public record Failure(String id, String level, String summary, String evidence) {}

  /** Reads it, if one was published. */
  public static Optional<Conformance> read(ApiClient api) {
    return api.resource(ConfigMap.RESOURCE)
        .find(NAMESPACE, NAME)
        .map(map -> map.data().get(KEY))
        .map(text -> of(Json.parse(text)));
  }

  private static Conformance of(@org.jspecify.annotations.Nullable Object tree) {
    List<Area> areas =
        Trees.maps(tree, "areas").stream()
            .map(
                (Map<String, Object> a) ->
                    new Area(
                        Trees.stringOr(a, "", "name"),
                        Trees.integerOr(a, 0, "pass"),
                        Trees.integerOr(a, 0, "fail"),
                        Trees.integerOr(a, 0, "notApplicable"),
                        Trees.integerOr(a, 0, "notCheckable")))
            .toList();
    List<Failure> failed =
        Trees.maps(tree, "failed").stream()
            .map(
                f ->
                    new Failure(
                        Trees.stringOr(f, "", "id"),
                        Trees.stringOr(f, "", "level"),
                        Trees.stringOr(f, "", "summary"),
                        Trees.stringOr(f, "", "evidence")))
            .toList();
    return new Conformance(
        Trees.stringOr(tree, "", "time"),
        Trees.stringOr(tree, "", "profile"),
        Trees.bool(tree, "passed"),
        areas,
        failed);
  }
}
